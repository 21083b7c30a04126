/**
 * ProcessInstanceHistory: the steps and pending requests of approvals as one list (Object Reference,
 * "ProcessInstanceHistory"): the approval history of a record, and StepsAndWorkitems of a process instance.
 */
import { createFacts, createField } from './objectDescription.ts';
import type { MutableField, ObjectFacts } from './objectDescription.ts';
import { auditFields, idField, isDeletedField } from './systemFields.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from './types.ts';

const NAME = 'ProcessInstanceHistory';
const READ_ONLY = { createable: false, updateable: false } as const;

/** Names of the child relationships by the field that they go along. */
export const PROCESS_HISTORY_RELATIONSHIPS: readonly (readonly [field: string, relationshipName: string])[] = [
  ['TargetObjectId', 'ProcessSteps'],
  ['ProcessInstanceId', 'StepsAndWorkitems'],
];

/** The object; its fields are those of instances, steps and requests. */
export function processHistoryObject(instance: ObjectFacts, step: ObjectFacts): ObjectFacts {
  const from = (source: ObjectFacts, name: string): MutableField[] => {
    const field = source.fields.find((candidate) => candidate.name === name);
    return field ? [{ ...field, ...READ_ONLY, deleteConstraint: null }] : [];
  };
  return createFacts({
    name: NAME,
    kind: 'standard',
    label: 'Approval History',
    labelPlural: 'Approval History',
    sharingModel: 'Read',
    ...READ_ONLY,
    deletable: false,
    fields: [
      idField(),
      isDeletedField(),
      ...from(instance, 'TargetObjectId'),
      ...['ProcessInstanceId', 'StepStatus', 'OriginalActorId', 'ActorId', 'Comments'].flatMap((name) =>
        from(step, name),
      ),
      createField({
        ...READ_ONLY,
        name: 'ProcessNodeId',
        label: 'Process Node ID',
        type: 'reference',
        length: 18,
        referenceTo: ['ProcessNode'],
        relationshipName: 'ProcessNode',
      }),
      createField({ ...READ_ONLY, name: 'IsPending', label: 'Is Pending', type: 'boolean' }),
      ...['Days', 'Hours', 'Minutes'].flatMap((unit) => from(step, `ElapsedTimeIn${unit}`)),
      ...auditFields('created'),
    ],
    view: viewOf,
  });
}

/** Pending requests stand at the step that waits for an answer. */
function viewOf(schema: Schema, foldedColumn: (field: FieldDescribe) => string | null): string {
  const view = schema.object(NAME) as ObjectDescribe;
  const part = (sourceName: string, computed: Readonly<Record<string, string>>, condition: string): string => {
    const source = schema.object(sourceName) as ObjectDescribe;
    const columns = view.fields.flatMap((field) => {
      const original = source.field(field.name);
      const folded = foldedColumn(field);
      const foldedOriginal = original ? foldedColumn(original) : null;
      return [
        `${computed[field.name] ?? (original ? `s."${original.name}"` : 'NULL')} AS "${field.name}"`,
        ...(folded === null
          ? []
          : [
              `${foldedOriginal === null ? (computed[`${field.name} folded`] ?? 'NULL') : `s."${foldedOriginal}"`} AS "${folded}"`,
            ]),
      ];
    });
    return `SELECT ${columns.join(', ')} FROM "${sourceName}" AS s JOIN "ProcessInstance" AS i ON i."Id" = s."ProcessInstanceId" WHERE ${condition}`;
  };
  const target = { TargetObjectId: 'i."TargetObjectId"' };
  const node =
    '(SELECT n."ProcessNodeId" FROM "ProcessInstanceNode" AS n WHERE n."ProcessInstanceId" = i."Id" AND n."NodeStatus" = \'Pending\')';
  const steps = part('ProcessInstanceStep', { ...target, ProcessNodeId: 's."StepNodeId"', IsPending: '0' }, 'true');
  const workitems = part(
    'ProcessInstanceWorkitem',
    { ...target, ProcessNodeId: node, IsPending: '1', StepStatus: "'Pending'", 'StepStatus folded': "'pending'" },
    'true',
  );
  return `${steps} UNION ALL ${workitems}`;
}
