/** Plans a parsed query: names resolved, access checked, SQL written. A plan is run many times with other binds. */
import type { SQLOutputValue } from 'node:sqlite';
import type { FieldDescribe, FieldType, ObjectDescribe, PicklistValue } from '../schema/types.ts';
import { decodeAs, quote } from '../store/encoding.ts';
import { fold } from '../store/folding.ts';
import { Decimal } from '../values/Decimal.ts';
import type {
  Condition,
  Expression,
  FieldReference,
  FunctionCall,
  Operator,
  QueryNode,
  SelectItem,
  Value,
} from './ast.ts';
import { QueryError } from './errors.ts';
import { AGGREGATE_FUNCTIONS, DAY_PART_FUNCTIONS } from './functions.ts';
import { isVariantName, Scope, variantName } from './scope.ts';
import type { Money, ResolvedPath, SqlValue } from './scope.ts';
import type { PlannerEnvironment, QueryAccess, QueryBind, SelectedField } from './types.ts';
import {
  bindValue,
  dateLiteralParameters,
  isBoundList,
  listHoldsNull,
  listParameter,
  valueParameter,
} from './values.ts';
import type { Parameter } from './values.ts';

const MAXIMUM_OFFSET = 2000;
const FIELDS_LIMIT = 200;
/** What a query of rows may select besides fields. */
const ROW_FUNCTIONS: ReadonlySet<string> = new Set(['TOLABEL', 'CONVERTCURRENCY', 'FORMAT']);
/** Picklists longer than this are sorted by value instead of by position. */
const LONGEST_SORTED_PICKLIST = 200;

export interface PlanOptions {
  readonly environment: PlannerEnvironment;
  readonly access: QueryAccess | null;
  readonly allRows: boolean;
  /** Binds of the run that the plan is first made for: a list that holds null needs other SQL. */
  readonly binds: ReadonlyMap<string, unknown> | null;
}

/** A record in the result: its own columns, its parents and where they stand in the row. */
export interface RecordShape {
  readonly object: ObjectDescribe;
  /** Column of the record's Id; for a parent the reference's column. */
  readonly idColumn: number;
  /** Possible objects of a polymorphic parent, chosen by the Id's prefix. */
  readonly objects: readonly ObjectDescribe[];
  readonly fields: {
    readonly name: string;
    readonly column: number;
    readonly decode: (stored: SQLOutputValue) => unknown;
  }[];
  readonly parents: {
    readonly relationshipName: string;
    readonly referenceField: string;
    readonly shape: RecordShape;
  }[];
  /** Names in the order of the SELECT clause: fields, parents' and children's relationships. */
  readonly order: string[];
  /** Fields that may be read. */
  readonly retrieved: Set<string>;
  /** TYPEOF: shapes of single objects, by name; the others have this shape's own fields. */
  readonly variants: Map<string, RecordShape> | null;
}

export interface AggregateColumn {
  readonly name: string;
  readonly field: SelectedField;
  readonly decode: (stored: SQLOutputValue) => unknown;
}

export interface ChildPlan {
  readonly relationshipName: string;
  readonly plan: QueryPlan;
  /** Column that holds the parent's Id. */
  readonly parentColumn: number;
}

export interface QueryPlan {
  readonly kind: 'records' | 'aggregate' | 'count';
  readonly object: ObjectDescribe;
  readonly sql: string;
  readonly parameters: readonly Parameter[];
  readonly shape: RecordShape | null;
  readonly aggregates: readonly AggregateColumn[];
  /** Column with the number of rows behind a group, which count towards the limit on query rows; null when they don't. */
  readonly rowCountColumn: number | null;
  readonly children: readonly ChildPlan[];
  /** For child plans: rows for each parent. LIMIT of the main query is in the SQL. */
  readonly childLimit: Parameter | null;
  readonly selected: readonly SelectedField[];
  readonly binds: readonly QueryBind[];
  /** Names of every object that the query and its subqueries read. */
  readonly touched: ReadonlySet<string>;
  readonly query: QueryNode;
}

type SelectedAggregates = Pick<QueryPlan, 'aggregates' | 'rowCountColumn'>;

/** One term of ORDER BY. */
interface OrderTerm {
  readonly sql: string;
  /** ` DESC NULLS LAST` */
  readonly direction: string;
}

/** Counts aliases and collects binds across the nested queries of one text. */
class PlanContext {
  readonly options: PlanOptions;
  readonly text: string;
  readonly binds: QueryBind[] = [];
  readonly touched = new Set<string>();
  readonly access: QueryAccess | null;
  readonly securityEnforced: boolean;
  #aliases = 0;

  constructor(text: string, query: QueryNode, options: PlanOptions) {
    this.text = text;
    this.options = options;
    this.access = options.access;
    this.securityEnforced = query.mode === 'SECURITY_ENFORCED';
  }

  readonly nextAlias = (): string => `t${this.#aliases++}`;

  scope(object: ObjectDescribe): Scope {
    return new Scope(object, {
      environment: this.options.environment,
      text: this.text,
      access: this.access,
      securityEnforced: this.securityEnforced,
      nextAlias: this.nextAlias,
      touched: this.touched,
    });
  }

  refuse(code: QueryError['code'], problem: string, offset: number): never {
    throw new QueryError(code, problem, this.text, offset);
  }
}

/** Throws QueryError. */
export function planQuery(text: string, query: QueryNode, options: PlanOptions): QueryPlan {
  const context = new PlanContext(text, query, options);
  const object = options.environment.schema.object(query.from);
  const denied = object?.queryable === true && context.access?.fields?.canReadObject(object) === false;
  if (!object?.queryable || denied) {
    const problem = `sObject type '${query.from}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`;
    const error = new QueryError('INVALID_TYPE', problem, text, query.fromOffset);
    if (denied) error.deniedObject = object?.name ?? query.from;
    throw error;
  }
  return new Planner(context, query, object, null).plan();
}

class Planner {
  readonly #context: PlanContext;
  readonly #query: QueryNode;
  readonly #object: ObjectDescribe;
  readonly #scope: Scope;
  /** Field of a child subquery that points to the parent. */
  readonly #parentField: FieldDescribe | null;
  readonly #columns: string[] = [];
  readonly #columnIndexes = new Map<string, number>();
  readonly #aliases = new Map<string, SqlValue>();
  /** What GROUP BY names; null while rows are looked at, where no aggregate and no alias has a meaning. */
  #groups: readonly SqlValue[] | null = null;
  /** SQL of the groups over which the grouping set that is planned sums up; null outside of ROLLUP and CUBE. */
  #subtotalled: ReadonlySet<string> | null = null;
  readonly #children: ChildPlan[] = [];
  readonly #selected: SelectedField[] = [];
  /** Parameters in the order of the SQL text. */
  readonly #parameters: Parameter[] = [];

