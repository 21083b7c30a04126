import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { importPlan } from '../api/recordTree.ts';
import { createServer } from '../api/server.ts';
import { registerUiApi } from '../api/ui/index.ts';
import type { UiContext } from '../api/ui/index.ts';
import { readUiMetadata } from '../api/ui/metadata/index.ts';
import { registerLightning } from '../lightning/server/index.ts';
import { BackgroundJobs } from '../runtime/jobs/BackgroundJobs.ts';
import type { Org } from '../runtime/types.ts';
import { runPostInstallScript } from './installation.ts';
import { DEFAULT_DATA, definitionOption, launch, resetData } from './launch.ts';
import { announceServer } from './runningServer.ts';
import { addSampleUsers } from './sampleUsers.ts';
import { testStarter } from './startTests.ts';
import { behaviourNotice } from './unreadComponents.ts';
import type { Command } from './usage.ts';
import { UsageError, parseOptions } from './usage.ts';

const DEFAULT_PORT = 3000;
const LOOPBACK = '127.0.0.1';

/** A port that another program listens on. */
class PortInUseError extends Error {
  readonly code = 'PORT_IN_USE';

  constructor(port: number) {
    super(`Port ${port} is in use. Stop the program that listens on it, or choose another port: --port ${port + 1}`);
    this.name = 'PortInUseError';
  }
}

/** `start`: serves the project until it is interrupted. */
export const startCommand: Command = {
  name: 'start',
  usage: 'start [--source DIR] [--definition FILE] [--port N] [--data DIR] [--reset] [--seed PLAN] [--token TEXT]',
  summary: 'Serves pages and REST on 127.0.0.1',
  async run(commandArguments) {
    const { values, positionals } = parseOptions(commandArguments, {
      source: { type: 'string', default: '.' },
      definition: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      data: { type: 'string' },
      reset: { type: 'boolean', default: false },
      seed: { type: 'string' },
      token: { type: 'string', default: 'local' },
    });
    if (positionals.length > 0) {
      throw new UsageError(`start takes no argument "${positionals[0]}"; the project's folder is given with --source.`);
    }
    const port = portOf(values.port);
    const data = resolve(values.data ?? join(values.source, DEFAULT_DATA));
    if (values.reset) {
      resetData(data);
    }
    const isFresh = !existsSync(join(data, 'org.sqlite'));
    const shape = definitionOption(values.definition);
    const { org } = launch({ source: values.source, data, jobsInBackground: true, ...shape });
    const notice = behaviourNotice(org.project);
    if (notice !== undefined) {
      process.stderr.write(`${notice}\n`);
    }
    if (isFresh) {
      install(org, data);
    }
    if (isFresh && values.seed !== undefined) {
      const counts = importPlan(org, values.seed);
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      process.stdout.write(
        `Loaded ${total} sample records: ${[...counts].map(([name, count]) => `${count} ${name}`).join(', ')}.\n`,
      );
    }
    if (isFresh && values.seed !== undefined) {
      const names = addSampleUsers(org);
      if (names.length > 0) {
        process.stdout.write(`Sample users for "View as" in the user menu: ${names.join(', ')}.\n`);
      }
    }
    const server = createServer({
      org,
      token: values.token,
      startTests: testStarter({ source: values.source, ...shape }),
    });
    const context: UiContext = {
      org,
      metadata: readUiMetadata(org.project, org.schema),
      userIdOf: (request) => request.userId,
    };
    registerUiApi(server, context);
    const lightning = await registerLightning(server, {
      ...context,
      cacheDirectory: join(org.project.directory, DEFAULT_DATA, 'cache'),
      watch: true,
      report: (message) => process.stderr.write(`${message}\n`),
    });
    try {
      await server.listen({ host: LOOPBACK, port });
    } catch (error) {
      await lightning.close();
      await server.close();
      org.close();
      throw error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' ? new PortInUseError(port) : error;
    }
    const jobs = new BackgroundJobs(org);
    org.onJobFailure(({ id, className, failure }) =>
      process.stderr.write(`Job ${id} of ${className} failed: ${failure.message}\n`),
    );
    const url = `http://${LOOPBACK}:${port}`;
    const withdraw = announceServer(data, { url, token: values.token });
    process.stdout.write(`\n  ${org.project.orgShape.name} runs at ${url}/\n`);
    process.stdout.write(`  REST: ${url}/services/data/v67.0/ with "Authorization: Bearer ${values.token}"\n`);
    process.stdout.write(
      `  sf:   SF_ACCESS_TOKEN='${org.organizationId.slice(0, 15)}!${values.token}' sf org login access-token --instance-url ${url} --no-prompt\n`,
    );
    process.stdout.write(`  Data: ${data}   Stop: Ctrl+C\n\n`);
    await interrupted();
    withdraw();
    jobs.stop();
    await lightning.close();
    await server.close();
    org.close();
    return 0;
  },
};

/** What an installation does beside deploying; one that fails leaves no database, so that the next start begins afresh. */
function install(org: Org, data: string): void {
  try {
    const script = runPostInstallScript(org);
    if (script !== null) {
      process.stdout.write([...script.log, `Ran the post-install script ${script.className}.`, ''].join('\n'));
    }
  } catch (error) {
    org.close();
    resetData(data);
    throw error;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new UsageError(`--port takes a number from 1 to 65535, not "${text}".`);
  }
  return port;
}

function interrupted(): Promise<void> {
  return new Promise((resolveInterrupted) => {
    process.once('SIGINT', () => resolveInterrupted());
    process.once('SIGTERM', () => resolveInterrupted());
  });
}
