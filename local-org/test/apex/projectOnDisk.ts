/** Writes an SFDX project into a temporary folder, runs its Apex tests on the real runtime, removes it again. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CompileProblem } from '../../src/apex/ApexCompileError.ts';
import { runTests } from '../../src/apex/testRunner.ts';
import { launch } from '../../src/cli/launch.ts';

export interface DiskRun {
  /** `Pass` or the failure's message, by `Class.method`. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly refused: readonly CompileProblem[];
}

/**
 * @param classes Apex source by class name; a name that ends in `.trigger` is a trigger
 * @param files other files by path below the package directory
 */
export function runOnDisk(
  classes: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  options: { readonly allowUnsupported?: boolean } = {},
): DiskRun {
  const folder = mkdtempSync(join(tmpdir(), 'apex-project-'));
  try {
    const write = (path: string, content: string | Uint8Array): void => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    };
    write(
      'sfdx-project.json',
      JSON.stringify({ packageDirectories: [{ path: 'app', default: true }], sourceApiVersion: '67.0' }),
    );
    for (const [name, source] of Object.entries(classes)) {
      const isTrigger = name.endsWith('.trigger');
      const file = isTrigger ? `app/triggers/${name}` : `app/classes/${name}.cls`;
      const root = isTrigger ? 'ApexTrigger' : 'ApexClass';
      write(file, source);
      write(
        `${file}-meta.xml`,
        `<${root} xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>67.0</apiVersion><status>Active</status></${root}>`,
      );
    }
    for (const [path, content] of Object.entries(files)) write(join('app', path), content);
    const { org, compiled } = launch({ source: folder, ...options });
    try {
      const run = runTests(org, compiled);
      return {
        outcomes: Object.fromEntries(
          run.results.map(({ className, methodName, outcome, message }) => [
            `${className}.${methodName}`,
            outcome === 'Pass' ? 'Pass' : (message ?? 'Fail'),
          ]),
        ),
        refused: compiled.refused,
      };
    } finally {
      org.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
