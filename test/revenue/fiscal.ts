/** The last day of a plan's period by the rules of docs/architecture.md, from plain dates. */

/** A custom calendar of 52 weeks: each quarter has thirteen. First days of the quarters; the last is that of a year that is not defined. */
const QUARTERS = [
  '2027-01-04',
  '2027-04-05',
  '2027-07-05',
  '2027-10-04',
  '2028-01-03',
  '2028-04-03',
  '2028-07-03',
  '2028-10-02',
  '2029-01-01',
] as const;
const QUARTERS_A_YEAR = 4;
const MONTHS: Readonly<Record<string, number>> = { Quarter: 3, 'Half-Year': 6, Year: 12 };

interface FiscalPeriod {
  readonly type: 'Quarter' | 'Year';
  readonly start: string;
  readonly end: string;
  /** Number within its year, from 1. */
  readonly number: number;
}

/** Years and quarters of the custom calendar, each year before its quarters. */
export const FISCAL_PERIODS: readonly FiscalPeriod[] = QUARTERS.slice(0, -1).flatMap((start, index) => {
  const quarter: FiscalPeriod = {
    type: 'Quarter',
    start,
    end: dayBefore(QUARTERS[index + 1] as string),
    number: (index % QUARTERS_A_YEAR) + 1,
  };
  if (index % QUARTERS_A_YEAR > 0) return [quarter];
  return [{ type: 'Year', start, end: dayBefore(QUARTERS[index + QUARTERS_A_YEAR] as string), number: 1 }, quarter];
});

/** Days on which fiscal quarters start. */
export const FISCAL_STARTS: readonly string[] = QUARTERS.slice(0, -1);

/** Null for a custom period. `isCustom`: the org has the calendar above instead of calendar months. */
export function endOfPeriod(period: string | null, start: string, isCustom: boolean): string | null {
  const months = MONTHS[period ?? ''];
  if (months === undefined) return null;
  const place = isCustom ? QUARTERS.findIndex((day) => day === start) : -1;
  const startsYear = place % QUARTERS_A_YEAR === 0;
  if (place >= 0 && (period !== 'Year' || startsYear)) {
    const next = QUARTERS[place + months / 3];
    if (next !== undefined) return dayBefore(next);
  }
  const [year = 0, month = 0, day = 0] = start.split('-').map(Number);
  const daysOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return iso(Date.UTC(year, month - 1 + months, Math.min(day, daysOfMonth) - 1));
}

function dayBefore(day: string): string {
  return iso(Date.parse(day) - 24 * 60 * 60 * 1000);
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
