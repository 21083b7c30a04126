import type { FastifyRequest } from 'fastify';
import type { Org } from '../runtime/types.ts';

/** What every REST resource works with. */
export interface ApiContext {
  readonly org: Org;
}

/** The only API version that the local org speaks. */
export const API_VERSION = '67.0';
export const DATA_PATH = `/services/data/v${API_VERSION}`;

/** Base address under which the client reached the server, for example http://127.0.0.1:3000. */
export function instanceUrl(request: FastifyRequest): string {
  return `http://${request.headers.host}`;
}
