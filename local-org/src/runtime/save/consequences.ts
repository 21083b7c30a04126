/** What a saved, deleted or restored record changes elsewhere: roll-up summaries, line item totals, last activity dates. */
import { SObjectRecord } from '../../schema/record.ts';
import type { FieldDescribe, ObjectDescribe, RollUpSummary } from '../../schema/types.ts';
import { decode, quote } from '../../store/encoding.ts';
import type { StoredValue } from '../../store/encoding.ts';
import { filterCondition } from '../../store/filterCondition.ts';
import { prefixOf } from '../../store/ids.ts';
import { Decimal } from '../../values/Decimal.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { DmlFailure } from '../errors.ts';
import { updateCampaigns } from './campaigns.ts';
import { addError, sameValue } from './rows.ts';
import type { SaveRow } from './rows.ts';
import { CHUNK_SIZE, saveChunk } from './saveRecords.ts';
import type { SaveRequest, SaveServices } from './services.ts';
import { rulesOf } from './standardRules.ts';

/** After insert, update, delete and undelete of these rows (all of `describe`). */
export function afterSave(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  services: SaveServices,
  request: SaveRequest,
): void {
  if (rows.length === 0) return;
  updateSummaries(rows, describe, services, request);
  if (services.rates) convertSummaries(rows, describe, services, request);
  if (describe.name === 'OpportunityLineItem') updateTotals(rows, 'OpportunityLineItem', services, request);
  for (const { after } of rulesOf(describe.name)) after?.(rows, services, request);
  if (CAMPAIGN_OBJECTS.has(describe.name)) updateCampaigns(rows, services);
  if (describe.name === 'Task' || describe.name === 'Event') updateLastActivity(rows, services);
  if (describe.name === 'FeedComment') updateCommentCounts(rows, services);
  updateShares(rows, describe, services);
}

/** Posts say how many comments they have. */
function updateCommentCounts(rows: readonly SaveRow[], services: SaveServices): void {
  services.store.run(
    'UPDATE "FeedItem" SET "CommentCount" = (SELECT count(*) FROM "FeedComment" c WHERE c."FeedItemId" = "FeedItem"."Id" AND c."IsDeleted" = 0) WHERE "Id" IN (SELECT value FROM json_each(?))',
    [JSON.stringify(touchedParents(rows, 'FeedItemId'))],
  );
}

/** Criteria-based sharing comes last in the order of execution. */
function updateShares(rows: readonly SaveRow[], describe: ObjectDescribe, services: SaveServices): void {
  const author = { userId: services.userId, now: services.transaction.now() };
  services.shares.recordsSaved(
    describe,
    rows.map((row) => row.record.id ?? ''),
    author,
  );
  if (describe.name.endsWith('TeamMember'))
    services.shares.teamsChanged(
      describe,
      [...touchedParents(rows, 'AccountId'), ...touchedParents(rows, 'OpportunityId')],
      author,
    );
}

/** Objects whose rows count in the figures of campaigns. */
const CAMPAIGN_OBJECTS: ReadonlySet<string> = new Set(['Opportunity', 'CampaignMember', 'Campaign']);

/** Values of a reference field before and after. */
export function touchedParents(rows: readonly SaveRow[], field: string): readonly string[] {
  const ids = new Set<string>();
  for (const row of rows) {
    for (const record of [row.record, row.old]) {
      const id = record?.values.get(field);
      if (typeof id === 'string') ids.add(id);
    }
  }
  return [...ids];
}

function updateSummaries(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  services: SaveServices,
  request: SaveRequest,
): void {
  for (const field of describe.fields) {
    if (field.type !== 'reference') continue;
    for (const targetName of field.referenceTo) {
      const parent = services.schema.object(targetName);
      const summaries =
        parent?.fields.filter(
          (candidate) =>
            candidate.summary?.childObject === describe.name && candidate.summary.childReferenceField === field.name,
        ) ?? [];
      if (!parent || summaries.length === 0) continue;
      const changes = summaryChanges(parent, summaries, touchedParents(rows, field.name), describe, services);
      saveParents(rows, parent, changes, field.name, services, request);
    }
  }
}