  constructor(context: PlanContext, query: QueryNode, object: ObjectDescribe, parentField: FieldDescribe | null) {
    this.#context = context;
    this.#query = query;
    this.#object = object;
    this.#parentField = parentField;
    this.#scope = context.scope(object);
  }

  plan(): QueryPlan {
    const query = this.#query;
    this.#checkClauses();
    if (this.#isCount()) return this.#finish('count', null, [], ['count(*)']);
    if (
      query.groupBy.length > 0 ||
      query.select.some((item) => item.kind === 'expression' && holdsAggregate(item.expression))
    )
      return this.#planAggregate();
    return this.#planRecords();
  }

  #checkClauses(): void {
    const query = this.#query;
    if (query.forUpdate && query.orderBy.length > 0 && this.#parentField === null)
      this.#context.refuse('MALFORMED_QUERY', 'FOR UPDATE cannot be used with ORDER BY', query.offset);
    if (this.#isCount() && (query.groupBy.length > 0 || query.orderBy.length > 0))
      this.#context.refuse(
        'MALFORMED_QUERY',
        `COUNT() can't be used with ${query.groupBy.length > 0 ? 'GROUP BY' : 'ORDER BY'}; use COUNT(fieldName) instead`,
        query.offset,
      );
    if (query.having && query.groupBy.length === 0)
      this.#context.refuse('MALFORMED_QUERY', 'HAVING needs GROUP BY', query.offset);
  }

  #isCount(): boolean {
    const [only, second] = this.#query.select;
    return (
      second === undefined &&
      only?.kind === 'expression' &&
      only.expression.kind === 'function' &&
      only.expression.name === 'COUNT' &&
      only.expression.argument === null
    );
  }

  // --- records

