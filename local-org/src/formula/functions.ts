/** Formula functions as a table: what they take, what they return, how they compute. */
import { ApexDate } from '../values/ApexDate.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { ApexTime } from '../values/ApexTime.ts';
import { Decimal } from '../values/Decimal.ts';
import { FormulaEvaluationError } from './errors.ts';

export type FormulaType =
  'number' | 'text' | 'boolean' | 'date' | 'datetime' | 'time' | 'picklist' | 'multipicklist' | 'null' | 'any';

/** Values of formulas: Decimal, string, boolean, ApexDate, ApexDatetime, ApexTime, null. */
export type FormulaValue = Decimal | string | boolean | ApexDate | ApexDatetime | ApexTime | null;

export interface FormulaEnvironment {
  readonly today: ApexDate;
  readonly now: number;
  /** `$User.Name`, `$Profile.Name`, `$Organization.Name`, `$Permission.X`, `$Setup.X__c.Y__c`, `$CustomMetadata.T__mdt.R.F`. */
  global(parts: readonly string[]): FormulaValue;
}

/** A parameter: one type, several, or a repetition of the last (`…`). */
export interface FunctionDefinition {
  readonly parameters: readonly (FormulaType | readonly FormulaType[])[];
  /** How many of the parameters must be given. */
  readonly required: number;
  /** The last parameter may be repeated. */
  readonly repeated: boolean;
  readonly result: FormulaType;
  /** With null among the arguments the result is null, unless this is true. */
  readonly takesNull: boolean;
  readonly evaluate: (values: readonly FormulaValue[], environment: FormulaEnvironment) => FormulaValue;
}

const DAY_MS = 86_400_000;
const DIVISION_SCALE = 20;

type Evaluate = FunctionDefinition['evaluate'];

function define(
  parameters: FunctionDefinition['parameters'],
  result: FormulaType,
  evaluate: Evaluate,
  options: Partial<FunctionDefinition> = {},
): FunctionDefinition {
  return { parameters, required: parameters.length, repeated: false, result, takesNull: false, evaluate, ...options };
}

const number = (value: FormulaValue | undefined): Decimal => value as Decimal;
const text = (value: FormulaValue | undefined): string => (value ?? '') as string;
const integer = (value: FormulaValue | undefined): number => Math.trunc(number(value).doubleValue());
const fromInteger = (value: number | bigint): Decimal => Decimal.fromBigInt(BigInt(value));

/** A double's result with the digits that a double has. */
function fromDouble(value: number): Decimal {
  if (!Number.isFinite(value)) throw new FormulaEvaluationError('the result is not a number');
  return Decimal.fromNumber(value);
}

function places(value: Decimal, digits: Decimal, mode: 'HALF_UP' | 'DOWN'): Decimal {
  const count = Math.trunc(digits.doubleValue());
  if (count >= 0) return value.setScale(count, mode);
  const factor = fromInteger(10n ** BigInt(-count));
  return value.divide(factor, 0, mode).multiply(factor);
}

export function divide(left: Decimal, right: Decimal): Decimal {
  if (right.signum() === 0) throw new FormulaEvaluationError('Division by zero');
  return left.divide(right, Math.max(DIVISION_SCALE, left.scale), 'HALF_UP').stripTrailingZeros();
}

function isoWeek(date: ApexDate): { year: number; week: number } {
  const weekday = (((date.days + 3) % 7) + 7) % 7;
  const thursday = date.addDays(3 - weekday);
  return { year: thursday.year, week: Math.floor((thursday.dayOfYear - 1) / 7) + 1 };
}

/** Days of a date formula argument: a date, or the UTC day of an instant. */
function parseDate(value: FormulaValue): FormulaValue {
  if (value instanceof ApexDatetime) return value.utcDate;
  if (value instanceof ApexDate) return value;
  try {
    return ApexDate.parse(text(value));
  } catch {
    throw new FormulaEvaluationError(`“${text(value)}” is not a date`);
  }
}

