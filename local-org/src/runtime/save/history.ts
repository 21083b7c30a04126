/**
 * Field history, tracked changes in feeds, and the stage history of opportunities.
 *
 * Field history and tracked changes are there once the transaction has ended, not before: code that made the change
 * can't query them, and tests, whose transactions never end, never see any. Until then the rows lie in their tables
 * marked as deleted by a deletion of their own, so that rollbacks take them along.
 */
import { hasFeed, historyName } from '../../schema/historyObjects.ts';
import { SObjectRecord } from '../../schema/record.ts';
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';
import { quote } from '../../store/encoding.ts';
import { prefixOf } from '../../store/ids.ts';
import type { Store } from '../../store/Store.ts';
import { insertSystemRow } from '../../store/systemRows.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { sameValue, textOf } from './rows.ts';
import type { SaveRow } from './rows.ts';
import type { SaveServices } from './services.ts';

const PENDING = 'pending';
/** Longer values are not kept: the history only says that the field changed (Salesforce Help, "Field History Tracking"). */
const LONGEST_VALUE = 255;
/** Fields whose change makes a row of OpportunityHistory (Object Reference, "OpportunityHistory"). */
const STAGE_FIELDS = ['StageName', 'Amount', 'CloseDate', 'Probability', 'ExpectedRevenue'] as const;
const DATA_TYPES: Readonly<Record<string, string>> = {
  string: 'Text',
  textarea: 'Textarea',
  reference: 'EntityId',
  boolean: 'Boolean',
  double: 'Double',
  currency: 'Currency',
  percent: 'Percent',
  picklist: 'DynamicEnum',
  multipicklist: 'MultiEnum',
  date: 'DateOnly',
  datetime: 'DateTime',
  phone: 'PhoneNumber',
  email: 'Email',
  url: 'Url',
};

interface Change {
  readonly field: FieldDescribe;
  readonly before: unknown;
  readonly after: unknown;
}

/** After rows were written: what their fields were before and are now. */
export function trackChanges(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  operation: 'insert' | 'update',
  services: SaveServices,
): void {
  if (describe.name === 'Opportunity') writeStages(rows, services);
  if (describe.historyEnabled) writeHistory(rows, describe, operation, services);
  if (operation === 'update' && describe.feedEnabled && hasFeed(describe))
    writeTrackedChanges(rows, describe, services);
}

/** At the end of the transaction: what lay waiting is there, but for rows of records that are gone. */
export function publishHistory(store: Store, objects: ReadonlySet<ObjectDescribe>): void {
  for (const object of objects) {
    const waiting = store.idsOfDeletion(object, PENDING);
    if (waiting.length > 0) store.unmarkDeleted(object, waiting);
  }
}

/** `Owner` for OwnerId, `Account` for AccountId; custom fields by their names. */
function nameInHistory(field: FieldDescribe): string {
  return field.type === 'reference' && !field.custom && field.name.endsWith('Id')
    ? field.name.slice(0, -2)
    : field.name;
}

function changesOf(row: SaveRow, fields: readonly FieldDescribe[]): readonly Change[] {
  return fields.flatMap((field) => {
    const before = row.old?.values.get(field.name) ?? null;
    const after = row.record.values.get(field.name) ?? null;
    return sameValue(before, after) ? [] : [{ field, before, after }];
  });
}

function writeHistory(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  operation: 'insert' | 'update',
  services: SaveServices,
): void {
  const history = services.schema.object(historyName(describe.name));
  const parent = history?.fields.find((field) => field.deleteConstraint === 'Cascade');
  if (!history || !parent) return;
  const add = (row: SaveRow, values: Readonly<Record<string, unknown>>): void =>
    writePending(history, { [parent.name]: row.record.id, ...values }, services);
  const tracked = describe.fields.filter((field) => field.trackHistory && !field.calculated);
  for (const row of rows) {
    if (operation === 'insert') {
      add(row, { Field: 'created', DataType: 'Text' });
      continue;
    }
    for (const { field, before, after } of changesOf(row, tracked)) {
      const facts = { Field: nameInHistory(field), DataType: DATA_TYPES[field.type] ?? 'Text' };
      // A lookup has two rows: one with the names, one with the Ids.
      if (field.type === 'reference')
        add(row, { ...facts, DataType: 'Text', OldValue: nameOf(before, services), NewValue: nameOf(after, services) });
      add(row, { ...facts, OldValue: kept(field, before), NewValue: kept(field, after) });
    }
  }
}

