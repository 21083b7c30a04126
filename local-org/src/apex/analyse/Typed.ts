import type { ApexType, FieldSymbol } from '../types/symbols.ts';
import type { CodeOutput } from './ModuleWriter.ts';

/** How a place can be written to. `read` and `write` may be used together: the receiver is evaluated by `prepare` once. */
export interface AssignmentTarget {
  /** JavaScript that stores receiver and index in temporaries, '' when there is nothing to store. */
  prepare(output: CodeOutput): {
    readonly before: string;
    readonly read: string;
    readonly write: (value: string) => string;
  };
  /** Told of every value assigned (null: a step or compound assignment, never null). */
  readonly onAssign?: (value: Typed | null) => void;
}

/** An analysed expression: its static type, and how to write it as JavaScript once the whole method is known. */
export interface Typed {
  readonly type: ApexType;
  /** A JavaScript expression, safe to stand anywhere (parenthesised when it must be). */
  readonly code: (output: CodeOutput) => string;
  /** For Double: the plain JavaScript number. */
  readonly raw?: (output: CodeOutput) => string;
  /** True when the value can't be null. */
  readonly nonNull: () => boolean;
  readonly target?: AssignmentTarget;
  /** A SOQL query in brackets: may become a single record. */
  readonly isQuery?: boolean;
  /** The same query as a locator that has not run yet, for Database.getQueryLocator. */
  readonly locator?: (output: CodeOutput) => string;
  /** A relationship read from an sObject: further fields of a null parent are null. */
  readonly isParentPath?: boolean;
  readonly literal?: string | number | boolean | null;
  readonly isSuper?: boolean;
  readonly isThis?: boolean;
  readonly field?: FieldSymbol;
  /** JavaScript for use as a statement, when that is simpler. */
  readonly discard?: (output: CodeOutput) => string;
  /** For `record.Field__c.addError(…)`: the record and the field's name. */
  readonly recordField?: { readonly record: Typed; readonly name: string };
  readonly describedObject?: string;
}

export interface Local {
  readonly name: string;
  readonly type: ApexType;
  readonly javascript: string;
  readonly isFinal: boolean;
  /** Values that were assigned; null stands for a value that is never null, undefined for one that may be. */
  readonly assigned: (Typed | null | undefined)[];
  state: 'unknown' | 'busy' | 'nonNull' | 'nullable';
}

/** Whether a local variable of a primitive type can never be null: only values that can't be null are assigned to it. */
export function isNonNullLocal(local: Local): boolean {
  if (local.state === 'busy') return true;
  if (local.state === 'unknown') {
    local.state = 'busy';
    const nonNull =
      local.assigned.length > 0 &&
      local.assigned.every((value) => value === null || (value !== undefined && value.nonNull()));
    local.state = nonNull ? 'nonNull' : 'nullable';
  }
  return local.state === 'nonNull';
}
