/**
 * The revenue engine against an independent computation: random but repeatable histories of what people do, and after each
 * step every link, figure, formula and audit is compared with what it must be by the rules of docs/architecture.md. They are
 * spread over the org shapes and customers of variants.ts.
 *
 *     HISTORIES=5000 SEED=1 npm run test:revenue                    more of them, or others
 *     HISTORIES=1 SEED=4711 npm run test:revenue                    one again
 *     HISTORIES=200 VARIANT='private sharing' npm run test:revenue  on one variant only
 */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Report, Share } from './historyWorker.ts';
import { variantOf, VARIANTS } from './variants.ts';

const HISTORIES = Number(process.env['HISTORIES'] ?? 1100);
const FIRST_SEED = Number(process.env['SEED'] ?? 1);
/** Operations of a history. */
const LENGTH = 40;
const ONLY = process.env['VARIANT'];
const MOST_FAILURES = Number(process.env['FAILURES'] ?? 3);

void test(`${HISTORIES} histories of ${LENGTH} operations from seed ${FIRST_SEED}`, async (context) => {
  const begin = performance.now();
  const seeds: number[] = [];
  if (ONLY !== undefined) assert.ok(ONLY in VARIANTS, `${ONLY} is none of ${Object.keys(VARIANTS).join(', ')}`);
  for (let seed = FIRST_SEED; seeds.length < HISTORIES; seed++)
    if (ONLY === undefined || variantOf(seed) === ONLY) seeds.push(seed);
  const workers = Math.min(availableParallelism(), HISTORIES);
  const reports = await Promise.all(
    Array.from({ length: workers }, (_, worker) =>
      play({
        seeds: seeds.filter((_, index) => index % workers === worker),
        length: LENGTH,
        mostFailures: MOST_FAILURES,
      }),
    ),
  );
  const played = reports.reduce((sum, report) => sum + report.played, 0);
  context.diagnostic(`${played} histories in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  for (const [variant, group] of Map.groupBy(seeds, variantOf)) context.diagnostic(`${variant}: ${group.length}`);
  const failures = reports.flatMap((report) => report.failures);
  assert.equal(failures.length, 0, `${failures.length} histories failed\n\n${failures.join('\n\n')}`);
  assert.equal(played, HISTORIES, 'every history was played');
});

function play(share: Share): Promise<Report> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./historyWorker.ts', import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`a worker ended with ${code} before it had reported`)));
  });
}
