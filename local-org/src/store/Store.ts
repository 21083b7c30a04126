/** The database of one org: a table for each object, Ids, sequences, transactions and savepoints. */
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { FieldDescribe, ObjectDescribe, Schema } from '../schema/types.ts';
import {
  decode,
  encode,
  encodeFolded,
  foldedColumn,
  hasColumn,
  quote,
  storageClass,
  storageScale,
} from './encoding.ts';
import type { StorageClass, StoredValue } from './encoding.ts';
import { StoreError } from './errors.ts';
import { fold } from './folding.ts';
import { formatId } from './ids.ts';

/** Raised when tables of the store itself change. */
const FORMAT = 1;
const MAXIMUM_STATEMENTS = 2000;
const COLUMN_TYPES: Readonly<Record<Exclude<StorageClass, 'none'>, string>> = {
  text: 'TEXT',
  longText: 'TEXT',
  id: 'TEXT',
  boolean: 'INTEGER',
  integer: 'INTEGER',
  long: 'INTEGER',
  decimal: 'INTEGER',
  date: 'INTEGER',
  datetime: 'INTEGER',
  time: 'INTEGER',
  blob: 'BLOB',
  any: 'TEXT',
};
/** Dates that lists and reports are filtered by. */
const INDEXED_DATES: ReadonlySet<string> = new Set(['CloseDate', 'ActivityDate', 'StartDate', 'EndDate']);

/** Values of one row by canonical field name. */
export type RowValues = ReadonlyMap<string, unknown>;

/** What a deletion took along, so that undelete can bring it back. */
export interface ClearedLookup {
  readonly objectName: string;
  readonly id: string;
  readonly field: string;
  readonly parentId: string;
}

/** A row that a transaction wrote. */
export interface WrittenRow {
  readonly objectName: string;
  readonly id: string;
  readonly operation: 'created' | 'updated' | 'deleted' | 'undeleted';
}

/** An SQL aggregate: a state for each group, that every row changes. */
export interface Aggregate<T> {
  readonly start: () => T;
  readonly step: (state: T, values: readonly SQLOutputValue[]) => T;
  readonly result: (state: T) => SQLInputValue;
}

