/** Database.*: dynamic queries, DML with results, savepoints, query locators and batch Apex. */
import { SObjectRecord } from '../../schema/record.ts';
import type { AccessMode, DmlOperation, DmlResult, QueryOptions, Savepoint } from '../../runtime/types.ts';
import { ApexEnum } from '../execution/ApexEnum.ts';
import { ApexIterator, ApexList } from '../execution/ApexList.ts';
import type { ApexMap } from '../execution/ApexMap.ts';
import { queryOptions, slots, recordsOf, runDml, runQuery as runInMode } from '../execution/data.ts';
import { SObjectFieldToken } from '../execution/describe.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution, type CallSite } from '../execution/Execution.ts';
import { fullId } from '../execution/ids.ts';
import { enqueueBatch } from './async.ts';
import { DatabaseError } from './SObject.ts';
import type { ApexType } from '../types/symbols.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';
import { dynamicBinds } from './dynamicBinds.ts';
import { convertLeadMethods, leadConversionClasses } from './LeadConversion.ts';

/** AccessLevel.USER_MODE and SYSTEM_MODE. */
export class AccessLevel {
  readonly mode: AccessMode;
  constructor(mode: AccessMode) {
    this.mode = mode;
  }
  static readonly USER = new AccessLevel('user');
  static readonly SYSTEM = new AccessLevel('system');
  toString(): string {
    return `AccessLevel[${this.mode.toUpperCase()}_MODE]`;
  }
}

export const accessLevelClass: LibraryClass = {
  name: 'AccessLevel',
  instance: AccessLevel,
  state: {
    write: (self: AccessLevel) => [self.mode],
    make: ([mode]) => (mode === AccessLevel.USER.mode ? AccessLevel.USER : AccessLevel.SYSTEM),
  },
  constants: { 'AccessLevel USER_MODE': () => AccessLevel.USER, 'AccessLevel SYSTEM_MODE': () => AccessLevel.SYSTEM },
};

/** Call sites of dynamic queries also know the variables that a bind can name. */
export interface QuerySite extends CallSite {
  readonly variable?: (name: string) => unknown;
}

const fromSite =
  (site: QuerySite) =>
  (name: string): unknown =>
    site.variable?.(name);
const fromMap =
  (map: ApexMap) =>
  (name: string): unknown => {
    for (const [key, value] of map.entries()) if (String(key).toLowerCase() === name.toLowerCase()) return value;
    return undefined;
  };

function runQuery(
  site: QuerySite,
  text: string | null,
  find: (name: string) => unknown,
  level?: AccessLevel,
): ApexList {
  const source = text ?? nullPointer();
  const { program } = execution();
  const result = runInMode(source, queryOptions(site, dynamicBinds(source, find), level?.mode));
  const first = result.records[0];
  const { table } = program;
  // The list has the queried object's own type, which casts and getSObjectType show.
  const type =
    first && result.kind === 'records'
      ? program.typeOf(first)
      : result.kind === 'aggregate'
        ? table.of(table.librarySymbol('AggregateResult'))
        : objectOfQuery(source);
  return new ApexList(table.list(type), [...result.records]);
}

function objectOfQuery(text: string): ReturnType<typeof execution>['program']['table']['sobject'] {
  const { table } = execution().program;
  const flat = text.replace(/\([^()]*\)/g, ' ');
  const name = /\bfrom\s+(\w+)/i.exec(flat)?.[1];
  const symbol = name ? table.sobjectSymbol(name) : undefined;
  return symbol ? table.of(symbol) : table.sobject;
}

function runCount(site: QuerySite, text: string | null, find: (name: string) => unknown, level?: AccessLevel): number {
  const source = text ?? nullPointer();
  return runInMode(source, queryOptions(site, dynamicBinds(source, find), level?.mode)).totalSize;
}

/** Database.SaveResult, UpsertResult, DeleteResult, UndeleteResult, MergeResult. */
export class OperationResult {
  readonly result: DmlResult;
  constructor(result: DmlResult) {
    this.result = result;
  }
}
export class SaveResult extends OperationResult {}
class UpsertResult extends OperationResult {}
class DeleteResult extends OperationResult {}
class UndeleteResult extends OperationResult {}
class EmptyRecycleBinResult extends OperationResult {}
class MergeResult extends OperationResult {
  merged: readonly string[] = [];
}

