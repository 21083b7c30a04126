/** Errors of the layers below, and of JavaScript itself, as what Apex code sees. */
import type { RecordError } from '../../runtime/types.ts';
import { CalendarError } from '../../values/ApexDate.ts';
import { DecimalError } from '../../values/Decimal.ts';
import { ApexException, makeException, UncatchableError, type FailedRow } from './errors.ts';

interface CodedError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
}

/** The runtime's DmlFailure. */
interface DmlFailureShape extends CodedError {
  readonly failures: readonly {
    readonly index: number;
    readonly id: string | null;
    readonly errors: readonly RecordError[];
  }[];
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
    case 'LimitExceeded':
      return new UncatchableError('LIMIT_EXCEEDED', 'System.LimitException', coded.message, error);
    case 'QueryError':
      return withStack(
        makeException('QueryException', (error as { problem?: string }).problem ?? coded.message),
        error as Error,
      );
    case 'DmlFailure':
      return withStack(dmlException(error as DmlFailureShape), error as Error);
    case 'RuntimeProblem':
      return runtimeProblem(coded);
    case 'AccessDenied':
      return withStack(makeException('SecurityException', coded.message), error as Error);
    case 'CronError':
      return withStack(makeException('StringException', coded.message), error as Error);
    case 'SObjectError':
      return withStack(makeException('SObjectException', coded.message), error as Error);
  }
  return new UncatchableError('INTERNAL', 'Internal error of the local org', String(coded?.message ?? error), error);
}

/** What Apex calls a request that the runtime refuses. */
function runtimeProblem(error: Error & CodedError): ApexException | UncatchableError {
  if (error.code === 'MAXIMUM_TRIGGER_DEPTH') return withStack(makeException('DmlException', error.message), error);
  if (error.code === 'DUPLICATE_JOB')
    return withStack(makeException('DuplicateMessageException', error.message), error);
  if (error.code === 'INVALID_SCHEDULE') return withStack(makeException('AsyncException', error.message), error);
  if (error.code === 'NESTED_TRANSACTION')
    return new UncatchableError('INTERNAL', 'Internal error of the local org', error.message, error);
  return withStack(
    makeException(error.code === 'INVALID_SAVEPOINT' ? 'TypeException' : 'UnexpectedException', error.message),
    error,
  );
}

function withStack(exception: ApexException, error: Error): ApexException {
  if (error.stack) exception.stack = error.stack;
  return exception;
}

/** A failed DML statement; the message is the runtime's, in Apex's words. */
function dmlException(failure: DmlFailureShape): ApexException {
  const rows: FailedRow[] = failure.failures.flatMap((row) =>
    row.errors.map((entry) => ({
      index: row.index,
      id: row.id,
      statusCode: entry.statusCode,
      message: entry.message,
      fields: entry.fields,
    })),
  );
  return makeException('DmlException', failure.message, rows);
}
