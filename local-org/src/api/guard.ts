/** Who may talk to the server: the loopback address only, pages of its own only, and only with a session. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './errors.ts';
import type { Session, Sessions } from './sessions.ts';

const SESSION_COOKIE = 'sid';
const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** Paths that need a session; everything else is the shell's pages and files. */
const PROTECTED = /^\/(services|id)(\/|$|\?)/;
/** The list of API versions is public, as on the platform; SOAP requests carry their session in the envelope. */
const PUBLIC = /^\/services\/(data\/?(\?|$)|Soap\/)/;

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the user whose session this is. */
    userId: string;
    /** Text that opened it; '' when the page has none yet. */
    sessionText: string;
    session: Session;
  }
  interface FastifyInstance {
    sessions: Sessions;
  }
}

/**
 * Refuses foreign Host headers (DNS rebinding), foreign Origin headers (another site's page) and requests without a
 * session. A page of the shell that has no session gets the administrator's as a cookie that scripts and other sites
 * can't use.
 *
 * @param server the server to guard; call before routes are added
 */
export function guard(server: FastifyInstance, sessions: Sessions): void {
  server.decorate('sessions', sessions);
  server.decorateRequest('userId', '');
  server.decorateRequest('sessionText', '');
  server.decorateRequest('session');
  server.addHook('onRequest', async (request, reply) => {
    checkHost(request);
    checkOrigin(request);
    if (!PROTECTED.test(request.url)) {
      const text = cookieOf(request) ?? '';
      if (!sessions.find(text)) setSessionCookie(reply, sessions.pageToken);
      enter(request, text, sessions.find(text) ?? sessions.require(sessions.pageToken));
    } else if (!PUBLIC.test(request.url)) {
      const text = textOf(request);
      enter(request, text, sessions.require(text));
    }
  });
}

function checkHost(request: FastifyRequest): void {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!LOOPBACK_NAMES.has(name)) {
    throw new ApiError(403, 'INVALID_HOST', `This server answers to 127.0.0.1 and localhost, not to "${name}".`);
  }
}

function checkOrigin(request: FastifyRequest): void {
  const origin = request.headers.origin;
  if (origin !== undefined && origin !== `http://${request.headers.host}`) {
    throw new ApiError(403, 'INVALID_ORIGIN', `Requests from pages of ${origin} are refused.`);
  }
}

function enter(request: FastifyRequest, text: string, session: Session): void {
  request.sessionText = text;
  request.session = session;
  request.userId = session.userId;
}

function textOf(request: FastifyRequest): string {
  return /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? cookieOf(request) ?? '';
}

function cookieOf(request: FastifyRequest): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim().split('='));
  const value = cookies.find(([name]) => name === SESSION_COOKIE)?.[1];
  return value === undefined ? undefined : decodeURIComponent(value);
}

/** Gives the browser a session. */
export function setSessionCookie(reply: FastifyReply, token: string): void {
  void reply.header('set-cookie', `${SESSION_COOKIE}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict`);
}
