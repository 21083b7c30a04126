/** Errors of the layers below, and of JavaScript itself, as what Apex code sees. */
import { CalendarError } from '../../values/ApexDate.ts';
import { DecimalError } from '../../values/Decimal.ts';
import { ApexException, makeException, UncatchableError, type FailedRow } from './errors.ts';

interface CodedError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
}

/** Shape of the runtime's DmlFailure. */
interface DmlFailureShape extends CodedError {
  readonly rows: readonly { readonly index: number; readonly id: string | null; readonly errors: readonly { readonly statusCode: string; readonly message: string; readonly fields: readonly string[] }[] }[];
  readonly operation: string;
}

/**
 * An ApexException for whatever Apex can catch; UncatchableError for limits and for faults of this program, which no
 * catch clause and no finally block may swallow.
 */
export function toApexError(error: unknown): ApexException | UncatchableError {
  if (error instanceof ApexException || error instanceof UncatchableError) return error;
  if (error instanceof TypeError && /of null\b|null \(/.test(error.message)) {
    return withStack(makeException('NullPointerException', 'Attempt to de-reference a null object'), error);
  }
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return new UncatchableError('LIMIT_EXCEEDED', 'System.LimitException', 'Maximum stack depth reached: 1001', error);
  }
  if (error instanceof DecimalError) return withStack(makeException('MathException', error.message), error);
  if (error instanceof CalendarError) return withStack(makeException('TypeException', error.message), error);
  const coded = error as CodedError;
  switch (coded?.name) {
    case 'LimitExceeded': return new UncatchableError('LIMIT_EXCEEDED', 'System.LimitException', coded.message, error);
    case 'QueryError': return withStack(makeException('QueryException', (error as { problem?: string }).problem ?? coded.message), error as Error);
    case 'DmlFailure': return withStack(dmlException(error as DmlFailureShape), error as Error);
    case 'SObjectError': return withStack(makeException('SObjectException', coded.message), error as Error);
  }
  return new UncatchableError('INTERNAL', 'Internal error of the local org', String(coded?.message ?? error), error);
}

function withStack(exception: ApexException, error: Error): ApexException {
  if (error.stack) exception.stack = error.stack;
  return exception;
}

/** `Insert failed. First exception on row 0; first error: REQUIRED_FIELD_MISSING, Required fields are missing: [Name]: [Name]` */
export function dmlException(failure: Pick<DmlFailureShape, 'rows' | 'operation'>): ApexException {
  const rows: FailedRow[] = failure.rows.flatMap((row) =>
    row.errors.map((entry) => ({ index: row.index, id: row.id, statusCode: entry.statusCode, message: entry.message, fields: entry.fields })),
  );
  const first = rows[0];
  const verb = failure.operation.charAt(0).toUpperCase() + failure.operation.slice(1);
  const withId = first?.id ? ` with id ${first.id}` : '';
  const message = first
    ? `${verb} failed. First exception on row ${first.index}${withId}; first error: ${first.statusCode}, ${first.message}: [${first.fields.join(', ')}]`
    : `${verb} failed.`;
  return makeException('DmlException', message, rows);
}
