/**
 * Recurring tasks and events. Source: Object Reference, "Task" and "Event" (recurrence fields); Salesforce Help,
 * "Considerations for Creating Recurring Tasks".
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { DmlFailure } from '../../src/runtime/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { Transaction } from '../../src/runtime/types.ts';
import { ApexDatetime } from '../../src/values/ApexDatetime.ts';
import { temporaryProject } from '../project/temporaryProject.ts';
import { PLAN_FILES } from '../schema/planProject.ts';
import { date, dml, insert, query, record } from './helpers.ts';

const org = openOrg({ project: loadProject(temporaryProject(PLAN_FILES)) });
after(() => org.close());

const run = (work: (transaction: Transaction) => void): void => org.transaction({ userId: org.administratorId }, work);
type Values = Readonly<Record<string, unknown>>;

/** Due dates of the series that the values describe. */
function dueDates(values: Values): unknown {
  let found: unknown;
  run((transaction) => {
    const [id] = insert(transaction, record(org, 'Task', { Subject: 'Call', IsRecurrence: true, ...values }));
    found = query(
      transaction,
      `SELECT ActivityDate FROM Task WHERE RecurrenceActivityId = '${id ?? ''}' AND IsRecurrence = FALSE ORDER BY ActivityDate`,
    ).map((row) => (row as { ActivityDate: string }).ActivityDate);
  });
  return found;
}

const between = (start: string, end: string): Values => ({
  RecurrenceStartDateOnly: date(start),
  RecurrenceEndDateOnly: date(end),
});

test('each type of recurrence has its days', () => {
  assert.deepEqual(
    dueDates({ ...between('2026-03-01', '2026-03-08'), RecurrenceType: 'RecursDaily', RecurrenceInterval: 3 }),
    ['2026-03-01', '2026-03-04', '2026-03-07'],
  );
  // Monday to Friday: 62.
  assert.deepEqual(
    dueDates({
      ...between('2026-03-06', '2026-03-10'),
      RecurrenceType: 'RecursEveryWeekday',
      RecurrenceDayOfWeekMask: 62,
    }),
    ['2026-03-06', '2026-03-09', '2026-03-10'],
  );
  // Tuesday and Thursday (4 + 16) of every second week; the first week starts on Sunday the first.
  assert.deepEqual(
    dueDates({
      ...between('2026-03-04', '2026-03-31'),
      RecurrenceType: 'RecursWeekly',
      RecurrenceInterval: 2,
      RecurrenceDayOfWeekMask: 20,
    }),
    ['2026-03-05', '2026-03-17', '2026-03-19', '2026-03-31'],
  );
  // The 31st, or the last day of shorter months.
  assert.deepEqual(
    dueDates({
      ...between('2026-01-15', '2026-05-01'),
      RecurrenceType: 'RecursMonthly',
      RecurrenceInterval: 1,
      RecurrenceDayOfMonth: 31,
    }),
    ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'],
  );
  // The last Friday (32) of every second month.
  assert.deepEqual(
    dueDates({
      ...between('2026-01-01', '2026-04-01'),
      RecurrenceType: 'RecursMonthlyNth',
      RecurrenceInterval: 2,
      RecurrenceInstance: 'Last',
      RecurrenceDayOfWeekMask: 32,
    }),
    ['2026-01-30', '2026-03-27'],
  );
  assert.deepEqual(
    dueDates({
      ...between('2026-06-01', '2028-03-01'),
      RecurrenceType: 'RecursYearly',
      RecurrenceMonthOfYear: 'February',
      RecurrenceDayOfMonth: 29,
    }),
    ['2027-02-28', '2028-02-29'],
  );
  assert.deepEqual(
    dueDates({
      ...between('2026-01-01', '2027-12-31'),
      RecurrenceType: 'RecursYearlyNth',
      RecurrenceMonthOfYear: 'May',
      RecurrenceInstance: 'Second',
      RecurrenceDayOfWeekMask: 1,
    }),
    ['2026-05-10', '2027-05-09'],
  );
});

