/** Runs kinds of mutants in a thread of its own, so that a hang can be seen and ended from outside. */
import { parentPort, workerData } from 'node:worker_threads';
import { apexMutants } from './apexMutants.ts';
import { apexRestMutants } from './apexRestMutants.ts';
import { formulaMutants } from './formulaMutants.ts';
import { libraryMutants } from './libraryMutants.ts';
import { metadataMutants } from './metadataMutants.ts';
import { Random } from './random.ts';
import { restMutants } from './restMutants.ts';
import { soqlMutants } from './soqlMutants.ts';
import { describeUnexpected, type MutantKind, type Verdict } from './types.ts';

const KINDS: readonly MutantKind[] = [
  apexMutants,
  apexRestMutants,
  formulaMutants,
  libraryMutants,
  metadataMutants,
  restMutants,
  soqlMutants,
];

/** Posted before a mutant runs, and after. */
export type Report =
  | { readonly state: 'started'; readonly kind: string; readonly seed: number; readonly input: string }
  | { readonly state: 'ended'; readonly kind: string; readonly seed: number; readonly verdict: Verdict };

const { names, firstSeed, only } = workerData as { names: readonly string[]; firstSeed: number; only: number | null };
const post = (report: Report): void => parentPort?.postMessage(report);

for (const kind of KINDS.filter(({ name }) => names.includes(name))) {
  const opened = await kind.open();
  const seeds = only === null ? Array.from({ length: kind.count }, (_, index) => firstSeed + index) : [only];
  for (const seed of seeds) {
    const { input, run } = opened.next(new Random(seed));
    post({ state: 'started', kind: kind.name, seed, input });
    let verdict: Verdict;
    try {
      verdict = await run();
    } catch (error) {
      verdict = { outcome: 'defect', what: describeUnexpected(error) };
    }
    post({ state: 'ended', kind: kind.name, seed, verdict });
  }
  await opened.close();
}
