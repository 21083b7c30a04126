/** Makes the rows of recurring activities: occurrences of a new series, and the task that follows a closed one. */
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { checkRecurrence, occurrenceDays } from './recurrence.ts';
import { addError, isBlank, textOf } from './rows.ts';
import type { SaveRow } from './rows.ts';
import { CHUNK_SIZE, saveChunk } from './saveRecords.ts';
import type { SaveRequest, SaveServices } from './services.ts';
import type { StandardRule, StandardRules } from './standardRules.ts';

/** Adds what new series and closed tasks bring along; a failure of one of these fails the row that it comes from. */
function addOccurrences(rows: readonly SaveRow[], services: SaveServices, request: SaveRequest): void {
  for (const row of rows) {
    const { describe } = row.record;
    const made =
      row.old === null ? occurrencesOf(row.record, describe, services) : successorOf(row, describe, services);
    for (let start = 0; start < made.length; start += CHUNK_SIZE) {
      const chunk = made
        .slice(start, start + CHUNK_SIZE)
        .map((input, index): SaveRow => ({ index, input, record: input, old: null, errors: [] }));
      saveChunk(chunk, { describe, operation: 'insert', internal: true }, services, request);
      const [failed] = chunk.flatMap(({ errors }) => errors);
      if (failed) addError(row, failed.statusCode, failed.message, failed.fields);
    }
  }
}

const recurring: StandardRule = {
  check: (row, services) => checkRecurrence(row, (instant) => services.derivation.dayAt(instant)),
  after: addOccurrences,
};

export const recurrenceRules: StandardRules = { Task: recurring, Event: recurring };

function occurrencesOf(
  series: SObjectRecord,
  describe: ObjectDescribe,
  services: SaveServices,
): readonly SObjectRecord[] {
  if (series.values.get('IsRecurrence') !== true) return [];
  const { derivation } = services;
  const start = series.values.get('RecurrenceStartDateTime');
  const dayAt = (instant: number): ApexDate => derivation.dayAt(instant);
  const days = occurrenceDays(series, dayAt);
  // The record of the series names itself, as its occurrences name it.
  services.store.update(describe, series.id ?? '', new Map([['RecurrenceActivityId', series.id]]));
  return days.map((day) => {
    const occurrence = copyOf(series, describe);
    occurrence.values.set('RecurrenceActivityId', series.id);
    if (describe.name === 'Task') occurrence.values.set('ActivityDate', day);
    else if (start instanceof ApexDatetime) {
      // The same time of the day, also when clocks changed in between.
      const timeOfDay = start.milliseconds - derivation.startOfDay(dayAt(start.milliseconds));
      const moved = derivation.startOfDay(day) + timeOfDay;
      occurrence.values.set('StartDateTime', new ApexDatetime(moved));
      occurrence.values.delete('ActivityDateTime');
      occurrence.values.delete('EndDateTime');
    }
    return occurrence;
  });
}

/** A closed task that regenerates itself is followed by an open one, some days after its due date or after today. */
function successorOf(row: SaveRow, describe: ObjectDescribe, services: SaveServices): readonly SObjectRecord[] {
  const type = textOf(row.record.values.get('RecurrenceRegeneratedType'));
  const closes = row.record.values.get('IsClosed') === true && row.old?.values.get('IsClosed') !== true;
  if (!closes || (type !== 'RecurrenceRegenerateAfterDueDate' && type !== 'RecurrenceRegenerateAfterToday')) return [];
  const due = row.record.values.get('ActivityDate');
  const from = type === 'RecurrenceRegenerateAfterDueDate' && due instanceof ApexDate ? due : services.derivation.today;
  const next = copyOf(row.record, describe);
  next.values.set('ActivityDate', from.addDays(Number(row.record.values.get('RecurrenceInterval'))));
  next.values.set('RecurrenceRegeneratedType', type);
  next.values.set('RecurrenceInterval', row.record.values.get('RecurrenceInterval'));
  next.values.delete('Status');
  services.store.update(
    describe,
    row.record.id ?? '',
    new Map([['RecurrenceRegeneratedType', 'RecurrenceRegenerated']]),
  );
  return [next];
}

/** A new record with the values that people write, without those of the recurrence. */
function copyOf(record: SObjectRecord, describe: ObjectDescribe): SObjectRecord {
  const copy = new SObjectRecord(describe);
  for (const field of describe.fields) {
    const value = record.values.get(field.name);
    if (field.createable && !isBlank(value) && !field.name.includes('Recurrence')) copy.values.set(field.name, value);
  }
  return copy;
}

/**
 * What goes along when the record of a series is deleted: open tasks of the series, all of its events (Salesforce Help,
 * "Considerations for Deleting Recurring Activities").
 */
export function occurrencesToDelete(id: string, describe: ObjectDescribe, services: SaveServices): readonly string[] {
  if (!describe.field('RecurrenceActivityId')) return [];
  const open = describe.name === 'Task' ? ' AND "IsClosed" = 0' : '';
  return services.store
    .all(
      `SELECT "Id" FROM "${describe.name}" WHERE "RecurrenceActivityId" = ? AND "Id" <> ? AND "IsDeleted" = 0${open} ORDER BY "Id"`,
      [id, id],
    )
    .map((row) => String(row[0]));
}
