/** Gives formulas their values: from records in memory, from the database, and from the acting user. */
import type { FormulaCatalog, PathReader } from '../formula/catalog.ts';
import { formulaType } from '../formula/compile.ts';
import type { CompiledFormula } from '../formula/compile.ts';
import type { FormulaEnvironment, FormulaValue } from '../formula/functions.ts';
import { FormulaEvaluationError } from '../formula/errors.ts';
import { SObjectRecord, type FieldValue } from '../schema/record.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from '../schema/types.ts';
import type { ExchangeRates } from '../soql/ExchangeRates.ts';
import { FORMULA_FUNCTION } from '../soql/types.ts';
import { decode, encode } from '../store/encoding.ts';
import { prefixOf } from '../store/ids.ts';
import type { Store } from '../store/Store.ts';
import { Decimal } from '../values/Decimal.ts';
import type { Session } from './session.ts';

/** A formula field that can't be computed on a record. */
export interface FormulaFieldError {
  readonly fieldName: string;
  readonly message: string;
}

/** What the acting transaction tells formulas. */
export interface FormulaActor {
  readonly session: Session;
  now(): number;
  hasCustomPermission(name: string): boolean;
}

export class FormulaHost {
  readonly #schema: Schema;
  readonly #store: Store;
  readonly #catalog: FormulaCatalog;
  readonly #organizationId: () => string;
  readonly #rates: () => ExchangeRates | null;

  constructor(
    schema: Schema,
    store: Store,
    catalog: FormulaCatalog,
    organizationId: () => string,
    rates: () => ExchangeRates | null,
  ) {
    this.#schema = schema;
    this.#store = store;
    this.#catalog = catalog;
    this.#organizationId = organizationId;
    this.#rates = rates;
  }

  /** Registers the SQL function that SOQL plans call for formula fields. */
  register(environment: () => FormulaEnvironment): void {
    this.#store.defineFunction(FORMULA_FUNCTION, false, (key, ...stored) => {
      const name = String(key);
      const fields = this.#catalog.referencedFields(name);
      const values = fields.map((field, index) => toFormulaValue(field, decode(field, stored[index])));
      const field = this.#catalog.fieldOf(name) as FieldDescribe;
      return encode(field, fromFormulaValue(field, this.#catalog.evaluateField(name, values, environment())));
    });
  }

  environment(actor: FormulaActor): FormulaEnvironment {
    return {
      today: actor.session.zone.dayAt(actor.now()),
      now: actor.now(),
      global: (parts) => this.#global(parts, actor),
    };
  }

  /** Writes the values of all formula fields into the records. */
  evaluate(records: readonly SObjectRecord[], environment: FormulaEnvironment): void {
    for (const record of records) {
      for (const field of record.describe.fields) {
        if (field.formula === null) continue;
        record.values.set(
          field.name,
          this.#formulaOn(record.describe, field, this.reader(record, environment), environment),
        );
      }
    }
  }

  /**
   * The same for one record in memory: what it does not hold comes from the database, and what can't be computed is
   * blank and told of.
   */
  recalculate(record: SObjectRecord, environment: FormulaEnvironment): readonly FormulaFieldError[] {
    const { describe, id } = record;
    const stored = id === null ? undefined : this.#store.load(describe, [id]).get(id);
    const own = this.#readerOn(describe, new Map([...(stored ?? []), ...record.values]), environment);
    const reader: PathReader = (path) => {
      const [first = '', ...rest] = path;
      const parent = rest.length > 0 ? record.related.get(first) : undefined;
      return parent instanceof SObjectRecord && parent.values.has(rest[0] ?? '')
        ? this.reader(parent, environment)(rest)
        : own(path);
    };
    const errors: FormulaFieldError[] = [];
    for (const field of describe.fields) {
      if (field.formula === null) continue;
      const values = this.#catalog.references(describe, field).map((path) => reader(path));
      try {
        const value = this.#catalog.computeField(this.#catalog.key(describe, field), values, environment);
        record.values.set(field.name, fromFormulaValue(field, value));
      } catch (error) {
        if (!(error instanceof FormulaEvaluationError)) throw error;
        record.values.set(field.name, null);
        errors.push({ fieldName: field.name, message: error.message });
      }
    }
    return errors;
  }

