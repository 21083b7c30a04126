/**
 * A second opinion on the types of the package's Apex, from apex-ls. Needs Java. The local org's own compiler checks
 * more (fields inside SOQL, unimplemented methods); this one is independent of it.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const libraries = join(root, 'node_modules/@salesforce/code-analyzer-pmd-engine/dist/java-lib/*');
const check = spawnSync('java', ['-cp', libraries, 'io.github.apexdevtools.apexls.CheckForIssues', '-n', '-w', root], {
  encoding: 'utf8',
});
if (check.error) {
  throw new Error('Java could not be started: install Java 17 or later and put it on the PATH.', {
    cause: check.error,
  });
}
process.stdout.write(check.stdout);
process.stderr.write(check.stderr);
console.log(check.status === 0 ? 'apex-ls: no issue' : `apex-ls: exit code ${check.status}`);
process.exitCode = check.status === 0 ? 0 : 1;
