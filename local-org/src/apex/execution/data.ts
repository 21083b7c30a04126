/** sObjects, SOQL and DML of emitted code: the bridge to the runtime's transaction. */
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import type {
  AccessMode,
  DmlOperation,
  DmlRequest,
  DmlResult,
  QueryOptions,
  QueryResult,
} from '../../runtime/types.ts';
import type { ApexType } from '../types/symbols.ts';
import { ApexList } from './ApexList.ts';
import { ApexMap } from './ApexMap.ts';
import { ApexSet } from './ApexSet.ts';
import { makeException, nullPointer, type ApexException } from './errors.ts';
import { accessDecisions } from '../library/access.ts';
import { defaultValueOf } from '../library/defaults.ts';
import { describeQuery } from '../../soql/describeQuery.ts';
import { QueryError } from '../../soql/errors.ts';
import { HEADER_SIZE, heap, REFERENCE_SIZE } from './heap.ts';
import { roughRecordSize } from './measureHeap.ts';
import { toApexError } from './translate.ts';
import { execution, sharingOf, type CallSite } from './Execution.ts';
import { recordOptions, type RecordOptions } from './recordOptions.ts';
import { DescribeField, DescribeObject, SObjectFieldToken, SObjectTypeToken } from './describe.ts';

// ---- fields

function unreadable(record: SObjectRecord, name: string): never {
  throw makeException(
    'SObjectException',
    `SObject row was retrieved via SOQL without querying the requested field: ${record.describe.name}.${name}`,
  );
}

/** Value of a field by canonical name; throws when SOQL did not retrieve it. */
export function readField(record: SObjectRecord | null, name: string): unknown {
  if (record === null || record === undefined) return nullPointer();
  const value = record.values.get(name);
  if (value !== undefined) return value;
  const { retrieved } = record;
  if (retrieved !== null && !retrieved.has(name) && !record.values.has(name) && name !== 'Id')
    return unreadable(record, name);
  // A checkbox of a record that was made by `new` is false until it is set.
  return retrieved === null && record.describe.field(name)?.type === 'boolean' ? false : null;
}

export function writeField(record: SObjectRecord | null, name: string, value: unknown): void {
  if (record === null || record === undefined) return nullPointer();
  if (record.readOnly) throw makeException('FinalException', 'Record is read-only');
  heap.allocate(2 * REFERENCE_SIZE);
  record.values.set(name, value ?? null);
}

export function readParent(record: SObjectRecord | null, relationship: string): SObjectRecord | null {
  if (record === null || record === undefined) return nullPointer();
  const parent = record.related.get(relationship);
  if (parent === undefined) {
    if (record.retrieved !== null) return unreadable(record, relationship);
    return null;
  }
  return parent as SObjectRecord | null;
}

export function writeParent(record: SObjectRecord | null, relationship: string, parent: SObjectRecord | null): void {
  if (record === null || record === undefined) return nullPointer();
  if (record.readOnly) throw makeException('FinalException', 'Record is read-only');
  record.related.set(relationship, parent);
}

const childLists = new WeakMap<object, ApexList>();

export function readChildren(record: SObjectRecord | null, relationship: string, type: ApexType): ApexList {
  if (record === null || record === undefined) return nullPointer();
  const children = record.related.get(relationship);
  if (children === undefined || children === null) {
    if (record.retrieved !== null && children === undefined) return unreadable(record, relationship);
    const list = new ApexList(type, []);
    record.related.set(relationship, list.items as SObjectRecord[]);
    childLists.set(list.items, list);
    return list;
  }
  const rows = children as SObjectRecord[];
  let list = childLists.get(rows);
  if (!list) {
    list = new ApexList(type, rows);
    childLists.set(rows, list);
  }
  return list;
}

export function describeOf(objectName: string): ObjectDescribe {
  const { table } = execution().program;
  const describe = table.schema.object(objectName);
  if (!describe) throw makeException('TypeException', `Invalid sObject type: ${objectName}`);
  return describe;
}

