/**
 * Cron expressions of System.schedule: seconds, minutes, hours, day of month, month, day of week and an optional year
 * (Apex Reference, System Class, schedule). Years reach from 1970 to 2099.
 */
import { ApexDate } from '../../values/ApexDate.ts';
import type { TimeZone } from '../timeZone.ts';

const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** The documentation says 2099; the platform takes a hundred years from now, which public suites rely on. */
const LAST_YEAR = new Date().getUTCFullYear() + 100;

interface Part {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly names: readonly string[];
  /** Number of the first name. */
  readonly firstName: number;
}

const PARTS = {
  seconds: { name: 'seconds', minimum: 0, maximum: 59, names: [], firstName: 0 },
  minutes: { name: 'minutes', minimum: 0, maximum: 59, names: [], firstName: 0 },
  hours: { name: 'hours', minimum: 0, maximum: 23, names: [], firstName: 0 },
  dayOfMonth: { name: 'day of month', minimum: 1, maximum: 31, names: [], firstName: 0 },
  month: { name: 'month', minimum: 1, maximum: 12, names: MONTH_NAMES, firstName: 1 },
  dayOfWeek: { name: 'day of week', minimum: 1, maximum: 7, names: DAY_NAMES, firstName: 1 },
  year: { name: 'year', minimum: 1970, maximum: LAST_YEAR, names: [], firstName: 0 },
} as const satisfies Readonly<Record<string, Part>>;

