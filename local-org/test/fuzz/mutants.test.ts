/**
 * 3,450 damaged inputs end in an error with a place or a code, or in a result. None ends in an internal error, a hang or
 * a wrong commit. Repeatable: MUTANT_SEED=7 starts elsewhere, MUTANT_ONLY=1234 runs that seed of each kind alone.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Report } from './worker.ts';

/** Silence of a worker, in milliseconds, that counts as a hang: most mutants take a few milliseconds. */
const HANG = 15_000;
/** Of all kinds together. */
const MUTANTS = 3450;
/** Defects that are shown in full. */
const SHOWN = 20;

/** What the workers do side by side; each takes about as long as the other. */
const SHARES: readonly (readonly string[])[] = [
  ['Apex', 'Apex REST', 'Apex library'],
  ['SOQL and SOSL', 'formulas', 'metadata', 'REST'],
];

interface Count {
  accepted: number;
  refused: number;
  readonly by: Map<string, number>;
}

async function runShare(names: readonly string[], counts: Map<string, Count>, defects: string[]): Promise<void> {
  const only = process.env['MUTANT_ONLY'];
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: {
      names,
      firstSeed: Number(process.env['MUTANT_SEED'] ?? 1),
      only: only === undefined ? null : Number(only),
    },
  });
  let current: Extract<Report, { state: 'started' }> | undefined;
  let watchdog: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    const watch = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        defects.push(`${current?.kind} seed ${current?.seed} hangs\n${current?.input}`);
        void worker.terminate();
      }, HANG);
    };
    watch();
    worker.on('message', (report: Report) => {
      watch();
      if (report.state === 'started') {
        current = report;
        return;
      }
      const { kind, seed, verdict } = report;
      const count = counts.get(kind) ?? { accepted: 0, refused: 0, by: new Map<string, number>() };
      counts.set(kind, count);
      if (verdict.outcome === 'accepted') count.accepted += 1;
      else if (verdict.outcome === 'refused') {
        count.refused += 1;
        count.by.set(verdict.by, (count.by.get(verdict.by) ?? 0) + 1);
      } else defects.push(`${kind} seed ${seed}: ${verdict.what}\n--- input\n${current?.input.slice(0, 3000)}`);
    });
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  }).finally(() => clearTimeout(watchdog));
}

function report(context: TestContext, counts: ReadonlyMap<string, Count>): void {
  for (const [kind, { accepted, refused, by }] of counts) {
    const codes = [...by].sort(([, left], [, right]) => right - left).map(([code, times]) => `${code} ${times}`);
    context.diagnostic(
      `${kind}: ${accepted + refused} mutants, ${accepted} accepted, ${refused} refused (${codes.join(', ')})`,
    );
  }
}

void test('damaged inputs end in a placed error or a result', { timeout: 240_000 }, async (context) => {
  const counts = new Map<string, Count>();
  const defects: string[] = [];
  await Promise.all(SHARES.map((names) => runShare(names, counts, defects)));
  report(context, counts);
  assert.equal(defects.length, 0, `${defects.length} defects\n${defects.slice(0, SHOWN).join('\n======\n')}`);
  if (process.env['MUTANT_ONLY'] === undefined) {
    const total = [...counts.values()].reduce((sum, { accepted, refused }) => sum + accepted + refused, 0);
    assert.equal(total, MUTANTS, 'every mutant ended');
    for (const [kind, { accepted, refused }] of counts)
      assert.ok(accepted > 0 && refused > 0, `${kind}: mutants that are all refused or all accepted test little`);
  }
});
