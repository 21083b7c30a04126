/** What the planner needs from the rooms to its right, and what it gives them. */
import type { SQLInputValue } from 'node:sqlite';
import type { FieldDescribe, FieldType, ObjectDescribe, Schema } from '../schema/types.ts';

/** A piece of SQL with the values of its placeholders. */
export interface SqlFragment {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

/** Decisions about the acting user; null members of QueryAccess switch the check off. */
export interface QueryAccess {
  /** Plans are kept by it: it changes when a decision could. */
  readonly key: string;
  /** CRUD and field-level security (user mode); null in system mode. */
  readonly fields: {
    canReadObject(object: ObjectDescribe): boolean;
    canReadField(object: ObjectDescribe, field: FieldDescribe): boolean;
  } | null;
  /** Condition on visible rows of `alias` (a quoted SQL alias), or null when all are visible. */
  visibleRows(object: ObjectDescribe, alias: string): SqlFragment | null;
}

/** Formula fields: which paths a formula reads, and the SQL function that evaluates it on their values. */
export interface FormulaSource {
  /** Field paths in the order in which `formula(key, …)` takes them; empty for a formula of constants. */
  references(object: ObjectDescribe, field: FieldDescribe): readonly (readonly string[])[];
  key(object: ObjectDescribe, field: FieldDescribe): string;
}

/** Name of the SQL function that evaluates formula fields; the runtime registers it. */
export const FORMULA_FUNCTION = 'formula_value';

export interface PlannerEnvironment {
  readonly schema: Schema;
  readonly formulas: FormulaSource;
  /** Called before a query that reads the object, so that rows which mirror something can be made on demand. */
  prepare?(objectName: string): void;
}

/** One value that a query returns, for compilers and clients. */
export interface SelectedField {
  /** Canonical path (`Account.Name`), alias, or `expr0`. */
  readonly name: string;
  readonly type: FieldType;
  /** The field itself; null for aggregates. */
  readonly field: FieldDescribe | null;
}

export interface QueryBind {
  /** Lower case. */
  readonly name: string;
  /** Offset of the colon and of the first character after the bind, in the query text. */
  readonly offset: number;
  readonly end: number;
  /** The bind stands for a collection (IN :ids). */
  readonly collection: boolean;
}

/** A query's facts, without running it. */
export interface QueryDescription {
  readonly kind: 'records' | 'aggregate' | 'count';
  readonly object: ObjectDescribe;
  readonly fields: readonly SelectedField[];
  readonly children: readonly { readonly relationshipName: string; readonly description: QueryDescription }[];
  readonly binds: readonly QueryBind[];
  readonly mode: 'USER_MODE' | 'SYSTEM_MODE' | 'SECURITY_ENFORCED' | null;
  readonly forUpdate: boolean;
  readonly allRows: boolean;
}
