/** Apex REST: finds the class and method that a request is for, and runs it (Apex Developer Guide, "Exposing Apex Classes as REST Web Services"). */
import type { RestAnswer, RestCall } from '../runtime/types.ts';
import { ApexBlob } from '../values/ApexBlob.ts';
import type { CompiledProject } from './compile.ts';
import type { ApexMap } from './execution/ApexMap.ts';
import type { Execution } from './execution/Execution.ts';
import type { Bean } from './library/bean.ts';
import { newRestRequest, newRestResponse } from './library/Http.ts';
import { fromJson, serialize } from './library/Json.ts';
import type { MethodSymbol, TypeSymbol } from './types/symbols.ts';

/** A request that reaches no Apex code: nothing answers it, or its body is not what the method takes. */
export class RestRefusal extends Error {
  readonly status: number;
  readonly errorCode: 'NOT_FOUND' | 'METHOD_NOT_ALLOWED' | 'JSON_PARSER_ERROR';
  constructor(status: number, errorCode: RestRefusal['errorCode'], message: string) {
    super(message);
    this.name = 'RestRefusal';
    this.status = status;
    this.errorCode = errorCode;
  }
}

interface Service {
  readonly symbol: TypeSymbol;
  /** `/accounts/*` */
  readonly mapping: string;
}

/** The static method of the service that a request is for. Throws RestRefusal. */
export function findRestMethod(compiled: CompiledProject, call: RestCall): { method: MethodSymbol; mapping: string } {
  const service = findService(compiled, call.path);
  if (!service) throw new RestRefusal(404, 'NOT_FOUND', 'Could not find a match for URL');
  const annotation = `http${call.method.toLowerCase()}`;
  const method = [...service.symbol.methods.values()]
    .flat()
    .find((candidate) => candidate.isStatic && candidate.annotations?.some(({ name }) => name === annotation));
  if (!method)
    throw new RestRefusal(
      405,
      'METHOD_NOT_ALLOWED',
      `HTTP Method '${call.method}' not allowed. Allowed are ${allowed(service.symbol)}`,
    );
  return { method, mapping: service.mapping };
}

function allowed(symbol: TypeSymbol): string {
  return [...symbol.methods.values()]
    .flat()
    .flatMap((method) => method.annotations ?? [])
    .flatMap(({ name }) => (/^http\w+$/.test(name) ? [name.slice('http'.length).toUpperCase()] : []))
    .join(',');
}

/** The service whose mapping fits; a fixed path goes before one with `*`, a longer one before a shorter. */
function findService(compiled: CompiledProject, path: string): Service | undefined {
  return compiled.classes
    .flatMap((symbol) => {
      const annotation = symbol.annotations?.find(({ name }) => name === 'restresource');
      const mapping = annotation?.parameters.get('urlmapping');
      return typeof mapping === 'string' ? [{ symbol, mapping }] : [];
    })
    .filter(({ mapping }) =>
      mapping.endsWith('*') ? path.startsWith(mapping.slice(0, -1)) || path === mapping.slice(0, -2) : path === mapping,
    )
    .sort(
      (left, right) =>
        Number(left.mapping.endsWith('*')) - Number(right.mapping.endsWith('*')) ||
        right.mapping.length - left.mapping.length,
    )[0];
}

/** Runs a service's method; RestContext holds request and response. */
export function callRestMethod(
  running: Execution,
  { method, mapping }: { readonly method: MethodSymbol; readonly mapping: string },
  call: RestCall,
): RestAnswer {
  const request = newRestRequest();
  request.values.set('httpMethod', call.method);
  request.values.set('requestURI', call.path);
  request.values.set('resourcePath', `/services/apexrest${mapping}`);
  request.values.set('remoteAddress', call.remoteAddress);
  request.values.set('requestBody', new ApexBlob(call.body));
  for (const [name, value] of call.parameters) request.get<ApexMap>('params')?.put(name, value);
  for (const [name, value] of call.headers) request.get<ApexMap>('headers')?.put(name, value);
  const response = newRestResponse();
  running.extras.set('restRequest', request);
  running.extras.set('restResponse', response);
  const values = argumentsOf(method, call);
  const loaded = running.program.class(method.owner.fullName) as unknown as Record<
    string,
    (...values: unknown[]) => unknown
  >;
  const result = loaded[method.javascriptName]?.(...values);
  return answerOf(response, method.returns === running.program.table.void ? undefined : result);
}

/** Parameters by their names in the JSON of the body. */
function argumentsOf(method: MethodSymbol, call: RestCall): readonly unknown[] {
  if (method.parameters.length === 0) return [];
  const given = jsonObject(new TextDecoder().decode(call.body));
  const names = method.node?.parameters.map(({ name }) => name) ?? [];
  return method.parameters.map((type, index) => fromJson(given[names[index] ?? ''] ?? null, type));
}

/** Throws RestRefusal. */
function jsonObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new RestRefusal(400, 'JSON_PARSER_ERROR', (error as Error).message);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new RestRefusal(400, 'JSON_PARSER_ERROR', 'The body must be a JSON object with the parameters of the method.');
}

function answerOf(response: Bean, result: unknown): RestAnswer {
  const headers = new Map<string, string>();
  for (const [name, value] of response.get<ApexMap>('headers')?.entries() ?? [])
    headers.set(String(name).toLowerCase(), String(value));
  const body = response.get<ApexBlob>('responseBody');
  const status = response.get<number>('statusCode') ?? 200;
  if (body) return { status, headers, body: body.bytes };
  if (!headers.has('content-type')) headers.set('content-type', 'application/json;charset=UTF-8');
  const text = result === undefined ? '' : serialize(result, false, false);
  return { status, headers, body: new TextEncoder().encode(text) };
}
