/** Resolves field paths of one query against the schema and collects the joins that they need. */
import { foldedColumn, quote, storageClass, storageScale } from '../store/encoding.ts';
import type { StorageClass } from '../store/encoding.ts';
import type { FieldDescribe, ObjectDescribe } from '../schema/types.ts';
import type { Path } from './ast.ts';
import { QueryError } from './errors.ts';
import { FORMULA_FUNCTION } from './types.ts';
import type { PlannerEnvironment, QueryAccess } from './types.ts';

const CUSTOM_FIELD_HINT =
  "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.";
const RELATIONSHIP_HINT =
  "If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.";
const MAXIMUM_PARENTS = 5;

/** A value in SQL, with what is needed to compare and decode it. */
export interface SqlValue {
  readonly sql: string;
  /** Expression with folded text, for comparisons that ignore case; equal to `sql` for other types and case-sensitive fields. */
  readonly compared: string;
  readonly storage: StorageClass;
  readonly scale: number;
  readonly field: FieldDescribe | null;
  /** Of an amount in an org with several currencies. */
  readonly money?: Money;
}

/** SQL of an amount's currency code and of the day whose exchange rates convert it (NULL: the static rates). */
export interface Money {
  readonly code: string;
  readonly day: string;
}

/** A resolved field path. */
export interface ResolvedPath extends SqlValue {
  readonly field: FieldDescribe;
  /** Object that has the field; the first target for a polymorphic relationship. */
  readonly owner: ObjectDescribe;
  /** Canonical names: relationship names, then the field. */
  readonly names: readonly string[];
}

/** One parent that joins reach: a table, or several for a polymorphic relationship. */
interface Parent {
  readonly reference: SqlValue;
  readonly tables: readonly { readonly alias: string; readonly object: ObjectDescribe }[];
  readonly relationshipName: string;
}

export interface ScopeOptions {
  readonly environment: PlannerEnvironment;
  readonly text: string;
  readonly access: QueryAccess | null;
  /** WITH SECURITY_ENFORCED words its refusals differently. */
  readonly securityEnforced: boolean;
  /** Makes aliases unique across nested queries. */
  readonly nextAlias: () => string;
  /** Collects the names of the objects that are read. */
  readonly touched: Set<string>;
}

/** Where a path has led so far: the tables it may continue in, and the relationships' names. */
interface Place {
  readonly tables: readonly { readonly alias: string; readonly object: ObjectDescribe }[];
  readonly names: readonly string[];
}

/** Stands for one object of a polymorphic relationship among relationships' names. */
export function variantName(object: ObjectDescribe): string {
  return `#${object.name}`;
}

export function isVariantName(name: string): boolean {
  return name.startsWith('#');
}

export class Scope {
  readonly object: ObjectDescribe;
  readonly alias: string;
  readonly #options: ScopeOptions;
  readonly #parents = new Map<string, Parent>();
  readonly #joins: string[] = [];

  constructor(object: ObjectDescribe, options: ScopeOptions) {
    this.object = object;
    this.#options = options;
    this.alias = options.nextAlias();
    options.touched.add(object.name);
  }

  /** FROM clause: the table and every join that resolved paths asked for. */
  get from(): string {
    return `${quote(this.object.name)} AS ${this.alias}${this.#joins.join('')}`;
  }

  /** Resolves a path; `aliases` are words that stand for the object itself. Throws QueryError INVALID_FIELD. */
  resolve(path: Path, objectAlias: string | null): ResolvedPath {
    let parts = path.parts;
    const [first = ''] = parts;
    const lower = first.toLowerCase();
    const namesObject =
      lower === objectAlias?.toLowerCase() ||
      (lower === this.object.name.toLowerCase() && this.object.fieldByRelationship(first) === undefined);
    if (parts.length > 1 && namesObject) parts = parts.slice(1);
    return this.#resolveParts(parts, path.offset, true);
  }