function toText(value: FormulaValue): string | null {
  if (value === null) return null;
  if (value instanceof Decimal) return value.stripTrailingZeros().toString();
  if (value instanceof ApexDatetime) return `${value.toIso().slice(0, 19).replace('T', ' ')}Z`;
  if (value instanceof ApexDate) return value.toString();
  if (value instanceof ApexTime) return new ApexDatetime(value.milliseconds).toIso().slice(11, 23);
  return String(value);
}

/** Java's regular expressions are close to JavaScript's; REGEX matches the whole text. */
function matches(value: string, pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    try {
      return new RegExp(`^(?:${pattern})$`).test(value);
    } catch {
      throw new FormulaEvaluationError(`“${pattern}” is not a regular expression`);
    }
  }
}

const ANY: FormulaType = 'any';
const NUMBERS = { repeated: true } as const;
const extreme =
  (sign: 1 | -1): Evaluate =>
  (values) =>
    values.map(number).reduce((best, value) => (value.compare(best) === sign ? value : best));
const math =
  (apply: (value: number) => number): Evaluate =>
  ([value]) =>
    fromDouble(apply(number(value).doubleValue()));

/** Functions whose arguments are evaluated before; IF, AND, OR, CASE, BLANKVALUE and the record functions are special. */
export const FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  ABS: define(['number'], 'number', ([value]) => number(value).abs()),
  CEILING: define(['number'], 'number', ([value]) =>
    number(value).setScale(0, number(value).signum() < 0 ? 'FLOOR' : 'CEILING'),
  ),
  FLOOR: define(['number'], 'number', ([value]) =>
    number(value).setScale(0, number(value).signum() < 0 ? 'CEILING' : 'FLOOR'),
  ),
  MCEILING: define(['number'], 'number', ([value]) => number(value).setScale(0, 'CEILING')),
  MFLOOR: define(['number'], 'number', ([value]) => number(value).setScale(0, 'FLOOR')),
  ROUND: define(['number', 'number'], 'number', ([value, digits]) => places(number(value), number(digits), 'HALF_UP')),
  TRUNC: define(
    ['number', 'number'],
    'number',
    ([value, digits]) => places(number(value), digits === undefined ? Decimal.ZERO : number(digits), 'DOWN'),
    { required: 1 },
  ),
  MOD: define(['number', 'number'], 'number', ([value, divisor]) => {
    if (number(divisor).signum() === 0) throw new FormulaEvaluationError('Division by zero');
    return number(value).remainder(number(divisor));
  }),
  MAX: define(['number'], 'number', extreme(1), NUMBERS),
  MIN: define(['number'], 'number', extreme(-1), NUMBERS),
  SQRT: define(['number'], 'number', math(Math.sqrt)),
  EXP: define(['number'], 'number', math(Math.exp)),
  LN: define(['number'], 'number', math(Math.log)),
  LOG: define(['number'], 'number', math(Math.log10)),
  PI: define([], 'number', () => fromDouble(Math.PI)),

  BEGINS: define(['text', 'text'], 'boolean', ([value, start]) => text(value).startsWith(text(start)), {
    takesNull: true,
  }),
  CONTAINS: define(
    [['text', 'multipicklist'], 'text'],
    'boolean',
    ([value, part]) => text(value).includes(text(part)),
    { takesNull: true },
  ),
  FIND: define(
    ['text', 'text', 'number'],
    'number',
    ([part, value, start]) =>
      fromInteger(text(value).indexOf(text(part), start === undefined ? 0 : integer(start) - 1) + 1),
    { required: 2, takesNull: true },
  ),
  LEFT: define(['text', 'number'], 'text', ([value, count]) => text(value).slice(0, Math.max(0, integer(count)))),
  RIGHT: define(['text', 'number'], 'text', ([value, count]) =>
    integer(count) <= 0 ? '' : text(value).slice(-integer(count)),
  ),
  MID: define(['text', 'number', 'number'], 'text', ([value, start, count]) =>
    text(value).slice(Math.max(0, integer(start) - 1), Math.max(0, integer(start) - 1) + Math.max(0, integer(count))),
  ),
  LEN: define(['text'], 'number', ([value]) => fromInteger(text(value).length), { takesNull: true }),
  LOWER: define(['text', 'text'], 'text', ([value]) => text(value).toLowerCase(), { required: 1 }),
  UPPER: define(['text', 'text'], 'text', ([value]) => text(value).toUpperCase(), { required: 1 }),
  INITCAP: define(['text'], 'text', ([value]) =>
    text(value)
      .toLowerCase()
      .replace(/(^|[^\p{L}\p{N}])(\p{L})/gu, (_match, before: string, letter: string) => before + letter.toUpperCase()),
  ),
  LPAD: define(
    ['text', 'number', 'text'],
    'text',
    ([value, count, pad]) =>
      integer(count) < text(value).length
        ? text(value).slice(0, integer(count))
        : text(value).padStart(integer(count), pad === undefined ? ' ' : text(pad)),
    { required: 2 },
  ),
  RPAD: define(
    ['text', 'number', 'text'],
    'text',
    ([value, count, pad]) =>
      integer(count) < text(value).length
        ? text(value).slice(0, integer(count))
        : text(value).padEnd(integer(count), pad === undefined ? ' ' : text(pad)),
    { required: 2 },
  ),
  REVERSE: define(['text'], 'text', ([value]) => [...text(value)].reverse().join('')),
  SUBSTITUTE: define(
    ['text', 'text', 'text'],
    'text',
    ([value, from, to]) => (text(from) === '' ? text(value) : text(value).replaceAll(text(from), text(to))),
    { takesNull: true },
  ),
  TRIM: define(['text'], 'text', ([value]) => text(value).trim()),
  BR: define([], 'text', () => '\n'),
  REGEX: define(['text', 'text'], 'boolean', ([value, pattern]) => matches(text(value), text(pattern)), {
    takesNull: true,
  }),
  CASESAFEID: define(['text'], 'text', ([value]) => text(value)),
  HYPERLINK: define(
    ['text', 'text', 'text'],
    'text',
    ([url, label, target]) =>
      `<a href="${text(url)}" target="${target === undefined ? '_blank' : text(target)}">${text(label)}</a>`,
    { required: 2, takesNull: true },
  ),
  IMAGE: define(
    ['text', 'text', 'number', 'number'],
    'text',
    ([url, alternative, height, width]) =>
      `<img src="${text(url)}" alt="${text(alternative)}" border="0"${height === undefined || height === null ? '' : ` height="${integer(height)}"`}${width === undefined || width === null ? '' : ` width="${integer(width)}"`}/>`,
    { required: 2, takesNull: true },
  ),
  VALUE: define(['text'], 'number', ([value]) => {
    try {
      return Decimal.parse(text(value).trim());
    } catch {
      throw new FormulaEvaluationError(`“${text(value)}” is not a number`);
    }
  }),
  TEXT: define([['number', 'date', 'datetime', 'time', 'picklist', 'text']], 'text', ([value]) =>
    toText(value ?? null),
  ),
  ASCII: define(['text'], 'number', ([value]) => fromInteger(text(value).codePointAt(0) ?? 0)),
  CHR: define(['number'], 'text', ([value]) => String.fromCodePoint(integer(value))),

  TODAY: define([], 'date', (_values, environment) => environment.today),
  NOW: define([], 'datetime', (_values, environment) => new ApexDatetime(environment.now)),
  TIMENOW: define([], 'time', (_values, environment) => new ApexTime(new ApexDatetime(environment.now).utcTime)),
  DATE: define(['number', 'number', 'number'], 'date', ([year, month, day]) => {
    const date = ApexDate.of(integer(year), integer(month), integer(day));
    if (date.month !== integer(month) || date.day !== integer(day))
      throw new FormulaEvaluationError('there is no such day');
    return date;
  }),
  // Date/time values become dates in UTC, as the stored value reads ("Using Date, Date/Time, and Time Values in Formulas").
  DATEVALUE: define([['text', 'datetime', 'date']], 'date', ([value]) => parseDate(value ?? null)),
  DATETIMEVALUE: define([['text', 'datetime', 'date']], 'datetime', ([value]) => {
    if (value instanceof ApexDatetime) return value;
    if (value instanceof ApexDate) return new ApexDatetime(value.days * DAY_MS);
    try {
      return ApexDatetime.parse(text(value));
    } catch {
      throw new FormulaEvaluationError(`“${text(value)}” is not a date/time`);
    }
  }),
  TIMEVALUE: define([['text', 'datetime']], 'time', ([value]) =>
    value instanceof ApexDatetime ? new ApexTime(value.utcTime) : ApexTime.parse(text(value)),
  ),
  YEAR: define(['date'], 'number', ([date]) => fromInteger((date as ApexDate).year)),
  MONTH: define(['date'], 'number', ([date]) => fromInteger((date as ApexDate).month)),
  DAY: define(['date'], 'number', ([date]) => fromInteger((date as ApexDate).day)),
  WEEKDAY: define(['date'], 'number', ([date]) => fromInteger((((((date as ApexDate).days + 4) % 7) + 7) % 7) + 1)),
  DAYOFYEAR: define(['date'], 'number', ([date]) => fromInteger((date as ApexDate).dayOfYear)),
  ISOWEEK: define(['date'], 'number', ([date]) => fromInteger(isoWeek(date as ApexDate).week)),
  ISOYEAR: define(['date'], 'number', ([date]) => fromInteger(isoWeek(date as ApexDate).year)),
  ADDMONTHS: define([['date', 'datetime'], 'number'], 'any', ([date, months]) => {
    if (date instanceof ApexDatetime)
      return new ApexDatetime(addMonths(date.utcDate, integer(months)).days * DAY_MS + date.utcTime);
    return addMonths(date as ApexDate, integer(months));
  }),
  HOUR: define(['time'], 'number', ([time]) => fromInteger((time as ApexTime).hour)),
  MINUTE: define(['time'], 'number', ([time]) => fromInteger((time as ApexTime).minute)),
  SECOND: define(['time'], 'number', ([time]) => fromInteger((time as ApexTime).second)),
  MILLISECOND: define(['time'], 'number', ([time]) => fromInteger((time as ApexTime).millisecond)),
  UNIXTIMESTAMP: define(['datetime'], 'number', ([instant]) =>
    fromInteger(Math.floor((instant as ApexDatetime).milliseconds / 1000)),
  ),
  FROMUNIXTIME: define(['number'], 'datetime', ([seconds]) => new ApexDatetime(integer(seconds) * 1000)),

  ISBLANK: define([ANY], 'boolean', ([value]) => value === null || value === '', { takesNull: true }),
  ISNULL: define([ANY], 'boolean', ([value]) => value === null, { takesNull: true }),
  ISNUMBER: define(
    ['text'],
    'boolean',
    ([value]) => /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(text(value)),
    { takesNull: true },
  ),
  NOT: define(['boolean'], 'boolean', ([value]) => value !== true, { takesNull: true }),
  ISPICKVAL: define(['picklist', 'text'], 'boolean', ([value, wanted]) => text(value) === text(wanted), {
    takesNull: true,
  }),
  INCLUDES: define(
    ['multipicklist', 'text'],
    'boolean',
    ([value, wanted]) => text(value).split(';').includes(text(wanted)),
    { takesNull: true },
  ),
};

/** The last day of a month stays the last day. */
function addMonths(date: ApexDate, months: number): ApexDate {
  const moved = date.addMonths(months);
  const isLast = date.day === ApexDate.daysInMonth(date.year, date.month);
  return isLast ? ApexDate.of(moved.year, moved.month, ApexDate.daysInMonth(moved.year, moved.month)) : moved;
}
