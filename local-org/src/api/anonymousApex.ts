/** Anonymous Apex as one transaction: what failed is rolled back. */
import type { AnonymousOutcome, Org } from '../runtime/types.ts';
import { ApiError } from './errors.ts';

/** Ends the transaction of an execution that failed. */
class RollBack extends Error {
  readonly outcome: AnonymousOutcome;

  constructor(outcome: AnonymousOutcome) {
    super('The execution failed.');
    this.outcome = outcome;
  }
}

/**
 * Compiles and runs anonymous Apex; its changes are kept when it succeeds.
 *
 * @param userId Id of the acting user
 * @param source Apex statements
 * @throws ApiError NOT_IMPLEMENTED when the org runs no Apex
 */
export function executeAnonymous(org: Org, userId: string, source: string): AnonymousOutcome {
  const { code } = org;
  if (!code) {
    throw new ApiError(501, 'NOT_IMPLEMENTED', 'This org was started without Apex.');
  }
  try {
    return org.transaction({ userId }, (transaction) => {
      const outcome = code.executeAnonymous(transaction, source);
      if (!outcome.success) {
        throw new RollBack(outcome);
      }
      return outcome;
    });
  } catch (error) {
    if (error instanceof RollBack) {
      return error.outcome;
    }
    throw error;
  }
}
