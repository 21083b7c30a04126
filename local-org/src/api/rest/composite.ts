/**
 * `/composite`, `/composite/batch` and `/composite/graph`: several requests in one (REST API Developer Guide, "Composite",
 * "Composite Batch", "Composite Graph"). Parts run in their order; in an all-or-none composite and in a graph they share one
 * transaction.
 */
import type { FastifyInstance } from 'fastify';
import type { Transaction } from '../../runtime/types.ts';
import { API_VERSION, DATA_PATH, newestVersion } from '../context.ts';
import type { ApiContext } from '../context.ts';
import { ApiError, notFound } from '../errors.ts';
import { toApiError } from '../platformErrors.ts';
import { jsonObject, resource, RouteTable } from './resource.ts';
import type { ApiReply, ApiRequest, Method } from './resource.ts';

const MOST_PARTS = 25;
const MOST_NODES = 500;
/** Resources that parts may name, below the version's path. */
const ALLOWED = /^\/(sobjects|query|queryAll|composite\/sobjects|limits)(\/|$|\?)/;
const REFERENCE = /@\{([A-Za-z]\w*)((?:\.\w+|\[\d+\])*)\}/g;

interface Part {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly referenceId: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const failed = ({ status }: Answer): boolean => status >= 400;

/** Thrown within a shared transaction to take it back. */
class Halted extends Error {
  readonly answers: readonly Answer[];
  constructor(answers: readonly Answer[]) {
    super('halted');
    this.answers = answers;
  }
}

/** Adds the resources; the resources that parts may name must be on the server. */
export function addComposite(server: FastifyInstance, { org }: ApiContext): void {
  const routes = RouteTable.of(server);

  const runPart = (outer: ApiRequest, part: Omit<Part, 'referenceId'>, transaction?: Transaction): Answer => {
    const reply = new PartReply();
    try {
      const url = new URL(newestVersion(part.url), 'http://127.0.0.1');
      const path = url.pathname.startsWith(DATA_PATH) ? url.pathname.slice(DATA_PATH.length) : '';
      const found = ALLOWED.test(path) ? routes.find(url.pathname) : undefined;
      const handler = found?.handlers[part.method.toUpperCase() as Method];
      if (!found || !handler) throw notFound();
      const request: ApiRequest = {
        params: found.params,
        query: Object.fromEntries(url.searchParams),
        body: part.body,
        headers: outer.headers,
        userId: outer.userId,
        ...(transaction ? { transaction } : {}),
      };
      const result = handler(request, reply);
      return reply.answer(result);
    } catch (error) {
      const { status, body } = toApiError(error);
      return { status, headers: {}, body };
    }
  };

  /** Runs parts one after another; a part that refers to one that failed is not run. */
  const runParts = (outer: ApiRequest, parts: readonly Part[], allOrNone: boolean): readonly Answer[] => {
    const answers: Answer[] = [];
    const bodies = new Map<string, unknown>();
    const run = (transaction?: Transaction): void => {
      for (const part of parts) {
        const answer = referring(part, bodies, (resolved) => runPart(outer, resolved, transaction));
        answers.push(answer);
        if (!failed(answer)) bodies.set(part.referenceId, answer.body);
        else if (allOrNone) throw new Halted(answers);
      }
    };
    if (!allOrNone) {
      run();
      return answers;
    }
    try {
      org.transaction({ userId: outer.userId }, run);
      return answers;
    } catch (error) {
      if (!(error instanceof Halted)) throw error;
      return parts.map((_, index) => (index === error.answers.length - 1 ? (error.answers[index] as Answer) : HALTED));
    }
  };

  resource(server, `${DATA_PATH}/composite`, {
    POST: (request) => {
      const { compositeRequest, allOrNone } = jsonObject(request);
      const parts = partsOf(compositeRequest, 'compositeRequest', MOST_PARTS);
      return { compositeResponse: compositeResponse(parts, runParts(request, parts, allOrNone === true)) };
    },
  });
  resource(server, `${DATA_PATH}/composite/graph`, {
    POST: (request) => {
      const { graphs } = jsonObject(request);
      if (!Array.isArray(graphs)) throw invalid('The request body needs a list "graphs" of graphs.');
      // All are read before the first runs: a request that is refused saves nothing.
      const read = graphs.map((graph: unknown) => {
        const { graphId, compositeRequest } = (graph ?? {}) as Record<string, unknown>;
        if (typeof graphId !== 'string') throw invalid('Every graph needs its graphId.');
        return { graphId, parts: partsOf(compositeRequest, 'compositeRequest', MOST_NODES) };
      });
      return {
        graphs: read.map(({ graphId, parts }) => {
          const answers = runParts(request, parts, true);
          return {
            graphId,
            graphResponse: { compositeResponse: compositeResponse(parts, answers) },
            isSuccessful: !answers.some(failed),
          };
        }),
      };
    },
  });
  resource(server, `${DATA_PATH}/composite/batch`, {
    POST: (request) => {
      const { batchRequests, haltOnError } = jsonObject(request);
      const parts = listOf(batchRequests, 'batchRequests', MOST_PARTS);
      const read = parts.map(({ method, url, richInput }) => {
        if (typeof method !== 'string' || typeof url !== 'string')
          throw invalid('Every part of batchRequests needs a method and a url.');
        return { method, url, richInput };
      });
      let halted = false;
      const results = read.map(({ method, url, richInput }) => {
        if (halted) return { statusCode: 412, result: [BATCH_HALTED] };
        const address = url.startsWith('/') ? url : `/services/data/${url}`;
        const answer = runPart(request, { method, url: address, body: richInput });
        halted = haltOnError === true && failed(answer);
        return { statusCode: answer.status, result: answer.body };
      });
      return { hasErrors: results.some(({ statusCode }) => statusCode >= 400), results };
    },
  });
}

const BATCH_HALTED = { errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' } as const;

/** What the other parts of an all-or-none request answer when one has failed. */
const HALTED: Answer = {
  status: 400,
  headers: {},
  body: [
    {
      errorCode: 'PROCESSING_HALTED',
      message: 'The transaction was rolled back since another operation in the same transaction failed.',
    },
  ],
};

function compositeResponse(parts: readonly Part[], answers: readonly Answer[]): readonly unknown[] {
  return parts.map(({ referenceId }, index) => {
    const { status, headers, body } = answers[index] as Answer;
    return { body, httpHeaders: headers, httpStatusCode: status, referenceId };
  });
}

/** A reply that keeps what a handler says. */
class PartReply implements ApiReply {
  #status = 200;
  readonly #headers: Record<string, string> = {};
  #body: unknown = null;

  code(status: number): this {
    this.#status = status;
    return this;
  }
  header(name: string, value: string): this {
    this.#headers[name === 'location' ? 'Location' : name] = value;
    return this;
  }
  type(): this {
    return this;
  }
  send(body?: unknown): this {
    this.#body = body ?? null;
    return this;
  }

  /** @param result what the handler returned: this reply when it has been sent, else the body */
  answer(result: unknown): Answer {
    return { status: this.#status, headers: this.#headers, body: result === this ? this.#body : result };
  }
}

/** The part with its references replaced by what earlier parts answered; an error when one of them has no such value. */
function referring(part: Part, bodies: ReadonlyMap<string, unknown>, run: (resolved: Part) => Answer): Answer {
  try {
    return run({ ...part, url: resolveText(part.url, bodies), body: resolveValue(part.body, bodies) });
  } catch (error) {
    const { status, body } = toApiError(error);
    return { status, headers: {}, body };
  }
}

function resolveValue(value: unknown, bodies: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string') return resolveText(value, bodies);
  if (Array.isArray(value)) return value.map((item) => resolveValue(item, bodies));
  if (typeof value !== 'object' || value === null) return value;
  // Exact numbers and other values that the JSON reader makes are no plain objects.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolveValue(item, bodies)]));
}

function resolveText(text: string, bodies: ReadonlyMap<string, unknown>): string {
  return text.replace(REFERENCE, (whole, name: string, path: string) => {
    let value = bodies.get(name);
    for (const step of path.match(/\w+/g) ?? [])
      value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[step];
    if (value === undefined || value === null || typeof value === 'object')
      throw new ApiError(
        400,
        'PROCESSING_HALTED',
        `Invalid reference specified. No value for ${whole.slice(2, -1)} found in ${name}`,
      );
    return `${value as string | number | boolean}`;
  });
}

function invalid(message: string): ApiError {
  return new ApiError(400, 'INVALID_INPUT', message);
}

function listOf(value: unknown, name: string, most: number): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value) || value.some((part) => typeof part !== 'object' || part === null))
    throw invalid(`The request body needs a list "${name}" of requests.`);
  if (value.length > most)
    throw new ApiError(400, 'LIMIT_EXCEEDED', `${name} has ${value.length} requests; the maximum is ${most}.`);
  return value as Readonly<Record<string, unknown>>[];
}

function partsOf(value: unknown, name: string, most: number): readonly Part[] {
  const names = new Set<string>();
  return listOf(value, name, most).map(({ method, url, body, referenceId }) => {
    if (typeof method !== 'string' || typeof url !== 'string' || typeof referenceId !== 'string')
      throw invalid(`Every part of ${name} needs a method, a url and a referenceId.`);
    if (!/^[A-Za-z]\w*$/.test(referenceId) || names.has(referenceId))
      throw invalid(
        `The referenceId "${referenceId}" must begin with a letter, hold letters, digits and _ only, and stand once.`,
      );
    if (!url.startsWith('/services/data/'))
      throw invalid(`The url of ${referenceId} must begin with /services/data/v${API_VERSION}/.`);
    names.add(referenceId);
    return { method, url, body, referenceId };
  });
}