  /** Where an amount's currency and exchange date stand; null for what is no amount or in an org with one currency. */
  moneyOf({ field, owner, names }: ResolvedPath, offset: number): Money | null {
    if (field.type !== 'currency' || owner.currencyPath === null) return null;
    const sibling = (path: readonly string[]): string =>
      this.#resolveParts([...names.slice(0, -1), ...path], offset, false).sql;
    return {
      code: sibling(owner.currencyPath),
      day: owner.rateDatePath === null ? 'NULL' : sibling(owner.rateDatePath),
    };
  }

  #resolveParts(parts: readonly string[], offset: number, checked: boolean): ResolvedPath {
    if (checked && parts.length - 1 > MAXIMUM_PARENTS)
      throw new QueryError(
        'MALFORMED_QUERY',
        `relationship path ${parts.join('.')} goes up more than ${MAXIMUM_PARENTS} levels`,
        this.#options.text,
        offset,
      );
    const { tables, names } = this.#follow(parts.slice(0, -1), offset, checked);
    return this.#fieldOf(tables, names, parts.at(-1) ?? '', offset, checked);
  }

  /** Goes along relationships, from the query's own object unless `start` says otherwise. */
  #follow(relationships: readonly string[], offset: number, checked: boolean, start?: Place): Place {
    let { tables, names } = start ?? { tables: [{ alias: this.alias, object: this.object }], names: [] };
    for (const relationship of relationships) {
      const parent = this.#parent(tables, names, relationship, offset, checked);
      names = [...names, parent.relationshipName];
      tables = parent.tables;
    }
    return { tables, names };
  }

  /**
   * A polymorphic relationship, for TYPEOF.
   *
   * @returns names of the relationships that lead there, in canonical form, and the objects that it may point to
   */
  polymorphic({ parts, offset }: Path): {
    readonly names: readonly string[];
    readonly objects: readonly ObjectDescribe[];
  } {
    const { tables, names } = this.#follow(parts, offset, true);
    if (tables.length < 2)
      throw new QueryError(
        'INVALID_FIELD',
        `The relationship '${parts.join('.')}' is not polymorphic: TYPEOF needs a relationship to several objects`,
        this.#options.text,
        offset,
      );
    return { names, objects: tables.map(({ object }) => object) };
  }

  /** A path from one of the objects of a polymorphic relationship; its names begin with those of the relationship. */
  resolveFrom(relationship: readonly string[], object: ObjectDescribe, { parts, offset }: Path): ResolvedPath {
    const parent = this.#parents.get(relationship.join('.').toLowerCase());
    const start = parent?.tables.find((table) => table.object === object);
    if (!start) throw new Error(`${relationship.join('.')} does not lead to ${object.name}`);
    const { tables, names } = this.#follow(parts.slice(0, -1), offset, true, {
      tables: [start],
      names: [...relationship, variantName(object)],
    });
    return this.#fieldOf(tables, names, parts.at(-1) ?? '', offset, true);
  }

  #fieldOf(
    tables: readonly { readonly alias: string; readonly object: ObjectDescribe }[],
    names: readonly string[],
    name: string,
    offset: number,
    checked: boolean,
  ): ResolvedPath {
    if (tables.length > 1 && name.toLowerCase() === 'type') return this.#typeOf(names, offset);
    const having = tables.filter(({ object }) => object.field(name) !== undefined);
    const [first] = having;
    const [anyTable] = tables;
    const field = first?.object.field(name);
    if (!first || !field) {
      // Every object has a name by the word Name where the relationship is polymorphic (Case: CaseNumber).
      if (tables.length > 1 && name.toLowerCase() === 'name') return this.#polymorphicName(tables, names);
      throw this.#noSuchField(name, tables.length > 1 ? 'Name' : (anyTable?.object.name ?? ''), offset);
    }
    if (checked && this.#options.access?.fields && !having.some(({ object }) => this.#canRead(object, name))) {
      if (this.#options.securityEnforced)
        throw new QueryError(
          'INSUFFICIENT_ACCESS',
          'Insufficient permissions: secure query included inaccessible field',
          this.#options.text,
          offset,
        );
      throw this.#noSuchField(name, first.object.name, offset);
    }
    const values = having.map(({ alias, object }) =>
      this.#column(alias, object, object.field(name) as FieldDescribe, offset),
    );
    const sql = values.length === 1 ? (values[0] as SqlValue) : coalesce(values);
    return { ...sql, field, owner: first.object, names: [...names, field.name] };
  }

  #canRead(object: ObjectDescribe, name: string): boolean {
    const field = object.field(name);
    const fields = this.#options.access?.fields;
    return !fields || (field !== undefined && fields.canReadField(object, field));
  }

  #polymorphicName(
    tables: readonly { readonly alias: string; readonly object: ObjectDescribe }[],
    names: readonly string[],
  ): ResolvedPath {
    const values = tables.flatMap(({ alias, object }) =>
      object.nameField ? [this.#column(alias, object, object.nameField, 0)] : [],
    );
    const field = this.#options.environment.schema.object('Name')?.field('Name') as FieldDescribe;
    return {
      ...coalesce(values),
      field,
      owner: (tables[0] as { object: ObjectDescribe }).object,
      names: [...names, 'Name'],
    };
  }

  /** `Owner.Type`, `What.Type`: the object's name. */
  #typeOf(names: readonly string[], offset: number): ResolvedPath {
    const parent = this.#parents.get(names.join('.').toLowerCase());
    const field = this.#options.environment.schema.object('Name')?.field('Type');
    if (!parent || !field) throw this.#noSuchField('Type', 'Name', offset);
    const sql = `object_of_id(${parent.reference.sql})`;
    return {
      sql,
      compared: `fold(${sql})`,
      storage: 'text',
      scale: 0,
      field,
      owner: this.object,
      names: [...names, 'Type'],
    };
  }

  #noSuchField(name: string, objectName: string, offset: number): QueryError {
    return new QueryError(
      'INVALID_FIELD',
      `No such column '${name}' on entity '${objectName}'. ${CUSTOM_FIELD_HINT}`,
      this.#options.text,
      offset,
    );
  }

  #parent(
    tables: readonly { readonly alias: string; readonly object: ObjectDescribe }[],
    names: readonly string[],
    part: string,
    offset: number,
    checked: boolean,
  ): Parent {
    const key = [...names, part].join('.').toLowerCase();
    const having = tables.find(({ object }) => object.fieldByRelationship(part) !== undefined);
    const field = having?.object.fieldByRelationship(part);
    if (!having || !field)
      throw new QueryError(
        'INVALID_FIELD',
        `Didn't understand relationship '${part}' in field path. ${RELATIONSHIP_HINT}`,
        this.#options.text,
        offset,
      );
    if (checked && !this.#canRead(having.object, field.name)) {
      throw new QueryError(
        'INVALID_FIELD',
        `Didn't understand relationship '${part}' in field path. ${RELATIONSHIP_HINT}`,
        this.#options.text,
        offset,
      );
    }
    const existing = this.#parents.get(key);
    if (existing) return existing;
    const reference = this.#column(having.alias, having.object, field, offset);
    const parents = field.referenceTo.flatMap((target) => {
      const object = this.#options.environment.schema.object(target);
      if (!object?.stored) return [];
      const alias = this.#options.nextAlias();
      this.#options.touched.add(object.name);
      this.#joins.push(` LEFT JOIN ${quote(object.name)} AS ${alias} ON ${alias}."Id" = ${reference.sql}`);
      return [{ alias, object }];
    });
    const parent: Parent = { reference, tables: parents, relationshipName: field.relationshipName ?? part };
    this.#parents.set(key, parent);
    return parent;
  }

  /** The Id of the parent that a relationship path leads to, and the objects it may be. */
  parentReference(
    names: readonly string[],
  ): { readonly reference: SqlValue; readonly objects: readonly ObjectDescribe[] } | undefined {
    const parent = this.#parents.get(names.join('.').toLowerCase());
    return parent && { reference: parent.reference, objects: parent.tables.map(({ object }) => object) };
  }

  #column(alias: string, object: ObjectDescribe, field: FieldDescribe, offset: number): SqlValue {
    const storage = storageClass(field);
    if (field.formula !== null) return this.#formula(alias, object, field, storage, offset);
    if (storage === 'none') return compound(alias, object, field);
    const sql = `${alias}.${quote(field.name)}`;
    const folded = foldedColumn(field);
    return {
      sql,
      compared: folded === null || field.caseSensitive ? sql : `${alias}.${quote(folded)}`,
      storage,
      scale: storageScale(field),
      field,
    };
  }

  #formula(
    alias: string,
    object: ObjectDescribe,
    field: FieldDescribe,
    storage: StorageClass,
    offset: number,
  ): SqlValue {
    const { formulas } = this.#options.environment;
    const values = formulas
      .references(object, field)
      .map((parts) => this.#formulaOperand(alias, object, parts, offset));
    const key = formulas.key(object, field).replaceAll("'", "''");
    const sql = `${FORMULA_FUNCTION}('${key}'${values.map((value) => `, ${value}`).join('')})`;
    return {
      sql,
      compared: storage === 'text' || storage === 'longText' ? `fold(${sql})` : sql,
      storage,
      scale: field.scale,
      field,
    };
  }

  /**
   * What a formula reads. Amounts of other records come in the currency of the record with the formula, always by the
   * static rates (Salesforce Help, "About Advanced Currency Management", cross-object formulas).
   */
  #formulaOperand(alias: string, object: ObjectDescribe, parts: readonly string[], offset: number): string {
    const value = this.#referenced(alias, object, parts, offset);
    const { currencyPath } = value.owner;
    if (parts.length === 1 || value.field.type !== 'currency' || currencyPath === null || object.currencyPath === null)
      return value.sql;
    const from = this.#referenced(alias, object, [...parts.slice(0, -1), ...currencyPath], offset);
    const to = this.#referenced(alias, object, object.currencyPath, offset);
    return `money_in(${value.sql}, ${from.sql}, NULL, ${to.sql})`;
  }

  /** A path that a formula on `object` (at `alias`) reads: not subject to access checks. */
  #referenced(alias: string, object: ObjectDescribe, parts: readonly string[], offset: number): ResolvedPath {
    if (alias === this.alias) return this.#resolveParts(parts, offset, false);
    const start = { tables: [{ alias, object }], names: [`@${alias}`] };
    const { tables, names } = this.#follow(parts.slice(0, -1), offset, false, start);
    return this.#fieldOf(tables, names, parts.at(-1) ?? '', offset, false);
  }
}

function coalesce(values: readonly SqlValue[]): SqlValue {
  const [first] = values as readonly [SqlValue];
  return {
    ...first,
    sql: `coalesce(${values.map((value) => value.sql).join(', ')})`,
    compared: `coalesce(${values.map((value) => value.compared).join(', ')})`,
  };
}

/** Address and location fields: an object of their parts, null when all are blank. */
function compound(alias: string, object: ObjectDescribe, field: FieldDescribe): SqlValue {
  const prefix = field.name.replace(/(Address|__c)$/, '');
  const parts = object.fields.filter((part) => part.compoundFieldName === field.name);
  const members = parts.map((part) => {
    const key = part.name.slice(prefix.length).replace(/^__|__s$/g, '');
    const column = `${alias}.${quote(part.name)}`;
    return `'${key.charAt(0).toLowerCase()}${key.slice(1)}', ${part.type === 'double' ? `${column} / 1e${part.scale}` : column}`;
  });
  const blank = parts.map((part) => `${alias}.${quote(part.name)} IS NULL`).join(' AND ');
  const sql = `(CASE WHEN ${blank} THEN NULL ELSE json_object(${members.join(', ')}) END)`;
  return { sql, compared: sql, storage: 'none', scale: 0, field };
}