export function newRecord(
  objectName: string,
  values: readonly (readonly [string, unknown])[],
  parents: readonly (readonly [string, unknown])[] = [],
): SObjectRecord {
  const record = new SObjectRecord(describeOf(objectName));
  heap.allocate(HEADER_SIZE + 2 * REFERENCE_SIZE * (values.length + parents.length));
  for (const [name, value] of values) record.values.set(name, value ?? null);
  for (const [name, value] of parents) record.related.set(name, value as SObjectRecord | null);
  return record;
}

export function fieldError(record: SObjectRecord | null, name: string | null, message: unknown): void {
  if (record === null || record === undefined) return nullPointer();
  const text =
    message instanceof Error
      ? ((message as unknown as { getmessage$?(): string }).getmessage$?.() ?? message.message)
      : String(message);
  record.errors.push({
    statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    message: text,
    fields: name === null ? [] : [name],
  });
}

// ---- queries

/** Bind values as the soql room takes them: arrays for collections, Ids for records. */
export function bindValue(value: unknown): unknown {
  if (value instanceof ApexList) return value.items.map(bindValue);
  if (value instanceof ApexSet) return [...value.values()].map(bindValue);
  if (value instanceof ApexMap) return [...value.keys()].map(bindValue);
  if (value instanceof SObjectRecord) return value.id;
  if (typeof value === 'object' && value !== null && 'ordinal' in value && 'name' in value)
    return (value as { name: string }).name;
  return value ?? null;
}

export function queryOptions(site: CallSite, binds: ReadonlyMap<string, unknown>, access?: AccessMode): QueryOptions {
  return { accessMode: access ?? site.context.accessMode, sharing: sharingOf(site), binds };
}

export function slots(binds: readonly unknown[]): Map<string, unknown> {
  return new Map(binds.map((value, index) => [`__b${index}`, bindValue(value)]));
}

/** Runs a query; an error of user mode also names the fields that the user may not read. */
export function runQuery(text: string, options: QueryOptions): QueryResult {
  const { transaction } = execution();
  try {
    const result = transaction.query(text, options);
    for (const record of result.records) heap.allocate(roughRecordSize(record));
    return result;
  } catch (error) {
    const isUserMode = options.accessMode === 'user' || /\bwith\s+(?:user_mode|security_enforced)\b/i.test(text);
    if (!(error instanceof QueryError) || !isUserMode) throw error;
    const exception = toApexError(error) as ApexException;
    exception.inaccessible = inaccessibleFields(text);
    throw exception;
  }
}

function inaccessibleFields(text: string): ReadonlyMap<string, readonly string[]> {
  try {
    const { object, fields } = describeQuery(text, execution().program.table.schema);
    const access = accessDecisions();
    const isReadable = access.object(object, 'read');
    const hidden = fields.flatMap(({ field }) =>
      field && object.field(field.name) === field && (!isReadable || !access.field(object, field, 'read'))
        ? [field.name]
        : [],
    );
    return hidden.length === 0 ? new Map() : new Map([[object.name, hidden]]);
  } catch (error) {
    // The query is wrong for everybody: no access decision is at fault.
    if (error instanceof QueryError) return new Map();
    throw error;
  }
}

export function query(site: CallSite, text: string, binds: readonly unknown[], type: ApexType): ApexList {
  const result = runQuery(text, queryOptions(site, slots(binds)));
  return new ApexList(type, [...result.records]);
}

export function count(site: CallSite, text: string, binds: readonly unknown[]): number {
  return runQuery(text, queryOptions(site, slots(binds))).totalSize;
}

export function search(site: CallSite, text: string, binds: readonly unknown[]): ApexList {
  const { table } = execution().program;
  const inner = table.list(table.sobject);
  const { test, extras, transaction } = execution();
  // Tests find what Test.setFixedSearchResults says, else nothing.
  const fixed = test ? { searchIds: (extras.get('fixedSearchResults') as readonly string[] | undefined) ?? [] } : {};
  const groups = transaction.search(text, { ...queryOptions(site, slots(binds)), ...fixed });
  return new ApexList(
    table.list(inner),
    groups.map((group) => new ApexList(inner, [...group])),
  );
}

