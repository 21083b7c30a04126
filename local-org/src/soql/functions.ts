/** SOQL functions in the SELECT, WHERE, GROUP BY and ORDER BY clauses, and their SQL counterparts. */
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Store } from '../store/Store.ts';
import { ApexDate } from '../values/ApexDate.ts';
import { prefixOf } from '../store/ids.ts';
import type { Schema } from '../schema/types.ts';
import { fiscalParts } from './dateLiterals.ts';

const DAY_MS = 86_400_000;

/** Parts of a day as integers. */
const DAY_PARTS: Readonly<Record<string, (date: ApexDate, fiscalStart: number) => number>> = {
  CALENDAR_YEAR: (date) => date.year,
  CALENDAR_QUARTER: (date) => Math.ceil(date.month / 3),
  CALENDAR_MONTH: (date) => date.month,
  DAY_IN_MONTH: (date) => date.day,
  DAY_IN_WEEK: (date) => ((((date.days + 4) % 7) + 7) % 7) + 1,
  DAY_IN_YEAR: (date) => date.dayOfYear,
  WEEK_IN_MONTH: (date) => Math.ceil(date.day / 7),
  WEEK_IN_YEAR: (date) => Math.ceil(date.dayOfYear / 7),
  FISCAL_YEAR: (date, start) => fiscalParts(date, start).year,
  FISCAL_QUARTER: (date, start) => fiscalParts(date, start).quarter,
  FISCAL_MONTH: (date, start) => fiscalParts(date, start).month,
};

export const DAY_PART_FUNCTIONS: ReadonlySet<string> = new Set(Object.keys(DAY_PARTS));
export const AGGREGATE_FUNCTIONS: ReadonlySet<string> = new Set([
  'COUNT',
  'COUNT_DISTINCT',
  'SUM',
  'AVG',
  'MIN',
  'MAX',
]);

/** What the SQL functions ask about the running user. */
export interface FunctionSession {
  readonly fiscalYearStartMonth: number;
  /** Offset of the user's time zone at an instant, in milliseconds. */
  offsetAt(milliseconds: number): number;
}

/** Registers the SQL functions that plans call. `session` is asked at each call, so it may change with the user. */
export function registerQueryFunctions(store: Store, schema: () => Schema, session: () => FunctionSession): void {
  const numeric = (value: SQLOutputValue | undefined): number | null =>
    value === null || value === undefined ? null : Number(value);
  store.defineFunction('day_part', false, (part, days): SQLInputValue => {
    const day = numeric(days);
    return day === null ? null : (DAY_PARTS[String(part)]?.(new ApexDate(day), session().fiscalYearStartMonth) ?? null);
  });
  store.defineFunction('utc_day', true, (instant): SQLInputValue => {
    const milliseconds = numeric(instant);
    return milliseconds === null ? null : Math.floor(milliseconds / DAY_MS);
  });
  store.defineFunction('local_instant', false, (instant): SQLInputValue => {
    const milliseconds = numeric(instant);
    return milliseconds === null ? null : milliseconds + session().offsetAt(milliseconds);
  });
  store.defineFunction('hour_of', true, (instant): SQLInputValue => {
    const milliseconds = numeric(instant);
    return milliseconds === null
      ? null
      : Math.floor((milliseconds - Math.floor(milliseconds / DAY_MS) * DAY_MS) / 3_600_000);
  });
  store.defineFunction('object_of_id', false, (id): SQLInputValue =>
    typeof id === 'string' ? (schema().objectByKeyPrefix(prefixOf(id))?.name ?? null) : null,
  );
  store.defineExactSum('exact_sum');
}
