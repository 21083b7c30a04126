/** The Apex service of the SOAP API: `executeAnonymous`, which `sf apex run` calls, with its debug log. */
import type { Element } from '@xmldom/xmldom';
import type { FastifyInstance } from 'fastify';
import type { AnonymousOutcome } from '../../runtime/types.ts';
import { executeAnonymous } from '../anonymousApex.ts';
import { API_VERSION } from '../context.ts';
import type { ApiContext } from '../context.ts';
import { ApiError } from '../errors.ts';
import type { Sessions } from '../sessions.ts';
import { toApiError } from '../platformErrors.ts';
import { resource } from '../rest/resource.ts';
import type { ApiRequest } from '../rest/resource.ts';
import { SoapFault, childElements, childText, parseEnvelope, writeEnvelope, writeFault } from './envelope.ts';
import type { SoapContent, SoapRequest } from './envelope.ts';

const APEX_NAMESPACE = 'http://soap.sforce.com/2006/08/apex';

/** Adds the service; requests carry their session in the envelope's SessionHeader. */
export function addApexSoap(server: FastifyInstance, { org, sessions }: ApiContext): void {
  server.addContentTypeParser('text/xml', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  const answer = (request: ApiRequest): string => {
    const envelope = parseEnvelope(request.body);
    const userId = sessionUser(envelope, sessions);
    const { operation } = envelope;
    if (operation.localName !== 'executeAnonymous' || operation.namespaceURI !== APEX_NAMESPACE) {
      throw new SoapFault(
        'soapenv:Client',
        `No operation available for request {${operation.namespaceURI ?? ''}}${operation.localName}, please check the WSDL for the service.`,
      );
    }
    const source = sourceOf(operation);
    const { log, ...result } = executeAnonymous(org, userId, source);
    const settings = logSettings(envelope.headers.get('DebuggingHeader'));
    const headers: Record<string, SoapContent> =
      settings === null ? {} : { DebuggingInfo: { debugLog: debugLog(settings, source, log) } };
    return writeEnvelope(APEX_NAMESPACE, headers, { executeAnonymousResponse: { result: resultOf(result) } });
  };

  const handler = (request: ApiRequest): { readonly status: number; readonly body: string } => {
    try {
      return { status: 200, body: answer(request) };
    } catch (error) {
      return { status: 500, body: writeFault(toFault(error)) };
    }
  };
  for (const path of ['/services/Soap/s/:version', '/services/Soap/s/:version/:organization']) {
    resource(server, path, {
      POST: (request, reply) => {
        const { status, body } = handler(request);
        return reply.code(status).type('text/xml;charset=UTF-8').send(body);
      },
    });
  }
}

function sessionUser({ headers }: SoapRequest, sessions: Sessions): string {
  const sessionId = childText(headers.get('SessionHeader'), 'sessionId') ?? '';
  try {
    return sessions.require(sessionId.trim()).userId;
  } catch {
    throw new SoapFault(
      'sf:INVALID_SESSION_ID',
      'INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session',
    );
  }
}

function sourceOf(operation: Element): string {
  // The WSDL names the element String; the CLI writes apexcode, and the platform goes by position.
  const [source] = childElements(operation);
  if (!source) {
    throw new SoapFault('soapenv:Client', 'executeAnonymous needs one element with the Apex source.');
  }
  return source.textContent ?? '';
}

/** Fields in the order of the WSDL. */
function resultOf(outcome: Omit<AnonymousOutcome, 'log'>): SoapContent {
  const { column, compileProblem, compiled, exceptionMessage, exceptionStackTrace, line, success } = outcome;
  return { column, compileProblem, compiled, exceptionMessage, exceptionStackTrace, line, success };
}

function toFault(error: unknown): SoapFault {
  if (error instanceof SoapFault) {
    return error;
  }
  const { body }: ApiError = toApiError(error);
  const { errorCode, message } = body[0] ?? {
    errorCode: 'UNKNOWN_EXCEPTION',
    message: 'An unexpected error occurred.',
  };
  return new SoapFault(`sf:${errorCode}`, `${errorCode}: ${message}`);
}

/** First line of the log: what was logged at which level; null when no log is asked for. */
function logSettings(header: Element | undefined): string | null {
  if (!header) {
    return null;
  }
  const categories = childElements(header).filter(({ localName }) => localName === 'categories');
  if (categories.length > 0) {
    return categories
      .map(
        (category) =>
          `${childText(category, 'category')?.toUpperCase()},${childText(category, 'level')?.toUpperCase()}`,
      )
      .join(';');
  }
  return childText(header, 'debugLevel')?.toUpperCase() === 'NONE' ? null : 'APEX_CODE,DEBUG';
}

function debugLog(settings: string, source: string, log: string): string {
  const lines = source.split(/\r?\n/).map((line) => `Execute Anonymous: ${line}`);
  return [`${API_VERSION} ${settings}`, ...lines, ...(log === '' ? [] : [log]), ''].join('\n');
}
