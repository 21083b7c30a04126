/** Failures of a transaction. The apex room turns them into Apex exceptions, the api room into REST error bodies. */
import type { DmlOperation, LimitName, RecordError } from './types.ts';

export interface RowFailure {
  /** Index in the records of the DML statement. */
  readonly index: number;
  readonly id: string | null;
  readonly errors: readonly RecordError[];
}

/** DML, and what counts as DML: converted leads, approval requests and record locks. */
type FailedOperation = DmlOperation | 'convertLead' | 'process' | 'lock' | 'unlock';

/** An all-or-none DML statement that failed; nothing of it was kept. */
export class DmlFailure extends Error {
  readonly code = 'DML';
  readonly operation: FailedOperation;
  readonly failures: readonly RowFailure[];

  /** The message is Apex's: `Insert failed. First exception on row 0; first error: CODE, message: [fields]`. */
  constructor(operation: FailedOperation, failures: readonly RowFailure[]) {
    const [first] = failures;
    const [error] = first?.errors ?? [];
    // User mode words a refusal of fields without the row.
    if (error?.message.startsWith('Operation failed due to fields being inaccessible')) {
      super(error.message);
      this.name = 'DmlFailure';
      this.operation = operation;
      this.failures = failures;
      return;
    }
    const verb = operation.charAt(0).toUpperCase() + operation.slice(1);
    const id = first?.id ? ` with id ${first.id}` : '';
    super(
      `${verb} failed. First exception on row ${first?.index ?? 0}${id}; first error: ${error?.statusCode ?? 'UNKNOWN_EXCEPTION'}, ${error?.message ?? ''}: [${error?.fields.join(', ') ?? ''}]`,
    );
    this.name = 'DmlFailure';
    this.operation = operation;
    this.failures = failures;
  }
}

/** User mode: the user may not do this with the object. System.SecurityException in Apex. */
export class AccessDenied extends Error {
  readonly code = 'ACCESS_DENIED';
  readonly operation: DmlOperation;
  readonly objectName: string;

  constructor(operation: DmlOperation, objectName: string) {
    super(`Access to entity '${objectName}' denied`);
    this.name = 'AccessDenied';
    this.operation = operation;
    this.objectName = objectName;
  }
}

/** A governor limit was passed: System.LimitException, which no Apex code can catch. */
export class LimitExceeded extends Error {
  readonly code = 'LIMIT_EXCEEDED';
  readonly limit: LimitName;

  constructor(limit: LimitName, message: string) {
    super(message);
    this.name = 'LimitExceeded';
    this.limit = limit;
  }
}

/** A request that the runtime can't serve as it was made. */
export class RuntimeProblem extends Error {
  readonly code:
    | 'INVALID_SAVEPOINT'
    | 'INVALID_USER'
    | 'MIXED_REQUEST'
    | 'NESTED_TRANSACTION'
    | 'NOT_SUPPORTED'
    | 'INVALID_OPERATION'
    | 'MAXIMUM_TRIGGER_DEPTH'
    | 'DUPLICATE_JOB'
    | 'INVALID_SCHEDULE';

  constructor(code: RuntimeProblem['code'], message: string) {
    super(message);
    this.name = 'RuntimeProblem';
    this.code = code;
  }
}

/** An error of one record. */
export function recordError(statusCode: string, message: string, fields: readonly string[] = []): RecordError {
  return { statusCode, message, fields };
}
