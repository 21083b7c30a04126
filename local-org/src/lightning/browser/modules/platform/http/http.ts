/** Calls to the local org's REST API, with errors in the shape that Lightning Data Service gives to components. */
import { environment } from 'platform/environment';

/** Error of a wire or of an imperative call: `body.message` first, field errors below `body.output`. */
export interface FetchResponse {
  readonly ok: false;
  readonly status: number;
  readonly statusText: string;
  readonly errorType: 'fetchResponse';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
}

export interface ErrorBody {
  readonly message: string;
  readonly statusCode?: number;
  readonly errorCode?: string;
  readonly output?: {
    readonly errors: readonly { readonly message: string; readonly errorCode?: string }[];
    readonly fieldErrors: Readonly<
      Record<string, readonly { readonly message: string; readonly errorCode?: string; readonly field?: string }[]>
    >;
  };
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/**
 * Sends a request below `/services/data/vNN.N` and returns the parsed body.
 * @throws a frozen FetchResponse when the server refuses or cannot be reached
 */
export async function request<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const response = await send(method, `/services/data/v${environment.apiVersion}${path}`, body);
  const text = await response.text();
  const json: unknown = text === '' ? undefined : parse(text);
  if (!response.ok) throw failure(response.status, response.statusText, bodyOf(json, response));
  return json as T;
}

async function send(method: Method, url: string, body: unknown): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: 'same-origin',
    });
  } catch {
    throw failure(0, 'Offline', {
      message: 'The local org cannot be reached. Is the server still running in its terminal?',
      errorCode: 'SERVER_UNAVAILABLE',
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}

/** Core REST answers with a list of errors, the UI API with one object. */
function bodyOf(json: unknown, response: Response): ErrorBody {
  const first: unknown = Array.isArray(json) ? json[0] : json;
  const body = (typeof first === 'object' && first !== null ? first : {}) as Partial<ErrorBody>;
  return { ...body, message: body.message ?? response.statusText, statusCode: body.statusCode ?? response.status };
}

function failure(status: number, statusText: string, body: ErrorBody): FetchResponse {
  return deepFreeze({ ok: false, status, statusText, errorType: 'fetchResponse', headers: {}, body });
}

/** Freezes a JSON value and everything in it: components must not change what others see. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

/** JSON with sorted keys: equal values give equal texts. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** `?a=1&b=2` of the values that are there; lists are joined with commas. */
export function queryString(
  parameters: Readonly<Record<string, string | number | boolean | readonly string[] | undefined | null>>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === null || value === '') continue;
    const text = Array.isArray(value) ? value.join(',') : String(value);
    if (text !== '') search.set(name, text);
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
