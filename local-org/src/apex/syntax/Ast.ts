/** The Apex syntax tree as plain data. `at` is always the character offset of the node's first (or naming) token. */

export interface TypeNode {
  readonly at: number;
  /** `Database.Batchable` has two parts; only the last can have arguments in practice. */
  readonly parts: readonly { readonly name: string; readonly typeArguments: readonly TypeNode[] }[];
  /** Number of `[]` suffixes. */
  readonly arrays: number;
}

export interface Annotation {
  readonly at: number;
  /** Lower case. */
  readonly name: string;
  /** Lower-case parameter names; the only unnamed value stands under 'value'. */
  readonly parameters: ReadonlyMap<string, string | boolean>;
}

export interface Modifiers {
  readonly at: number;
  readonly annotations: readonly Annotation[];
  /** Lower case; 'with sharing', 'without sharing' and 'inherited sharing' are one word each. */
  readonly words: ReadonlySet<string>;
}

export interface Parameter {
  readonly at: number;
  readonly name: string;
  readonly type: TypeNode;
}

export interface MethodNode {
  readonly kind: 'method';
  readonly at: number;
  readonly modifiers: Modifiers;
  readonly name: string;
  /** null for void. */
  readonly returns: TypeNode | null;
  readonly parameters: readonly Parameter[];
  readonly body: Block | null;
}

export interface ConstructorNode {
  readonly kind: 'constructor';
  readonly at: number;
  readonly modifiers: Modifiers;
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: Block;
}

export interface FieldNode {
  readonly kind: 'field';
  readonly at: number;
  readonly modifiers: Modifiers;
  readonly name: string;
  readonly type: TypeNode;
  readonly value: Expression | null;
}

export interface Accessor {
  readonly at: number;
  readonly modifiers: Modifiers;
  /** null: automatic. */
  readonly body: Block | null;
}

export interface PropertyNode {
  readonly kind: 'property';
  readonly at: number;
  readonly modifiers: Modifiers;
  readonly name: string;
  readonly type: TypeNode;
  readonly getter: Accessor | null;
  readonly setter: Accessor | null;
}

export interface InitializerNode {
  readonly kind: 'initializer';
  readonly at: number;
  readonly isStatic: boolean;
  readonly body: Block;
}

export type MemberNode = MethodNode | ConstructorNode | FieldNode | PropertyNode | InitializerNode | TypeDeclaration;

export interface TypeDeclaration {
  readonly kind: 'class' | 'interface' | 'enum';
  /** Offset of the name. */
  readonly at: number;
  readonly end: number;
  readonly modifiers: Modifiers;
  readonly name: string;
  readonly superclass: TypeNode | null;
  readonly interfaces: readonly TypeNode[];
  readonly members: readonly MemberNode[];
  /** Names of an enum's values. */
  readonly values: readonly { readonly at: number; readonly name: string }[];
}

export interface TriggerDeclaration {
  readonly kind: 'trigger';
  readonly at: number;
  readonly name: string;
  readonly objectAt: number;
  readonly objectName: string;
  readonly events: readonly string[];
  readonly members: readonly MemberNode[];
  readonly body: Block;
}

export interface AnonymousBlock {
  readonly kind: 'anonymous';
  readonly at: number;
  readonly members: readonly MemberNode[];
  readonly body: Block;
}

// ---- statements

export interface Block {
  readonly kind: 'block';
  readonly at: number;
  readonly end: number;
  readonly statements: readonly Statement[];
}
export interface LocalStatement {
  readonly kind: 'local';
  readonly at: number;
  readonly type: TypeNode;
  readonly isFinal: boolean;
  readonly variables: readonly { readonly at: number; readonly name: string; readonly value: Expression | null }[];
}
export interface ExpressionStatement {
  readonly kind: 'expression';
  readonly at: number;
  readonly expression: Expression;
}
export interface IfStatement {
  readonly kind: 'if';
  readonly at: number;
  readonly condition: Expression;
  readonly then: Statement;
  readonly otherwise: Statement | null;
}
export interface WhileStatement {
  readonly kind: 'while';
  readonly at: number;
  readonly condition: Expression;
  readonly body: Statement;
}
export interface DoStatement {
  readonly kind: 'do';
  readonly at: number;
  readonly condition: Expression;
  readonly body: Statement;
}
export interface ForStatement {
  readonly kind: 'for';
  readonly at: number;
  readonly initial: readonly Statement[];
  readonly condition: Expression | null;
  readonly updates: readonly Expression[];
  readonly body: Statement | null;
}
export interface ForEachStatement {
  readonly kind: 'forEach';
  readonly at: number;
  readonly type: TypeNode;
  readonly name: string;
  readonly nameAt: number;
  readonly source: Expression;
  readonly body: Statement | null;
}
export interface ReturnStatement {
  readonly kind: 'return';
  readonly at: number;
  readonly value: Expression | null;
}
export interface ThrowStatement {
  readonly kind: 'throw';
  readonly at: number;
  readonly value: Expression;
}
export interface JumpStatement {
  readonly kind: 'break' | 'continue';
  readonly at: number;
}
export interface CatchClause {
  readonly at: number;
  readonly type: TypeNode;
  readonly name: string;
  readonly body: Block;
}
export interface TryStatement {
  readonly kind: 'try';
  readonly at: number;
  readonly body: Block;
  readonly catches: readonly CatchClause[];
  readonly finallyBody: Block | null;
}
export type WhenTest =
  | { readonly kind: 'values'; readonly values: readonly Expression[] }
  | { readonly kind: 'type'; readonly type: TypeNode; readonly name: string; readonly at: number }
  | { readonly kind: 'else' };