function summaryChanges(
  parent: ObjectDescribe,
  summaries: readonly FieldDescribe[],
  parentIds: readonly string[],
  child: ObjectDescribe,
  services: SaveServices,
): ReadonlyMap<string, Map<string, unknown>> {
  const stored = services.store.load(parent, parentIds);
  const changes = new Map<string, Map<string, unknown>>();
  for (const field of summaries) {
    const figures = summarize(field.summary as RollUpSummary, field, parent, child, parentIds, services);
    for (const [id, values] of stored) {
      if (values.get('IsDeleted') === true) continue;
      const figure =
        figures.get(id) ??
        (field.summary?.operation === 'count' || field.summary?.operation === 'sum'
          ? Decimal.ZERO.setScale(field.scale)
          : null);
      if (sameValue(values.get(field.name), figure)) continue;
      changes.set(id, (changes.get(id) ?? new Map<string, unknown>()).set(field.name, figure));
    }
  }
  return changes;
}

function summarize(
  summary: RollUpSummary,
  field: FieldDescribe,
  parent: ObjectDescribe,
  child: ObjectDescribe,
  parentIds: readonly string[],
  services: SaveServices,
): ReadonlyMap<string, unknown> {
  const summarized = summary.summarizedField === null ? undefined : child.field(summary.summarizedField);
  const aggregate =
    summary.operation === 'count' || !summarized
      ? 'count(*)'
      : summarized.type === 'currency' && parent.currencyPath !== null && child.currencyPath !== null
        ? `${MONEY_AGGREGATES[summary.operation]}(${quote(summarized.name)}, "CurrencyIsoCode", NULL, (SELECT p."CurrencyIsoCode" FROM ${quote(parent.name)} p WHERE p."Id" = ${quote(summary.childReferenceField)}))`
        : `${summary.operation}(${quote(summarized.name)})`;
  const conditions = [`${quote(summary.childReferenceField)} IN (SELECT value FROM json_each(?))`, '"IsDeleted" = 0'];
  const parameters: StoredValue[] = [JSON.stringify(parentIds)];
  for (const filter of summary.filters) {
    const condition = filterCondition(child, filter);
    conditions.push(condition.sql);
    parameters.push(...condition.parameters);
  }
  const sql = `SELECT ${quote(summary.childReferenceField)}, ${aggregate} FROM ${quote(child.name)} WHERE ${conditions.join(' AND ')} GROUP BY 1`;
  const figures = new Map<string, unknown>();
  for (const row of services.store.all(sql, parameters)) {
    const raw = row[1] ?? null;
    const source = summary.operation === 'count' || !summarized ? Decimal.parse(String(raw)) : decode(summarized, raw);
    figures.set(String(row[0]), source instanceof Decimal ? source.setScale(field.scale, 'HALF_UP') : source);
  }
  return figures;
}

/** Roll-ups are in the currency of the record that has them (Salesforce Help, "Roll-Up Summary Field"). */
const MONEY_AGGREGATES: Readonly<Record<'sum' | 'min' | 'max', string>> = {
  sum: 'money_total',
  min: 'money_least',
  max: 'money_greatest',
};

/** A record that changes its currency has its roll-ups of amounts in the new one. */
function convertSummaries(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  services: SaveServices,
  request: SaveRequest,
): void {
  const moved = rows.filter(
    ({ record, old }) => old && !sameValue(old.values.get('CurrencyIsoCode'), record.values.get('CurrencyIsoCode')),
  );
  if (moved.length === 0) return;
  const ids = moved.map(({ record }) => record.id ?? '');
  for (const [childName, summaries] of Map.groupBy(
    describe.fields.filter(({ summary, type }) => summary !== null && type === 'currency'),
    ({ summary }) => summary?.childObject ?? '',
  )) {
    const child = services.schema.object(childName);
    if (!child) continue;
    saveParents(moved, describe, summaryChanges(describe, summaries, ids, child, services), 'Id', services, request);
  }
}

