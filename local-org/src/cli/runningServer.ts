/** How `query` and `exec` reach the data while `start` holds them: through the running server's REST API. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'server.json';

interface ServerFile {
  readonly url: string;
  readonly token: string;
}

/** An answer of the running server that is an error. */
export class RemoteError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.name = 'RemoteError';
    this.code = code;
  }
}

/**
 * Leaves word of a server in its data folder, readable by its user only.
 *
 * @returns a function that takes the word back
 */
export function announceServer(data: string, server: ServerFile): () => void {
  const file = join(data, FILE);
  writeFileSync(file, JSON.stringify(server), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/**
 * Calls the server that serves a data folder.
 *
 * @param path path of the resource, from /services on
 * @param body JSON to POST; without it the resource is read
 * @returns the answer's JSON, or undefined when no server runs
 * @throws RemoteError when the server refuses the request
 */
export async function callRunningServer(data: string, path: string, body?: unknown): Promise<unknown> {
  const file = join(data, FILE);
  if (!existsSync(file)) {
    return undefined;
  }
  const { url, token } = JSON.parse(readFileSync(file, 'utf8')) as ServerFile;
  const response = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => undefined); // the server died without taking its word back
  if (!response) {
    return undefined;
  }
  const answer: unknown = await response.json();
  if (!response.ok) {
    const [error] = answer as { errorCode: string; message: string }[];
    throw new RemoteError(error?.errorCode ?? String(response.status), error?.message ?? response.statusText);
  }
  return answer;
}