/** The one row of a query that is assigned to a record; throws QueryException. */
export function single(list: ApexList): unknown {
  if (list.items.length === 1) return list.items[0];
  throw makeException(
    'QueryException',
    list.items.length === 0
      ? 'List has no rows for assignment to SObject'
      : 'List has more than 1 row for assignment to SObject',
  );
}

export function singleOrNull(list: ApexList): unknown {
  return list.items.length === 0 ? null : single(list);
}

// ---- DML

export interface DmlFacts {
  readonly operation: DmlOperation;
  readonly access: AccessMode | null;
  readonly field: string | null;
  /** Texts that are too long are cut, in all records; where it is absent the records say it themselves, as below. */
  readonly truncates?: boolean;
  /** Duplicate rules that alert let the records through. */
  readonly allowDuplicates?: boolean;
}

/** The records of a DML argument: one or a list. */
export function recordsOf(value: unknown): SObjectRecord[] {
  if (value === null || value === undefined) return nullPointer();
  const items = value instanceof ApexList ? (value.items as (SObjectRecord | null)[]) : [value as SObjectRecord];
  for (const item of items)
    if (item === null) throw makeException('NullPointerException', 'Attempt to de-reference a null object');
  return items as SObjectRecord[];
}

function losers(master: SObjectRecord, value: unknown): SObjectRecord[] {
  const items = value instanceof ApexList ? value.items : [value];
  return items.map((item) => {
    if (item instanceof SObjectRecord) return item;
    const record = new SObjectRecord(master.describe);
    record.values.set('Id', item ?? nullPointer());
    return record;
  });
}

export function runDml(
  site: CallSite,
  facts: DmlFacts,
  value: unknown,
  second?: unknown,
  allOrNone = true,
): readonly DmlResult[] {
  const given = recordsOf(value);
  const { transaction } = execution();
  const shared = {
    operation: facts.operation,
    allOrNone,
    accessMode: facts.access ?? site.context.accessMode,
    sharing: sharingOf(site),
    ...leniency(facts, given),
  };
  if (facts.operation === 'merge') {
    const master = given[0] ?? nullPointer();
    return transaction.dml({ ...shared, records: losers(master, second), master });
  }
  return transaction.dml({ ...shared, records: given, ...(facts.field ? { externalIdField: facts.field } : {}) });
}

/** The records that are saved although they are too long or duplicates: by the statement's options, else by their own. */
function leniency(
  facts: DmlFacts,
  records: readonly SObjectRecord[],
): Pick<DmlRequest, 'truncated' | 'allowedDuplicates'> {
  const allowing = (
    ofStatement: boolean | undefined,
    ofRecord: (options: RecordOptions) => boolean | null | undefined,
  ): ReadonlySet<SObjectRecord> =>
    new Set(
      records.filter((record) => {
        const options = recordOptions.get(record);
        return ofStatement ?? (options && ofRecord(options));
      }),
    );
  return {
    truncated: allowing(facts.truncates, (options) => options.AllowFieldTruncation),
    allowedDuplicates: allowing(facts.allowDuplicates, (options) => options.DuplicateRuleHeader?.AllowSave),
  };
}

export function dmlStatement(site: CallSite, facts: DmlFacts, value: unknown, second?: unknown): void {
  runDml(site, facts, value, second);
}

export function runAs(user: unknown, work: () => unknown): unknown {
  const running = execution();
  if (!running.test) throw makeException('UnexpectedException', 'System.runAs is only allowed in test methods');
  if (!(user instanceof SObjectRecord)) return work();
  // Each call counts as a DML statement; a user who is not saved yet is saved (Apex Developer Guide, "Using the runAs Method").
  const { transaction } = running;
  const saved = { operation: 'insert', records: [user], allOrNone: true, ...SYSTEM } as const;
  if (user.id === null) transaction.runAs(transaction.org.administratorId, () => transaction.dml(saved));
  transaction.limits.count('dmlStatements');
  return transaction.runAs(user.id ?? nullPointer(), work);
}

