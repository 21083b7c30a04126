/**
 * OpenActivity and ActivityHistory: tasks and events of a record as one list, what is to come and what is done
 * (Object Reference). Their rows are views of tasks and events.
 */
import { createFacts, createField } from './objectDescription.ts';
import type { MutableField, ObjectFacts } from './objectDescription.ts';
import { auditFields, idField, isDeletedField, ownerField } from './systemFields.ts';
import type { FieldDescribe, FieldType, ObjectDescribe, Schema } from './types.ts';

/** Fields besides the system's, with their type and the names that tasks and events have for them where they differ. */
const FIELDS: readonly (readonly [name: string, type: FieldType, label: string, task?: string, event?: string])[] = [
  ['Subject', 'combobox', 'Subject'],
  ['ActivityDate', 'date', 'Date'],
  ['ActivityDateTime', 'datetime', 'Date Time'],
  ['StartDateTime', 'datetime', 'Start'],
  ['EndDateTime', 'datetime', 'End'],
  ['DurationInMinutes', 'int', 'Duration'],
  ['Status', 'picklist', 'Status'],
  ['Priority', 'picklist', 'Priority'],
  ['IsHighPriority', 'boolean', 'High Priority'],
  ['IsClosed', 'boolean', 'Closed'],
  ['IsAllDayEvent', 'boolean', 'All-Day Event'],
  ['ActivityType', 'picklist', 'Type', 'Type'],
  ['ActivitySubtype', 'picklist', 'Subtype', 'TaskSubtype', 'EventSubtype'],
  ['Location', 'string', 'Location'],
  ['Description', 'textarea', 'Description'],
  ['CallDurationInSeconds', 'int', 'Call Duration'],
  ['CallType', 'picklist', 'Call Type'],
  ['IsReminderSet', 'boolean', 'Reminder Set'],
  ['ReminderDateTime', 'datetime', 'Reminder Date/Time'],
];
const LENGTHS: Partial<Record<FieldType, number>> = { combobox: 255, picklist: 255, string: 255, textarea: 32000 };
/** Events that have not ended are open. */
const NOW = "unixepoch('now') * 1000";
const CONDITIONS: Readonly<Record<string, readonly [task: string, event: string]>> = {
  OpenActivity: ['"IsClosed" = 0', `"EndDateTime" >= ${NOW}`],
  ActivityHistory: ['"IsClosed" = 1', `("EndDateTime" IS NULL OR "EndDateTime" < ${NOW})`],
};
const NAMES: Readonly<Record<string, readonly [label: string, relationshipName: string]>> = {
  OpenActivity: ['Open Activity', 'OpenActivities'],
  ActivityHistory: ['Activity History', 'ActivityHistories'],
};

/** Names of the objects, and of the relationships by which records have them. */
export const ACTIVITY_RELATIONSHIPS: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).map(([name, [, relationshipName]]) => [name, relationshipName]),
);

/** The two objects; `task` tells what activities can be related to. */
export function activityObjects(task: ObjectFacts): readonly ObjectFacts[] {
  return Object.entries(NAMES).map(([name, [label]]) =>
    createFacts({
      name,
      kind: 'standard',
      label,
      labelPlural: name === 'OpenActivity' ? 'Open Activities' : 'Activity History',
      sharingModel: 'Read',
      createable: false,
      updateable: false,
      deletable: false,
      fields: [
        idField(),
        isDeletedField(),
        ...['WhoId', 'WhatId'].flatMap((field) => referenceLike(task, field)),
        ...referenceLike(task, 'AccountId'),
        createField({ name: 'IsTask', label: 'Task', type: 'boolean', createable: false, updateable: false }),
        ...FIELDS.map(([fieldName, type, fieldLabel]) =>
          createField({
            name: fieldName,
            label: fieldLabel,
            type,
            length: LENGTHS[type] ?? 0,
            precision: type === 'int' ? 8 : 0,
            nameField: fieldName === 'Subject',
            createable: false,
            updateable: false,
          }),
        ),
        { ...ownerField(['User']), createable: false, updateable: false },
        ...auditFields('full'),
      ],
      view: (schema, foldedColumn) => viewOf(name, schema, foldedColumn),
    }),
  );
}

function referenceLike(task: ObjectFacts, name: string): readonly MutableField[] {
  const field = task.fields.find((candidate) => candidate.name === name);
  return field ? [{ ...field, createable: false, updateable: false, deleteConstraint: null }] : [];
}

function viewOf(name: string, schema: Schema, foldedColumn: (field: FieldDescribe) => string | null): string {
  const view = schema.object(name) as ObjectDescribe;
  const part = (sourceName: 'Task' | 'Event', condition: string): string => {
    const source = schema.object(sourceName) as ObjectDescribe;
    const columns = view.fields.flatMap((field) => {
      const [, , , ofTask, ofEvent = ofTask] = FIELDS.find(([own]) => own === field.name) ?? [];
      const original = source.field((sourceName === 'Task' ? ofTask : ofEvent) ?? field.name);
      const missing = field.type === 'boolean' ? '0' : 'NULL';
      const plain =
        field.name === 'IsTask' ? (sourceName === 'Task' ? '1' : '0') : original ? `"${original.name}"` : missing;
      const folded = foldedColumn(field);
      const originalFolded = original ? foldedColumn(original) : null;
      return [
        `${plain} AS "${field.name}"`,
        ...(folded === null ? [] : [`${originalFolded === null ? 'NULL' : `"${originalFolded}"`} AS "${folded}"`]),
      ];
    });
    return `SELECT ${columns.join(', ')} FROM "${sourceName}" WHERE ${condition}`;
  };
  const [task, event] = CONDITIONS[name] ?? ['0', '0'];
  return `${part('Task', task)} UNION ALL ${part('Event', event)}`;
}
