/** The Salesforce CLI as it is installed, kept away from the settings of the person who runs the tests. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from './org.ts';

const SF = join(import.meta.dirname, '../../../node_modules/@salesforce/cli/bin/run.js');

export interface CliOutcome {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
  /** `result` of the command's JSON; the whole JSON when the command failed. */
  readonly result: Json;
}

export interface SalesforceCli {
  /** Folder that the commands run in; it goes with the CLI. */
  readonly folder: string;
  /** Runs one command with `--json`. */
  json(...commandArguments: readonly string[]): Promise<CliOutcome>;
  /** Runs one command as a person would read it. */
  text(...commandArguments: readonly string[]): Promise<CliOutcome>;
  close(): void;
}

/** A CLI with a home of its own in a temporary folder. */
export function salesforceCli(variables: Readonly<Record<string, string>> = {}): SalesforceCli {
  const home = mkdtempSync(join(tmpdir(), 'local-org-sf-'));
  const folder = join(home, 'work');
  mkdirSync(folder);
  const environment = {
    ...process.env,
    HOME: home,
    USERPROFILE: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_STATE_HOME: join(home, 'state'),
    LOCALAPPDATA: join(home, 'local'),
    SF_DISABLE_TELEMETRY: 'true',
    SF_SKIP_NEW_VERSION_CHECK: 'true',
    SF_AUTOUPDATE_DISABLE: 'true',
    SF_DISABLE_LOG_FILE: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    ...variables,
  };
  const run = (commandArguments: readonly string[]): Promise<CliOutcome> =>
    new Promise((resolve, reject) => {
      const command = spawn(process.execPath, [SF, ...commandArguments], {
        cwd: folder,
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 60_000,
      });
      let [out, error] = ['', ''];
      command.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      command.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
      command.once('error', reject);
      command.once('close', (status) => resolve({ status, out, error, result: null }));
    });
  return {
    folder,
    async json(...commandArguments) {
      const outcome = await run([...commandArguments, '--json']);
      const parsed: Json = JSON.parse(outcome.out);
      return { ...outcome, result: parsed.result ?? parsed };
    },
    text: (...commandArguments) => run(commandArguments),
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