  /** Whether a record in memory lacks a value that one of its formulas reads. */
  lacksValues(record: SObjectRecord): boolean {
    const { describe } = record;
    return describe.fields.some(
      (field) =>
        field.formula !== null &&
        this.#catalog
          .references(describe, field)
          .some(([first = '', ...rest]) =>
            rest.length > 0 ? !record.related.has(first) : !record.values.has(first) && record.id !== null,
          ),
    );
  }

  /** Reads paths on a record: its own values, formulas computed anew, parents from the database. */
  reader(record: SObjectRecord, environment: FormulaEnvironment): PathReader {
    return this.#readerOn(record.describe, record.values, environment);
  }

  /** Value of a formula on a record as a field holds it; null when it can't be computed (#Error!). */
  valueOn(
    record: SObjectRecord,
    formula: CompiledFormula,
    field: FieldDescribe,
    environment: FormulaEnvironment,
  ): FieldValue {
    const reader = this.reader(record, environment);
    const values = formula.references.map(({ path }) => reader(path));
    return fromFormulaValue(
      field,
      this.#catalog.conformed(field, formula, { values, prior: null, isNew: false, environment }),
    );
  }

  #readerOn(
    describe: ObjectDescribe,
    values: ReadonlyMap<string, unknown>,
    environment: FormulaEnvironment,
  ): PathReader {
    const own: PathReader = (path) => {
      const [first = '', ...rest] = path;
      if (rest.length === 0) {
        const field = describe.field(first);
        if (!field) return null;
        return field.formula === null
          ? toFormulaValue(field, values.get(field.name) ?? null)
          : toFormulaValue(field, this.#formulaOn(describe, field, reader, environment));
      }
      const reference = describe.fieldByRelationship(first);
      const id = reference && values.get(reference.name);
      const parent = typeof id === 'string' ? this.#schema.objectByKeyPrefix(prefixOf(id)) : undefined;
      const parentValues = parent && typeof id === 'string' ? this.#store.load(parent, [id]).get(id) : undefined;
      return parent && parentValues ? this.#readerOn(parent, parentValues, environment)(rest) : null;
    };
    const reader: PathReader = (path) => this.#inOwnCurrency(describe, path, own(path), own);
    return reader;
  }

  /**
   * An amount of another record, in the currency of the record with the formula; cross-object formulas always convert by
   * the static rates (Salesforce Help, "About Advanced Currency Management").
   */
  #inOwnCurrency(
    describe: ObjectDescribe,
    path: readonly string[],
    value: FormulaValue,
    read: PathReader,
  ): FormulaValue {
    const rates = this.#rates();
    if (!rates || path.length === 1 || !(value instanceof Decimal) || describe.currencyPath === null) return value;
    const owner = this.#ownerOf(describe, path);
    if (!owner || owner.currencyPath === null || owner.field(path.at(-1) ?? '')?.type !== 'currency') return value;
    const from = read([...path.slice(0, -1), ...owner.currencyPath]);
    const to = read(describe.currencyPath);
    return typeof from === 'string' && typeof to === 'string' ? rates.convert(value, from, to) : value;
  }

  /** Object that has the last field of a path. */
  #ownerOf(describe: ObjectDescribe, path: readonly string[]): ObjectDescribe | undefined {
    return path.slice(0, -1).reduce<ObjectDescribe | undefined>((object, step) => {
      const [target] = object?.fieldByRelationship(step)?.referenceTo ?? [];
      return target === undefined ? undefined : this.#schema.object(target);
    }, describe);
  }

  #formulaOn(
    describe: ObjectDescribe,
    field: FieldDescribe,
    reader: PathReader,
    environment: FormulaEnvironment,
  ): unknown {
    const values = this.#catalog.references(describe, field).map((path) => reader(path));
    return fromFormulaValue(
      field,
      this.#catalog.evaluateField(this.#catalog.key(describe, field), values, environment),
    );
  }

  #global(parts: readonly string[], actor: FormulaActor): FormulaValue {
    const [root = '', name = '', third = '', fourth = ''] = parts;
    const { user } = actor.session;
    const value = (objectName: string, id: unknown, fieldName: string): FormulaValue => {
      const describe = this.#schema.object(objectName);
      const field = describe?.field(fieldName);
      const values = describe && typeof id === 'string' ? this.#store.load(describe, [id]).get(id) : undefined;
      return field && values ? toFormulaValue(field, values.get(field.name) ?? null) : null;
    };
    switch (root.toLowerCase()) {
      case '$user':
        return value('User', user.get('Id'), name);
      case '$profile':
        return value('Profile', user.get('ProfileId'), name);
      case '$userrole':
        return value('UserRole', user.get('UserRoleId'), name);
      case '$organization':
        return value('Organization', this.#organizationId(), name);
      case '$permission':
        return actor.hasCustomPermission(name);
      case '$setup':
        return this.#setting(name, third, user);
      default:
        return this.#customMetadata(name, third, fourth);
    }
  }

  /** Hierarchy setting: the user's value, else the profile's, else the organisation's. */
  #setting(objectName: string, fieldName: string, user: ReadonlyMap<string, unknown>): FormulaValue {
    const describe = this.#schema.object(objectName);
    const field = describe?.field(fieldName);
    if (!describe || !field) return null;
    for (const owner of [user.get('Id'), user.get('ProfileId'), this.#organizationId()]) {
      if (typeof owner !== 'string') continue;
      const [row] = this.#store.loadWhere(describe, '"SetupOwnerId" = ? AND "IsDeleted" = 0', [owner]).values();
      const value = row?.get(field.name) ?? null;
      if (value !== null) return toFormulaValue(field, value);
    }
    return field.type === 'boolean' ? false : null;
  }

  #customMetadata(objectName: string, recordName: string, fieldName: string): FormulaValue {
    const describe = this.#schema.object(objectName);
    const field = describe?.field(fieldName);
    if (!describe || !field) return null;
    const [row] = this.#store.loadWhere(describe, 'lower("DeveloperName") = lower(?)', [recordName]).values();
    return toFormulaValue(field, row?.get(field.name) ?? null);
  }
}