/** Saves changed figures through the parents' own save order; a parent's failure fails the rows that belong to it. */
export function saveParents(
  rows: readonly SaveRow[],
  parent: ObjectDescribe,
  changes: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
  referenceField: string,
  services: SaveServices,
  request: SaveRequest,
): void {
  const parents = [...changes].map(([id, values], index): SaveRow => {
    const input = new SObjectRecord(parent);
    input.values.set('Id', id);
    for (const [name, value] of values) input.values.set(name, value);
    return { index, input, record: input, old: null, errors: [] };
  });
  for (let start = 0; start < parents.length; start += CHUNK_SIZE) {
    const chunk = parents.slice(start, start + CHUNK_SIZE);
    saveChunk(chunk, { describe: parent, operation: 'update', internal: true }, services, request);
    for (const failed of chunk.filter((row) => row.errors.length > 0)) {
      const [first] = failed.errors;
      for (const row of rows) {
        if (
          row.record.values.get(referenceField) !== failed.input.id &&
          row.old?.values.get(referenceField) !== failed.input.id
        )
          continue;
        addError(
          row,
          'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
          `${parent.name}: ${new DmlFailure('update', [{ index: 0, id: failed.input.id, errors: failed.errors }]).message}`,
          first?.fields ?? [],
        );
      }
    }
  }
}

/** Records whose amount is the sum of their products'. */
const TOTALS = {
  OpportunityLineItem: {
    parent: 'Opportunity',
    reference: 'OpportunityId',
    total: 'Amount',
    holds: 'HasOpportunityLineItem',
  },
  OrderItem: { parent: 'Order', reference: 'OrderId', total: 'TotalAmount', holds: null },
} as const;

/** Brings the totals of opportunities or orders in line with their products. An opportunity without products keeps its amount. */
export function updateTotals(
  rows: readonly SaveRow[],
  itemName: keyof typeof TOTALS,
  services: SaveServices,
  request: SaveRequest,
): void {
  const { parent: parentName, reference, total, holds } = TOTALS[itemName];
  const parent = services.schema.object(parentName);
  const totalPrice = services.schema.object(itemName)?.field('TotalPrice');
  if (!parent || !totalPrice) return;
  const ids = touchedParents(rows, reference);
  const sums = new Map(
    services.store
      .all(
        `SELECT ${quote(reference)}, sum("TotalPrice") FROM ${quote(itemName)} WHERE "IsDeleted" = 0 AND ${quote(reference)} IN (SELECT value FROM json_each(?)) GROUP BY 1`,
        [JSON.stringify(ids)],
      )
      .map((row) => [String(row[0]), decode(totalPrice, row[1] ?? null)]),
  );
  const changes = new Map<string, Map<string, unknown>>();
  for (const [id, values] of services.store.load(parent, ids)) {
    const sum = sums.get(id);
    const wanted = new Map<string, unknown>();
    if (holds !== null) wanted.set(holds, sum !== undefined);
    if (sum !== undefined || holds === null) wanted.set(total, sum ?? Decimal.ZERO);
    const changed = new Map([...wanted].filter(([name, value]) => !sameValue(values.get(name), value)));
    if (changed.size > 0) changes.set(id, changed);
  }
  saveParents(rows, parent, changes, reference, services, request);
}

/** LastActivityDate: the latest due date of closed tasks and of events that have passed, on everything the activity is related to. */
function updateLastActivity(rows: readonly SaveRow[], services: SaveServices): void {
  const ids = new Set([
    ...touchedParents(rows, 'WhatId'),
    ...touchedParents(rows, 'WhoId'),
    ...touchedParents(rows, 'AccountId'),
  ]);
  for (const id of ids) {
    const describe = services.schema.objectByKeyPrefix(prefixOf(id));
    if (!describe?.field('LastActivityDate')) continue;
    const columns =
      describe.name === 'Account'
        ? ['"WhatId"', '"AccountId"']
        : describe.name === 'Contact' || describe.name === 'Lead'
          ? ['"WhoId"']
          : ['"WhatId"'];
    const match = columns.map((column) => `${column} = ?1`).join(' OR ');
    const [row] = services.store.all(
      `SELECT max(day) FROM (SELECT max("ActivityDate") AS day FROM "Task" WHERE "IsDeleted" = 0 AND "IsClosed" = 1 AND (${match}) UNION ALL SELECT max("ActivityDate") FROM "Event" WHERE "IsDeleted" = 0 AND "ActivityDate" <= ?2 AND (${match}))`,
      [id, services.derivation.today.days],
    );
    const day = row?.[0] ?? null;
    services.store.update(
      describe,
      id,
      new Map([['LastActivityDate', day === null ? null : new ApexDate(Number(day))]]),
    );
  }
}