/** Values of long texts and of multi-select picklists are not kept. */
function kept(field: FieldDescribe, value: unknown): unknown {
  const isLong = field.type === 'multipicklist' || (field.type === 'textarea' && field.length > LONGEST_VALUE);
  return isLong ? null : value;
}

function nameOf(id: unknown, { schema, store }: SaveServices): string | null {
  if (typeof id !== 'string') return null;
  const object = schema.objectByKeyPrefix(prefixOf(id));
  if (!object?.nameField) return null;
  const [row] = store.all(`SELECT ${quote(object.nameField.name)} FROM ${quote(object.name)} WHERE "Id" = ?`, [id]);
  return textOf(row?.[0]) === '' ? null : textOf(row?.[0]);
}

/** One post for the tracked changes of a save (Object Reference, "FeedTrackedChange"). */
function writeTrackedChanges(rows: readonly SaveRow[], describe: ObjectDescribe, services: SaveServices): void {
  const item = services.schema.object('FeedItem');
  const change = services.schema.object('FeedTrackedChange');
  if (!item || !change) return;
  const tracked = describe.fields.filter((field) => field.trackFeedHistory && !field.calculated);
  for (const row of rows) {
    const changes = changesOf(row, tracked);
    if (changes.length === 0) continue;
    const itemId = services.store.nextId(item);
    writePending(
      item,
      {
        Id: itemId,
        ParentId: row.record.id,
        Type: 'TrackedChange',
        Status: 'Published',
        Visibility: 'AllUsers',
        CommentCount: 0,
        LikeCount: 0,
      },
      services,
    );
    for (const { field, before, after } of changes) {
      const isLookup = field.type === 'reference';
      writePending(
        change,
        {
          FeedItemId: itemId,
          FieldName: `${describe.name}.${nameInHistory(field)}`,
          OldValue: isLookup ? nameOf(before, services) : kept(field, before),
          NewValue: isLookup ? nameOf(after, services) : kept(field, after),
        },
        services,
      );
    }
  }
}

function writePending(object: ObjectDescribe, values: Readonly<Record<string, unknown>>, services: SaveServices): void {
  const id = insertSystemRow(services.store, object, values, services.userId, stampOf(services));
  services.store.markDeleted(object, [id], PENDING);
  services.historyWritten(object);
}

/** Rows of OpportunityHistory can be read at once. */
function writeStages(rows: readonly SaveRow[], services: SaveServices): void {
  const history = services.schema.object('OpportunityHistory');
  if (!history) return;
  for (const row of rows) {
    const { old, record } = row;
    if (old && STAGE_FIELDS.every((name) => sameValue(old.values.get(name), record.values.get(name)))) continue;
    const values = (names: readonly string[], from: SObjectRecord): Record<string, unknown> =>
      Object.fromEntries(names.map((name) => [name, from.values.get(name) ?? null]));
    insertSystemRow(
      services.store,
      history,
      {
        OpportunityId: record.id,
        ...values([...STAGE_FIELDS, 'ForecastCategory'], record),
        ...(old
          ? { PrevAmount: old.values.get('Amount') ?? null, PrevCloseDate: old.values.get('CloseDate') ?? null }
          : {}),
      },
      services.userId,
      stampOf(services),
    );
  }
}

function stampOf(services: SaveServices): ApexDatetime {
  return new ApexDatetime(Math.floor(services.transaction.now() / 1000) * 1000);
}
