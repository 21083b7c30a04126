/** Errors of the UI API, in the shape that Lightning Data Service hands to components. */
import type { RecordError } from '../../runtime/types.ts';
import type { ObjectDescribe } from '../../schema/types.ts';

export interface FieldErrorBody {
  readonly constituentField: string | null;
  readonly duplicateRecordError: null;
  readonly errorCode: string;
  readonly field: string | null;
  readonly fieldLabel: string | null;
  readonly message: string;
}

export interface UiErrorBody {
  readonly message: string;
  readonly statusCode: number;
  readonly errorCode: string;
  readonly enhancedErrorType?: 'RecordError';
  readonly output?: {
    readonly errors: readonly FieldErrorBody[];
    readonly fieldErrors: Readonly<Record<string, readonly FieldErrorBody[]>>;
  };
}

/** A request that the UI API refuses. */
export class UiApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly body: UiErrorBody;

  constructor(status: number, errorCode: string, message: string, output?: UiErrorBody['output']) {
    super(message);
    this.name = 'UiApiError';
    this.code = errorCode;
    this.status = status;
    this.body = {
      message,
      statusCode: status,
      errorCode,
      ...(output ? { enhancedErrorType: 'RecordError', output } : {}),
    };
  }
}

/** The record does not exist, or the user must not see it: the platform does not tell which. */
export const notFound = (): UiApiError => new UiApiError(404, 'NOT_FOUND', 'The requested resource does not exist');

export const invalidType = (name: string): UiApiError =>
  new UiApiError(404, 'INVALID_TYPE', `Object ${name} is not supported in UI API`);

export const badRequest = (message: string, errorCode = 'INVALID_PARAMETER'): UiApiError =>
  new UiApiError(400, errorCode, message);

/** A save that validation, a trigger or security refused: messages at their fields, the others on top. */
export function recordError(
  object: ObjectDescribe,
  errors: readonly RecordError[],
  verb: 'create' | 'update' | 'delete',
): UiApiError {
  const top: FieldErrorBody[] = [];
  const byField: Record<string, FieldErrorBody[]> = {};
  for (const { statusCode, message, fields } of errors) {
    const known = fields.map((name) => object.field(name)).filter((field) => field !== undefined);
    const body = (field: string | null, fieldLabel: string | null): FieldErrorBody => ({
      constituentField: null,
      duplicateRecordError: null,
      errorCode: statusCode,
      field,
      fieldLabel,
      message,
    });
    if (known.length === 0) top.push(body(null, null));
    // Compound fields are edited as one: the part's error is reported at the part.
    for (const field of known) (byField[field.name] ??= []).push(body(field.name, field.label));
  }
  const status = errors.some(
    ({ statusCode }) =>
      statusCode === 'INSUFFICIENT_ACCESS_OR_READONLY' ||
      statusCode === 'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
  )
    ? 403
    : 400;
  return new UiApiError(
    status,
    'INVALID_INPUT',
    `An error occurred while trying to ${verb} the record. Please try again.`,
    { errors: top, fieldErrors: byField },
  );
}