  #planRecords(): QueryPlan {
    const shape = this.#newShape(this.#object, `${this.#scope.alias}."Id"`, [this.#object]);
    const seen = new Set<string>();
    for (const item of this.#query.select) {
      if (item.kind === 'subquery') {
        const child = this.#planChild(item.query);
        this.#children.push(child);
        shape.order.push(child.relationshipName);
      } else if (item.kind === 'typeof') this.#selectTypeof(shape, item, seen);
      else if (item.kind === 'fields') this.#selectGroup(shape, item.which, item.offset, seen);
      else this.#selectExpression(shape, item.expression, item.alias, seen);
    }
    return this.#finish('records', shape, [], this.#columns);
  }

  #newShape(object: ObjectDescribe, idSql: string, objects: readonly ObjectDescribe[]): RecordShape {
    return {
      object,
      idColumn: this.#column(idSql),
      objects,
      fields: [],
      parents: [],
      order: [],
      retrieved: new Set(['Id']),
      variants: null,
    };
  }

  #column(sql: string): number {
    const existing = this.#columnIndexes.get(sql);
    if (existing !== undefined) return existing;
    this.#columns.push(sql);
    this.#columnIndexes.set(sql, this.#columns.length - 1);
    return this.#columns.length - 1;
  }

  #selectGroup(shape: RecordShape, which: 'ALL' | 'STANDARD' | 'CUSTOM', offset: number, seen: Set<string>): void {
    const { limit } = this.#query;
    const bounded = limit?.kind === 'number' && Number(limit.text) <= FIELDS_LIMIT;
    if (which !== 'STANDARD' && !bounded)
      this.#context.refuse(
        'MALFORMED_QUERY',
        `The SOQL FIELDS function must have a LIMIT of at most ${FIELDS_LIMIT}`,
        offset,
      );
    for (const field of this.#object.fields) {
      if ((which === 'STANDARD' && field.custom) || (which === 'CUSTOM' && !field.custom)) continue;
      if (this.#context.access?.fields && !this.#context.access.fields.canReadField(this.#object, field)) continue;
      if (seen.has(field.name.toLowerCase())) continue;
      this.#selectExpression(shape, { kind: 'field', path: { parts: [field.name], offset }, offset }, null, seen);
    }
  }

  #selectExpression(shape: RecordShape, expression: Expression, alias: string | null, seen: Set<string>): void {
    if (expression.kind === 'field' && alias !== null)
      this.#context.refuse('MALFORMED_QUERY', 'only aggregate expressions use field aliasing', expression.offset);
    const field = this.#selectedField(expression);
    const resolved = this.#scope.resolve(field.path, this.#query.alias);
    const value = expression.kind === 'function' ? this.#selectedValue(expression, resolved) : resolved;
    const key = (alias ?? resolved.names.join('.')).toLowerCase();
    if (seen.has(key))
      this.#context.refuse(
        'MALFORMED_QUERY',
        `duplicate field selected: ${resolved.names.join('.')}`,
        expression.offset,
      );
    seen.add(key);
    const target = alias === null ? this.#shapeFor(shape, resolved.names.slice(0, -1)) : shape;
    const name = alias ?? resolved.field.name;
    target.order.push(name);
    target.retrieved.add(name);
    target.fields.push({ name, column: this.#column(value.sql), decode: decoder(value) });
    const isFormatted = expression.kind === 'function' && expression.name === 'FORMAT';
    this.#selected.push({
      name: alias ?? resolved.names.join('.'),
      type: isFormatted ? 'string' : resolved.field.type,
      field: isFormatted ? null : resolved.field,
    });
  }

  /** The field inside the functions that a query of rows may select. */
  #selectedField(expression: Expression): FieldReference {
    if (expression.kind === 'field') return expression;
    const { name, argument, offset } = expression;
    if (!ROW_FUNCTIONS.has(name))
      this.#context.refuse('MALFORMED_QUERY', `${name}() can only be selected in a query with GROUP BY`, offset);
    const nested = argument?.kind === 'function' && !(name === 'FORMAT' && argument.name === 'CONVERTCURRENCY');
    if (argument === null || nested) this.#context.refuse('MALFORMED_QUERY', `${name} takes a field`, offset);
    return this.#selectedField(argument);
  }

  #selectedValue(call: FunctionCall, resolved: ResolvedPath): SqlValue {
    const { name, argument, offset } = call;
    if (name === 'TOLABEL') return this.#label(resolved, offset);
    const money = this.#scope.moneyOf(resolved, offset);
    if (name === 'CONVERTCURRENCY') return this.#converted(resolved, money, offset);
    if (argument?.kind === 'function')
      return this.#formatted(this.#converted(resolved, money, offset), money && 'user', offset);
    return this.#formatted(money ? { ...resolved, money } : resolved, money && 'record', offset);
  }

  /** convertCurrency(): the amount in the user's currency (SOQL and SOSL Reference, "convertCurrency()"). */
  #converted(value: SqlValue, money: Money | null, offset: number): SqlValue {
    if (value.field?.type !== 'currency')
      this.#context.refuse('INVALID_FIELD', 'convertCurrency takes a currency field', offset);
    if (!money) return value;
    const sql = `money_in(${value.sql}, ${money.code}, ${money.day}, NULL)`;
    return { ...value, sql, compared: sql };
  }

  /**
   * FORMAT(): the value as the user's locale writes it (SOQL and SOSL Reference, "FORMAT()").
   * @param shown whose currency an amount is in; null in an org with one currency
   */
  #formatted(value: SqlValue, shown: 'record' | 'user' | 'corporate' | null, offset: number): SqlValue {
    const { storage, field } = value;
    const kind =
      field?.type === 'currency' || field?.type === 'percent'
        ? field.type
        : storage === 'decimal' || storage === 'integer' || storage === 'long'
          ? 'number'
          : storage === 'date' || storage === 'datetime' || storage === 'time'
            ? storage
            : this.#context.refuse('INVALID_FIELD', 'FORMAT takes a number, date, time or currency field', offset);
    const code = shown === 'record' ? (value.money?.code ?? 'NULL') : 'NULL';
    const day = shown === 'record' ? (value.money?.day ?? 'NULL') : 'NULL';
    const sql = `format_value('${shown === null || kind !== 'currency' ? kind : shown}', ${value.scale}, ${field?.scale ?? value.scale}, ${value.sql}, ${code}, ${day})`;
    return { sql, compared: sql, storage: 'text', scale: 0, field: null };
  }

  #selectTypeof(root: RecordShape, item: SelectItem & { readonly kind: 'typeof' }, seen: Set<string>): void {
    const { names, objects } = this.#scope.polymorphic(item.relationship);
    const relationshipName = names.at(-1) ?? '';
    const holder = this.#shapeFor(root, names.slice(0, -1));
    if (holder.parents.some((parent) => parent.relationshipName === relationshipName))
      this.#context.refuse(
        'MALFORMED_QUERY',
        `the relationship ${names.join('.')} is selected twice: once by TYPEOF is enough`,
        item.offset,
      );
    const general = this.#shapeFor(holder, [relationshipName], names.slice(0, -1));
    const variants = new Map<string, RecordShape>();
    for (const { objectName, offset, fields } of item.cases) {
      const object = objects.find(({ name }) => name.toLowerCase() === objectName.toLowerCase());
      if (!object || variants.has(object.name))
        return this.#context.refuse(
          object ? 'MALFORMED_QUERY' : 'INVALID_TYPE',
          object
            ? `TYPEOF names ${object.name} twice`
            : `sObject type '${objectName}' is not one that ${names.join('.')} can point to`,
          offset,
        );
      const variant: RecordShape = {
        ...general,
        object,
        objects: [object],
        fields: [],
        parents: [],
        order: [],
        retrieved: new Set(['Id']),
      };
      variants.set(object.name, variant);
      const prefix = [...names, variantName(object)];
      for (const { path } of fields) {
        const resolved = this.#scope.resolveFrom(names, object, path);
        this.#addField(this.#shapeFor(variant, resolved.names.slice(prefix.length, -1), prefix), resolved);
      }
    }
    for (const { path } of item.otherwise ?? []) {
      const resolved = this.#scope.resolve(
        { ...path, parts: [...item.relationship.parts, ...path.parts] },
        this.#query.alias,
      );
      seen.add(resolved.names.join('.').toLowerCase());
      this.#addField(this.#shapeFor(root, resolved.names.slice(0, -1)), resolved);
    }
    // The shape was made a moment ago for this clause alone.
    Object.assign(general, { variants });
  }

  #addField(shape: RecordShape, resolved: ResolvedPath): void {
    const { name } = resolved.field;
    if (shape.retrieved.has(name) && name !== 'Id') return;
    shape.order.push(name);
    shape.retrieved.add(name);
    shape.fields.push({ name, column: this.#column(resolved.sql), decode: decoder(resolved) });
    const path = resolved.names.filter((part) => !isVariantName(part)).join('.');
    if (!this.#selected.some((selected) => selected.name === path))
      this.#selected.push({ name: path, type: resolved.field.type, field: resolved.field });
  }

  /**
   * The shape at the end of relationships, made where it is missing.
   *
   * @param before relationships that lead to `root`
   */
  #shapeFor(root: RecordShape, relationships: readonly string[], before: readonly string[] = []): RecordShape {
    let shape = root;
    const names: string[] = [...before];
    for (const relationshipName of relationships) {
      names.push(relationshipName);
      const existing = shape.parents.find((parent) => parent.relationshipName === relationshipName);
      if (existing) {
        shape = existing.shape;
        continue;
      }
      const parent = this.#scope.parentReference(names);
      const referenceField = shape.objects
        .map((object) => object.fieldByRelationship(relationshipName))
        .find((field) => field !== undefined);
      if (!parent || !referenceField) throw new Error(`${names.join('.')} was not joined`);
      const [first = this.#object] = parent.objects;
      const created = this.#newShape(first, parent.reference.sql, parent.objects);
      shape.parents.push({ relationshipName, referenceField: referenceField.name, shape: created });
      shape.order.push(relationshipName);
      shape.retrieved.add(referenceField.name);
      shape = created;
    }
    return shape;
  }

  #planChild(query: QueryNode): ChildPlan {
    const relationship = this.#object.childRelationship(query.from);
    const child = relationship && this.#context.options.environment.schema.object(relationship.childObject);
    const field = relationship && child?.field(relationship.field);
    const { access } = this.#context;
    if (!relationship || !child || !field || (access?.fields && !access.fields.canReadObject(child))) {
      return this.#context.refuse(
        'INVALID_TYPE',
        `Didn't understand relationship '${query.from}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
        query.fromOffset,
      );
    }
    const plan = new Planner(this.#context, query, child, field).plan();
    if (plan.kind !== 'records')
      this.#context.refuse('MALFORMED_QUERY', 'aggregates are not allowed in a nested query', query.offset);
    // The parent's Id is the last column: #finish appends it.
    return { relationshipName: relationship.relationshipName ?? query.from, plan, parentColumn: countColumns(plan) };
  }

  // --- aggregates

  #planAggregate(): QueryPlan {
    const grouped = this.#query.groupBy.map((expression) => this.#groupItem(expression));
    this.#groups = grouped;
    if (this.#query.subtotals !== 'NONE') return this.#planSubtotals(grouped);
    const { aggregates, rowCountColumn } = this.#selectAggregates();
    return this.#finish('aggregate', null, aggregates, this.#columns, grouped, rowCountColumn);
  }

  /**
   * ROLLUP and CUBE: one grouped query for each set of fields, put together. What a set does not group by is null in its
   * rows (SOQL and SOSL Reference, GROUP BY ROLLUP and GROUP BY CUBE).
   */
  #planSubtotals(grouped: readonly SqlValue[]): QueryPlan {
    let facts: SelectedAggregates = { aggregates: [], rowCountColumn: null };
    const orders: string[] = [];
    const selects = groupingSets(this.#query.subtotals, grouped.length).map((set, index) => {
      this.#subtotalled = new Set(grouped.filter((_, place) => !set.includes(place)).map((group) => group.sql));
      this.#columns.length = 0;
      this.#selected.length = 0;
      this.#aliases.clear();
      facts = this.#selectAggregates();
      const { rowCountColumn } = facts;
      // Rows are read once, whatever the number of subtotals.
      if (rowCountColumn !== null && index > 0) this.#columns[rowCountColumn] = '0';
      const clauses = this.#clauses(set.map((place) => grouped[place] as SqlValue));
      const order = this.#query.orderBy.length > 0 ? this.#orderItems('aggregate') : this.#subtotalsLast(grouped);
      orders.splice(0, Infinity, ...order.map(({ direction }, place) => `o${place}${direction}`));
      const columns = this.#columns.map((sql, place) => `${sql} AS c${place}`);
      return { columns: [...columns, ...order.map(({ sql }, place) => `${sql} AS o${place}`)], clauses };
    });
    this.#subtotalled = null;
    const limit = this.#limit();
    const union = selects.map(
      ({ columns, clauses }) => `SELECT ${columns.join(', ')} FROM ${this.#scope.from}${clauses}`,
    );
    const shown = this.#columns.map((_, place) => `c${place}`);
    const sql = `SELECT ${shown.join(', ')} FROM (${union.join(' UNION ALL ')}) ORDER BY ${orders.join(', ')}${limit.sql}`;
    return this.#plan('aggregate', sql, { ...facts, childLimit: limit.childLimit });
  }

  /** Where the query gives no order: the groups in theirs, each subtotal behind what it sums up. */
  #subtotalsLast(grouped: readonly SqlValue[]): readonly OrderTerm[] {
    return grouped.flatMap((group) => {
      const isSubtotal = this.#subtotalled?.has(group.sql) === true;
      return [
        { sql: isSubtotal ? '1' : '0', direction: '' },
        { sql: isSubtotal ? 'NULL' : group.compared, direction: ' NULLS FIRST' },
      ];
    });
  }

  #selectAggregates(): SelectedAggregates {
    const aggregates: AggregateColumn[] = [];
    let anonymous = 0;
    for (const item of this.#query.select) {
      if (item.kind !== 'expression')
        return this.#context.refuse(
          'MALFORMED_QUERY',
          'a grouped query selects fields and aggregates only',
          this.#query.offset,
        );
      const { expression } = item;
      const isField = expression.kind === 'field';
      const value = this.#groupedValue(expression);
      const name = item.alias ?? (isField ? (value.field?.name ?? '') : `expr${anonymous++}`);
      if (aggregates.some((column) => column.name.toLowerCase() === name.toLowerCase()))
        this.#context.refuse('MALFORMED_QUERY', `duplicate alias: ${name}`, expression.offset);
      const sql = holdsAggregate(expression) || value.sql === value.compared ? value.sql : `min(${value.sql})`;
      this.#columns.push(sql);
      if (item.alias !== null) this.#aliases.set(item.alias.toLowerCase(), value);
      const isFormatted = expression.kind === 'function' && expression.name === 'FORMAT';
      const field: SelectedField = {
        name,
        type: isFormatted
          ? 'string'
          : isAggregate(expression)
            ? aggregateType(expression as FunctionCall, value)
            : expressionType(expression, value),
        field: isField ? value.field : null,
      };
      this.#selected.push(field);
      aggregates.push({
        name,
        field,
        decode: isAggregate(expression) ? aggregateDecoder(expression as FunctionCall, value) : decoder(value),
      });
    }
    // Every aggregate but COUNT counts the rows that it reads: Apex Developer Guide, "Execution Governors and Limits".
    const readsRows = this.#query.select.some(
      (item) =>
        item.kind === 'expression' && holdsAggregate(item.expression) && !isCount(item.expression as FunctionCall),
    );
    return { aggregates, rowCountColumn: readsRows ? this.#columns.push('count(*)') - 1 : null };
  }

  /** Behind GROUP BY there are no rows any more: what is selected, filtered or sorted must be grouped or aggregated. */
  #groupedValue(expression: Expression): SqlValue {
    const value = this.#value(expression);
    this.#checkGrouped(expression, value);
    const isSubtotal = this.#groups !== null && this.#subtotalled?.has(value.sql) === true;
    return isSubtotal ? { ...value, sql: 'NULL', compared: 'NULL' } : value;
  }

  #checkGrouped(expression: Expression, value: SqlValue): void {
    if (this.#groups === null || holdsAggregate(expression) || isGrouping(expression)) return;
    if (this.#groups.some((group) => group.sql === value.sql) || [...this.#aliases.values()].includes(value)) return;
    const name = expression.kind === 'field' ? expression.path.parts.join('.') : expression.name;
    this.#context.refuse('MALFORMED_QUERY', `Field must be grouped or aggregated: ${name}`, expression.offset);
  }

  #groupItem(expression: Expression): SqlValue {
    const value = this.#value(expression);
    if (expression.kind === 'field' && value.field && !value.field.groupable && value.field.formula === null) {
      this.#context.refuse(
        'INVALID_FIELD',
        `field '${value.field.name}' can not be grouped in a query call`,
        expression.offset,
      );
    }
    return value;
  }

  #aggregate(call: FunctionCall): SqlValue {
    const groups = this.#groups;
    if (groups === null)
      return this.#context.refuse('MALFORMED_QUERY', `the aggregate ${call.name} can't stand here`, call.offset);
    if (call.argument === null) {
      if (call.name !== 'COUNT') this.#context.refuse('MALFORMED_QUERY', `${call.name} takes a field`, call.offset);
      return { sql: 'count(*)', compared: 'count(*)', storage: 'integer', scale: 0, field: null };
    }
    this.#groups = null; // aggregates aggregate rows
    const argument = this.#value(call.argument);
    this.#groups = groups;
    const { field } = argument;
    if (field && !field.aggregatable && call.name !== 'COUNT')
      this.#context.refuse(
        'INVALID_FIELD',
        `field ${field.name} does not support aggregate operator ${call.name}`,
        call.offset,
      );
    const money = 'owner' in argument ? this.#scope.moneyOf(argument as ResolvedPath, call.offset) : null;
    // Aggregates of amounts are in the corporate currency: SOQL and SOSL Reference, "convertCurrency()".
    const inCorporate = (name: string): string => `${name}(${argument.sql}, ${money?.code}, ${money?.day}, '')`;
    const numeric = argument.storage === 'decimal' || argument.storage === 'integer' || argument.storage === 'long';
    const { storage, scale } = argument;
    const result = (sql: string, changes: Partial<SqlValue> = {}): SqlValue => ({
      sql,
      compared: sql,
      storage,
      scale,
      field,
      ...changes,
    });
    switch (call.name) {
      case 'COUNT':
        return result(`count(${argument.sql})`, { storage: 'integer', scale: 0, field: null });
      case 'COUNT_DISTINCT':
        return result(`count(DISTINCT ${argument.compared})`, { storage: 'integer', scale: 0, field: null });
      case 'SUM':
      case 'AVG':
        if (!numeric)
          this.#context.refuse(
            'INVALID_FIELD',
            `field ${field?.name ?? ''} does not support aggregate operator ${call.name}`,
            call.offset,
          );
        return this.#sumOrAverage(call.name, argument, money ? inCorporate('money_total') : `sum(${argument.sql})`);
      default:
        if (argument.storage === 'text') {
          // Ordered without regard to case, returned as written.
          const extreme = `${call.name.toLowerCase()}(${argument.compared} || char(1) || ${argument.sql})`;
          return result(`substr(${extreme}, instr(${extreme}, char(1)) + 1)`, {
            compared: `${call.name.toLowerCase()}(${argument.compared})`,
          });
        }
        if (money) return result(inCorporate(call.name === 'MIN' ? 'money_least' : 'money_greatest'));
        return result(`${call.name.toLowerCase()}(${argument.sql})`);
    }
  }

  #sumOrAverage(name: string, argument: SqlValue, sum: string): SqlValue {
    const { storage, scale, field } = argument;
    if (name === 'SUM') return { sql: sum, compared: sum, storage, scale, field };
    return {
      storage,
      scale,
      field,
      sql: `(cast(${sum} AS TEXT) || '/' || count(${argument.sql}))`,
      compared: `(${sum} * 1.0 / count(${argument.sql}))`,
    };
  }

  /** FORMAT() of an aggregate. */
  #formattedAggregate(call: FunctionCall): SqlValue {
    const { argument, offset } = call;
    if (argument?.kind !== 'function' || !isAggregate(argument) || argument.name === 'AVG')
      return this.#context.refuse(
        'MALFORMED_QUERY',
        argument?.kind === 'function' && argument.name === 'AVG'
          ? 'the local org does not support FORMAT(AVG())'
          : 'FORMAT can only be selected',
        offset,
      );
    const value = this.#aggregate(argument);
    return this.#formatted(value, this.#object.currencyPath === null ? null : 'corporate', offset);
  }

  // --- expressions

  #value(expression: Expression): SqlValue {
    if (expression.kind === 'function')
      return isAggregate(expression) ? this.#aggregate(expression) : this.#function(expression);
    const alias =
      this.#groups !== null && expression.path.parts.length === 1
        ? this.#aliases.get((expression.path.parts[0] ?? '').toLowerCase())
        : undefined;
    return alias ?? this.#scope.resolve(expression.path, this.#query.alias);
  }

  #function(call: FunctionCall): SqlValue {
    const { name, argument, offset } = call;
    if (argument === null) return this.#context.refuse('MALFORMED_QUERY', `${name} takes a field`, offset);
    if (name === 'GROUPING') return this.#grouping(argument, offset);
    if (name === 'TOLABEL') return this.#label(this.#value(argument), offset);
    if (name === 'CONVERTCURRENCY')
      this.#context.refuse('MALFORMED_QUERY', 'convertCurrency can only be selected, outside of aggregates', offset);
    if (name === 'FORMAT') return this.#formattedAggregate(call);
    if (name === 'CONVERTTIMEZONE') {
      const value = this.#value(argument);
      if (value.storage !== 'datetime')
        this.#context.refuse('INVALID_FIELD', 'convertTimezone takes a dateTime field', offset);
      const sql = `local_instant(${value.sql})`;
      return { ...value, sql, compared: sql };
    }
    const value = this.#value(argument);
    if (value.storage !== 'date' && value.storage !== 'datetime')
      this.#context.refuse(
        'MALFORMED_QUERY',
        DAY_PART_FUNCTIONS.has(name) || name === 'DAY_ONLY' || name === 'HOUR_IN_DAY'
          ? `${name} takes a date or dateTime field`
          : `the local org does not support the function ${name}`,
        offset,
      );
    const day = value.storage === 'date' ? value.sql : `utc_day(${value.sql})`;
    if (name === 'DAY_ONLY') return { sql: day, compared: day, storage: 'date', scale: 0, field: null };
    // SOQL and SOSL Reference, "Date Functions": not available with custom fiscal years, the only ones that can be written.
    const { schema } = this.#context.options.environment;
    if (name.startsWith('FISCAL_') && schema.object('FiscalYearSettings')?.createable === true)
      this.#context.refuse('MALFORMED_QUERY', `${name} is not available in an org with custom fiscal years`, offset);
    if (name === 'HOUR_IN_DAY' && value.storage === 'datetime') return integer(`hour_of(${value.sql})`);
    if (!DAY_PART_FUNCTIONS.has(name))
      this.#context.refuse('MALFORMED_QUERY', `the local org does not support the function ${name}`, offset);
    return integer(`day_part('${name}', ${day})`);
  }

  /** 1 in rows that sum up over the field, else 0. */
  #grouping(argument: Expression, offset: number): SqlValue {
    const { sql } = this.#value(argument);
    if (this.#groups?.some((group) => group.sql === sql) !== true || this.#query.subtotals === 'NONE')
      this.#context.refuse('MALFORMED_QUERY', 'GROUPING takes a field of GROUP BY ROLLUP or GROUP BY CUBE', offset);
    return integer(this.#subtotalled?.has(sql) === true ? '1' : '0');
  }

  /** The picklist value's label. */
  #label(value: SqlValue, offset: number): SqlValue {
    const { field } = value;
    if (!field || (field.type !== 'picklist' && field.type !== 'combobox'))
      return this.#context.refuse('INVALID_FIELD', 'toLabel takes a picklist field', offset);
    const cases = field.picklistValues.filter((entry) => entry.label !== entry.value);
    if (cases.length === 0) return value;
    const branches = cases.map((entry) => ` WHEN ${literal(entry.value)} THEN ${literal(entry.label)}`).join('');
    const sql = `(CASE ${value.sql}${branches} ELSE ${value.sql} END)`;
    return { ...value, sql, compared: `fold(${sql})` };
  }

  // --- clauses

  #finish(
    kind: QueryPlan['kind'],
    shape: RecordShape | null,
    aggregates: readonly AggregateColumn[],
    columns: readonly string[],
    grouped: readonly SqlValue[] = [],
    rowCountColumn: number | null = null,
  ): QueryPlan {
    const { alias } = this.#scope;
    // Conditions and orders first: they may add joins; parameters follow the order of the text.
    const clauses = this.#clauses(grouped);
    const order = this.#orderBy(kind);
    const limit = this.#limit();
    const select = this.#parentField ? [...columns, `${alias}.${quote(this.#parentField.name)}`] : columns;
    const sql = `SELECT ${select.join(', ')} FROM ${this.#scope.from}${clauses}${order}${limit.sql}`;
    return this.#plan(kind, sql, { shape, aggregates, rowCountColumn, childLimit: limit.childLimit });
  }

  #plan(
    kind: QueryPlan['kind'],
    sql: string,
    facts: Pick<QueryPlan, 'aggregates' | 'rowCountColumn' | 'childLimit'> & Partial<Pick<QueryPlan, 'shape'>>,
  ): QueryPlan {
    return {
      kind,
      object: this.#object,
      sql,
      parameters: this.#parameters,
      shape: null,
      ...facts,
      children: this.#children,
      selected: this.#selected,
      binds: this.#context.binds,
      touched: this.#context.touched,
      query: this.#query,
    };
  }

  /** WHERE, GROUP BY and HAVING. */
  #clauses(grouped: readonly SqlValue[]): string {
    const query = this.#query;
    const { alias } = this.#scope;
    const conditions: string[] = [];
    if (this.#parentField) {
      conditions.push(`${alias}.${quote(this.#parentField.name)} IN (SELECT value FROM json_each(?))`);
      this.#parameters.push((context) => context.binds.get(PARENT_IDS) as string);
    }
    const groups = this.#groups;
    this.#groups = null;
    if (query.where) conditions.push(this.#condition(query.where));
    this.#groups = groups;
    this.#addRowConditions(conditions);
    const having = query.having ? this.#condition(query.having) : null;
    return [
      conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '',
      grouped.length > 0 ? ` GROUP BY ${grouped.map((group) => group.compared).join(', ')}` : '',
      having === null ? '' : ` HAVING ${having}`,
    ].join('');
  }

  #addRowConditions(conditions: string[]): void {
    const { alias } = this.#scope;
    if (this.#object.field('IsDeleted') && !this.#query.allRows && !this.#context.options.allRows)
      conditions.push(`${alias}."IsDeleted" = 0`);
    const visible = this.#context.access?.visibleRows(this.#object, alias);
    if (visible) {
      conditions.push(visible.sql);
      for (const parameter of visible.parameters) this.#parameters.push(() => parameter);
    }
    const { scope } = this.#query;
    if (scope === null || scope === 'EVERYTHING') return;
    if (scope !== 'MINE' || !this.#object.field('OwnerId'))
      this.#context.refuse(
        'MALFORMED_QUERY',
        `the local org does not support USING SCOPE ${scope} here`,
        this.#query.fromOffset,
      );
    conditions.push(`${alias}."OwnerId" = ?`);
    this.#parameters.push((context) => context.userId);
  }

  #limit(): { readonly sql: string; readonly childLimit: Parameter | null } {
    const { limit, queryOffset } = this.#query;
    const offset = queryOffset === null ? null : this.#countParameter(queryOffset, MAXIMUM_OFFSET);
    const rows = limit === null ? null : this.#countParameter(limit, null);
    if (this.#parentField) {
      if (offset)
        this.#context.refuse(
          'MALFORMED_QUERY',
          'the local org does not support OFFSET in a subquery',
          this.#query.offset,
        );
      return { sql: '', childLimit: rows };
    }
    if (rows) this.#parameters.push(rows);
    if (offset) this.#parameters.push(offset);
    if (rows) return { sql: offset ? ' LIMIT ? OFFSET ?' : ' LIMIT ?', childLimit: null };
    return { sql: offset ? ' LIMIT -1 OFFSET ?' : '', childLimit: null };
  }

  #countParameter(value: Value, maximum: number | null): Parameter {
    const { text } = this.#context;
    const check = (count: number): number => {
      if (maximum !== null && count > maximum)
        throw new QueryError(
          'NUMBER_OUTSIDE_VALID_RANGE',
          `Maximum SOQL offset allowed is ${maximum}`,
          text,
          value.offset,
        );
      return count;
    };
    if (value.kind === 'number') {
      const count = check(Number(value.text));
      return () => count;
    }
    if (value.kind !== 'bind') throw new Error('LIMIT takes a number or a bind');
    this.#rememberBind(value, false);
    return (context) => {
      const bound = bindValue(context, value.name, text, value.offset);
      const count = Number(bound);
      if (bound === null || !Number.isInteger(count) || count < 0)
        throw new QueryError(
          'MALFORMED_QUERY',
          `Invalid value for LIMIT or OFFSET: ${String(bound)}`,
          text,
          value.offset,
        );
      return check(count);
    };
  }

  #orderBy(kind: QueryPlan['kind']): string {
    const items = this.#orderItems(kind).map(({ sql, direction }) => `${sql}${direction}`);
    if (kind === 'records') items.push(`${this.#scope.alias}."Id"`);
    return items.length === 0 ? '' : ` ORDER BY ${items.join(', ')}`;
  }

  #orderItems(kind: QueryPlan['kind']): readonly OrderTerm[] {
    return this.#query.orderBy.flatMap((item) => {
      const { expression } = item;
      const value = this.#groupedValue(expression);
      if (value.field && !value.field.sortable && !isAggregate(expression))
        this.#context.refuse(
          'INVALID_FIELD',
          `field '${value.field.name}' can not be sorted in a query call`,
          expression.offset,
        );
      const direction = `${item.descending ? ' DESC' : ''} NULLS ${item.nullsLast ? 'LAST' : 'FIRST'}`;
      const position =
        expression.kind === 'field' && value.field?.type === 'picklist'
          ? picklistOrder(value, value.field.picklistValues)
          : null;
      // The order of amounts is that of their worth: SOQL and SOSL Reference, "convertCurrency()".
      const money = 'owner' in value ? this.#scope.moneyOf(value as ResolvedPath, expression.offset) : null;
      if (money && kind === 'records')
        return [{ sql: `money_order(${value.sql}, ${money.code}, ${money.day})`, direction }];
      const isGroup = kind === 'aggregate' && !isAggregate(expression) && value.sql !== value.compared;
      const sql = isGroup ? `min(${value.compared})` : value.compared;
      return [...(position === null ? [] : [{ sql: position, direction }]), { sql, direction }];
    });
  }

  // --- conditions: two-valued as in SOQL, so nothing but true and false comes out

  #condition(condition: Condition): string {
    switch (condition.kind) {
      case 'and':
      case 'or':
        return `(${condition.items.map((item) => this.#condition(item)).join(condition.kind === 'and' ? ' AND ' : ' OR ')})`;
      case 'not':
        return `((${this.#condition(condition.item)}) IS NOT TRUE)`;
      case 'comparison':
        return this.#comparison(condition.left, condition.operator, condition.right, condition.offset);
    }
  }

  #comparison(expression: Expression, operator: Operator, right: Value, offset: number): string {
    const left = this.#groupedValue(expression);
    if (left.field && !left.field.filterable && !isAggregate(expression))
      this.#context.refuse(
        'INVALID_FIELD',
        `field '${left.field.name}' can not be filtered in a query call`,
        expression.offset,
      );
    if (right.kind === 'bind')
      this.#rememberBind(
        right,
        operator === 'IN' || operator === 'NOT IN' || operator === 'INCLUDES' || operator === 'EXCLUDES',
      );
    else if (right.kind === 'list')
      for (const item of right.items) if (item.kind === 'bind') this.#rememberBind(item, false);
    switch (operator) {
      case 'IN':
      case 'NOT IN':
        return this.#in(left, operator === 'NOT IN', right, offset);
      case 'INCLUDES':
      case 'EXCLUDES':
        return this.#includes(left, operator === 'EXCLUDES', right, offset);
      case 'LIKE':
        return this.#like(left, right, offset);
      default:
        if (right.kind === 'dateLiteral') return this.#dateLiteral(left, operator, right);
        return this.#compare(left, operator, right, expression, offset);
    }
  }

  #rememberBind(value: Value & { readonly kind: 'bind' }, collection: boolean): void {
    // Subtotals plan the clauses once for each of their sets.
    if (this.#context.binds.some((bind) => bind.offset === value.offset)) return;
    this.#context.binds.push({ name: value.name, offset: value.offset, end: value.end, collection });
  }

  #compare(
    left: SqlValue,
    operator: '=' | '!=' | '<' | '<=' | '>' | '>=',
    right: Value,
    expression: Expression,
    offset: number,
  ): string {
    if (left.storage === 'boolean' && operator !== '=' && operator !== '!=')
      this.#context.refuse('INVALID_QUERY_FILTER_OPERATOR', `invalid operator on boolean field`, offset);
    if (left.storage === 'id' && operator !== '=' && operator !== '!=' && left.field?.type === 'reference')
      this.#context.refuse('INVALID_QUERY_FILTER_OPERATOR', `invalid operator on id field`, offset);
    if (left.field?.type === 'multipicklist' && operator !== '=' && operator !== '!=')
      this.#context.refuse('INVALID_QUERY_FILTER_OPERATOR', `invalid operator on multipicklist field`, offset);
    // A bound collection after = or != means IN or NOT IN, as Apex has it.
    if ((operator === '=' || operator === '!=') && isBoundList(right, this.#context.options.binds))
      return this.#in(left, operator === '!=', right, offset);
    if (right.kind === 'money') return this.#compareWorth(left, operator, right);
    const isAverage = expression.kind === 'function' && expression.name === 'AVG';
    const parameter = valueParameter(isAverage ? { ...left, scale: left.scale } : left, right, this.#context.text);
    this.#parameters.push(parameter);
    // A blank matches null; everything else may use `=`, whose unknown counts as false.
    const mayBeNull = right.kind === 'bind' || right.kind === 'null' || (right.kind === 'string' && right.value === '');
    if (operator === '=') return `${left.compared} ${mayBeNull ? 'IS' : '='} ?`;
    if (operator === '!=') return `${left.compared} IS NOT ?`;
    return `${left.compared} ${operator} ?`;
  }

  /** `Amount > USD5000`: what the amounts are worth is compared, exactly. */
  #compareWorth(
    left: SqlValue,
    operator: '=' | '!=' | '<' | '<=' | '>' | '>=',
    right: Value & { readonly kind: 'money' },
  ): string {
    const money = 'owner' in left ? this.#scope.moneyOf(left as ResolvedPath, right.offset) : null;
    if (!money)
      return this.#context.refuse(
        'INVALID_FIELD',
        `${right.isoCode}${right.text} can only be compared with a currency field, outside of aggregates, in an org with several currencies`,
        right.offset,
      );
    const { schema } = this.#context.options.environment;
    const { text } = this.#context;
    this.#parameters.push(
      () => right.text,
      () => {
        if (!schema.activeCurrencies.some(({ value }) => value === right.isoCode))
          throw new QueryError(
            'INVALID_FIELD',
            `${right.isoCode} is not an active currency of this org`,
            text,
            right.offset,
          );
        return right.isoCode;
      },
    );
    const compared = `money_compare(${left.sql}, ${left.scale}, ${money.code}, ${money.day}, ?, ?)`;
    return operator === '!=' ? `${compared} IS NOT 0` : `${compared} ${operator} 0`;
  }

  #dateLiteral(left: SqlValue, operator: Operator, right: Value & { readonly kind: 'dateLiteral' }): string {
    const { from, to } = dateLiteralParameters(left, right, this.#context.text);
    switch (operator) {
      case '<':
        this.#parameters.push(from);
        return `${left.sql} < ?`;
      case '<=':
        this.#parameters.push(to);
        return `${left.sql} < ?`;
      case '>':
        this.#parameters.push(to);
        return `${left.sql} >= ?`;
      case '>=':
        this.#parameters.push(from);
        return `${left.sql} >= ?`;
      default:
        this.#parameters.push(from, to);
        return operator === '='
          ? `(${left.sql} >= ? AND ${left.sql} < ?)`
          : `((${left.sql} >= ? AND ${left.sql} < ?) IS NOT TRUE)`;
    }
  }

  #like(left: SqlValue, right: Value, offset: number): string {
    if (left.storage !== 'text')
      this.#context.refuse(
        'INVALID_QUERY_FILTER_OPERATOR',
        `invalid operator on ${left.field?.type ?? left.storage} field`,
        offset,
      );
    if (right.kind === 'list' || right.kind === 'query')
      this.#context.refuse('MALFORMED_QUERY', 'LIKE takes one text', right.offset);
    const { text } = this.#context;
    const matches = (pattern: string): string =>
      left.field?.caseSensitive === true
        ? `like_exact(${left.sql}, ${pattern})`
        : `${left.compared} LIKE ${pattern} ESCAPE '\\'`;
    if (right.kind !== 'bind') {
      this.#parameters.push(valueParameter(left, right, text));
      return matches('?');
    }
    // A bound collection matches when any of its patterns does.
    this.#parameters.push(listParameter(left, right, text));
    return `EXISTS (SELECT 1 FROM json_each(?) WHERE ${matches('value')})`;
  }

  #in(left: SqlValue, negated: boolean, right: Value, offset: number): string {
    let sql: string;
    if (right.kind === 'query') sql = `${left.compared} IN (${this.#semiJoin(right.query, left)})`;
    else if (right.kind === 'list' && right.items.some((item) => item.kind === 'money')) {
      const worths = right.items.map((item) =>
        item.kind === 'money'
          ? this.#compareWorth(left, '=', item)
          : this.#context.refuse(
              'MALFORMED_QUERY',
              'a list holds either amounts with ISO codes or plain numbers',
              item.offset,
            ),
      );
      sql = `(${worths.join(' OR ')})`;
    } else if (right.kind === 'list' && right.items.some((item) => item.kind === 'dateLiteral')) {
      sql = `(${right.items.map((item) => (item.kind === 'dateLiteral' ? this.#dateLiteral(left, '=', item) : this.#compare(left, '=', item, { kind: 'field', path: { parts: [], offset }, offset }, offset))).join(' OR ')})`;
    } else {
      this.#parameters.push(listParameter(left, right, this.#context.text));
      sql = `${left.compared} IN (SELECT value FROM json_each(?))`;
      if (listHoldsNull(right, this.#context.options.binds)) sql = `(${sql} OR ${left.compared} IS NULL)`;
    }
    return negated ? `((${sql}) IS NOT TRUE)` : sql;
  }

  #semiJoin(query: QueryNode, left: SqlValue): string {
    const [item, second] = query.select;
    if (second !== undefined || item?.kind !== 'expression' || item.expression.kind !== 'field') {
      return this.#context.refuse('MALFORMED_QUERY', 'a subquery after IN selects exactly one field', query.offset);
    }
    const beyond =
      (query.groupBy.length > 0 && 'GROUP BY') ||
      (query.having && 'HAVING') ||
      (query.forUpdate && 'FOR UPDATE') ||
      (query.queryOffset && 'OFFSET') ||
      (query.orderBy.length > 0 && query.limit && 'ORDER BY with LIMIT');
    if (beyond)
      this.#context.refuse(
        'MALFORMED_QUERY',
        `the local org supports no ${beyond} in a subquery after IN`,
        query.offset,
      );
    if (left.storage !== 'id')
      this.#context.refuse(
        'INVALID_FIELD',
        'Semi join sub-selects are only allowed on Id and reference fields',
        query.offset,
      );
    const object = this.#context.options.environment.schema.object(query.from);
    if (!object?.queryable)
      return this.#context.refuse('INVALID_TYPE', `sObject type '${query.from}' is not supported.`, query.fromOffset);
    const inner = new Planner(this.#context, { ...query, select: [], orderBy: [], limit: query.limit }, object, null);
    return inner.#selectOne(item.expression, this.#parameters);
  }

  /** SQL of a subquery after IN; its parameters go to the outer list at this place. */
  #selectOne(expression: Expression & { readonly kind: 'field' }, parameters: Parameter[]): string {
    const value = this.#scope.resolve(expression.path, this.#query.alias);
    if (value.storage !== 'id')
      this.#context.refuse(
        'INVALID_FIELD',
        `The selected field '${value.field.name}' in the subquery and the left operand field in the where expression in the outer query should point to the same object type`,
        expression.offset,
      );
    const plan = this.#finish('count', null, [], [value.sql]);
    parameters.push(...plan.parameters);
    return plan.sql;
  }

  /** Multi-select picklists: each item of the list is one value or several with `;`, all of which must be selected. */
  #includes(left: SqlValue, negated: boolean, right: Value, offset: number): string {
    if (left.field?.type !== 'multipicklist')
      this.#context.refuse(
        'INVALID_QUERY_FILTER_OPERATOR',
        `includes and excludes need a multi-select picklist`,
        offset,
      );
    this.#parameters.push(listParameter(left, right, this.#context.text));
    const sql = `EXISTS (SELECT 1 FROM json_each(?) AS item WHERE ${left.compared} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM json_each('[' || replace(json_quote(item.value), ';', '","') || ']') AS part WHERE instr(';' || ${left.compared} || ';', ';' || trim(part.value) || ';') = 0))`;
    return negated ? `(NOT ${sql})` : sql;
  }
}

