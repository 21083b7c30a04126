/** Apex that a test hands to a local org. */
import assert from 'node:assert/strict';
import type { LaunchedOrg } from '../../local-org/src/cli/launch.ts';

/** Runs Apex as the administrator, in a transaction of its own, and answers what it logged last. */
export function runApex({ org }: LaunchedOrg, source: string): string {
  const outcome = org.transaction({ userId: org.administratorId }, (transaction) =>
    org.code?.executeAnonymous(transaction, source),
  );
  assert.equal(outcome?.compileProblem ?? null, null);
  assert.equal(outcome?.exceptionMessage ?? null, null);
  return /USER_DEBUG\|[^|]*\|[^|]*\|(.*)/.exec(outcome?.log ?? '')?.[1] ?? '';
}