export interface SwitchStatement {
  readonly kind: 'switch';
  readonly at: number;
  readonly value: Expression;
  readonly whens: readonly { readonly at: number; readonly test: WhenTest; readonly body: Block }[];
}
export type DmlWord = 'insert' | 'update' | 'upsert' | 'delete' | 'undelete' | 'merge';
export interface DmlStatement {
  readonly kind: 'dml';
  readonly at: number;
  readonly operation: DmlWord;
  readonly access: 'user' | 'system' | null;
  readonly value: Expression;
  readonly second: Expression | null;
  /** `upsert records Field__c`: the external Id field as written (`Account.Key__c`). */
  readonly field: { readonly at: number; readonly name: string } | null;
}
export interface RunAsStatement {
  readonly kind: 'runAs';
  readonly at: number;
  readonly argument: Expression;
  readonly body: Block;
}

export type Statement =
  | Block
  | LocalStatement
  | ExpressionStatement
  | IfStatement
  | WhileStatement
  | DoStatement
  | ForStatement
  | ForEachStatement
  | ReturnStatement
  | ThrowStatement
  | JumpStatement
  | TryStatement
  | SwitchStatement
  | DmlStatement
  | RunAsStatement;

// ---- expressions

export interface Literal {
  readonly kind: 'literal';
  readonly at: number;
  readonly type: 'Integer' | 'Long' | 'Double' | 'Decimal' | 'String' | 'Boolean' | 'null';
  readonly text: string;
}
export interface NameExpression {
  readonly kind: 'name';
  readonly at: number;
  readonly name: string;
}
export interface MemberExpression {
  readonly kind: 'member';
  readonly at: number;
  readonly target: Expression;
  readonly name: string;
  readonly safe: boolean;
}
export interface CallExpression {
  readonly kind: 'call';
  readonly at: number;
  readonly target: Expression | null;
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly safe: boolean;
}
export interface IndexExpression {
  readonly kind: 'index';
  readonly at: number;
  readonly target: Expression;
  readonly index: Expression;
}
export interface NewExpression {
  readonly kind: 'new';
  readonly at: number;
  readonly type: TypeNode;
  readonly form:
    | { readonly kind: 'arguments'; readonly values: readonly Expression[] }
    | {
        readonly kind: 'fields';
        readonly fields: readonly { readonly at: number; readonly name: string; readonly value: Expression }[];
      }
    | { readonly kind: 'elements'; readonly values: readonly Expression[] }
    | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [Expression, Expression])[] }
    | { readonly kind: 'size'; readonly size: Expression };
}
export interface UnaryExpression {
  readonly kind: 'unary';
  readonly at: number;
  readonly operator: '!' | '~' | '-' | '+';
  readonly operand: Expression;
}
export interface StepExpression {
  readonly kind: 'step';
  readonly at: number;
  readonly operator: '++' | '--';
  readonly prefix: boolean;
  readonly operand: Expression;
}
export interface BinaryExpression {
  readonly kind: 'binary';
  readonly at: number;
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}
export interface AssignExpression {
  readonly kind: 'assign';
  readonly at: number;
  readonly operator: string;
  readonly target: Expression;
  readonly value: Expression;
}
export interface TernaryExpression {
  readonly kind: 'ternary';
  readonly at: number;
  readonly condition: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}
export interface InstanceOfExpression {
  readonly kind: 'instanceOf';
  readonly at: number;
  readonly operand: Expression;
  readonly type: TypeNode;
}
export interface CastExpression {
  readonly kind: 'cast';
  readonly at: number;
  readonly type: TypeNode;
  readonly operand: Expression;
}
export interface ThisExpression {
  readonly kind: 'this' | 'super';
  readonly at: number;
}
export interface ClassLiteral {
  readonly kind: 'classLiteral';
  readonly at: number;
  readonly type: TypeNode;
}
export interface QueryExpression {
  readonly kind: 'query';
  readonly at: number;
  readonly language: 'soql' | 'sosl';
  /** Text between the brackets, binds replaced by `:__b0`, `:__b1` … */
  readonly text: string;
  readonly binds: readonly Expression[];
  /** Offsets in `text` where a bind stands, with the source offset behind it: maps an error back to the Apex file. */
  readonly map: readonly { readonly text: number; readonly source: number }[];
}

export type Expression =
  | Literal
  | NameExpression
  | MemberExpression
  | CallExpression
  | IndexExpression
  | NewExpression
  | UnaryExpression
  | StepExpression
  | BinaryExpression
  | AssignExpression
  | TernaryExpression
  | InstanceOfExpression
  | CastExpression
  | ThisExpression
  | ClassLiteral
  | QueryExpression;
