/** Static files: the built library, the project's components, the design system, static resources. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { FastifyReply } from 'fastify';

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.gif': 'image/gif',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
  '.pdf': 'application/pdf',
  '.resource': 'application/octet-stream',
};

export const contentTypeOf = (file: string): string => contentTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream';

/** How long a browser may keep a file: for ever when its address changes with its content, otherwise not at all. */
export type Caching = 'immutable' | 'day' | 'none';

const cacheControl: Readonly<Record<Caching, string>> = {
  immutable: 'public, max-age=31536000, immutable',
  day: 'public, max-age=86400',
  none: 'no-store',
};

/** Answers with a file below `directory`; 404 for anything else, also for a path that tries to leave it. */
export function sendFile(reply: FastifyReply, directory: string, relative: string, caching: Caching): FastifyReply {
  const file = path.resolve(directory, `./${relative}`);
  if (!file.startsWith(directory + path.sep) || !existsSync(file) || !statSync(file).isFile()) {
    return reply.code(404).type('text/plain; charset=utf-8').send(`There is no file ${relative}.`);
  }
  return reply.header('cache-control', cacheControl[caching]).type(contentTypeOf(file)).send(createReadStream(file));
}

/** Answers with bytes in memory. */
export function sendBytes(reply: FastifyReply, name: string, bytes: Uint8Array | undefined, caching: Caching): FastifyReply {
  if (bytes === undefined) return reply.code(404).type('text/plain; charset=utf-8').send(`There is no file ${name}.`);
  return reply.header('cache-control', cacheControl[caching]).type(contentTypeOf(name)).send(Buffer.from(bytes));
}
