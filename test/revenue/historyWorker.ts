/** Plays the histories of some seeds and reports those that fail, cut down. */
import { parentPort, workerData } from 'node:worker_threads';
import { playHistory } from './check.ts';
import { generateHistory } from './generate/generateHistory.ts';
import { describeHistory } from './history.ts';
import { RevenueOrg } from './RevenueOrg.ts';
import { shrinkHistory } from './shrink.ts';
import type { VariantName } from './variants.ts';

export interface Share {
  readonly seeds: readonly number[];
  readonly length: number;
  /** Failures after which the share is given up. */
  readonly mostFailures: number;
}

export interface Report {
  readonly played: number;
  readonly failures: readonly string[];
}

const { seeds, length, mostFailures } = workerData as Share;
const orgs = new Map<VariantName, RevenueOrg>();
const failures: string[] = [];
let played = 0;
for (const seed of seeds) {
  const history = generateHistory(seed, length);
  const { variant } = history.settings;
  const org = orgs.get(variant) ?? new RevenueOrg(variant);
  orgs.set(variant, org);
  played++;
  const failure = playHistory(org, history);
  if (!failure) continue;
  const shrunk = shrinkHistory(org, history, failure);
  failures.push(
    [
      `seed ${seed} (${variant}), step ${failure.step}:`,
      ...failure.differences.map((difference) => `  ${difference}`),
      `cut down: ${describeHistory(shrunk.history)}`,
      ...shrunk.failure.differences.map((difference) => `  ${difference}`),
    ].join('\n'),
  );
  if (failures.length >= mostFailures) break;
}
for (const org of orgs.values()) org.close();
parentPort?.postMessage({ played, failures } satisfies Report);
