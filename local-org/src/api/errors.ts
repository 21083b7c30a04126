/** One error of a REST response, as Salesforce words it. */
export interface ErrorBody {
  readonly message: string;
  readonly errorCode: string;
  readonly fields?: readonly string[];
}

/** A request that can't be served: carries the HTTP status and the body that Salesforce would send. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: readonly ErrorBody[];

  constructor(status: number, errorCode: string, message: string, fields?: readonly string[]) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.body = [{ message, errorCode, ...(fields ? { fields } : {}) }];
  }
}

export const notFound = (message = 'The requested resource does not exist'): ApiError =>
  new ApiError(404, 'NOT_FOUND', message);

/**
 * HTTP status of a failed record operation, by System.StatusCode.
 * Source: REST API Developer Guide, "Status Codes and Error Responses".
 */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  ENTITY_IS_DELETED: 404,
  INSUFFICIENT_ACCESS_OR_READONLY: 403,
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: 403,
  CANNOT_DELETE_MANAGED_OBJECT: 403,
  NOT_FOUND: 404,
};

/**
 * @param statusCode System.StatusCode of the first error
 * @returns the HTTP status that a single-record request answers with
 */
export function statusOf(statusCode: string): number {
  return STATUS_BY_CODE[statusCode] ?? 400;
}
