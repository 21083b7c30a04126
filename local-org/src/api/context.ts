import type { Org } from '../runtime/types.ts';
import type { Sessions } from './sessions.ts';

/** What every REST resource works with. */
export interface ApiContext {
  readonly org: Org;
  readonly sessions: Sessions;
}

/** The API version that the local org speaks. */
export const API_VERSION = '67.0';
export const DATA_PATH = `/services/data/v${API_VERSION}`;

/** Versions that clients may name, oldest and newest; earlier ones are retired (API End-of-Life Policy). */
const OLDEST_VERSION = 31;
const NEWEST_VERSION = 67;

/** One entry of the list of versions. */
export interface ApiVersion {
  /** Release, for example Summer '26. */
  readonly label: string;
  readonly url: string;
  readonly version: string;
}

/** Every version that is served, oldest first. Version 31 came with Summer '14; three releases a year followed. */
export const API_VERSIONS: readonly ApiVersion[] = Array.from(
  { length: NEWEST_VERSION - OLDEST_VERSION + 1 },
  (_, index) => {
    const version = `${OLDEST_VERSION + index}.0`;
    const season = ['Spring', 'Summer', 'Winter'][(index + 1) % 3] ?? '';
    const year = 14 + Math.floor((index + 2) / 3);
    return { label: `${season} '${year}`, url: `/services/data/v${version}`, version };
  },
);

/**
 * Clients that name an earlier version reach the resources of the newest: they answer in its shape. Clients that were
 * given an instance address that ends with a slash write two; those count as one, as on the platform.
 *
 * @param url path and query of a request
 * @returns the same with the newest version in its path
 */
export function newestVersion(url: string): string {
  return url
    .replace(/^\/{2,}/, '/')
    .replace(/^(\/services\/data\/)v(\d\d)\.0(?=[/?]|$)/, (text, start: string, version: string) =>
      Number(version) >= OLDEST_VERSION && Number(version) < NEWEST_VERSION ? `${start}v${API_VERSION}` : text,
    );
}

/** Base address under which the client reached the server, for example http://127.0.0.1:3000. */
export function instanceUrl(request: { readonly headers: { readonly host?: string | string[] | undefined } }): string {
  return `http://${String(request.headers.host)}`;
}
