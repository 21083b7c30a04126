/** Cuts a history that fails down to what is needed to fail. */
import { playHistory } from './check.ts';
import type { Failure } from './check.ts';
import type { History, Operation, Statement } from './history.ts';
import type { RevenueOrg } from './RevenueOrg.ts';

/** Milliseconds that one history may be tried; it is short enough after that. */
const PATIENCE = 45_000;

export interface Shrunk {
  readonly history: History;
  readonly failure: Failure;
}

/** Drops operations, then statements, then rows, as long as the rest fails; which difference it shows may change. */
export function shrinkHistory(org: RevenueOrg, history: History, failure: Failure): Shrunk {
  const end = performance.now() + PATIENCE;
  let best: Shrunk = { history: { ...history, operations: history.operations.slice(0, failure.step) }, failure };
  const tries = (operations: readonly Operation[]): boolean => {
    if (performance.now() > end) return false;
    const shorter = { ...history, operations };
    const found = playHistory(org, shorter);
    if (found) best = { history: { ...shorter, operations: operations.slice(0, found.step) }, failure: found };
    return found !== null;
  };
  let length: number;
  do {
    length = size(best.history);
    dropPieces(() => best.history.operations, tries);
    for (let index = best.history.operations.length - 1; index >= 0; index--) {
      const operation = (): Operation | undefined => best.history.operations[index];
      const change = (changed: Operation): boolean =>
        tries(best.history.operations.map((other, place) => (place === index ? changed : other)));
      if ((operation()?.statements.length ?? 0) > 1)
        dropPieces(
          () => operation()?.statements ?? [],
          (statements) => change({ ...(operation() as Operation), statements }),
        );
      for (let place = 0; place < (operation()?.statements.length ?? 0); place++) {
        const statement = (): Statement | undefined => operation()?.statements[place];
        dropPieces(
          () => {
            const now = statement();
            return now && 'rows' in now ? now.rows : [];
          },
          (rows) => {
            const now = operation() as Operation;
            const statements = now.statements.map((other, at) =>
              at === place && 'rows' in other ? { ...other, rows } : other,
            );
            return change({ ...now, statements });
          },
        );
      }
    }
  } while (size(best.history) < length && performance.now() < end);
  return best;
}

/** Tries to do without ever smaller pieces of a list, from its end. `pieces` reads the list as it is now. */
function dropPieces<T>(pieces: () => readonly T[], tries: (rest: readonly T[]) => boolean): void {
  for (let length = Math.max(1, pieces().length >> 1); length >= 1; length >>= 1)
    for (let start = pieces().length - length; start >= 0; start -= length) {
      const list = pieces();
      if (start < list.length && list.length > 1) tries([...list.slice(0, start), ...list.slice(start + length)]);
    }
}

function size({ operations }: History): number {
  return operations.reduce(
    (sum, { statements }) =>
      sum + 1 + statements.reduce((rows, statement) => rows + 1 + ('rows' in statement ? statement.rows.length : 0), 0),
    0,
  );
}
