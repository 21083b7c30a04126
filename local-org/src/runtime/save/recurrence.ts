/**
 * Recurring tasks and events (Object Reference, "Task" and "Event", Recurring Tasks and Events): which fields each
 * recurrence type takes, and on which days a series has its occurrences.
 */
import type { SObjectRecord } from '../../schema/record.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { addError, isBlank, textOf } from './rows.ts';
import type { SaveRow } from './rows.ts';

type Pattern = (from: ApexDate, until: ApexDate, record: SObjectRecord) => Iterable<ApexDate>;

interface RecurrenceType {
  readonly needs: readonly string[];
  /** Most occurrences (Salesforce Help, "Considerations for Creating Recurring Tasks"). */
  readonly most: number;
  readonly days: Pattern;
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
const INSTANCES = ['First', 'Second', 'Third', 'Fourth'];
const DAYS_A_WEEK = 7;

const number = (record: SObjectRecord, name: string): number => Number(record.values.get(name) ?? 0);
/** Sunday is 1, Monday 2, Tuesday 4 … Saturday 64. */
const inMask = (record: SObjectRecord, day: ApexDate): boolean =>
  ((number(record, 'RecurrenceDayOfWeekMask') >> day.dayOfWeek) & 1) === 1;

function* everyDay(from: ApexDate, until: ApexDate, step = 1): Iterable<ApexDate> {
  for (let { days } = from; days <= until.days; days += step) yield new ApexDate(days);
}

/** First days of the months from the one of `from` on. */
function* months(from: ApexDate, until: ApexDate, step: number): Iterable<ApexDate> {
  for (let offset = 0; ; offset += step) {
    const first = ApexDate.of(from.year, from.month + offset, 1);
    if (first.days > until.days) return;
    yield first;
  }
}

/** A day of the month; a month that is shorter has its last day. */
const dayOfMonth = (first: ApexDate, day: number): ApexDate =>
  ApexDate.of(first.year, first.month, Math.min(day, ApexDate.daysInMonth(first.year, first.month)));

/** The first, second … last of the days in the mask. */
function nthDay(first: ApexDate, record: SObjectRecord): ApexDate | undefined {
  const last = dayOfMonth(first, 31);
  const fitting = [...everyDay(first, last)].filter((day) => inMask(record, day));
  const place = INSTANCES.indexOf(textOf(record.values.get('RecurrenceInstance')));
  return place < 0 ? fitting.at(-1) : fitting[place];
}

const startsInMonth = (from: ApexDate, record: SObjectRecord): ApexDate => {
  const month = MONTHS.indexOf(textOf(record.values.get('RecurrenceMonthOfYear'))) + 1;
  return ApexDate.of(month < from.month ? from.year + 1 : from.year, month, 1);
};

const TYPES: Readonly<Record<string, RecurrenceType>> = {
  RecursDaily: {
    needs: ['RecurrenceInterval'],
    most: 100,
    days: (from, until, record) => everyDay(from, until, number(record, 'RecurrenceInterval')),
  },
  RecursEveryWeekday: {
    needs: ['RecurrenceDayOfWeekMask'],
    most: 100,
    days: (from, until, record) => [...everyDay(from, until)].filter((day) => inMask(record, day)),
  },
  RecursWeekly: {
    needs: ['RecurrenceInterval', 'RecurrenceDayOfWeekMask'],
    most: 53,
    days: (from, until, record) => {
      const sunday = from.days - from.dayOfWeek;
      const interval = number(record, 'RecurrenceInterval');
      return [...everyDay(from, until)].filter(
        (day) => inMask(record, day) && Math.floor((day.days - sunday) / DAYS_A_WEEK) % interval === 0,
      );
    },
  },
  RecursMonthly: {
    needs: ['RecurrenceInterval', 'RecurrenceDayOfMonth'],
    most: 60,
    days: (from, until, record) =>
      [...months(from, until, number(record, 'RecurrenceInterval'))].map((first) =>
        dayOfMonth(first, number(record, 'RecurrenceDayOfMonth')),
      ),
  },
  RecursMonthlyNth: {
    needs: ['RecurrenceInterval', 'RecurrenceDayOfWeekMask', 'RecurrenceInstance'],
    most: 60,
    days: (from, until, record) =>
      [...months(from, until, number(record, 'RecurrenceInterval'))].flatMap((first) => nthDay(first, record) ?? []),
  },
  RecursYearly: {
    needs: ['RecurrenceDayOfMonth', 'RecurrenceMonthOfYear'],
    most: 10,
    days: (from, until, record) =>
      [...months(startsInMonth(from, record), until, 12)].map((first) =>
        dayOfMonth(first, number(record, 'RecurrenceDayOfMonth')),
      ),
  },
  RecursYearlyNth: {
    needs: ['RecurrenceDayOfWeekMask', 'RecurrenceInstance', 'RecurrenceMonthOfYear'],
    most: 10,
    days: (from, until, record) =>
      [...months(startsInMonth(from, record), until, 12)].flatMap((first) => nthDay(first, record) ?? []),
  },
};

const startField = (record: SObjectRecord): string =>
  record.describe.name === 'Task' ? 'RecurrenceStartDateOnly' : 'RecurrenceStartDateTime';

/** Days of a series' occurrences; `dayAt` gives the day of an event's start. */
export function occurrenceDays(record: SObjectRecord, dayAt: (milliseconds: number) => ApexDate): readonly ApexDate[] {
  const type = TYPES[textOf(record.values.get('RecurrenceType'))];
  const start = record.values.get(startField(record));
  const until = record.values.get('RecurrenceEndDateOnly');
  const from = start instanceof ApexDatetime ? dayAt(start.milliseconds) : start;
  if (!type || !(from instanceof ApexDate) || !(until instanceof ApexDate)) return [];
  return [...type.days(from, until, record)].filter((day) => day.days >= from.days && day.days <= until.days);
}

/** Checks the fields of a new series; a task that regenerates itself needs its interval alone. */
export function checkRecurrence(row: SaveRow, dayAt: (milliseconds: number) => ApexDate): void {
  const { record } = row;
  const { values } = record;
  if (row.old !== null) return;
  if (values.get('IsRecurrence') !== true) {
    const regenerated = textOf(values.get('RecurrenceRegeneratedType'));
    if (regenerated !== '' && isBlank(values.get('RecurrenceInterval'))) require(row, ['RecurrenceInterval']);
    return;
  }
  const type = TYPES[textOf(values.get('RecurrenceType'))];
  require(row, ['RecurrenceType', startField(record), 'RecurrenceEndDateOnly', ...(type?.needs ?? [])]);
  if (row.errors.length > 0 || !type) return;
  const wrong = [
    ['RecurrenceInterval', 1, Number.MAX_SAFE_INTEGER],
    ['RecurrenceDayOfMonth', 1, 31],
    ['RecurrenceDayOfWeekMask', 1, 127],
  ].find(
    ([name, least, most]) =>
      type.needs.includes(String(name)) &&
      (number(record, String(name)) < Number(least) || number(record, String(name)) > Number(most)),
  );
  if (wrong) {
    addError(row, 'NUMBER_OUTSIDE_VALID_RANGE', `${String(wrong[0])}: value outside of valid range`, [
      String(wrong[0]),
    ]);
    return;
  }
  const count = occurrenceDays(record, dayAt).length;
  if (count === 0 || count > type.most)
    addError(
      row,
      'FIELD_INTEGRITY_EXCEPTION',
      `A series of this type has 1 to ${type.most} occurrences; this one would have ${count}.`,
      ['RecurrenceEndDateOnly'],
    );
}

function require(row: SaveRow, names: readonly string[]): void {
  const missing = names.filter((name) => isBlank(row.record.values.get(name)));
  if (missing.length > 0)
    addError(row, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, missing);
}
