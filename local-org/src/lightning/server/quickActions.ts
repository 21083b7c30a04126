/** The actions of a record for a user, and the forms that they open. */
import path from 'node:path';
import { fieldValueFromJson, fieldValueToJson } from '../../api/ui/fieldValues.ts';
import { notFound, UiApiError } from '../../api/ui/errors.ts';
import { activityActions, publisherActions } from '../../api/ui/metadata/quickAction.ts';
import type { FormAction, LayoutAction, QuickAction } from '../../api/ui/metadata/quickAction.ts';
import { objectOfId } from '../../api/ui/records.ts';
import { recordTypeOfRecord } from '../../api/ui/recordTypes.ts';
import type { UiSession } from '../../api/ui/session.ts';
import { visibleObject } from '../../api/ui/session.ts';
import type { Position } from '../../project/types.ts';
import { SObjectRecord } from '../../schema/record.ts';
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';
import { placementProblem } from './metadata/bundle.ts';
import type { PageMetadata } from './metadata/index.ts';

/** What the shell shows of an action. */
export interface ActionFacts {
  readonly name: string;
  readonly label: string;
  readonly kind: 'edit' | 'delete' | 'clone' | 'create' | 'update' | 'screen' | 'headless' | 'refused';
  /** `screen` and `headless`. */
  readonly component?: string;
  /** `refused`: why, and where the metadata says it. */
  readonly reason?: string;
  readonly place?: string;
}

type Button = Extract<ActionFacts['kind'], 'edit' | 'delete' | 'clone'>;

interface StandardButton {
  readonly kind: Button;
  readonly label: string;
  readonly allowed: (session: UiSession, object: ObjectDescribe) => boolean;
}

/** Standard buttons that work here; others of a layout (Share, Printable View …) are not shown. */
const standardButtons: Readonly<{ readonly [name: string]: StandardButton }> = {
  Edit: { kind: 'edit', label: 'Edit', allowed: (session, object) => session.access.object(object).updateable },
  Delete: { kind: 'delete', label: 'Delete', allowed: (session, object) => session.access.object(object).deletable },
  Clone: { kind: 'clone', label: 'Clone', allowed: (session, object) => session.access.object(object).createable },
};

/**
 * Actions that a user may take on a record, in the order of the page or the layout.
 * @param names of a page with actions of its own; null for the layout's
 */
export function recordActions(
  session: UiSession,
  pages: PageMetadata,
  recordId: string,
  names: readonly string[] | null,
): readonly ActionFacts[] {
  const object = objectOfId(session, recordId);
  const { metadata } = session.context;
  const layout = metadata.layout(object, session.user.profileName, recordTypeOfRecord(session, object, recordId));
  const wanted: readonly (Omit<LayoutAction, 'position'> & { readonly position?: Position })[] =
    names?.map((name) => ({ type: standardButtons[name] ? 'button' : 'quickAction', name })) ??
    layout.actions ??
    Object.keys(standardButtons).map((name) => ({ type: 'button', name }));
  return wanted.flatMap(({ type, name, position }): readonly ActionFacts[] => {
    const button = standardButtons[name];
    if (button)
      return button.allowed(session, object) && !layout.excludedButtons.includes(name)
        ? [{ name, label: button.label, kind: button.kind }]
        : [];
    if (type === 'button' || publisherActions.test(name)) return [];
    const action = metadata.quickAction(name);
    if (action) return factsOf(session, pages, action, object);
    // A page names standard buttons and quick actions alike; only a layout says which is which.
    return position === undefined
      ? []
      : [refusal(session, name, name, `there is no quick action ${name} in this project`, position)];
  });
}

/**
 * Actions that make activities of a record: those on its layout, or the three that every org has.
 */
export function recordActivityActions(
  session: UiSession,
  pages: PageMetadata,
  recordId: string,
): readonly ActionFacts[] {
  const object = objectOfId(session, recordId);
  const { metadata } = session.context;
  const { actions } = metadata.layout(object, session.user.profileName, recordTypeOfRecord(session, object, recordId));
  const names = actions?.map(({ name }) => name) ?? activityActions;
  return names.flatMap((name) => {
    const action = metadata.quickAction(name);
    return action?.kind === 'create' && ['Task', 'Event'].includes(action.targetObject)
      ? factsOf(session, pages, action, object)
      : [];
  });
}

function factsOf(
  session: UiSession,
  pages: PageMetadata,
  action: QuickAction,
  object: ObjectDescribe,
): readonly ActionFacts[] {
  const { name, label } = action;
  switch (action.kind) {
    case 'create':
    case 'update': {
      const target = session.context.org.schema.object(action.targetObject);
      const access = target && session.access.object(target);
      const allowed = action.kind === 'create' ? access?.createable : access?.updateable;
      return allowed === true ? [{ name, label, kind: action.kind }] : [];
    }
    case 'component': {
      const bundle = pages.bundles.get(action.component);
      const problem = placementProblem(bundle, action.component, 'lightning__RecordAction', object.name);
      if (!bundle || problem !== undefined)
        return [refusal(session, name, label, problem ?? '', bundle?.position ?? null)];
      // Without an actionType in its configuration a component is a screen action.
      return [
        { name, label, kind: bundle.actionType === 'Action' ? 'headless' : 'screen', component: action.component },
      ];
    }
    case 'refused':
      return [refusal(session, name, label, action.reason, action.position)];
  }
}

