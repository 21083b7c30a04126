/** The command line's `start` as a process of its own, for tests that kill it or drive it with a browser. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '../../src/cli.ts');

export interface ServerProcess {
  readonly process: ChildProcess;
  /** For example http://127.0.0.1:41234 */
  readonly url: string;
  /** What it has written so far. */
  output(): string;
  /** Ends the server and waits until it has ended. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/**
 * Starts a server and waits until it says where it listens.
 *
 * @param options source: SFDX folder; data: folder of the data; more: further options of `start`
 * @throws Error with the server's output when it ends before it listens
 */
export async function startServerProcess(options: {
  readonly source: string;
  readonly data: string;
  readonly more?: readonly string[];
}): Promise<ServerProcess> {
  const port = await freePort();
  const server = spawn(
    process.execPath,
    [CLI, 'start', '--source', options.source, '--data', options.data, '--port', String(port), ...(options.more ?? [])],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const url = `http://127.0.0.1:${port}`;
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      if (output.includes(`${url}/`)) {
        resolve();
      }
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.once('exit', (code) =>
      reject(new Error(`The server ended with code ${code} before it listened:\n${output}`)),
    );
  });
  return {
    process: server,
    url,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = once(server, 'exit');
        server.kill(signal);
        await ended;
      }
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
