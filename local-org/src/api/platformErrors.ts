/** Turns whatever a request threw into the status and body that Salesforce would send. */
import { AccessDenied, DmlFailure, LimitExceeded, RuntimeProblem } from '../runtime/errors.ts';
import { JsonValueError } from '../runtime/json.ts';
import { QueryError } from '../soql/errors.ts';
import { ApiError } from './errors.ts';

/** fastify's own refusals, by its error code. */
const TRANSPORT: Readonly<Record<string, [status: number, errorCode: string, message: string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'REQUEST_ENTITY_TOO_LARGE', 'The request body is larger than 50 MB.'],
  FST_ERR_BAD_URL: [400, 'BAD_REQUEST', 'The path holds a % that is no escape.'],
};

/**
 * @param error what a handler or a lower room threw
 * @returns an error with status and body; an unexpected one is written to standard error and answered with 500
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) {
    return error;
  }
  if (error instanceof QueryError) {
    return new ApiError(400, error.code, error.message);
  }
  if (error instanceof JsonValueError) {
    return new ApiError(400, error.code, error.message, error.fields);
  }
  if (error instanceof DmlFailure) {
    const [first] = error.failures[0]?.errors ?? [];
    return new ApiError(400, first?.statusCode ?? 'UNKNOWN_EXCEPTION', first?.message ?? error.message, first?.fields);
  }
  if (error instanceof AccessDenied) {
    return new ApiError(403, 'INSUFFICIENT_ACCESS_OR_READONLY', error.message);
  }
  if (error instanceof LimitExceeded || error instanceof RuntimeProblem) {
    return new ApiError(400, error.code, error.message);
  }
  const transport = TRANSPORT[(error as { code?: string }).code ?? ''];
  if (transport) {
    return new ApiError(...transport);
  }
  process.stderr.write(`A request failed unexpectedly:\n${error instanceof Error ? error.stack : String(error)}\n`);
  return new ApiError(
    500,
    'UNKNOWN_EXCEPTION',
    'An unexpected error occurred; the server wrote it to its standard error.',
  );
}
