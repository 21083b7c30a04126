import type { ApexType, TypeSymbol } from '../types/symbols.ts';

/** Base of every Apex exception, library's or project's: what `throw` throws and `catch` can catch. */
export class ApexException extends Error {
  /** Apex type; the program sets it on the prototype of each exception class. */
  get $type(): ApexType {
    throw new Error('This exception class is not bound to a program');
  }
  apexMessage: string | null = null;
  apexCause: ApexException | null = null;
  /** DmlException and the like: rows that failed. */
  rows: readonly FailedRow[] = [];
  /** QueryException in user mode: fields by object. */
  inaccessible: ReadonlyMap<string, readonly string[]> = new Map();

  getmessage$(): string | null {
    return this.apexMessage ?? 'Script-thrown exception';
  }
  getcause$(): ApexException | null {
    return this.apexCause;
  }
  gettypename$(): string {
    return exceptionTypeName(this);
  }
  setmessage$String(text: string | null): void {
    this.apexMessage = text;
  }
}

/** Its text is for the client only: Apex code reads 'Script-thrown exception' unless setMessage was called. */
class AuraHandledException extends ApexException {
  private shown: string | null = null;
  override getmessage$(): string | null {
    return this.shown ?? 'Script-thrown exception';
  }
  override setmessage$String(text: string | null): void {
    this.apexMessage = text;
    this.shown = text;
  }
}

export interface FailedRow {
  /** Index in the list that the statement was given. */
  readonly index: number;
  readonly id: string | null;
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
}

/** `System.NullPointerException` for library exceptions, the class's own name for others. */
export function exceptionTypeName(exception: ApexException): string {
  return qualifiedName(exception.$type.symbol);
}

/** A type's name, with the namespace of classes, interfaces and enums of System: `System.HttpRequest`, but `String`. */
export function qualifiedName(symbol: TypeSymbol): string {
  const isSystem = symbol.isLibrary && !symbol.fullName.includes('.') && SYSTEM_KINDS.has(symbol.kind);
  return isSystem ? `System.${symbol.fullName}` : symbol.fullName;
}

const SYSTEM_KINDS: ReadonlySet<TypeSymbol['kind']> = new Set(['class', 'interface', 'enum']);

/** A fault that no Apex catch clause sees and no finally block runs for: a governor limit, or a fault of this program. */
export class UncatchableError extends Error {
  readonly code: 'LIMIT_EXCEEDED' | 'ASSERTION' | 'INTERNAL' | 'REFUSED';
  /** What Apex names it: System.LimitException. */
  readonly typeName: string;
  constructor(
    code: 'LIMIT_EXCEEDED' | 'ASSERTION' | 'INTERNAL' | 'REFUSED',
    typeName: string,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'UncatchableError';
    this.code = code;
    this.typeName = typeName;
  }
}

type ExceptionClass = new () => ApexException;
const exceptionClasses = new Map<string, ExceptionClass>();

/** JavaScript class of a library exception (`DmlException`); made on first use. */
export function exceptionClass(name: string): ExceptionClass {
  let found = exceptionClasses.get(name);
  if (!found) {
    found =
      name === 'Exception'
        ? ApexException
        : name === 'AuraHandledException'
          ? AuraHandledException
          : class extends ApexException {};
    exceptionClasses.set(name, found);
  }
  return found;
}

/** Makes a library exception, to be thrown: `throw makeException('MathException', 'Divide by 0')`. */
export function makeException(name: string, message: string, rows: readonly FailedRow[] = []): ApexException {
  const exception = new (exceptionClass(name))();
  exception.apexMessage = message;
  exception.rows = rows;
  return exception;
}

export const nullPointer = (): never => {
  throw makeException('NullPointerException', 'Attempt to de-reference a null object');
};
