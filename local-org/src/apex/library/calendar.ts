/** Date, Datetime, Time and TimeZone. */
import { ApexDate, CalendarError } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { firstDayOfWeek, userFormat, userLocale } from './locale.ts';
import { formatLocal, formatPattern, localToUtc, userTimeZone, zoneName, zoneOffset } from './timeZone.ts';
import type { LibraryClass } from './define.ts';

const DAY = 86_400_000;
const need = <T>(value: T | null): T => value ?? nullPointer();

function parsed<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CalendarError) throw makeException('TypeException', error.message);
    throw error;
  }
}

/** The day in the acting user's time zone. */
export function localDate(instant: ApexDatetime): ApexDate {
  return new ApexDate(Math.floor((instant.milliseconds + zoneOffset(userTimeZone(), instant.milliseconds)) / DAY));
}
const local = (instant: ApexDatetime): ApexDatetime =>
  new ApexDatetime(instant.milliseconds + zoneOffset(userTimeZone(), instant.milliseconds));
const fromLocal = (milliseconds: number): ApexDatetime => new ApexDatetime(localToUtc(milliseconds, userTimeZone()));
export const now = (): ApexDatetime => new ApexDatetime(execution().transaction.now());

function localFormatDate(date: ApexDate): string {
  return userFormat().date(date);
}

/** `MM/dd/yyyy` or whatever the user's locale writes. */
function parseLocalDate(text: string): ApexDate {
  const order = new Intl.DateTimeFormat(userLocale(), { timeZone: 'UTC' })
    .formatToParts(0)
    .filter((part) => ['day', 'month', 'year'].includes(part.type))
    .map((part) => part.type);
  const numbers = need(text)
    .trim()
    .split(/[^\d]+/)
    .map(Number);
  const value = (type: string): number => numbers[order.indexOf(type as 'day')] ?? NaN;
  const [year, month, day] = [value('year'), value('month'), value('day')];
  const date = numbers.length === 3 && Number.isFinite(year + month + day) ? ApexDate.of(year, month, day) : null;
  if (!date || date.month !== month || date.day !== day) throw makeException('TypeException', `Invalid date: ${text}`);
  return date;
}

export const dateClass: LibraryClass = {
  name: 'Date',
  statics: {
    'Integer daysInMonth(Integer year, Integer month)': (year: number, month: number) =>
      ApexDate.daysInMonth(need(year), need(month)),
    'Boolean isLeapYear(Integer year)': (year: number) => ApexDate.isLeapYear(need(year)),
    'Date newInstance(Integer year, Integer month, Integer day)': (year: number, month: number, day: number) =>
      ApexDate.of(need(year), need(month), need(day)),
    'Date parse(String text)': parseLocalDate,
    'Date today()': () => localDate(now()),
    'Date valueOf(String text)': (text: string) =>
      parsed(() => ApexDate.parse(need(text).trim().split(/[ T]/)[0] as string)),
    'Date valueOf(Object value)': (value: unknown) => {
      if (value instanceof ApexDate) return value;
      if (value instanceof ApexDatetime) return localDate(value);
      if (typeof value === 'string') return parsed(() => ApexDate.parse(value.trim().split(/[ T]/)[0] as string));
      if (value === null) return nullPointer();
      throw makeException('TypeException', 'Invalid date');
    },
  },
  methods: {
    'Date addDays(Integer days)': (self: ApexDate, days: number) => self.addDays(need(days)),
    'Date addMonths(Integer months)': (self: ApexDate, months: number) => self.addMonths(need(months)),
    'Date addYears(Integer years)': (self: ApexDate, years: number) => self.addYears(need(years)),
    'Integer day()': (self: ApexDate) => self.day,
    'Integer dayOfYear()': (self: ApexDate) => self.dayOfYear,
    'Integer daysBetween(Date other)': (self: ApexDate, other: ApexDate) => self.daysBetween(need(other)),
    'String format()': localFormatDate,
    'Boolean isSameDay(Date other)': (self: ApexDate, other: ApexDate) => self.equals(need(other)),
    'Integer month()': (self: ApexDate) => self.month,
    'Integer monthsBetween(Date other)': (self: ApexDate, other: ApexDate) => self.monthsBetween(need(other)),
    'Date toStartOfMonth()': (self: ApexDate) => self.startOfMonth(),
    'Date toStartOfWeek()': (self: ApexDate) => self.startOfWeek(firstDayOfWeek()),
    'Integer year()': (self: ApexDate) => self.year,
  },
};

