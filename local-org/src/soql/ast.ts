/** SOQL as written: names are not resolved yet. Offsets count characters of the query text. */

export interface Path {
  readonly parts: readonly string[];
  readonly offset: number;
}

export interface FunctionCall {
  readonly kind: 'function';
  /** Upper case. */
  readonly name: string;
  readonly argument: Expression | null;
  readonly offset: number;
}

export interface FieldReference {
  readonly kind: 'field';
  readonly path: Path;
  readonly offset: number;
}

export type Expression = FunctionCall | FieldReference;

export type SelectItem =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly alias: string | null }
  | { readonly kind: 'subquery'; readonly query: QueryNode }
  | {
      readonly kind: 'typeof';
      readonly relationship: Path;
      readonly cases: readonly {
        readonly objectName: string;
        readonly offset: number;
        readonly fields: readonly FieldReference[];
      }[];
      /** Fields of objects that no case names; null without ELSE. */
      readonly otherwise: readonly FieldReference[] | null;
      readonly offset: number;
    }
  | { readonly kind: 'fields'; readonly which: 'ALL' | 'STANDARD' | 'CUSTOM'; readonly offset: number };

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN' | 'INCLUDES' | 'EXCLUDES';

export type Value =
  | { readonly kind: 'string'; readonly value: string; readonly offset: number }
  | { readonly kind: 'number'; readonly text: string; readonly offset: number }
  /** `USD5000`: an amount in a currency. */
  | { readonly kind: 'money'; readonly isoCode: string; readonly text: string; readonly offset: number }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly offset: number }
  | { readonly kind: 'null'; readonly offset: number }
  | { readonly kind: 'date'; readonly text: string; readonly offset: number }
  | { readonly kind: 'datetime'; readonly text: string; readonly offset: number }
  | { readonly kind: 'dateLiteral'; readonly name: string; readonly count: number | null; readonly offset: number }
  | { readonly kind: 'bind'; readonly name: string; readonly offset: number; readonly end: number }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly offset: number }
  | { readonly kind: 'query'; readonly query: QueryNode; readonly offset: number };

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly items: readonly Condition[] }
  | { readonly kind: 'not'; readonly item: Condition }
  | {
      readonly kind: 'comparison';
      readonly left: Expression;
      readonly operator: Operator;
      readonly right: Value;
      readonly offset: number;
    };

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

export interface QueryNode {
  readonly select: readonly SelectItem[];
  /** Object name; for a subquery the child relationship's name. */
  readonly from: string;
  readonly fromOffset: number;
  readonly alias: string | null;
  readonly scope: string | null;
  readonly where: Condition | null;
  readonly mode: 'USER_MODE' | 'SYSTEM_MODE' | 'SECURITY_ENFORCED' | null;
  readonly groupBy: readonly Expression[];
  /** Which subtotals the groups have: none, GROUP BY ROLLUP's or GROUP BY CUBE's. */
  readonly subtotals: 'NONE' | 'ROLLUP' | 'CUBE';
  readonly having: Condition | null;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Value | null;
  readonly queryOffset: Value | null;
  readonly forUpdate: boolean;
  readonly allRows: boolean;
  readonly offset: number;
}