const RESULT_CLASSES: Readonly<
  Record<DmlOperation, { readonly make: new (result: DmlResult) => OperationResult; readonly name: string }>
> = {
  insert: { make: SaveResult, name: 'Database.SaveResult' },
  update: { make: SaveResult, name: 'Database.SaveResult' },
  upsert: { make: UpsertResult, name: 'Database.UpsertResult' },
  delete: { make: DeleteResult, name: 'Database.DeleteResult' },
  undelete: { make: UndeleteResult, name: 'Database.UndeleteResult' },
  merge: { make: MergeResult, name: 'Database.MergeResult' },
};

class DuplicateRuleHeader {
  AllowSave: boolean | null = null;
  RunAsCurrentUser: boolean | null = null;
}
class AssignmentRuleHeader {
  AssignmentRuleId: string | null = null;
  UseDefaultRule: boolean | null = null;
}
class EmailHeader {
  TriggerAutoResponseEmail: boolean | null = null;
  TriggerOtherEmail: boolean | null = null;
  TriggerUserEmail: boolean | null = null;
}
class DmlOptions {
  OptAllOrNone: boolean | null = null;
  AllowFieldTruncation: boolean | null = null;
  LocaleOptions: string | null = null;
  DuplicateRuleHeader = new DuplicateRuleHeader();
  AssignmentRuleHeader = new AssignmentRuleHeader();
  EmailHeader = new EmailHeader();
}

interface Extras {
  allOrNone: boolean;
  access: AccessMode | null;
  field: string | null;
  truncates?: boolean;
  allowDuplicates?: boolean;
}

/** Reads the optional arguments behind the records, whatever their order. */
function readExtras(values: readonly unknown[]): Extras {
  const extras: Extras = { allOrNone: true, access: null, field: null };
  for (const value of values) {
    if (typeof value === 'boolean') extras.allOrNone = value;
    else if (value instanceof AccessLevel) extras.access = value.mode;
    else if (value instanceof DmlOptions) {
      extras.allOrNone = value.OptAllOrNone ?? true;
      if (value.AllowFieldTruncation !== null) extras.truncates = value.AllowFieldTruncation;
      const allows = value.DuplicateRuleHeader?.AllowSave ?? null;
      if (allows !== null) extras.allowDuplicates = allows;
    } else if (value instanceof SObjectFieldToken) extras.field = value.field.name;
  }
  return extras;
}

/** Records for Ids, as Database.delete(ids) takes them. */
function asRecords(value: unknown): unknown {
  const fromId = (id: unknown): unknown => {
    if (typeof id !== 'string') return id;
    const describe = execution().program.table.schema.objectByKeyPrefix(id.slice(0, 3));
    if (!describe) throw makeException('SObjectException', `Cannot locate Apex Type for ID: ${id}`);
    const record = new SObjectRecord(describe);
    record.values.set('Id', id);
    return record;
  };
  if (value instanceof ApexList) return new ApexList(value.type, value.items.map(fromId));
  return fromId(value);
}

function dml(operation: DmlOperation) {
  return (value: unknown, ...rest: unknown[]): unknown => {
    const site = rest.pop() as CallSite;
    const extras = readExtras(rest);
    const { make, name } = RESULT_CLASSES[operation];
    const results = runDml(site, { operation, ...extras }, asRecords(value), undefined, extras.allOrNone).map(
      (result) => new make(result),
    );
    if (!(value instanceof ApexList)) return results[0] ?? null;
    return new ApexList(execution().program.table.parse(`List<${name}>`), results);
  };
}

function merge(master: unknown, losers: unknown, ...rest: unknown[]): unknown {
  const site = rest.pop() as CallSite;
  const extras = readExtras(rest);
  const results = runDml(
    site,
    { operation: 'merge', access: extras.access, field: null },
    master,
    losers,
    extras.allOrNone,
  ).map((result) => {
    const outcome = new MergeResult(result);
    const items = losers instanceof ApexList ? losers.items : [losers];
    outcome.merged = items.map((item) => (item instanceof SObjectRecord ? (item.id ?? '') : String(item)));
    return outcome;
  });
  return losers instanceof ApexList
    ? new ApexList(execution().program.table.parse('List<Database.MergeResult>'), results)
    : (results[0] ?? null);
}

