import assert from 'node:assert/strict';
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { browserModulesDirectory } from '../../src/lightning/server/build/library.ts';

/** The browser side has a compiler configuration of its own (DOM, paths of its modules); this keeps it honest. */
describe('browser side', () => {
  const directory = path.dirname(browserModulesDirectory);
  const { config } = ts.readConfigFile(path.join(directory, 'tsconfig.json'), (file) => readFileSync(file, 'utf8'));

  it('names every module in the paths of its tsconfig', () => {
    const modules = readdirSync(browserModulesDirectory).flatMap((namespace) =>
      readdirSync(path.join(browserModulesDirectory, namespace))
        .filter((name) => existsSync(path.join(browserModulesDirectory, namespace, name, `${name}.ts`)))
        .map((name) => `${namespace}/${name}`),
    );
    assert.deepEqual(Object.keys(config.compilerOptions.paths).sort(), modules.sort());
  });

  it('type-checks', () => {
    const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, directory);
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options));
    assert.equal(
      ts.formatDiagnostics(diagnostics, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => directory,
        getNewLine: () => '\n',
      }),
      '',
    );
  });
});