test('a series needs the fields of its type, and has at most so many occurrences', () => {
  const refusal = (statusCode: string, fields: readonly string[]) => (error: unknown) => {
    const problem = error instanceof DmlFailure ? error.failures[0]?.errors[0] : undefined;
    assert.deepEqual([problem?.statusCode, problem?.fields], [statusCode, fields]);
    return true;
  };
  assert.throws(
    () => dueDates({ ...between('2026-03-01', '2026-03-08'), RecurrenceType: 'RecursMonthly', RecurrenceInterval: 1 }),
    refusal('REQUIRED_FIELD_MISSING', ['RecurrenceDayOfMonth']),
  );
  assert.throws(
    () => dueDates({ ...between('2026-03-01', '2026-03-08'), RecurrenceType: 'RecursDaily', RecurrenceInterval: 0 }),
    refusal('NUMBER_OUTSIDE_VALID_RANGE', ['RecurrenceInterval']),
  );
  assert.throws(
    () => dueDates({ ...between('2026-03-01', '2026-12-31'), RecurrenceType: 'RecursDaily', RecurrenceInterval: 1 }),
    refusal('FIELD_INTEGRITY_EXCEPTION', ['RecurrenceEndDateOnly']),
  );
});

test('events of a series keep their time and length; deleting the series deletes them', () =>
  run((transaction) => {
    const start = ApexDatetime.parse('2026-03-02T15:00:00Z');
    const [id] = insert(
      transaction,
      record(org, 'Event', {
        Subject: 'Meeting',
        IsRecurrence: true,
        StartDateTime: start,
        DurationInMinutes: 30,
        RecurrenceType: 'RecursWeekly',
        RecurrenceInterval: 1,
        RecurrenceDayOfWeekMask: 2,
        RecurrenceStartDateTime: start,
        RecurrenceEndDateOnly: date('2026-03-16'),
      }),
    );
    const rows = (): unknown =>
      query(
        transaction,
        'SELECT StartDateTime, EndDateTime, RecurrenceActivityId FROM Event WHERE IsRecurrence = FALSE ORDER BY StartDateTime',
      ).map((row) => {
        const { StartDateTime, EndDateTime, RecurrenceActivityId } = row as Record<string, string>;
        assert.equal(RecurrenceActivityId, id);
        return [StartDateTime?.slice(0, 16), EndDateTime?.slice(0, 16)];
      });
    // Clocks in Los Angeles went forward on March 8.
    assert.deepEqual(rows(), [
      ['2026-03-02 15:00', '2026-03-02 15:30'],
      ['2026-03-09 14:00', '2026-03-09 14:30'],
      ['2026-03-16 14:00', '2026-03-16 14:30'],
    ]);
    dml(transaction, 'delete', [record(org, 'Event', { Id: id })]);
    assert.deepEqual(rows(), []);
    dml(transaction, 'undelete', [record(org, 'Event', { Id: id })]);
    assert.equal((rows() as unknown[]).length, 3);
  }));

test('deleting a series of tasks leaves those that are done', () =>
  run((transaction) => {
    const [id] = insert(
      transaction,
      record(org, 'Task', {
        Subject: 'Done in part',
        IsRecurrence: true,
        ...between('2026-03-01', '2026-03-03'),
        RecurrenceType: 'RecursDaily',
        RecurrenceInterval: 1,
      }),
    );
    const [first] = query(
      transaction,
      `SELECT Id FROM Task WHERE RecurrenceActivityId = '${id ?? ''}' AND IsRecurrence = FALSE ORDER BY ActivityDate LIMIT 1`,
    ) as [{ Id: string }];
    dml(transaction, 'update', [record(org, 'Task', { Id: first.Id, Status: 'Completed' })]);
    dml(transaction, 'delete', [record(org, 'Task', { Id: id })]);
    assert.deepEqual(query(transaction, "SELECT Id FROM Task WHERE Subject = 'Done in part'"), [{ Id: first.Id }]);
  }));

test('a closed task is followed by an open one, counted from its due date', () =>
  run((transaction) => {
    const [id] = insert(
      transaction,
      record(org, 'Task', {
        Subject: 'Again',
        ActivityDate: date('2026-03-01'),
        RecurrenceRegeneratedType: 'RecurrenceRegenerateAfterDueDate',
        RecurrenceInterval: 10,
      }),
    );
    dml(transaction, 'update', [record(org, 'Task', { Id: id, Status: 'Completed' })]);
    assert.deepEqual(
      query(
        transaction,
        "SELECT ActivityDate, Status, RecurrenceRegeneratedType FROM Task WHERE Subject = 'Again' ORDER BY ActivityDate",
      ),
      [
        { ActivityDate: '2026-03-01', Status: 'Completed', RecurrenceRegeneratedType: 'RecurrenceRegenerated' },
        {
          ActivityDate: '2026-03-11',
          Status: 'Not Started',
          RecurrenceRegeneratedType: 'RecurrenceRegenerateAfterDueDate',
        },
      ],
    );
  }));
