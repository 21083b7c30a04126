/**
 * Schedules of opportunity products (Object Reference, OpportunityLineItemSchedule): quantity and price of a product with
 * schedules are the sums of its schedules, and a product with a default schedule brings its schedules along.
 */
import { SObjectRecord } from '../../schema/record.ts';
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';
import { decode } from '../../store/encoding.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { Decimal } from '../../values/Decimal.ts';
import { saveParents, touchedParents } from './consequences.ts';
import { addError, isBlank, sameValue } from './rows.ts';
import type { SaveRow } from './rows.ts';
import { CHUNK_SIZE, saveChunk } from './saveRecords.ts';
import type { SaveRequest, SaveServices } from './services.ts';
import type { StandardRules } from './standardRules.ts';

type Kind = 'Revenue' | 'Quantity';
const KINDS: readonly Kind[] = ['Revenue', 'Quantity'];

/** Figures of a line item that its schedules decide: users' values for them are passed over. */
export function heldBySchedules(describe: ObjectDescribe, field: FieldDescribe, old: SObjectRecord | null): boolean {
  if (describe.name !== 'OpportunityLineItem' || !old) return false;
  if (field.name === 'TotalPrice') return old.values.get('HasSchedule') === true;
  return field.name === 'Quantity' && old.values.get('HasQuantitySchedule') === true;
}

function carries(type: unknown, kind: Kind): boolean {
  return type === kind || type === 'Both';
}

function checkSchedule(row: SaveRow, { derivation }: SaveServices): void {
  const { values } = row.record;
  const type = values.get('Type');
  const line = values.get('OpportunityLineItemId');
  const product = typeof line === 'string' ? derivation.lookUp('OpportunityLineItem', line, 'Product2Id') : null;
  for (const kind of KINDS) {
    if (!carries(type, kind)) {
      if (!isBlank(values.get(kind)))
        addError(row, 'FIELD_INTEGRITY_EXCEPTION', `a schedule of type ${String(type)} has no ${kind}`, [kind]);
      continue;
    }
    if (isBlank(values.get(kind)))
      addError(row, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${kind}]`, [kind]);
    if (
      !row.old &&
      (typeof product !== 'string' || derivation.lookUp('Product2', product, `CanUse${kind}Schedule`) !== true)
    )
      addError(
        row,
        'FIELD_INTEGRITY_EXCEPTION',
        `the product does not allow ${kind.toLowerCase()} schedules (CanUse${kind}Schedule)`,
        ['Type'],
      );
  }
}

/** Sums of the schedules go to their line items, whose totals go to the opportunity. */
function sumSchedules(rows: readonly SaveRow[], services: SaveServices, request: SaveRequest): void {
  const { schema, store } = services;
  const lineItem = schema.object('OpportunityLineItem');
  const schedule = schema.object('OpportunityLineItemSchedule');
  const revenue = schedule?.field('Revenue');
  const quantity = schedule?.field('Quantity');
  if (!lineItem || !revenue || !quantity) return;
  const ids = touchedParents(rows, 'OpportunityLineItemId');
  const sums = new Map(
    store
      .all(
        `SELECT "OpportunityLineItemId", sum("Revenue"), sum("Quantity"), count("Revenue"), count("Quantity") FROM "OpportunityLineItemSchedule" WHERE "IsDeleted" = 0 AND "OpportunityLineItemId" IN (SELECT value FROM json_each(?)) GROUP BY 1`,
        [JSON.stringify(ids)],
      )
      .map((row) => [String(row[0]), row]),
  );
  const changes = new Map<string, Map<string, unknown>>();
  for (const [id, values] of store.load(lineItem, ids)) {
    const sum = sums.get(id);
    const hasRevenue = Number(sum?.[3] ?? 0) > 0;
    const hasQuantity = Number(sum?.[4] ?? 0) > 0;
    const wanted = new Map<string, unknown>([
      ['HasSchedule', hasRevenue || hasQuantity],
      ['HasRevenueSchedule', hasRevenue],
      ['HasQuantitySchedule', hasQuantity],
    ]);
    if (hasQuantity) wanted.set('Quantity', decode(quantity, sum?.[2]));
    if (hasRevenue) wanted.set('TotalPrice', decode(revenue, sum?.[1]));
    const changed = new Map(
      [...wanted].filter(([name, value]) => lineItem.field(name) && !sameValue(values.get(name), value)),
    );
    if (changed.size > 0) changes.set(id, changed);
  }
  saveParents(rows, lineItem, changes, 'OpportunityLineItemId', services, request);
}

const MOVES: Readonly<Record<string, (start: ApexDate, index: number) => ApexDate>> = {
  Daily: (start, index) => start.addDays(index),
  Weekly: (start, index) => start.addDays(7 * index),
  Monthly: (start, index) => start.addMonths(index),
  Quarterly: (start, index) => start.addMonths(3 * index),
  Yearly: (start, index) => start.addMonths(12 * index),
};

/** Amount of each instalment; what dividing leaves over goes to the last. */
function instalments(total: Decimal, type: unknown, count: number): readonly Decimal[] {
  if (type === 'Repeat') return Array.from({ length: count }, () => total);
  const part = total.divide(Decimal.fromNumber(count), 2, 'DOWN');
  const last = total.subtract(part.multiply(Decimal.fromNumber(count - 1)));
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? last : part));
}

/** From API 38 on a line item of a product with a default schedule gets its schedules. They start at its date, else the close date. */
function makeDefaults(rows: readonly SaveRow[], services: SaveServices, request: SaveRequest): void {
  const { schema, store, derivation } = services;
  const schedule = schema.object('OpportunityLineItemSchedule');
  const product = schema.object('Product2');
  if (!schedule || !product) return;
  const made: SaveRow[] = [];
  for (const { record, old } of rows) {
    const productId = record.values.get('Product2Id');
    if (old || typeof productId !== 'string') continue;
    const facts = store.load(product, [productId]).get(productId);
    for (const kind of KINDS) {
      const count = facts?.get(`NumberOf${kind}Installments`);
      const move = MOVES[String(facts?.get(`${kind}InstallmentPeriod`))];
      const total = record.values.get(kind === 'Revenue' ? 'TotalPrice' : 'Quantity');
      const start =
        record.values.get('ServiceDate') ??
        derivation.lookUp('Opportunity', String(record.values.get('OpportunityId')), 'CloseDate');
      if (facts?.get(`CanUse${kind}Schedule`) !== true || typeof count !== 'number' || count < 1 || !move) continue;
      if (!(total instanceof Decimal) || !(start instanceof ApexDate)) continue;
      instalments(total, facts.get(`${kind}ScheduleType`), count).forEach((amount, index) => {
        const input = new SObjectRecord(schedule);
        input.values.set('OpportunityLineItemId', record.id);
        input.values.set('Type', kind);
        input.values.set(kind, amount);
        input.values.set('ScheduleDate', move(start, index));
        made.push({ index: made.length, input, record: input, old: null, errors: [] });
      });
    }
  }
  for (let start = 0; start < made.length; start += CHUNK_SIZE)
    saveChunk(
      made.slice(start, start + CHUNK_SIZE),
      { describe: schedule, operation: 'insert', internal: true },
      services,
      request,
    );
}

export const scheduleRules: StandardRules = {
  OpportunityLineItemSchedule: { check: checkSchedule, after: sumSchedules },
  OpportunityLineItem: { after: makeDefaults },
};