function parseDatetime(text: string): { year: number; month: number; day: number; rest: number } {
  // What stands behind the seconds, a fraction or an offset, is passed over.
  const match =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.exec(
      need(text).trim(),
    );
  if (!match) throw makeException('TypeException', `Invalid date/time: ${text}`);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return {
    year,
    month,
    day,
    rest: ((Number(match[4] ?? 0) * 60 + Number(match[5] ?? 0)) * 60 + Number(match[6] ?? 0)) * 1000,
  };
}

const wall = (year: number, month: number, day: number, time = 0): number =>
  ApexDate.of(need(year), need(month), need(day)).days * DAY + time;
const clock = (hour: number, minute: number, second: number): number =>
  ((need(hour) * 60 + need(minute)) * 60 + need(second)) * 1000;
const shiftDate = (self: ApexDatetime, change: (date: ApexDate) => ApexDate): ApexDatetime => {
  const here = local(self);
  return fromLocal(change(here.utcDate).days * DAY + here.utcTime);
};

function gmtParts(
  prefix: string,
  shift: (self: ApexDatetime) => ApexDatetime,
): Record<string, (self: ApexDatetime) => unknown> {
  const name = (text: string): string => (prefix === '' ? text : `${text}Gmt`);
  return {
    [`Date ${name('date')}()`]: (self) => shift(self).utcDate,
    [`Integer ${name('day')}()`]: (self) => shift(self).utcDate.day,
    [`Integer ${name('dayOfYear')}()`]: (self) => shift(self).utcDate.dayOfYear,
    [`Integer ${name('hour')}()`]: (self) => Math.floor(shift(self).utcTime / 3_600_000),
    [`Integer ${name('millisecond')}()`]: (self) => shift(self).utcTime % 1000,
    [`Integer ${name('minute')}()`]: (self) => Math.floor(shift(self).utcTime / 60_000) % 60,
    [`Integer ${name('month')}()`]: (self) => shift(self).utcDate.month,
    [`Integer ${name('second')}()`]: (self) => Math.floor(shift(self).utcTime / 1000) % 60,
    [`Time ${name('time')}()`]: (self) => new ApexTime(shift(self).utcTime),
    [`Integer ${name('year')}()`]: (self) => shift(self).utcDate.year,
  };
}

export const datetimeClass: LibraryClass = {
  name: 'Datetime',
  statics: {
    'Datetime newInstance(Long milliseconds)': (milliseconds: bigint) => new ApexDatetime(Number(need(milliseconds))),
    'Datetime newInstance(Date date, Time time)': (date: ApexDate, time: ApexTime) =>
      fromLocal(need(date).days * DAY + need(time).milliseconds),
    'Datetime newInstance(Integer year, Integer month, Integer day)': (year: number, month: number, day: number) =>
      fromLocal(wall(year, month, day)),
    'Datetime newInstance(Integer year, Integer month, Integer day, Integer hour, Integer minute, Integer second)': (
      year: number,
      month: number,
      day: number,
      hour: number,
      minute: number,
      second: number,
    ) => fromLocal(wall(year, month, day, clock(hour, minute, second))),
    'Datetime newInstanceGmt(Date date, Time time)': (date: ApexDate, time: ApexTime) =>
      new ApexDatetime(need(date).days * DAY + need(time).milliseconds),
    'Datetime newInstanceGmt(Integer year, Integer month, Integer day)': (year: number, month: number, day: number) =>
      new ApexDatetime(wall(year, month, day)),
    'Datetime newInstanceGmt(Integer year, Integer month, Integer day, Integer hour, Integer minute, Integer second)': (
      year: number,
      month: number,
      day: number,
      hour: number,
      minute: number,
      second: number,
    ) => new ApexDatetime(wall(year, month, day, clock(hour, minute, second))),
    'Datetime now()': now,
    'Datetime parse(String text)': (text: string) => {
      const match = /^(.*?\d{4})[, ]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?$/.exec(need(text).trim());
      if (!match) throw makeException('TypeException', `Invalid date/time: ${text}`);
      let hour = Number(match[2]);
      if (match[5]) hour = (hour % 12) + (match[5].toLowerCase() === 'pm' ? 12 : 0);
      return fromLocal(
        parseLocalDate(match[1] as string).days * DAY + clock(hour, Number(match[3]), Number(match[4] ?? 0)),
      );
    },
    'Datetime valueOf(String text)': (text: string) => {
      const { year, month, day, rest } = parseDatetime(text);
      return fromLocal(wall(year, month, day, rest));
    },
    'Datetime valueOf(Object value)': (value: unknown) => {
      if (value instanceof ApexDatetime) return value;
      if (value instanceof ApexDate) return new ApexDatetime(value.days * DAY);
      if (typeof value === 'bigint' || typeof value === 'number') return new ApexDatetime(Number(value));
      if (typeof value !== 'string') throw makeException('TypeException', 'Invalid date/time');
      const { year, month, day, rest } = parseDatetime(value);
      return fromLocal(wall(year, month, day, rest));
    },
    'Datetime valueOfGmt(String text)': (text: string) => {
      const { year, month, day, rest } = parseDatetime(text);
      return new ApexDatetime(wall(year, month, day, rest));
    },
  },
  methods: {
    'Datetime addDays(Integer days)': (self: ApexDatetime, days: number) =>
      shiftDate(self, (date) => date.addDays(need(days))),
    'Datetime addHours(Integer hours)': (self: ApexDatetime, hours: number) =>
      new ApexDatetime(self.milliseconds + need(hours) * 3_600_000),
    'Datetime addMinutes(Integer minutes)': (self: ApexDatetime, minutes: number) =>
      new ApexDatetime(self.milliseconds + need(minutes) * 60_000),
    'Datetime addMonths(Integer months)': (self: ApexDatetime, months: number) =>
      shiftDate(self, (date) => date.addMonths(need(months))),
    'Datetime addSeconds(Integer seconds)': (self: ApexDatetime, seconds: number) =>
      new ApexDatetime(self.milliseconds + need(seconds) * 1000),
    'Datetime addYears(Integer years)': (self: ApexDatetime, years: number) =>
      shiftDate(self, (date) => date.addYears(need(years))),
    ...gmtParts('', local),
    ...gmtParts('Gmt', (self) => self),
    'String format()': (self: ApexDatetime) => userFormat().dateTime(self),
    'String format(String pattern)': (self: ApexDatetime, pattern: string) => formatLocal(self, need(pattern)),
    'String format(String pattern, String timeZone)': (self: ApexDatetime, pattern: string, zone: string) =>
      formatPattern(self, need(pattern), knownZone(zone)),
    'String formatGmt(String pattern)': (self: ApexDatetime, pattern: string) =>
      formatPattern(self, need(pattern), 'GMT'),
    'String formatLong()': (self: ApexDatetime) =>
      new Intl.DateTimeFormat(userLocale(), { timeZone: userTimeZone(), dateStyle: 'short', timeStyle: 'long' })
        .format(self.milliseconds)
        .replace(/\u202f/g, ' '),
    'Long getTime()': (self: ApexDatetime) => BigInt(self.milliseconds),
    'Boolean isSameDay(Datetime other)': (self: ApexDatetime, other: ApexDatetime) =>
      localDate(self).equals(localDate(need(other))),
  },
};