const HUNDRED = Decimal.parse('100');
const MOST_DIGITS = 18;

/**
 * A field's value as formulas see it: every number is a Decimal, and a percentage is a fraction (25 % is 0.25), both
 * read from a field and returned for one. Source: Formula Operators and Functions, "Tips for Working with Percent Fields".
 */
export function toFormulaValue(field: FieldDescribe, value: unknown): FormulaValue {
  if (value === null || value === undefined) return null;
  if (field.type === 'percent' && value instanceof Decimal) return value.divide(HUNDRED, value.scale + 2);
  if (typeof value === 'number') return Decimal.fromNumber(value);
  if (typeof value === 'bigint') return Decimal.fromBigInt(value);
  return formulaType(field) === null ? null : (value as FormulaValue);
}

/**
 * The other way: what a formula results in, as the field holds it. A number of more than 18 digits can't be shown (#Too
 * Big!) and leaves the field blank. Source: Salesforce Help, "Tips for Reducing Common Formula Errors" (#Too Big!).
 */
export function fromFormulaValue(field: FieldDescribe, value: FormulaValue): unknown {
  if (!(value instanceof Decimal)) return value;
  if (field.type === 'int') return value.intValue();
  const held = field.type === 'percent' ? value.multiply(HUNDRED).setScale(field.scale, 'HALF_UP') : value;
  return held.precision() > MOST_DIGITS ? null : held;
}
