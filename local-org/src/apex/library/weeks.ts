/** Weeks of a year and of a month, as java.util.Calendar counts them. */

const DAY = 86_400_000;
const MONDAY = 1;

/**
 * Days that the first week has at the least: weeks that begin on Mondays are counted as ISO 8601 has it, others from the first
 * of January on.
 */
const minimalDays = (firstDay: number): number => (firstDay === MONDAY ? 4 : 1);

/** Number of the week that the day is in, counted from the given one; 0 for days before the first week that counts. */
function weeksSince(start: number, day: number, firstDay: number): number {
  const lead = (new Date(start).getUTCDay() - firstDay + 7) % 7;
  const weeks = Math.floor((day - (start - lead * DAY)) / (7 * DAY));
  return weeks + (7 - lead >= minimalDays(firstDay) ? 1 : 0);
}

/** @param firstDay of the week: 0 Sunday, 1 Monday */
export function weekOfYear(local: Date, firstDay: number): { readonly year: number; readonly week: number } {
  const year = local.getUTCFullYear();
  const day = local.getTime();
  const next = Date.UTC(year + 1, 0, 1);
  if (weeksSince(next, day, firstDay) === 1) return { year: year + 1, week: 1 };
  const week = weeksSince(Date.UTC(year, 0, 1), day, firstDay);
  if (week > 0) return { year, week };
  return { year: year - 1, week: weeksSince(Date.UTC(year - 1, 0, 1), day, firstDay) };
}

/** @param firstDay of the week: 0 Sunday, 1 Monday */
export function weekOfMonth(local: Date, firstDay: number): number {
  return weeksSince(Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), 1), local.getTime(), firstDay);
}