export const timeClass: LibraryClass = {
  name: 'Time',
  statics: {
    'Time newInstance(Integer hour, Integer minute, Integer second, Integer millisecond)': (
      hour: number,
      minute: number,
      second: number,
      millisecond: number,
    ) => ApexTime.of(need(hour), need(minute), need(second), need(millisecond)),
  },
  methods: {
    'Time addHours(Integer hours)': (self: ApexTime, hours: number) => self.add(need(hours) * 3_600_000),
    'Time addMilliseconds(Integer milliseconds)': (self: ApexTime, milliseconds: number) =>
      self.add(need(milliseconds)),
    'Time addMinutes(Integer minutes)': (self: ApexTime, minutes: number) => self.add(need(minutes) * 60_000),
    'Time addSeconds(Integer seconds)': (self: ApexTime, seconds: number) => self.add(need(seconds) * 1000),
    'Integer hour()': (self: ApexTime) => self.hour,
    'Integer millisecond()': (self: ApexTime) => self.millisecond,
    'Integer minute()': (self: ApexTime) => self.minute,
    'Integer second()': (self: ApexTime) => self.second,
  },
};

function knownZone(zone: string | null): string {
  const name = need(zone);
  try {
    zoneOffset(name, 0);
    return name;
  } catch {
    return 'GMT';
  }
}

export class ApexTimeZone {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
  toString(): string {
    return this.id;
  }
}

export const timeZoneClass: LibraryClass = {
  name: 'TimeZone',
  instance: ApexTimeZone,
  statics: { 'TimeZone getTimeZone(String id)': (id: string) => new ApexTimeZone(knownZone(id)) },
  methods: {
    'String getDisplayName()': (self: ApexTimeZone) => {
      const offset = zoneOffset(self.id, execution().transaction.now()) / 60_000;
      const text = `${offset < 0 ? '-' : '+'}${String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0')}:${String(Math.abs(offset) % 60).padStart(2, '0')}`;
      return `(GMT${text}) ${zoneName(self.id, execution().transaction.now(), 'long')} (${self.id})`;
    },
    'String getID()': (self: ApexTimeZone) => self.id,
    'Integer getOffset(Datetime at)': (self: ApexTimeZone, at: ApexDatetime) =>
      zoneOffset(self.id, need(at).milliseconds),
    'String toString()': (self: ApexTimeZone) => self.id,
  },
};
