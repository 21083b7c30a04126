/** Who may talk to the server: the loopback address only, pages of its own only, and only with a session. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './errors.ts';

const SESSION_COOKIE = 'sid';
const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** Paths that need a session; everything else is the shell's pages and files. */
const PROTECTED = /^\/(services|id)(\/|$|\?)/;
/** The list of API versions is public, as on the platform; SOAP requests carry their session in the envelope. */
const PUBLIC = /^\/services\/(data\/?(\?|$)|Soap\/)/;

declare module 'fastify' {
  interface FastifyRequest {
    /** Id of the user whose session this is; '' on pages and files. */
    userId: string;
  }
}

/**
 * Texts that open the administrator's session: the token alone, and as the platform writes session Ids, with the
 * organisation's Id of 15 or 18 characters before it. The Salesforce CLI takes nothing but the long form.
 *
 * @returns Id of the user by text
 */
export function sessionsOf(organizationId: string, token: string, userId: string): ReadonlyMap<string, string> {
  const texts = [token, `${organizationId.slice(0, 15)}!${token}`, `${organizationId}!${token}`];
  return new Map(texts.map((text) => [text, userId]));
}

/**
 * Refuses foreign Host headers (DNS rebinding), foreign Origin headers (another site's page) and requests without a
 * session. A page of the shell gets the administrator's session as a cookie that scripts and other sites can't use.
 *
 * @param server the server to guard; call before routes are added
 * @param sessions Id of the user by bearer token
 * @param pageToken token that the shell's pages act with
 */
export function guard(server: FastifyInstance, sessions: ReadonlyMap<string, string>, pageToken: string): void {
  server.decorateRequest('userId', '');
  server.addHook('onRequest', async (request, reply) => {
    checkHost(request);
    checkOrigin(request);
    if (!PROTECTED.test(request.url)) {
      setSessionCookie(request, reply, pageToken);
    } else if (!PUBLIC.test(request.url)) {
      request.userId = userOf(request, sessions);
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

function userOf(request: FastifyRequest, sessions: ReadonlyMap<string, string>): string {
  const token = /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? cookieOf(request) ?? '';
  return userOfSession(sessions, token);
}

/**
 * The user whose session a text opens.
 *
 * @throws ApiError INVALID_SESSION_ID when it opens none
 */
export function userOfSession(sessions: ReadonlyMap<string, string>, token: string): string {
  for (const [known, userId] of sessions) {
    if (sameText(known, token)) {
      return userId;
    }
  }
  throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
}

function cookieOf(request: FastifyRequest): string | undefined {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim().split('='));
  const value = cookies.find(([name]) => name === SESSION_COOKIE)?.[1];
  return value === undefined ? undefined : decodeURIComponent(value);
}

function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  if (cookieOf(request) !== token) {
    void reply.header(
      'set-cookie',
      `${SESSION_COOKIE}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict`,
    );
  }
}

function sameText(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
