/** Static files: the built library, the project's components, the design system, static resources. */
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { FastifyReply } from 'fastify';
import type { MetadataComponent } from '../../project/types.ts';

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

export const contentTypeOf = (file: string): string =>
  contentTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream';

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
export function sendBytes(
  reply: FastifyReply,
  name: string,
  bytes: Uint8Array | undefined,
  caching: Caching,
): FastifyReply {
  if (bytes === undefined) return reply.code(404).type('text/plain; charset=utf-8').send(`There is no file ${name}.`);
  return reply.header('cache-control', cacheControl[caching]).type(contentTypeOf(name)).send(Buffer.from(bytes));
}

/**
 * Answers with a static resource, or with a file of one that is kept as a folder (`/resource/charts/lib/chart.js`).
 * The resource's own content type counts.
 */
export function sendResource(
  resources: readonly MetadataComponent[],
  address: string,
  reply: FastifyReply,
): FastifyReply {
  const [name = '', ...rest] = address.split('/');
  const resource = resources.find(({ fullName }) => fullName.toLowerCase() === name.toLowerCase());
  if (!resource) return reply.code(404).type('text/plain; charset=utf-8').send(`There is no static resource ${name}.`);
  const directory = path.dirname(resource.file);
  if (rest.length > 0) return sendFile(reply, directory, path.join(resource.fullName, ...rest), 'none');
  const file = readdirSync(directory).find(
    (entry) => entry.startsWith(`${resource.fullName}.`) && !entry.endsWith('-meta.xml'),
  );
  if (file === undefined)
    return reply
      .code(404)
      .type('text/plain; charset=utf-8')
      .send(`The static resource ${name} is a folder; name a file in it.`);
  return sendFile(reply, directory, file, 'none').type(resource.root.string('contentType') ?? contentTypeOf(file));
}
