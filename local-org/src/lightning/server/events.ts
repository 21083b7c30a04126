/** Server-sent events: what open pages must hear of at once (records that changed, components that were rebuilt). */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Events by name, each with its data. */
export interface PageEvents {
  /** Records committed in one transaction. */
  readonly records: { readonly changes: readonly RecordChange[] };
  /** Components were built again; problems keep the old ones in place. */
  readonly build: { readonly revision: number; readonly problemsHtml: string };
}

export interface RecordChange {
  readonly id: string;
  readonly objectApiName: string;
  readonly operation: 'created' | 'updated' | 'deleted' | 'undeleted';
}

/** Every open page's stream. */
export class EventStream {
  readonly #open = new Set<FastifyReply['raw']>();

  /** Keeps the request open until the page goes away. */
  accept(request: FastifyRequest, reply: FastifyReply): void {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    raw.write('retry: 500\n\n');
    this.#open.add(raw);
    const beat = setInterval(() => raw.write(': still here\n\n'), 20_000);
    beat.unref();
    request.raw.on('close', () => {
      clearInterval(beat);
      this.#open.delete(raw);
    });
  }

  send<Name extends keyof PageEvents>(name: Name, data: PageEvents[Name]): void {
    const text = `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const raw of this.#open) raw.write(text);
  }

  /** Ends every stream, so that the server can close. */
  close(): void {
    for (const raw of this.#open) raw.end();
    this.#open.clear();
  }
}
