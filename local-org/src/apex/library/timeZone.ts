/** Offsets of IANA time zones and Java date patterns; offsets are cached by the quarter of an hour. */
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { makeException } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { firstDayOfWeek } from './locale.ts';
import { weekOfMonth, weekOfYear } from './weeks.ts';

const formatters = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();
const QUARTER = 900_000;

/** Milliseconds to add to UTC for local time in a zone; throws when the zone is unknown. */
export function zoneOffset(zone: string, at: number): number {
  if (zone === 'GMT' || zone === 'UTC') return 0;
  const fixed = /^GMT([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)) * 60_000;
  let known = offsets.get(zone);
  if (!known) offsets.set(zone, (known = new Map<number, number>()));
  const slot = Math.floor(at / QUARTER);
  let offset = known.get(slot);
  if (offset === undefined) {
    let formatter = formatters.get(zone);
    if (!formatter) {
      formatter = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
      formatters.set(zone, formatter);
    }
    const start = slot * QUARTER;
    const parts = Object.fromEntries(formatter.formatToParts(start).map((part) => [part.type, part.value]));
    const local = Date.UTC(
      Number(parts['year']),
      Number(parts['month']) - 1,
      Number(parts['day']),
      Number(parts['hour']),
      Number(parts['minute']),
      Number(parts['second']),
    );
    offset = local - start;
    known.set(slot, offset);
  }
  return offset;
}

/** The acting user's time zone. */
export function userTimeZone(): string {
  const { transaction } = execution();
  const cached = execution().extra('timeZones', () => new Map<string, string>());
  let zone = cached.get(transaction.userId);
  if (zone === undefined) {
    zone = userField('TimeZoneSidKey') ?? transaction.org.project.orgShape.timeZone;
    cached.set(transaction.userId, zone);
  }
  return zone;
}

/** A field of the acting user's record, or null. The platform knows it without a query that counts. */
export function userField(name: string): string | null {
  const running = execution();
  const { transaction } = running;
  const cached = running.extra('userRecords', () => new Map<string, ReadonlyMap<string, unknown>>());
  let values = cached.get(transaction.userId);
  if (!values) {
    values = readUser(transaction.userId);
    cached.set(transaction.userId, values);
  }
  const value = values.get(name);
  return typeof value === 'string' ? value : null;
}

let userReader: (userId: string) => ReadonlyMap<string, unknown> = () => new Map();
/** Says how the acting user's record is read; set by the code host. */
export function setUserReader(reader: (userId: string) => ReadonlyMap<string, unknown>): void {
  userReader = reader;
}
function readUser(userId: string): ReadonlyMap<string, unknown> {
  return userReader(userId);
}

/** Milliseconds of a local wall-clock time as UTC: the first instant that shows it. */
export function localToUtc(local: number, zone: string): number {
  const guess = local - zoneOffset(zone, local);
  return local - zoneOffset(zone, guess);
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** java.text.SimpleDateFormat for the patterns that occur; throws IllegalArgumentException on an unknown letter. */
export function formatPattern(value: ApexDatetime, pattern: string, zone: string): string {
  const offset = zoneOffset(zone, value.milliseconds);
  const local = new Date(value.milliseconds + offset);
  const pad = (number: number, size: number): string => String(number).padStart(size, '0');
  const hour = local.getUTCHours();
  return pattern.replace(/'((?:[^']|'')*)'|([a-zA-Z])\2*/g, (token, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted.replace(/''/g, "'");
    const size = token.length;
    switch (token.charAt(0)) {
      case 'y':
        return size === 2 ? pad(local.getUTCFullYear() % 100, 2) : pad(local.getUTCFullYear(), size);
      case 'Y': {
        const { year } = weekOfYear(local, firstDayOfWeek());
        return size === 2 ? pad(year % 100, 2) : pad(year, size);
      }
      case 'w':
        return pad(weekOfYear(local, firstDayOfWeek()).week, size);
      case 'W':
        return pad(weekOfMonth(local, firstDayOfWeek()), size);
      case 'F':
        return pad(Math.ceil(local.getUTCDate() / 7), size);
      case 'M':
        return size >= 4
          ? (MONTHS[local.getUTCMonth()] as string)
          : size === 3
            ? (MONTHS[local.getUTCMonth()] as string).slice(0, 3)
            : pad(local.getUTCMonth() + 1, size);
      case 'd':
        return pad(local.getUTCDate(), size);
      case 'D':
        return pad(Math.floor((local.getTime() - Date.UTC(local.getUTCFullYear(), 0, 1)) / 86_400_000) + 1, size);
      case 'E':
        return size >= 4 ? (DAYS[local.getUTCDay()] as string) : (DAYS[local.getUTCDay()] as string).slice(0, 3);
      case 'u':
        return pad(local.getUTCDay() || 7, size);
      case 'a':
        return hour < 12 ? 'AM' : 'PM';
      case 'H':
        return pad(hour, size);
      case 'k':
        return pad(hour || 24, size);
      case 'K':
        return pad(hour % 12, size);
      case 'h':
        return pad(hour % 12 || 12, size);
      case 'm':
        return pad(local.getUTCMinutes(), size);
      case 's':
        return pad(local.getUTCSeconds(), size);
      case 'S':
        return pad(local.getUTCMilliseconds(), size);
      case 'G':
        return 'AD';
      case 'z':
        return offset === 0 ? 'GMT' : zoneName(zone, value.milliseconds, size >= 4 ? 'long' : 'short');
      case 'Z':
      case 'X': {
        if (token.charAt(0) === 'X' && offset === 0) return 'Z';
        const minutes = Math.abs(offset) / 60_000;
        const colon = token.charAt(0) === 'X' && size === 3 ? ':' : '';
        return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${colon}${pad(minutes % 60, 2)}`;
      }
      default:
        throw makeException('IllegalArgumentException', `Illegal pattern character '${token.charAt(0)}'`);
    }
  });
}

export function zoneName(zone: string, at: number, style: 'long' | 'short'): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: style }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** Formats in the acting user's time zone. */
export function formatLocal(value: ApexDatetime, pattern: string): string {
  return formatPattern(value, pattern, userTimeZone());
}