export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #sequences = new Map<string, number>();
  readonly #dirtySequences = new Set<string>();
  readonly #columns = new Map<string, readonly string[]>();
  #savepointCount = 0;
  /** Live savepoints, outermost first. */
  #savepoints: { readonly name: string; readonly written: number }[] = [];
  /** What the transaction wrote, in order; rollbacks shorten it. */
  #written: WrittenRow[] = [];

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Opens or creates a database.
   * @param file path, or `:memory:`
   * @throws StoreError when another process has it open, or when it isn't a database of this program
   */
  static open(file: string): Store {
    const database = new DatabaseSync(file);
    try {
      database.exec('PRAGMA busy_timeout = 500');
      if (file === ':memory:')
        database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY');
      // Exclusive: one org, one process. FULL: a commit that was acknowledged survives even a power cut.
      else
        database.exec(
          'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000',
        );
      database.exec('PRAGMA temp_store = MEMORY; PRAGMA cache_size = -64000; BEGIN IMMEDIATE; COMMIT');
    } catch (error) {
      database.close();
      throw openingProblem(file, error);
    }
    const store = new Store(database);
    store.defineFunction('fold', true, (text) => (typeof text === 'string' ? fold(text) : text));
    store.#prepareOwnTables(file);
    return store;
  }

  #prepareOwnTables(file: string): void {
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS "$format" (version INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS "$object" (name TEXT PRIMARY KEY, prefix TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS "$field" (object TEXT NOT NULL, name TEXT NOT NULL, storage TEXT NOT NULL, scale INTEGER NOT NULL, PRIMARY KEY (object, name));
      CREATE TABLE IF NOT EXISTS "$sequence" (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS "$value" (name TEXT PRIMARY KEY, value TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS "$cleared" (deletion TEXT NOT NULL, object TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL, parent TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS "$cleared_deletion" ON "$cleared" (deletion);
    `);
    const row = this.#database.prepare('SELECT version FROM "$format"').get();
    if (!row) this.#database.exec(`INSERT INTO "$format" VALUES (${FORMAT})`);
    else if (Number(row['version']) > FORMAT)
      throw new StoreError(
        'NEWER_DATABASE',
        `${file} was written by a newer version of the local org; update, or start with --reset`,
      );
    for (const sequence of this.#database.prepare('SELECT name, value FROM "$sequence"').all())
      this.#sequences.set(String(sequence['name']), Number(sequence['value']));
  }

  /** Key prefixes of the objects that this database knows. */
  keyPrefixes(): ReadonlyMap<string, string> {
    return new Map(
      this.#database
        .prepare('SELECT name, prefix FROM "$object"')
        .all()
        .map((row) => [String(row['name']), String(row['prefix'])]),
    );
  }

  /**
   * Brings the tables in line with the schema: adds what is new, rescales decimals, keeps (hidden) what the project no
   * longer has, so that nothing is lost when it comes back.
   * @throws StoreError when a field's type changed so that its values can't be kept
   */
  applySchema(schema: Schema): void {
    const known = new Map<string, { storage: StorageClass; scale: number }>();
    for (const row of this.#database.prepare('SELECT object, name, storage, scale FROM "$field"').all()) {
      known.set(`${String(row['object'])}.${String(row['name'])}`, {
        storage: String(row['storage']) as StorageClass,
        scale: Number(row['scale']),
      });
    }
    const script: string[] = [];
    const views: ObjectDescribe[] = [];
    const existingObjects = this.keyPrefixes();
    for (const object of schema.objects) {
      if (!object.stored) continue;
      if (object.view) {
        views.push(object);
        continue;
      }
      if (!existingObjects.has(object.name)) script.push(...createTable(object));
      else script.push(...this.#alterTable(object, known));
      this.#columns.set(
        object.name,
        object.fields.filter(hasColumn).map((field) => field.name),
      );
    }
    // Views are made anew each time: nothing is kept in them.
    for (const object of views)
      script.push(
        `DROP VIEW IF EXISTS ${quote(object.name)}`,
        `CREATE VIEW ${quote(object.name)} AS ${object.view?.(schema, foldedColumn) ?? ''}`,
      );
    if (script.length === 0) return;
    this.transaction(() => this.#database.exec(script.join(';\n')));
  }

  #alterTable(object: ObjectDescribe, known: ReadonlyMap<string, { storage: StorageClass; scale: number }>): string[] {
    const script: string[] = [];
    const table = quote(object.name);
    for (const field of object.fields) {
      if (!hasColumn(field)) continue;
      const storage = storageClass(field);
      const before = known.get(`${object.name}.${field.name}`);
      if (!before) {
        script.push(`ALTER TABLE ${table} ADD COLUMN ${columnDefinition(field)}`);
        const folded = foldedColumn(field);
        if (folded !== null) script.push(`ALTER TABLE ${table} ADD COLUMN ${quote(folded)} TEXT`);
        if (storage === 'boolean') script.push(`UPDATE ${table} SET ${quote(field.name)} = 0`);
        script.push(...createIndexes(object, field), rememberField(object, field));
      } else if (before.storage !== storage) script.push(...changeStorage(object, field, before.storage));
      else if (storage === 'decimal' && before.scale !== storageScale(field)) {
        const factor = 10n ** BigInt(Math.abs(storageScale(field) - before.scale));
        const column = quote(field.name);
        const rescaled =
          storageScale(field) > before.scale
            ? `${column} * ${factor}`
            : `(${column} + (CASE WHEN ${column} < 0 THEN -1 ELSE 1 END) * ${factor / 2n}) / ${factor}`;
        script.push(
          `UPDATE ${table} SET ${column} = ${rescaled} WHERE ${column} IS NOT NULL`,
          rememberField(object, field),
        );
      }
      if (before && field.custom && (field.unique || field.externalId)) script.push(...createIndexes(object, field));
    }
    return script;
  }

  /** Runs `work` in a transaction; rolls back when it throws. */
  transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    this.#savepoints = [];
    this.#written = [];
    try {
      const result = work();
      this.#saveSequences();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Sets a savepoint and returns its name. */
  savepoint(): string {
    this.#savepointCount += 1;
    const name = `savepoint_${this.#savepointCount}`;
    this.#database.exec(`SAVEPOINT ${name}`);
    this.#savepoints.push({ name, written: this.#written.length });
    return name;
  }

  /** False once a rollback to an earlier savepoint, or a release of one, has ended it. */
  isAlive(name: string): boolean {
    return this.#savepoints.some((savepoint) => savepoint.name === name);
  }

  /** Undoes everything since the savepoint, which stays; later ones are gone. Nothing happens when it is gone itself. */
  rollbackTo(name: string): void {
    const index = this.#savepoints.findIndex((savepoint) => savepoint.name === name);
    if (index < 0) return;
    this.#database.exec(`ROLLBACK TO ${name}`);
    this.#written.length = this.#savepoints[index]?.written ?? 0;
    this.#savepoints.length = index + 1;
  }

  /** Keeps what was done since the savepoint and forgets it and later ones. Nothing happens when it is gone already. */
  release(name: string): void {
    const index = this.#savepoints.findIndex((savepoint) => savepoint.name === name);
    if (index < 0) return;
    this.#database.exec(`RELEASE ${name}`);
    this.#savepoints.length = index;
  }

  /** Rows that the last transaction wrote, once each; a row that was made and changed counts as made. */
  takeChanges(): readonly WrittenRow[] {
    const byId = new Map<string, WrittenRow>();
    for (const row of this.#written) {
      const before = byId.get(row.id);
      if (!(before?.operation === 'created' && row.operation === 'updated')) byId.set(row.id, row);
    }
    this.#written = [];
    return [...byId.values()];
  }

  #note(object: ObjectDescribe, ids: readonly string[], operation: WrittenRow['operation']): void {
    // Share rows follow their records, which nobody holds on to by these rows' Ids.
    if (object.kind === 'share') return;
    for (const id of ids) this.#written.push({ objectName: object.name, id, operation });
  }

  /** The next Id of the object. Numbers are never used twice, not even after a rollback. */
  nextId(object: ObjectDescribe): string {
    return formatId(object.keyPrefix, this.nextNumber(object.keyPrefix));
  }

  /** The next number of a named sequence, from 1. */
  nextNumber(sequence: string): number {
    const next = (this.#sequences.get(sequence) ?? 0) + 1;
    this.#sequences.set(sequence, next);
    this.#dirtySequences.add(sequence);
    return next;
  }

  #saveSequences(): void {
    if (this.#dirtySequences.size === 0) return;
    const statement = this.statement(
      'INSERT INTO "$sequence" (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    for (const name of this.#dirtySequences) statement.run(name, this.#sequences.get(name) ?? 0);
    this.#dirtySequences.clear();
  }

  /** A named value of the runtime's own, kept with the data. */
  value(name: string): string | null {
    const row = this.statement('SELECT value FROM "$value" WHERE name = ?').get(name) as unknown as
      readonly SQLOutputValue[] | undefined;
    return row ? String(row[0]) : null;
  }

  setValue(name: string, value: string): void {
    this.statement(
      'INSERT INTO "$value" (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    ).run(name, value);
  }

  /** A prepared statement, kept by its text. Integers come as bigint, rows as arrays. */
  statement(sql: string): StatementSync {
    const existing = this.#statements.get(sql);
    if (existing) return existing;
    if (this.#statements.size >= MAXIMUM_STATEMENTS) this.#statements.clear();
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** All rows of a query as arrays. */
  all(sql: string, parameters: readonly SQLInputValue[]): readonly (readonly SQLOutputValue[])[] {
    return this.statement(sql).all(...parameters) as unknown as readonly (readonly SQLOutputValue[])[];
  }

  /** Rows of a query one after another. The statement is its own, so that others may run in between. */
  *iterate(sql: string, parameters: readonly SQLInputValue[]): Iterable<readonly SQLOutputValue[]> {
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    yield* statement.iterate(...parameters) as unknown as Iterable<readonly SQLOutputValue[]>;
  }

  run(sql: string, parameters: readonly SQLInputValue[]): number {
    return Number(this.statement(sql).run(...parameters).changes);
  }

  /** Registers an SQL function; it may have any number of arguments. Whole numbers come out as SQL integers. */
  defineFunction(
    name: string,
    deterministic: boolean,
    implementation: (...values: SQLOutputValue[]) => SQLInputValue,
  ): void {
    this.#database.function(
      name,
      { deterministic, useBigIntArguments: true, varargs: true },
      (...values: SQLOutputValue[]) => {
        const result = implementation(...values);
        return typeof result === 'number' && Number.isInteger(result) ? BigInt(result) : result;
      },
    );
  }

  /** Registers an exact SUM for integers beyond 64 bits; the result is text. */
  defineExactSum(name: string): void {
    this.defineAggregate<string>(name, {
      start: () => '',
      step: (sum, [value]) => (value === null ? sum : String(BigInt(sum === '' ? 0 : sum) + BigInt(value as bigint))),
      result: (sum) => (sum === '' ? null : sum),
    });
  }

  /** Registers an SQL aggregate of any number of arguments. */
  defineAggregate<T>(name: string, aggregate: Aggregate<T>): void {
    this.#database.aggregate(name, {
      start: aggregate.start,
      step: (state: T, ...values: SQLOutputValue[]) => aggregate.step(state, values),
      result: aggregate.result,
      useBigIntArguments: true,
      varargs: true,
    } as unknown as Parameters<DatabaseSync['aggregate']>[1]);
  }

  insert(object: ObjectDescribe, values: RowValues): void {
    const columns: string[] = [];
    const parameters: StoredValue[] = [];
    for (const field of object.fields) {
      if (!values.has(field.name) || !hasColumn(field)) continue;
      pushColumn(field, values.get(field.name), columns, parameters);
    }
    this.#note(object, [String(values.get('Id'))], 'created');
    this.run(
      `INSERT INTO ${quote(object.name)} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      parameters,
    );
  }

  /** Writes the given values only. */
  update(object: ObjectDescribe, id: string, values: RowValues): void {
    const columns: string[] = [];
    const parameters: StoredValue[] = [];
    for (const [name, value] of values) {
      const field = object.field(name);
      if (field && field.name !== 'Id' && hasColumn(field)) pushColumn(field, value, columns, parameters);
    }
    if (columns.length === 0) return;
    this.#note(object, [id], 'updated');
    this.run(`UPDATE ${quote(object.name)} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE "Id" = ?`, [
      ...parameters,
      id,
    ]);
  }

  /** Rows by Id, deleted ones too; missing Ids are missing in the map. Every stored field is read. */
  load(object: ObjectDescribe, ids: readonly string[]): Map<string, Map<string, unknown>> {
    return this.loadWhere(object, '"Id" IN (SELECT value FROM json_each(?))', [JSON.stringify(ids)]);
  }

  /** Rows of a condition on the object's own columns. */
  loadWhere(
    object: ObjectDescribe,
    condition: string,
    parameters: readonly SQLInputValue[],
  ): Map<string, Map<string, unknown>> {
    const fields = object.fields.filter(hasColumn);
    const sql = `SELECT ${fields.map((field) => quote(field.name)).join(', ')} FROM ${quote(object.name)} WHERE ${condition} ORDER BY "Id"`;
    const rows = new Map<string, Map<string, unknown>>();
    for (const row of this.all(sql, parameters)) {
      const values = new Map<string, unknown>();
      fields.forEach((field, index) => values.set(field.name, decode(field, row[index])));
      rows.set(String(values.get('Id')), values);
    }
    return rows;
  }

  /** Removes rows for good. */
  purge(object: ObjectDescribe, ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.#note(object, ids, 'deleted');
    this.run(`DELETE FROM ${quote(object.name)} WHERE "Id" IN (SELECT value FROM json_each(?))`, [JSON.stringify(ids)]);
  }

  /** Marks rows as deleted (or back), in one deletion that undelete can find. */
  markDeleted(object: ObjectDescribe, ids: readonly string[], deletion: string): void {
    this.#note(object, ids, 'deleted');
    this.run(
      `UPDATE ${quote(object.name)} SET "IsDeleted" = 1, "$deletion" = ? WHERE "Id" IN (SELECT value FROM json_each(?))`,
      [deletion, JSON.stringify(ids)],
    );
  }

  unmarkDeleted(object: ObjectDescribe, ids: readonly string[]): void {
    this.#note(object, ids, 'undeleted');
    this.run(
      `UPDATE ${quote(object.name)} SET "IsDeleted" = 0, "$deletion" = NULL WHERE "Id" IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
  }

  /** The deletion that took each row, by Id. */
  deletionsOf(object: ObjectDescribe, ids: readonly string[]): ReadonlyMap<string, string> {
    const rows = this.all(
      `SELECT "Id", "$deletion" FROM ${quote(object.name)} WHERE "$deletion" IS NOT NULL AND "Id" IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map((row) => [String(row[0]), String(row[1])]));
  }

  /** Ids of an object's rows that a deletion took. */
  idsOfDeletion(object: ObjectDescribe, deletion: string): readonly string[] {
    return this.all(`SELECT "Id" FROM ${quote(object.name)} WHERE "$deletion" = ? ORDER BY "Id"`, [deletion]).map(
      (row) => String(row[0]),
    );
  }

  rememberCleared(deletion: string, lookup: ClearedLookup): void {
    this.run('INSERT INTO "$cleared" (deletion, object, id, field, parent) VALUES (?, ?, ?, ?, ?)', [
      deletion,
      lookup.objectName,
      lookup.id,
      lookup.field,
      lookup.parentId,
    ]);
  }

  clearedBy(deletion: string): readonly ClearedLookup[] {
    return this.all('SELECT object, id, field, parent FROM "$cleared" WHERE deletion = ?', [deletion]).map((row) => ({
      objectName: String(row[0]),
      id: String(row[1]),
      field: String(row[2]),
      parentId: String(row[3]),
    }));
  }

  forgetCleared(deletion: string): void {
    this.run('DELETE FROM "$cleared" WHERE deletion = ?', [deletion]);
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}

function pushColumn(field: FieldDescribe, value: unknown, columns: string[], parameters: StoredValue[]): void {
  columns.push(quote(field.name));
  parameters.push(encode(field, value));
  const folded = foldedColumn(field);
  if (folded !== null) {
    columns.push(quote(folded));
    parameters.push(encodeFolded(value));
  }
}

function columnDefinition(field: FieldDescribe): string {
  if (field.name === 'Id') return '"Id" TEXT PRIMARY KEY NOT NULL';
  const storage = storageClass(field) as Exclude<StorageClass, 'none'>;
  return `${quote(field.name)} ${COLUMN_TYPES[storage]}${storage === 'boolean' ? ' NOT NULL DEFAULT 0' : ''}`;
}

function createTable(object: ObjectDescribe): string[] {
  const fields = object.fields.filter(hasColumn);
  const columns = fields.flatMap((field) => {
    const folded = foldedColumn(field);
    return folded === null ? [columnDefinition(field)] : [columnDefinition(field), `${quote(folded)} TEXT`];
  });
  return [
    `CREATE TABLE ${quote(object.name)} (${columns.join(', ')}, "$deletion" TEXT)`,
    `CREATE INDEX ${quote(`${object.name}$deletion`)} ON ${quote(object.name)} ("$deletion") WHERE "$deletion" IS NOT NULL`,
    `INSERT INTO "$object" (name, prefix) VALUES ('${object.name}', '${object.keyPrefix}')`,
    ...fields.flatMap((field) => createIndexes(object, field)),
    `INSERT INTO "$field" (object, name, storage, scale) VALUES ${fields.map((field) => `('${object.name}', '${field.name}', '${storageClass(field)}', ${storageScale(field)})`).join(', ')}`,
  ];
}

function createIndexes(object: ObjectDescribe, field: FieldDescribe): string[] {
  const column = foldedColumn(field) ?? field.name;
  const isDate =
    (field.type === 'date' || field.type === 'datetime') && (field.custom || INDEXED_DATES.has(field.name));
  const isLookup = field.type === 'reference' && field.name !== 'CreatedById' && field.name !== 'LastModifiedById';
  if (
    !isLookup &&
    !isDate &&
    !field.nameField &&
    !field.externalId &&
    !field.unique &&
    !(field.idLookup && field.name !== 'Id')
  )
    return [];
  const index = (name: string, on: string): string =>
    `CREATE INDEX IF NOT EXISTS ${quote(name)} ON ${quote(object.name)} (${quote(on)})`;
  const name = `${object.name}.${field.name}`;
  return field.caseSensitive ? [index(name, column), index(`${name}$exact`, field.name)] : [index(name, column)];
}

function rememberField(object: ObjectDescribe, field: FieldDescribe): string {
  return `INSERT INTO "$field" (object, name, storage, scale) VALUES ('${object.name}', '${field.name}', '${storageClass(field)}', ${storageScale(field)}) ON CONFLICT (object, name) DO UPDATE SET storage = excluded.storage, scale = excluded.scale`;
}

/** Text may become long or short; every other change of storage would lose values and is refused. */
function changeStorage(object: ObjectDescribe, field: FieldDescribe, before: StorageClass): string[] {
  const storage = storageClass(field);
  const table = quote(object.name);
  if (before === 'longText' && storage === 'text') {
    const folded = quote(foldedColumn(field) ?? '');
    return [
      `ALTER TABLE ${table} ADD COLUMN ${folded} TEXT`,
      `UPDATE ${table} SET ${folded} = fold(${quote(field.name)})`,
      rememberField(object, field),
    ];
  }
  if (before === 'text' && storage === 'longText') {
    return [
      `DROP INDEX IF EXISTS ${quote(`${object.name}.${field.name}`)}`,
      `ALTER TABLE ${table} DROP COLUMN ${quote(`${field.name}$folded`)}`,
      rememberField(object, field),
    ];
  }
  throw new StoreError(
    'FIELD_TYPE_CHANGED',
    `${object.name}.${field.name} holds ${before} values in the database and is now a ${field.type} field, which can't keep them; change the type back, rename the field, or start with --reset`,
  );
}

function openingProblem(file: string, error: unknown): Error {
  const message = (error as Error).message;
  if (/locked|busy/i.test(message))
    return new StoreError(
      'DATABASE_LOCKED',
      `${file} is in use by another local org; stop it first, or choose another folder with --data`,
    );
  if (/not a database|malformed/i.test(message))
    return new StoreError(
      'NOT_A_DATABASE',
      `${file} is not a database of the local org; choose another folder with --data, or start with --reset`,
    );
  return error as Error;
}
