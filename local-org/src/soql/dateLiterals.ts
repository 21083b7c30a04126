/** Date literals (TODAY, LAST_N_DAYS:n, THIS_FISCAL_QUARTER …) as ranges of days in the user's calendar. */
import { ApexDate } from '../values/ApexDate.ts';
import type { FiscalCalendar, FiscalUnit } from './fiscalCalendar.ts';

/** What "today", "week" and "fiscal" mean for the running user. */
export interface Calendar {
  /** Today in the user's time zone. */
  readonly today: ApexDate;
  /** 1 Sunday, 2 Monday: first day of the week in the user's locale. */
  readonly firstDayOfWeek: 1 | 2;
  readonly fiscal: FiscalCalendar;
}

/** First day, and the day after the last. */
export interface DayRange {
  readonly from: ApexDate;
  readonly to: ApexDate;
}

type CalendarUnit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';
type Unit = CalendarUnit | FiscalUnit;

const FIXED: Readonly<Record<string, (calendar: Calendar) => DayRange>> = {
  YESTERDAY: ({ today }) => ({ from: today.addDays(-1), to: today }),
  TODAY: ({ today }) => ({ from: today, to: today.addDays(1) }),
  TOMORROW: ({ today }) => ({ from: today.addDays(1), to: today.addDays(2) }),
  LAST_90_DAYS: ({ today }) => ({ from: today.addDays(-90), to: today.addDays(1) }),
  NEXT_90_DAYS: ({ today }) => ({ from: today.addDays(1), to: today.addDays(91) }),
};

const UNITS: readonly Unit[] = ['WEEK', 'MONTH', 'QUARTER', 'YEAR', 'FISCAL_QUARTER', 'FISCAL_YEAR'];
const COUNTED: readonly (readonly [string, Unit])[] = [
  ['DAYS', 'DAY'],
  ['WEEKS', 'WEEK'],
  ['MONTHS', 'MONTH'],
  ['QUARTERS', 'QUARTER'],
  ['YEARS', 'YEAR'],
  ['FISCAL_QUARTERS', 'FISCAL_QUARTER'],
  ['FISCAL_YEARS', 'FISCAL_YEAR'],
];

const RANGES = new Map<string, (calendar: Calendar, count: number) => DayRange | null>(Object.entries(FIXED));
for (const unit of UNITS) {
  RANGES.set(`LAST_${unit}`, (calendar) => units(calendar, unit, -1, 0));
  RANGES.set(`THIS_${unit}`, (calendar) => units(calendar, unit, 0, 1));
  RANGES.set(`NEXT_${unit}`, (calendar) => units(calendar, unit, 1, 2));
}
for (const [plural, unit] of COUNTED) {
  // LAST_N_DAYS includes today; the other LAST_N end before the current unit. NEXT_N start after it.
  RANGES.set(`LAST_N_${plural}`, (calendar, count) => units(calendar, unit, -count, unit === 'DAY' ? 1 : 0));
  RANGES.set(`NEXT_N_${plural}`, (calendar, count) => units(calendar, unit, 1, count + 1));
  RANGES.set(`N_${plural}_AGO`, (calendar, count) => units(calendar, unit, -count, -count + 1));
}

/** Names of the literals; true for those that take `:n`. */
export const DATE_LITERALS: ReadonlyMap<string, boolean> = new Map(
  [...RANGES.keys()].map((name) => [name, /(^|_)N_/.test(name)]),
);

/** Range of a literal, null when custom fiscal years don't reach so far. @param count the n of `:n`, else null */
export function dateLiteralRange(name: string, count: number | null, calendar: Calendar): DayRange | null {
  const range = RANGES.get(name);
  if (!range) throw new Error(`unknown date literal ${name}`);
  return range(calendar, count ?? 0);
}

/** From the start of the unit that is `first` units away from the current one, to the start of the one `last` away. */
function units(calendar: Calendar, unit: Unit, first: number, last: number): DayRange | null {
  if (unit === 'FISCAL_QUARTER' || unit === 'FISCAL_YEAR')
    return calendar.fiscal.range(calendar.today, unit, first, last);
  const start = startOf(calendar, unit);
  return { from: move(start, unit, first), to: move(start, unit, last) };
}

function move(date: ApexDate, unit: CalendarUnit, count: number): ApexDate {
  if (unit === 'DAY') return date.addDays(count);
  if (unit === 'WEEK') return date.addDays(count * 7);
  const months = unit === 'MONTH' ? 1 : unit === 'YEAR' ? 12 : 3;
  return date.addMonths(count * months);
}

function startOf({ today, firstDayOfWeek }: Calendar, unit: CalendarUnit): ApexDate {
  switch (unit) {
    case 'DAY':
      return today;
    case 'WEEK':
      return today.addDays(-((mondayBased(today) + (firstDayOfWeek === 1 ? 1 : 0)) % 7));
    case 'MONTH':
      return ApexDate.of(today.year, today.month, 1);
    case 'QUARTER':
      return ApexDate.of(today.year, today.month - ((today.month - 1) % 3), 1);
    case 'YEAR':
      return ApexDate.of(today.year, 1, 1);
  }
}

/** 0 Monday to 6 Sunday. 1970-01-01 was a Thursday. */
function mondayBased(date: ApexDate): number {
  return (((date.days + 3) % 7) + 7) % 7;
}