/** Every overload of a DML method: one record or a list, then the optional arguments. */
function overloads(
  name: DmlOperation,
  result: string,
  first: readonly string[],
  extras: readonly string[],
): Record<string, (...values: never[]) => unknown> {
  const signatures: Record<string, (...values: never[]) => unknown> = {};
  for (const parameter of first) {
    const returns = parameter.startsWith('List<') ? `List<${result}>` : result;
    for (const extra of extras) signatures[`${returns} ${name}(${parameter} records${extra})`] = dml(name);
  }
  return signatures;
}

const PLAIN = ['', ', Boolean allOrNone', ', AccessLevel accessLevel', ', Boolean allOrNone, AccessLevel accessLevel'];
const SAVE = [...PLAIN, ', Database.DMLOptions options', ', Database.DMLOptions options, AccessLevel accessLevel'];
const FIELD = ', Schema.SObjectField externalIdField';
const UPSERT = [
  ...PLAIN,
  FIELD,
  `${FIELD}, Boolean allOrNone`,
  `${FIELD}, AccessLevel accessLevel`,
  `${FIELD}, Boolean allOrNone, AccessLevel accessLevel`,
];
const RECORDS = ['SObject', 'List<SObject>'];
const RECORDS_OR_IDS = ['SObject', 'List<SObject>', 'Id', 'List<Id>'];

/** A query locator: a query whose rows are read when it is used, or rows that were read already. */
export class QueryLocator {
  readonly text: string;
  /** How the query runs; null when the rows are given. */
  readonly options: QueryOptions | null;
  #rows: ApexList | null;

  constructor(text: string, options: QueryOptions | null, rows: ApexList | null) {
    this.text = text;
    this.options = options;
    this.#rows = rows;
  }

  static ofQuery(
    site: QuerySite,
    text: string | null,
    find: (name: string) => unknown,
    level?: AccessLevel,
  ): QueryLocator {
    const source = text ?? nullPointer();
    const options = queryOptions(site, dynamicBinds(source, find), level?.mode);
    execution().transaction.checkQuery(source, options);
    return QueryLocator.counted(source, options);
  }

  /** Of a query in brackets, which the compiler hands over without running it. */
  static ofInline(site: CallSite, text: string, binds: readonly unknown[]): QueryLocator {
    return QueryLocator.counted(text, queryOptions(site, slots(binds)));
  }

  /** Making a locator counts as a query, walking through it does not. */
  private static counted(text: string, options: QueryOptions): QueryLocator {
    execution().transaction.limits.count('queries');
    return new QueryLocator(text, { ...options, countLimits: false }, null);
  }

  /** Of rows, or of a query in brackets as it was handed over. */
  static ofRows(rows: ApexList | QueryLocator, level?: AccessLevel): QueryLocator {
    if (!(rows instanceof QueryLocator)) return new QueryLocator('', null, rows);
    if (!level || !rows.options) return rows;
    return new QueryLocator(rows.text, { ...rows.options, accessMode: level.mode }, null);
  }

  /** The list type of its rows. */
  get type(): ApexType {
    return this.#rows?.type ?? execution().program.table.list(objectOfQuery(this.text));
  }

  get list(): ApexList {
    this.#rows ??= this.options ? this.#read(this.options) : new ApexList(this.type);
    return this.#rows;
  }

  #read(options: QueryOptions): ApexList {
    const { records } = runInMode(this.text, options);
    execution().transaction.limits.count('queryLocatorRows', records.length);
    return new ApexList(this.type, [...records]);
  }
}

/** Deleted records are removed for good; those that are not in the recycle bin fail (Apex Reference, Database.emptyRecycleBin). */
function emptyBin(value: unknown): unknown {
  const records = recordsOf(value);
  const removed = new Set(execution().transaction.emptyRecycleBin(records.map(({ id }) => id ?? nullPointer())));
  const results = records.map(({ id }) => {
    const success = removed.has(id as string);
    const errors = success
      ? []
      : [{ statusCode: 'INVALID_ID_FIELD', message: 'entity is not in the recycle bin', fields: [] }];
    return new EmptyRecycleBinResult({ id, success, created: false, errors });
  });
  return value instanceof ApexList
    ? new ApexList(execution().program.table.parse('List<Database.EmptyRecycleBinResult>'), results)
    : (results[0] ?? null);
}