/** Key in the binds under which a child plan gets its parents' Ids. */
export const PARENT_IDS = ' parents';

function integer(sql: string): SqlValue {
  return { sql, compared: sql, storage: 'integer', scale: 0, field: null };
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function isAggregate(expression: Expression): boolean {
  return expression.kind === 'function' && AGGREGATE_FUNCTIONS.has(expression.name);
}

/** An aggregate, formatted or not. */
function holdsAggregate(expression: Expression): boolean {
  return (
    isAggregate(expression) ||
    (expression.kind === 'function' &&
      expression.name === 'FORMAT' &&
      expression.argument !== null &&
      isAggregate(expression.argument))
  );
}

function picklistOrder(value: SqlValue, values: readonly PicklistValue[]): string | null {
  if (values.length === 0 || values.length > LONGEST_SORTED_PICKLIST) return null;
  return `(CASE ${value.compared}${values.map((entry, index) => ` WHEN ${literal(fold(entry.value))} THEN ${index}`).join('')} END)`;
}

function decoder(value: SqlValue): (stored: SQLOutputValue) => unknown {
  const { storage, scale, field } = value;
  return (stored) => (stored === null ? null : decodeAs(storage, scale, stored, field?.scale));
}

function expressionType(expression: Expression, value: SqlValue): FieldType {
  if (expression.kind === 'field' || expression.name === 'TOLABEL') return value.field?.type ?? 'string';
  return value.storage === 'date' ? 'date' : value.storage === 'datetime' ? 'datetime' : 'int';
}

function isGrouping(expression: Expression): boolean {
  return expression.kind === 'function' && expression.name === 'GROUPING';
}

/** Places of the fields by which each query of ROLLUP or CUBE groups; the one with all of them first. */
function groupingSets(subtotals: QueryNode['subtotals'], fields: number): readonly (readonly number[])[] {
  const places = Array.from({ length: fields }, (_, place) => place);
  if (subtotals === 'ROLLUP') return [...places, fields].map((count) => places.slice(0, fields - count));
  return Array.from({ length: 2 ** fields }, (_, mask) => places.filter((place) => (mask & (1 << place)) === 0));
}

function isCount(call: FunctionCall): boolean {
  return call.name.toUpperCase().startsWith('COUNT');
}

function aggregateType(call: FunctionCall, value: SqlValue): FieldType {
  if (call.name === 'COUNT' || call.name === 'COUNT_DISTINCT') return 'int';
  if (call.name === 'AVG') return 'double';
  return value.field?.type ?? 'double';
}

function aggregateDecoder(call: FunctionCall, value: SqlValue): (stored: SQLOutputValue) => unknown {
  if (call.name === 'AVG') {
    return (stored) => {
      if (typeof stored !== 'string') return null;
      const [sum = '0', count = '1'] = stored.split('/');
      return new Decimal(BigInt(sum), value.scale)
        .divide(Decimal.fromBigInt(BigInt(count)), Math.max(value.scale, 10), 'HALF_UP')
        .stripTrailingZeros();
    };
  }
  // exact_sum answers in text.
  if (call.name === 'SUM')
    return (stored) =>
      stored === null
        ? null
        : decodeAs(
            value.storage,
            value.scale,
            typeof stored === 'string' ? BigInt(stored) : stored,
            value.field?.scale,
          );
  return decoder(value);
}

function countColumns(plan: QueryPlan): number {
  const highest = (shape: RecordShape): number =>
    Math.max(
      shape.idColumn,
      ...shape.fields.map((field) => field.column),
      ...shape.parents.map((parent) => highest(parent.shape)),
      ...[...(shape.variants?.values() ?? [])].map(highest),
    );
  return plan.shape ? highest(plan.shape) + 1 : plan.aggregates.length;
}