function refusal(
  session: UiSession,
  name: string,
  label: string,
  reason: string,
  position: Position | null,
): ActionFacts {
  const { directory } = session.context.org.project;
  return {
    name,
    label,
    kind: 'refused',
    reason,
    place: position === null ? '' : `${path.relative(directory, position.file)}:${position.line}`,
  };
}

/** What an action's form shows and starts with. */
export interface ActionForm {
  readonly name: string;
  readonly label: string;
  readonly kind: 'create' | 'update';
  readonly objectApiName: string;
  readonly recordTypeId: string | null;
  readonly successMessage: string | null;
  readonly columns: FormAction['columns'];
  /** By API name, as the UI API writes values. */
  readonly defaults: Readonly<{ readonly [field: string]: unknown }>;
}

/**
 * The form of an action; with predefined values worked out for the record that it stands on.
 * @throws UiApiError 404 for an action without a form
 */
export function actionForm(session: UiSession, name: string, recordId: string | undefined): ActionForm {
  const action = session.context.metadata.quickAction(name);
  if (action?.kind !== 'create' && action?.kind !== 'update') throw notFound();
  const target = visibleObject(session, action.targetObject);
  const source = recordId === undefined ? undefined : sourceRecord(session, recordId, action);
  const defaults: { [field: string]: unknown } = {};
  if (source && action.kind === 'create') Object.assign(defaults, relation(action, target, source));
  for (const { field, value } of action.predefined) {
    const computed =
      'literal' in value
        ? fieldValueFromJson(field.type === 'boolean' ? /^(true|1)$/i.test(value.literal) : value.literal, field)
        : session.transaction.evaluateFormula(value.formula, source ?? userRecord(session), field);
    defaults[field.name] = fieldValueToJson(computed);
  }
  return {
    name: action.name,
    label: action.label,
    kind: action.kind,
    objectApiName: target.name,
    recordTypeId: action.recordType === null ? null : recordTypeId(session, target, action.recordType),
    successMessage: action.successMessage,
    columns: action.columns.map((column) =>
      column.filter(({ field }) => {
        const describe = target.field(field);
        return describe !== undefined && session.access.field(target, describe).readable;
      }),
    ),
    defaults,
  };
}

/** The lookups that tie a new record to the one that the action stands on. */
function relation(
  { parentField }: FormAction,
  target: ObjectDescribe,
  source: SObjectRecord,
): Readonly<{ readonly [field: string]: unknown }> {
  const refersTo = (name: string): FieldDescribe | undefined => {
    const field = target.field(name);
    return field?.referenceTo.includes(source.describe.name) ? field : undefined;
  };
  const field =
    (parentField === null ? undefined : target.field(parentField)) ??
    (target.name === 'Task' || target.name === 'Event' ? (refersTo('WhoId') ?? refersTo('WhatId')) : undefined);
  return field ? { [field.name]: source.id } : {};
}

/** The record with the fields that the action's formulas read. */
function sourceRecord(session: UiSession, recordId: string, action: FormAction): SObjectRecord {
  const object = objectOfId(session, recordId);
  if (action.sourceObject !== null && action.sourceObject !== object.name)
    throw new UiApiError(
      400,
      'INVALID_PARAMETER',
      `The action ${action.name} does not belong to ${object.labelPlural}.`,
    );
  const formulas = action.predefined.flatMap(({ value }) => ('formula' in value ? [value.formula] : []));
  const names = formulas
    .flatMap(({ references }) => references.map(({ path: steps }) => steps))
    .flatMap(([first = '', ...rest]) => {
      const field = rest.length === 0 ? object.field(first) : object.fieldByRelationship(first);
      return field ? [field.name] : [];
    });
  return onlyRecord(session, object, recordId, names);
}

function userRecord(session: UiSession): SObjectRecord {
  const user = session.context.org.schema.object('User');
  if (!user) throw notFound();
  const record = new SObjectRecord(user);
  record.values.set('Id', session.user.id);
  return record;
}

function onlyRecord(
  session: UiSession,
  object: ObjectDescribe,
  recordId: string,
  names: readonly string[],
): SObjectRecord {
  const { records } = session.transaction.query(
    `SELECT ${[...new Set(['Id', ...names])].join(', ')} FROM ${object.name} WHERE Id = '${recordId}'`,
    { accessMode: 'user', sharing: 'with', countLimits: false },
  );
  const [record] = records;
  if (!record) throw notFound();
  return record;
}

function recordTypeId(session: UiSession, object: ObjectDescribe, developerName: string): string | null {
  const { records } = session.transaction.query(
    `SELECT Id FROM RecordType WHERE SobjectType = '${object.name}' AND DeveloperName = '${developerName.replace(/\W/g, '')}'`,
    { accessMode: 'system', sharing: 'without', countLimits: false },
  );
  return records[0]?.id ?? null;
}