/**
 * Rows of a query that are fetched in parts, from any position (Apex Developer Guide, Apex Cursors). Which rows is settled
 * when the cursor is made; their fields are read when they are fetched.
 */
class Cursor {
  readonly text: string;
  readonly options: QueryOptions;
  readonly ids: readonly string[];

  constructor(text: string, options: QueryOptions, ids: readonly string[]) {
    this.text = text;
    this.options = options;
    this.ids = ids;
  }

  static ofQuery(site: QuerySite, text: string | null, find: (name: string) => unknown, level?: AccessLevel): Cursor {
    const source = text ?? nullPointer();
    const options = queryOptions(site, dynamicBinds(source, find), level?.mode);
    const { transaction } = execution();
    transaction.limits.count('queries');
    const ids = [...transaction.queryIds(source, options)];
    transaction.limits.count('apexCursorRows', ids.length);
    return new Cursor(source, options, ids);
  }

  get size(): number {
    return this.ids.length;
  }

  fetch(position: number, count: number): ApexList {
    const { transaction, program } = execution();
    transaction.limits.count('fetchCallsOnApexCursor');
    if (position < 0 || count < 0 || position > this.size)
      throw makeException('InvalidParameterValueException', `There is no position ${position} in this cursor`);
    const ids = this.ids.slice(position, position + count);
    const found = new Map(
      transaction.queryByIds(this.text, ids, this.options).map((record) => [record.id, record] as const),
    );
    // A row that is gone since then is left out.
    const rows = ids.flatMap((id) => found.get(id) ?? []);
    return new ApexList(program.table.list(objectOfQuery(this.text)), rows);
  }
}

class SavepointToken {
  readonly savepoint: Savepoint;
  constructor(savepoint: Savepoint) {
    this.savepoint = savepoint;
  }
}

const errorsOf = (self: OperationResult): ApexList =>
  new ApexList(
    execution().program.table.parse('List<Database.Error>'),
    self.result.errors.map((error) => new DatabaseError(error.statusCode, error.message, error.fields)),
  );
const mergedIds = (self: MergeResult): ApexList =>
  new ApexList(execution().program.table.parse('List<Id>'), [...self.merged]);

const resultMethods = (created: boolean): NonNullable<LibraryClass['methods']> => ({
  'Id getId()': (self: OperationResult) => self.result.id,
  'Boolean isSuccess()': (self: OperationResult) => self.result.success,
  'List<Database.Error> getErrors()': errorsOf,
  ...(created ? { 'Boolean isCreated()': (self: OperationResult) => self.result.created } : {}),
});

/**
 * Results as tests make them of JSON, `{"success":true,"id":"001…","errors":[…]}`, and as they are written. The Id is a text
 * there: what is no Id is no fault.
 */
const resultJson = (make: new (result: DmlResult) => OperationResult): NonNullable<LibraryClass['json']> => ({
  fields: {
    id: 'String',
    success: 'Boolean',
    created: 'Boolean',
    errors: 'List<Database.Error>',
    mergedRecordIds: 'List<Id>',
  },
  make: (values) => {
    const id = (values.get('id') as string | null | undefined) ?? null;
    const made = new make({
      id: id === null ? null : (fullId(id) ?? id),
      success: values.get('success') === true,
      created: values.get('created') === true,
      errors: ((values.get('errors') as ApexList | undefined)?.items as DatabaseError[] | undefined) ?? [],
    });
    if (made instanceof MergeResult)
      made.merged = ((values.get('mergedRecordIds') as ApexList | undefined)?.items as string[] | undefined) ?? [];
    return made;
  },
  write: (self: OperationResult) => ({
    success: self.result.success,
    id: self.result.id,
    errors: errorsOf(self),
    ...(self instanceof UpsertResult ? { created: self.result.created } : {}),
    ...(self instanceof MergeResult ? { mergedRecordIds: mergedIds(self) } : {}),
  }),
});

