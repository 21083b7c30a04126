/** SOQL functions in the SELECT, WHERE, GROUP BY and ORDER BY clauses, and their SQL counterparts. */
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Store } from '../store/Store.ts';
import { ApexDate } from '../values/ApexDate.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { ApexTime } from '../values/ApexTime.ts';
import { Decimal } from '../values/Decimal.ts';
import type { LocaleFormat } from '../values/LocaleFormat.ts';
import type { ExchangeRates } from './ExchangeRates.ts';
import { prefixOf } from '../store/ids.ts';
import type { Schema } from '../schema/types.ts';
import type { FiscalCalendar } from './fiscalCalendar.ts';

const DAY_MS = 86_400_000;

/** Parts of a day as integers. */
const DAY_PARTS: Readonly<Record<string, (date: ApexDate, fiscal: FiscalCalendar) => number | null>> = {
  CALENDAR_YEAR: (date) => date.year,
  CALENDAR_QUARTER: (date) => Math.ceil(date.month / 3),
  CALENDAR_MONTH: (date) => date.month,
  DAY_IN_MONTH: (date) => date.day,
  DAY_IN_WEEK: (date) => ((((date.days + 4) % 7) + 7) % 7) + 1,
  DAY_IN_YEAR: (date) => date.dayOfYear,
  WEEK_IN_MONTH: (date) => Math.ceil(date.day / 7),
  WEEK_IN_YEAR: (date) => Math.ceil(date.dayOfYear / 7),
  FISCAL_YEAR: (date, fiscal) => fiscal.parts(date)?.year ?? null,
  FISCAL_QUARTER: (date, fiscal) => fiscal.parts(date)?.quarter ?? null,
  FISCAL_MONTH: (date, fiscal) => fiscal.parts(date)?.month ?? null,
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
  readonly fiscal: FiscalCalendar;
  /** Offset of the user's time zone at an instant, in milliseconds. */
  offsetAt(milliseconds: number): number;
  readonly format: LocaleFormat;
  /** The currency that amounts without one of their own are in. */
  readonly currency: string;
  /** Null in an org with one currency. */
  readonly rates: ExchangeRates | null;
}

const patterns = new Map<string, RegExp>();
const MOST_PATTERNS = 200;

/** A LIKE pattern as a regular expression that tells upper from lower case. */
function patternOf(pattern: string): RegExp {
  let found = patterns.get(pattern);
  if (!found) {
    const source = pattern.replace(/\\([\s\S])|[\s\S]/gu, (character, escaped: string | undefined) => {
      if (escaped === undefined && character === '%') return '[^]*';
      if (escaped === undefined && character === '_') return '[^]';
      return (escaped ?? character).replace(/[\^$.*+?()[\]{}|/-]/g, '\\$&');
    });
    found = new RegExp(`^${source}$`, 'u');
    if (patterns.size >= MOST_PATTERNS) patterns.clear();
    patterns.set(pattern, found);
  }
  return found;
}

/** Registers the SQL functions that plans call. `session` is asked at each call, so it may change with the user. */
export function registerQueryFunctions(store: Store, schema: () => Schema, session: () => FunctionSession): void {
  const numeric = (value: SQLOutputValue | undefined): number | null =>
    value === null || value === undefined ? null : Number(value);
  store.defineFunction('day_part', false, (part, days): SQLInputValue => {
    const day = numeric(days);
    return day === null ? null : (DAY_PARTS[String(part)]?.(new ApexDate(day), session().fiscal) ?? null);
  });
  store.defineFunction('like_exact', true, (text, pattern): SQLInputValue =>
    typeof text === 'string' && typeof pattern === 'string' ? Number(patternOf(pattern).test(text)) : null,
  );
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
  store.defineFunction('format_value', false, (kind, scale, digits, stored, code, day): SQLInputValue => {
    if (stored === null || stored === undefined) return null;
    const { format } = session();
    const instant = Number(stored);
    switch (String(kind)) {
      case 'date':
        return format.date(new ApexDate(instant));
      case 'datetime':
        return format.dateTime(new ApexDatetime(instant));
      case 'time':
        return format.time(new ApexTime(instant));
    }
    const value = new Decimal(BigInt(stored as bigint | string), Number(scale));
    return formatNumber(String(kind), value, Number(digits), session(), {
      code: typeof code === 'string' ? code : null,
      day: numeric(day),
    });
  });
  store.defineExactSum('exact_sum');
}

/**
 * A number, percentage or amount. In an org with several currencies an amount shows its ISO code, and in parentheses what
 * it is worth in the user's currency when that is another one (SOQL and SOSL Reference, "FORMAT()").
 */
function formatNumber(
  kind: string,
  value: Decimal,
  digits: number,
  { format, currency, rates }: FunctionSession,
  record: { readonly code: string | null; readonly day: number | null },
): string {
  if (kind === 'number') return format.number(value, digits);
  if (kind === 'percent') return format.percent(value, digits);
  if (!rates || kind === 'currency') return format.amount(value, currency, digits);
  const shown = kind === 'user' ? currency : kind === 'corporate' ? rates.corporate : (record.code ?? rates.corporate);
  const own = format.amountWithCode(value, shown, rates.places(shown));
  if (shown === currency || kind !== 'record') return own;
  const day = record.day === null ? null : new ApexDate(record.day);
  return `${own} (${format.amountWithCode(rates.convert(value, shown, currency, day), currency, rates.places(currency))})`;
}