// ---- describe

export const sobjectType = (objectName: string): SObjectTypeToken => SObjectTypeToken.of(describeOf(objectName));
export const sobjectField = (objectName: string, field: string): SObjectFieldToken =>
  SObjectFieldToken.of(describeOf(objectName), field);
export const describeObject = (objectName: string): DescribeObject => DescribeObject.of(describeOf(objectName));
export const describeField = (objectName: string, field: string): DescribeField =>
  DescribeField.of(SObjectFieldToken.of(describeOf(objectName), field));

// ---- custom settings and custom metadata

/** The platform keeps settings in a cache of its own: reading them counts against no limit. */
const SYSTEM: QueryOptions & { readonly countLimits: boolean } = {
  accessMode: 'system',
  sharing: 'without',
  countLimits: false,
};

/** All rows of a settings or metadata object. */
function settingRows(objectName: string): SObjectRecord[] {
  const { transaction } = execution();
  const describe = describeOf(objectName);
  const fields = describe.fields
    .filter((field) => field.type !== 'address' && field.type !== 'location')
    .map((field) => field.name);
  const { records } = transaction.query(`SELECT ${fields.join(', ')} FROM ${objectName}`, SYSTEM);
  return [...records];
}

function find(objectName: string, field: string, value: unknown): SObjectRecord | null {
  const wanted = typeof value === 'string' ? value.toLowerCase() : value;
  return (
    settingRows(objectName).find((record) => {
      const own = record.values.get(field);
      return (typeof own === 'string' ? own.toLowerCase() : own) === wanted;
    }) ?? null
  );
}

export const settings = {
  /** Effective hierarchy settings: user over profile over organisation, field by field. */
  hierarchy(objectName: string, owner?: string | null): SObjectRecord {
    const running = execution();
    const { transaction } = running;
    const user = owner ?? transaction.userId;
    const describe = describeOf(objectName);
    const merged = new SObjectRecord(describe);
    const profileId = user.startsWith('005')
      ? transaction
          .query(`SELECT ProfileId FROM User WHERE Id = :u`, { ...SYSTEM, binds: new Map([['u', user]]) })
          .records[0]?.values.get('ProfileId')
      : null;
    const rows = settingRows(objectName);
    const levels = [transaction.org.organizationId, profileId, user];
    for (const field of describe.fields) {
      const value = field.custom ? defaultValueOf(describe, field) : null;
      if (value !== null) merged.values.set(field.name, value);
    }
    // Without data of its own, an owner gets a new record that is not saved yet (Apex Reference, "Custom Settings Methods").
    merged.values.set('SetupOwnerId', user);
    for (const level of levels) {
      const row = rows.find((record) => record.values.get('SetupOwnerId') === level);
      if (!row) continue;
      for (const [name, value] of row.values)
        if (describe.field(name)?.custom ? value !== null || !merged.values.has(name) : level === user)
          merged.values.set(name, value);
    }
    return merged;
  },
  values(objectName: string, owner: string | null): SObjectRecord | null {
    return find(objectName, 'SetupOwnerId', owner);
  },
  organization(objectName: string): SObjectRecord {
    return (
      find(objectName, 'SetupOwnerId', execution().transaction.org.organizationId) ??
      new SObjectRecord(describeOf(objectName))
    );
  },
  /** List settings by Name, custom metadata by DeveloperName, qualified name or Id. */
  named(objectName: string, name: string | null): SObjectRecord | null {
    if (!objectName.toLowerCase().endsWith('__mdt')) return find(objectName, 'Name', name);
    return (
      find(objectName, 'DeveloperName', name) ??
      find(objectName, 'QualifiedApiName', name) ??
      find(objectName, 'Id', name)
    );
  },
  all(objectName: string, type: ApexType): ApexMap {
    const key = objectName.toLowerCase().endsWith('__mdt') ? 'DeveloperName' : 'Name';
    return new ApexMap(
      type,
      settingRows(objectName).map((record) => [record.values.get(key), record] as const),
    );
  },
};