const resultProperties = (created: boolean): NonNullable<LibraryClass['properties']> => ({
  'Id id': { get: (self: OperationResult) => self.result.id },
  'Boolean success': { get: (self: OperationResult) => self.result.success },
  'List<Database.Error> errors': { get: errorsOf },
  ...(created ? { 'Boolean created': { get: (self: OperationResult) => self.result.created } } : {}),
});

export const databaseClasses: readonly LibraryClass[] = [
  {
    name: 'Database',
    site: [
      'query',
      'queryWithBinds',
      'countQuery',
      'countQueryWithBinds',
      'getQueryLocator',
      'getQueryLocatorWithBinds',
      'getCursor',
      'getCursorWithBinds',
      'insert',
      'update',
      'upsert',
      'delete',
      'undelete',
      'merge',
      'convertLead',
    ],
    statics: {
      'List<SObject> query(String text)': (text: string, site: QuerySite) => runQuery(site, text, fromSite(site)),
      'List<SObject> query(String text, AccessLevel accessLevel)': (
        text: string,
        level: AccessLevel,
        site: QuerySite,
      ) => runQuery(site, text, fromSite(site), level),
      'List<SObject> queryWithBinds(String text, Map<String,Object> binds, AccessLevel accessLevel)': (
        text: string,
        binds: ApexMap,
        level: AccessLevel,
        site: QuerySite,
      ) => runQuery(site, text, fromMap(binds ?? nullPointer()), level),
      'Integer countQuery(String text)': (text: string, site: QuerySite) => runCount(site, text, fromSite(site)),
      'Integer countQuery(String text, AccessLevel accessLevel)': (text: string, level: AccessLevel, site: QuerySite) =>
        runCount(site, text, fromSite(site), level),
      'Integer countQueryWithBinds(String text, Map<String,Object> binds, AccessLevel accessLevel)': (
        text: string,
        binds: ApexMap,
        level: AccessLevel,
        site: QuerySite,
      ) => runCount(site, text, fromMap(binds ?? nullPointer()), level),
      'Database.QueryLocator getQueryLocator(String text)': (text: string, site: QuerySite) =>
        QueryLocator.ofQuery(site, text, fromSite(site)),
      'Database.QueryLocator getQueryLocator(String text, AccessLevel accessLevel)': (
        text: string,
        level: AccessLevel,
        site: QuerySite,
      ) => QueryLocator.ofQuery(site, text, fromSite(site), level),
      'Database.QueryLocator getQueryLocatorWithBinds(String text, Map<String,Object> binds, AccessLevel accessLevel)':
        (text: string, binds: ApexMap, level: AccessLevel, site: QuerySite) =>
          QueryLocator.ofQuery(site, text, fromMap(binds ?? nullPointer()), level),
      'Database.QueryLocator getQueryLocator(List<SObject> rows)': (rows: ApexList | QueryLocator) =>
        QueryLocator.ofRows(rows ?? nullPointer()),
      'Database.QueryLocator getQueryLocator(List<SObject> rows, AccessLevel accessLevel)': (
        rows: ApexList | QueryLocator,
        level: AccessLevel,
      ) => QueryLocator.ofRows(rows ?? nullPointer(), level),
      ...overloads('insert', 'Database.SaveResult', RECORDS, SAVE),
      ...overloads('update', 'Database.SaveResult', RECORDS, SAVE),
      ...overloads('upsert', 'Database.UpsertResult', RECORDS, UPSERT),
      ...overloads('delete', 'Database.DeleteResult', RECORDS_OR_IDS, PLAIN),
      ...overloads('undelete', 'Database.UndeleteResult', RECORDS_OR_IDS, PLAIN),
      ...Object.fromEntries(
        PLAIN.flatMap((extra) => [
          [`Database.MergeResult merge(SObject master, SObject loser${extra})`, merge],
          [`Database.MergeResult merge(SObject master, Id loser${extra})`, merge],
          [`List<Database.MergeResult> merge(SObject master, List<SObject> losers${extra})`, merge],
          [`List<Database.MergeResult> merge(SObject master, List<Id> losers${extra})`, merge],
        ]),
      ),
      ...convertLeadMethods((level) => (level instanceof AccessLevel ? level.mode : null)),
      'List<Database.EmptyRecycleBinResult> emptyRecycleBin(List<SObject> records)': emptyBin,
      'Database.EmptyRecycleBinResult emptyRecycleBin(SObject record)': emptyBin,
      'List<Database.EmptyRecycleBinResult> emptyRecycleBin(List<Id> ids)': (ids: unknown) => emptyBin(asRecords(ids)),
      'Database.Cursor getCursor(String text)': (text: string, site: QuerySite) =>
        Cursor.ofQuery(site, text, fromSite(site)),
      'Database.Cursor getCursor(String text, AccessLevel accessLevel)': (
        text: string,
        level: AccessLevel,
        site: QuerySite,
      ) => Cursor.ofQuery(site, text, fromSite(site), level),
      'Database.Cursor getCursorWithBinds(String text, Map<String,Object> binds, AccessLevel accessLevel)': (
        text: string,
        binds: ApexMap,
        level: AccessLevel,
        site: QuerySite,
      ) => Cursor.ofQuery(site, text, fromMap(binds ?? nullPointer()), level),
      'Savepoint setSavepoint()': () => new SavepointToken(execution().transaction.setSavepoint()),
      'void rollback(Savepoint savepoint)': (token: SavepointToken) =>
        execution().transaction.rollback((token ?? nullPointer()).savepoint),
      'void releaseSavepoint(Savepoint savepoint)': (token: SavepointToken) =>
        execution().transaction.releaseSavepoint((token ?? nullPointer()).savepoint),
      'Id executeBatch(Object job)': (job: object) => enqueueBatch(job, null),
      'Id executeBatch(Object job, Integer scope)': (job: object, scope: number) => enqueueBatch(job, scope),
    },
  },
  {
    name: 'Database.EmptyRecycleBinResult',
    instance: EmptyRecycleBinResult,
    json: resultJson(EmptyRecycleBinResult),
    methods: resultMethods(false),
  },
  ...leadConversionClasses,
  { name: 'Savepoint', instance: SavepointToken },
  {
    name: 'Database.SaveResult',
    instance: SaveResult,
    json: resultJson(SaveResult),
    methods: resultMethods(false),
    properties: resultProperties(false),
  },
  {
    name: 'Database.UpsertResult',
    instance: UpsertResult,
    json: resultJson(UpsertResult),
    methods: resultMethods(true),
    properties: resultProperties(true),
  },
  {
    name: 'Database.DeleteResult',
    instance: DeleteResult,
    json: resultJson(DeleteResult),
    methods: resultMethods(false),
    properties: resultProperties(false),
  },
  {
    name: 'Database.UndeleteResult',
    instance: UndeleteResult,
    json: resultJson(UndeleteResult),
    methods: resultMethods(false),
    properties: resultProperties(false),
  },
  {
    name: 'Database.MergeResult',
    instance: MergeResult,
    json: resultJson(MergeResult),
    methods: {
      ...resultMethods(false),
      'List<Id> getMergedRecordIds()': mergedIds,
    },
  },
  {
    name: 'Database.DMLOptions',
    instance: DmlOptions,
    constructors: { '()': () => new DmlOptions() },
    properties: {
      'Boolean OptAllOrNone': {
        get: (self: DmlOptions) => self.OptAllOrNone,
        set: (self: DmlOptions, value: boolean) => void (self.OptAllOrNone = value),
      },
      'Boolean AllowFieldTruncation': {
        get: (self: DmlOptions) => self.AllowFieldTruncation,
        set: (self: DmlOptions, value: boolean) => void (self.AllowFieldTruncation = value),
      },
      'Database.DuplicateRuleHeader DuplicateRuleHeader': {
        get: (self: DmlOptions) => self.DuplicateRuleHeader,
        set: (self: DmlOptions, value: DuplicateRuleHeader) => void (self.DuplicateRuleHeader = value),
      },
      'Database.AssignmentRuleHeader AssignmentRuleHeader': {
        get: (self: DmlOptions) => self.AssignmentRuleHeader,
        set: (self: DmlOptions, value: AssignmentRuleHeader) => void (self.AssignmentRuleHeader = value),
      },
      'Database.EmailHeader EmailHeader': {
        get: (self: DmlOptions) => self.EmailHeader,
        set: (self: DmlOptions, value: EmailHeader) => void (self.EmailHeader = value),
      },
    },
  },
  {
    name: 'Database.DuplicateRuleHeader',
    instance: DuplicateRuleHeader,
    properties: {
      'Boolean allowSave': {
        get: (self: DuplicateRuleHeader) => self.AllowSave,
        set: (self: DuplicateRuleHeader, value: boolean) => void (self.AllowSave = value),
      },
      'Boolean runAsCurrentUser': {
        get: (self: DuplicateRuleHeader) => self.RunAsCurrentUser,
        set: (self: DuplicateRuleHeader, value: boolean) => void (self.RunAsCurrentUser = value),
      },
    },
  },
  {
    name: 'Database.AssignmentRuleHeader',
    instance: AssignmentRuleHeader,
    properties: {
      'Id assignmentRuleId': {
        get: (self: AssignmentRuleHeader) => self.AssignmentRuleId,
        set: (self: AssignmentRuleHeader, value: string) => void (self.AssignmentRuleId = value),
      },
      'Boolean useDefaultRule': {
        get: (self: AssignmentRuleHeader) => self.UseDefaultRule,
        set: (self: AssignmentRuleHeader, value: boolean) => void (self.UseDefaultRule = value),
      },
    },
  },
  {
    name: 'Database.EmailHeader',
    instance: EmailHeader,
    properties: {
      'Boolean triggerAutoResponseEmail': {
        get: (self: EmailHeader) => self.TriggerAutoResponseEmail,
        set: (self: EmailHeader, value: boolean) => void (self.TriggerAutoResponseEmail = value),
      },
      'Boolean triggerOtherEmail': {
        get: (self: EmailHeader) => self.TriggerOtherEmail,
        set: (self: EmailHeader, value: boolean) => void (self.TriggerOtherEmail = value),
      },
      'Boolean triggerUserEmail': {
        get: (self: EmailHeader) => self.TriggerUserEmail,
        set: (self: EmailHeader, value: boolean) => void (self.TriggerUserEmail = value),
      },
    },
  },
  {
    name: 'Database.QueryLocator',
    instance: QueryLocator,
    methods: {
      'String getQuery()': (self: QueryLocator) => self.text,
      'Database.QueryLocatorIterator iterator()': (self: QueryLocator) =>
        new ApexIterator(self.list.items[Symbol.iterator]()),
    },
  },
  {
    name: 'Database.Cursor',
    instance: Cursor,
    state: {
      write: ({ text, options, ids }: Cursor) => [
        text,
        options.accessMode,
        options.sharing,
        [...(options.binds ?? [])].map(([name, value]) => [name, value]),
        [...ids],
      ],
      make: ([text, accessMode, sharing, binds, ids]) =>
        new Cursor(
          text as string,
          {
            accessMode: accessMode as AccessMode,
            sharing: sharing as QueryOptions['sharing'],
            binds: new Map(binds as [string, unknown][]),
          },
          ids as string[],
        ),
    },
    methods: {
      'Integer getNumRecords()': (self: Cursor) => self.size,
      'List<SObject> fetch(Integer position, Integer count)': (self: Cursor, position: number, count: number) =>
        self.fetch(position ?? nullPointer(), count ?? nullPointer()),
    },
  },
  {
    name: 'Database.QueryLocatorIterator',
    implements: ['Iterator<SObject>'],
    methods: {
      'Boolean hasNext()': (self: ApexIterator) => self.hasnext$(),
      'SObject next()': (self: ApexIterator) => self.next$(),
    },
  },
  {
    name: 'Database.Batchable',
    kind: 'interface',
    typeParameters: ['T'],
    methods: {
      'void execute(Database.BatchableContext context, List<T> scope)': VIRTUAL,
      'void finish(Database.BatchableContext context)': VIRTUAL,
    },
  },
  { name: 'Database.Stateful', kind: 'interface' },
  { name: 'Database.AllowsCallouts', kind: 'interface' },
  { name: 'Database.RaisesPlatformEvents', kind: 'interface' },
  {
    name: 'Database.BatchableContext',
    kind: 'interface',
    methods: { 'Id getJobId()': VIRTUAL, 'Id getChildJobId()': VIRTUAL },
  },
];

export { ApexEnum };