/** An expression that does not say a time. */
export class CronError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'CronError';
  }
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export class CronExpression {
  readonly #second: number;
  readonly #minute: number;
  readonly #hours: ReadonlySet<number>;
  readonly #months: ReadonlySet<number>;
  readonly #years: ReadonlySet<number>;
  readonly #matchesDay: (day: ApexDate) => boolean;

  private constructor(text: string, parts: readonly string[]) {
    const [seconds = '', minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = '', year = '*'] = parts;
    // The platform fires a job once an hour at the most: lists and ranges are for the other parts.
    if (!/^\d+$/.test(seconds) || !/^\d+$/.test(minutes))
      throw new CronError(`Seconds and minutes must be specified as integers: ${text}`);
    this.#second = numberOf(seconds, PARTS.seconds);
    this.#minute = numberOf(minutes, PARTS.minutes);
    this.#hours = valuesOf(hours, PARTS.hours);
    this.#months = valuesOf(month, PARTS.month);
    this.#years = valuesOf(year, PARTS.year);
    if ((dayOfMonth === '?') === (dayOfWeek === '?'))
      throw new CronError(
        dayOfMonth === '?'
          ? "'?' can only be specified for Day-of-Month -OR- Day-of-Week."
          : 'Support for specifying both a day-of-week AND a day-of-month parameter is not implemented.',
      );
    this.#matchesDay = dayOfWeek === '?' ? daysOfMonth(dayOfMonth) : daysOfWeek(dayOfWeek);
  }

  /**
   * @param text `0 0 2 * * ?`
   * @throws CronError that says what is wrong
   */
  static parse(text: string): CronExpression {
    const parts = text.trim().toUpperCase().split(/\s+/);
    if (parts.length < 6 || parts.length > 7) throw new CronError('Unexpected end of expression.');
    return new CronExpression(text, parts);
  }

  /**
   * The first time after an instant, in epoch milliseconds; null when there is none any more.
   *
   * @param after epoch milliseconds
   * @param zone time zone of the user who scheduled the job
   */
  next(after: number, zone: TimeZone): number | null {
    for (let day = zone.dayAt(after); day.year <= LAST_YEAR; day = this.#following(day)) {
      if (!this.#years.has(day.year) || !this.#months.has(day.month) || !this.#matchesDay(day)) continue;
      for (let hour = 0; hour < 24; hour += 1) {
        if (!this.#hours.has(hour)) continue;
        const local = day.days * DAY_MS + hour * HOUR_MS + this.#minute * 60_000 + this.#second * 1000;
        const instant = zone.instantOf(local);
        if (instant > after) return instant;
      }
    }
    return null;
  }

  /** The next day worth a look: months and years that don't match are passed in one step. */
  #following(day: ApexDate): ApexDate {
    if (!this.#years.has(day.year)) return ApexDate.of(day.year + 1, 1, 1);
    return this.#months.has(day.month) ? day.addDays(1) : ApexDate.of(day.year, day.month + 1, 1);
  }
}

function numberOf(text: string, part: Part): number {
  const index = part.names.indexOf(text);
  const number = index >= 0 ? index + part.firstName : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw new CronError(`Illegal characters for this position: '${text}'`);
  if (number < part.minimum || number > part.maximum)
    throw new CronError(`${part.name} values must be between ${part.minimum} and ${part.maximum}`);
  return number;
}

/** Numbers of `*`, `5`, `1-5`, `0/15`, `MON,WED`. */
function valuesOf(text: string, part: Part): ReadonlySet<number> {
  const values = new Set<number>();
  for (const piece of text.split(',')) {
    const [range = '', step] = piece.split('/');
    const [low, high] = range.split('-');
    const start = range === '*' ? part.minimum : numberOf(low ?? '', part);
    const end = high !== undefined ? numberOf(high, part) : range === '*' || step !== undefined ? part.maximum : start;
    const by = step === undefined ? 1 : Number(step);
    if (!Number.isInteger(by) || by < 1 || by > part.maximum)
      throw new CronError(`Increment must be between 1 and ${part.maximum}: '${piece}'`);
    // A range that ends before it starts runs over the end: FRI-MON.
    const span = end >= start ? end - start : end + (part.maximum - part.minimum + 1) - start;
    for (let offset = 0; offset <= span; offset += by) {
      const value = start + offset;
      values.add(value > part.maximum ? value - (part.maximum - part.minimum + 1) : value);
    }
  }
  return values;
}

/** `15`, `L` (last day), `15W` (nearest weekday), `LW`. */
function daysOfMonth(text: string): (day: ApexDate) => boolean {
  if (text === 'L') return (day) => day.day === lengthOfMonth(day);
  if (text === 'LW') return (day) => isNearestWeekday(day, lengthOfMonth(day));
  const weekday = /^(\d+)W$/.exec(text);
  if (weekday) {
    const wanted = numberOf(weekday[1] ?? '', PARTS.dayOfMonth);
    return (day) => isNearestWeekday(day, Math.min(wanted, lengthOfMonth(day)));
  }
  const values = valuesOf(text, PARTS.dayOfMonth);
  return (day) => values.has(day.day);
}

/** `MON`, `1-5`, `6L` (the last Friday), `2#1` (the first Monday). */
function daysOfWeek(text: string): (day: ApexDate) => boolean {
  if (text === 'L') return (day) => dayOfWeek(day) === 7;
  const last = /^(\w+)L$/.exec(text);
  if (last) {
    const wanted = numberOf(last[1] ?? '', PARTS.dayOfWeek);
    return (day) => dayOfWeek(day) === wanted && day.day > lengthOfMonth(day) - 7;
  }
  const nth = /^(\w+)#(\d)$/.exec(text);
  if (nth) {
    const wanted = numberOf(nth[1] ?? '', PARTS.dayOfWeek);
    const week = Number(nth[2]);
    if (week < 1 || week > 5) throw new CronError("A numeric value between 1 and 5 must follow the '#' option");
    return (day) => dayOfWeek(day) === wanted && Math.ceil(day.day / 7) === week;
  }
  const values = valuesOf(text, PARTS.dayOfWeek);
  return (day) => values.has(dayOfWeek(day));
}

/** 1 for Sunday to 7 for Saturday. */
function dayOfWeek(day: ApexDate): number {
  return day.dayOfWeek + 1;
}

function lengthOfMonth(day: ApexDate): number {
  return ApexDate.daysInMonth(day.year, day.month);
}

/** Whether the day is the weekday nearest to the `wanted`th of its month, which is never left. */
function isNearestWeekday(day: ApexDate, wanted: number): boolean {
  const target = day.addDays(wanted - day.day);
  const shift =
    dayOfWeek(target) === 7
      ? wanted === 1
        ? 2
        : -1
      : dayOfWeek(target) === 1
        ? wanted === lengthOfMonth(day)
          ? -2
          : 1
        : 0;
  return day.days === target.days + shift;
}
