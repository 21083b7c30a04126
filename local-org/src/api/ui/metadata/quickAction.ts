/** Quick actions: QuickAction metadata, and the global actions that every org has. */
import { compileFormula, formulaType } from '../../../formula/compile.ts';
import type { CompiledFormula } from '../../../formula/compile.ts';
import { FormulaError } from '../../../formula/errors.ts';
import type { FormulaType } from '../../../formula/functions.ts';
import { MetadataError } from '../../../project/errors.ts';
import type { MetadataComponent, MetadataElement, Position, Project } from '../../../project/types.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from '../../../schema/types.ts';

export type ActionFieldBehavior = 'none' | 'required' | 'readonly';

export interface ActionField {
  readonly field: string;
  readonly behavior: ActionFieldBehavior;
}

/** A value that the action's form starts with. */
export interface PredefinedValue {
  readonly field: FieldDescribe;
  readonly value: { readonly literal: string } | { readonly formula: CompiledFormula };
}

interface ActionBase {
  /** `Invoice__c.Send_Reminder`; global actions have no object before the point. */
  readonly name: string;
  readonly label: string;
  /** Object whose records it stands on; null for a global action. */
  readonly sourceObject: string | null;
  /** Message of the toast, instead of the standard one. */
  readonly successMessage: string | null;
}

/** An action with a form: creates a record, logs a call, or updates the record that it stands on. */
export interface FormAction extends ActionBase {
  readonly kind: 'create' | 'update';
  readonly targetObject: string;
  /** Lookup of the new record that gets the record which the action stands on. */
  readonly parentField: string | null;
  /** Developer name. */
  readonly recordType: string | null;
  readonly columns: readonly (readonly ActionField[])[];
  readonly predefined: readonly PredefinedValue[];
}

export interface ComponentAction extends ActionBase {
  readonly kind: 'component';
  readonly component: string;
}

/** An action of a kind that the local org has not: shown as such. */
export interface RefusedAction extends ActionBase {
  readonly kind: 'refused';
  readonly reason: string;
  readonly position: Position;
}

export type QuickAction = FormAction | ComponentAction | RefusedAction;

const types = [
  'Canvas',
  'Create',
  'Flow',
  'LightningComponent',
  'LightningWebComponent',
  'LogACall',
  'Post',
  'QuickAction',
  'SendEmail',
  'SocialPost',
  'Update',
  'VisualforcePage',
] as const;

const behaviors: Readonly<Record<string, ActionFieldBehavior>> = { Required: 'required', Readonly: 'readonly' };

/** Reads a QuickAction component. Throws MetadataError on names that do not exist. */
export function readQuickAction({ root, fullName }: MetadataComponent, schema: Schema): QuickAction {
  const dot = fullName.indexOf('.');
  const source = dot < 0 || /^Global\./i.test(fullName) ? null : requireObject(schema, fullName.slice(0, dot), root);
  const name = source === null && dot >= 0 ? fullName.slice(dot + 1) : fullName;
  const type = root.oneOf('type', types);
  if (type === undefined) throw new MetadataError(root.position, `the quick action ${fullName} has no type`);
  const standardLabel = root.string('standardLabel');
  const base: ActionBase = {
    name,
    sourceObject: source?.name ?? null,
    label: root.string('label') ?? (standardLabel === undefined ? '' : spaced(standardLabel)),
    successMessage: root.string('successMessage') ?? null,
  };
  root.ignore(
    'no effect in the shell',
    'description',
    'icon',
    'isProtected',
    'optionsCreateFeedItem',
    'height',
    'width',
    'quickActionSendEmailOptions',
  );
  if (type === 'Create' || type === 'Update' || type === 'LogACall') {
    const target =
      type === 'LogACall'
        ? requireObject(schema, 'Task', root)
        : type === 'Update'
          ? (source ?? requireObject(schema, root.string('targetObject') ?? '', root))
          : requireObject(schema, root.string('targetObject') ?? '', root);
    if (type !== 'Create') root.ignore('follows from the type', 'targetObject');
    return formAction(root, base, type === 'Update' ? 'update' : 'create', target, source, schema, type === 'LogACall');
  }
  if (type === 'LightningWebComponent') {
    const component = root.requiredString('lightningWebComponent').replace(/^c:/, '');
    root.ignore('set by the component itself', 'actionSubtype');
    root.finish();
    return { ...base, label: base.label || component, kind: 'component', component };
  }
  return {
    ...base,
    label: base.label || name,
    kind: 'refused',
    reason: `quick actions of the type ${type} are not supported by the local org`,
    position: root.position,
  };
}

function formAction(
  root: MetadataElement,
  base: ActionBase,
  kind: FormAction['kind'],
  target: ObjectDescribe,
  source: ObjectDescribe | null,
  schema: Schema,
  isCall: boolean,
): FormAction {
  const layout = root.child('quickActionLayout');
  const columns =
    layout?.children('quickActionLayoutColumns').map((column) => {
      const items = column.children('quickActionLayoutItems').flatMap((item): readonly ActionField[] => {
        const field = item.string('field');
        const behavior = behaviors[item.string('uiBehavior') ?? ''] ?? 'none';
        item.ignore('fields follow each other', 'emptySpace');
        item.finish();
        return field === undefined
          ? []
          : [{ field: requireField(target, field, item.position, 'the layout of the action').name, behavior }];
      });
      column.finish();
      return items;
    }) ?? [];
  layout?.ignore('fields run down the columns', 'layoutSectionStyle');
  layout?.finish();
  const predefined = root.children('fieldOverrides').map((element): PredefinedValue => {
    const field = requireField(target, element.requiredString('field'), element.position, 'a predefined value');
    const formula = element.string('formula');
    const literal = element.string('literalValue');
    element.finish();
    return {
      field,
      value:
        formula === undefined
          ? { literal: literal ?? '' }
          : { formula: compilePredefined(formula, source, schema, element.position) },
    };
  });
  const parent = root.string('targetParentField');
  const recordType = root.string('targetRecordType');
  root.finish();
  return {
    ...base,
    label: base.label || (kind === 'create' ? `New ${target.label}` : `Update ${target.label}`),
    kind,
    targetObject: target.name,
    parentField: parent === undefined ? null : requireField(target, parent, root.position, 'targetParentField').name,
    recordType: recordType === undefined ? null : recordType.slice(recordType.indexOf('.') + 1),
    columns,
    predefined: [...(isCall ? callDefaults(target) : []), ...predefined],
  };
}

/** Formulas name the record that the action stands on by its object: `Account.Phone`. */
function compilePredefined(
  text: string,
  source: ObjectDescribe | null,
  schema: Schema,
  position: Position,
): CompiledFormula {
  const object = source ?? schema.object('User');
  if (!object) throw new MetadataError(position, 'formulas need the object User');
  const own = new RegExp(`("(?:[^"\\\\]|\\\\.)*")|(?<![\\w.$])${object.name}\\.`, 'gi');
  const written = source ? text.replace(own, (_match, quoted: string | undefined) => quoted ?? '') : text;
  try {
    return compileFormula(written, {
      schema,
      object,
      blanksAsZero: false,
      isRule: false,
      checkGlobal: (parts, offset): FormulaType => {
        const [root = '', name = ''] = parts;
        const field = /^\$(User|Profile|UserRole|Organization)$/i.test(root)
          ? schema.object(root.slice(1))?.field(name)
          : undefined;
        const type = field && parts.length === 2 ? formulaType(field) : null;
        if (type === null) throw new FormulaError(`Field ${parts.join('.')} does not exist. Check spelling.`, offset);
        return type;
      },
    });
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw new MetadataError(position, `in the formula of a predefined value: ${error.message}`);
  }
}

function requireObject(schema: Schema, name: string, root: MetadataElement): ObjectDescribe {
  const object = schema.object(name);
  if (!object)
    throw new MetadataError(root.position, `the quick action names the object ${name}, which does not exist`);
  return object;
}

function requireField(object: ObjectDescribe, name: string, position: Position, where: string): FieldDescribe {
  const field = object.field(name);
  if (!field) throw new MetadataError(position, `${object.name} has no field ${name}, which ${where} names`);
  return field;
}

/** `LogACall` → `Log A Call`. */
const spaced = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/\bAC/g, 'A C');

const literal = (object: ObjectDescribe, values: Readonly<Record<string, string>>): readonly PredefinedValue[] =>
  Object.entries(values).flatMap(([name, value]): readonly PredefinedValue[] => {
    const field = object.field(name);
    return field ? [{ field, value: { literal: value } }] : [];
  });

/** A call that is logged has happened. */
const callDefaults = (task: ObjectDescribe): readonly PredefinedValue[] =>
  literal(task, { Subject: 'Call', Status: task.closedStatuses[0] ?? 'Completed', TaskSubtype: 'Call' });

interface StandardAction {
  readonly label: string;
  readonly object: string;
  readonly columns: readonly (readonly string[])[];
  readonly isCall?: boolean;
}

/** Global actions that exist in every org, by the name that layouts use. */
const standardActions: Readonly<Record<string, StandardAction>> = {
  LogACall: {
    label: 'Log a Call',
    object: 'Task',
    columns: [
      ['Subject', 'Description'],
      ['WhoId', 'WhatId', 'ActivityDate'],
    ],
    isCall: true,
  },
  NewTask: {
    label: 'New Task',
    object: 'Task',
    columns: [
      ['Subject', 'ActivityDate', 'Status'],
      ['WhoId', 'WhatId', 'OwnerId', 'Priority'],
    ],
  },
  NewEvent: {
    label: 'New Event',
    object: 'Event',
    columns: [
      ['Subject', 'StartDateTime', 'EndDateTime', 'IsAllDayEvent'],
      ['WhoId', 'WhatId', 'Location', 'OwnerId'],
    ],
  },
  NewAccount: {
    label: 'New Account',
    object: 'Account',
    columns: [
      ['Name', 'Phone'],
      ['Type', 'Website'],
    ],
  },
  NewContact: {
    label: 'New Contact',
    object: 'Contact',
    columns: [
      ['Name', 'AccountId'],
      ['Email', 'Phone', 'Title'],
    ],
  },
  NewOpportunity: {
    label: 'New Opportunity',
    object: 'Opportunity',
    columns: [
      ['Name', 'AccountId', 'Amount'],
      ['CloseDate', 'StageName'],
    ],
  },
  NewCase: {
    label: 'New Case',
    object: 'Case',
    columns: [
      ['Subject', 'Description', 'Status'],
      ['ContactId', 'AccountId', 'Priority', 'Origin'],
    ],
  },
  NewLead: {
    label: 'New Lead',
    object: 'Lead',
    columns: [
      ['Name', 'Company'],
      ['Email', 'Phone', 'Status'],
    ],
  },
};

/** Actions of Chatter, e-mail and notes, which layouts name; SUPPORT.md lists them. */
export const publisherActions =
  /^(FeedItem\..+|SendEmail|NewNote|NewGroup|NewGroupMember|EmailQuickAction|.+\.(SendEmail|ChangeStatus|EmailMessage\._?\w+)|CollaborationGroup\..+|SocialPost.*)$/;

/** Names of the activities' own actions. */
export const activityActions = ['LogACall', 'NewTask', 'NewEvent'] as const;

/** Every quick action by its name in lower case; the project's own stand before the standard ones. */
export function readQuickActions(
  project: Project,
  schema: Schema,
  attempt: <T>(step: () => T) => T | undefined,
): ReadonlyMap<string, QuickAction> {
  const actions = new Map<string, QuickAction>();
  for (const [name, { label, object, columns, isCall }] of Object.entries(standardActions)) {
    const target = schema.object(object);
    if (!target) continue;
    actions.set(name.toLowerCase(), {
      name,
      label,
      sourceObject: null,
      successMessage: null,
      kind: 'create',
      targetObject: target.name,
      parentField: null,
      recordType: null,
      columns: columns.map((column) =>
        column
          .filter((field) => target.field(field))
          .map((field) => ({ field, behavior: field === 'Subject' ? 'required' : 'none' }) as const),
      ),
      predefined: isCall === true ? callDefaults(target) : [],
    });
  }
  for (const component of project.ofType('QuickAction')) {
    const action = attempt(() => readQuickAction(component, schema));
    if (action) actions.set(action.name.toLowerCase(), action);
  }
  return actions;
}

/** An action of a layout: a standard button or a quick action by name. */
export interface LayoutAction {
  readonly type: 'button' | 'quickAction';
  readonly name: string;
  readonly position: Position;
}

/** The actions of a layout in order; null when it leaves them to the platform. */
export function readLayoutActions(root: MetadataElement): readonly LayoutAction[] | null {
  const list = root
    .children('platformActionList')
    .map((element) => {
      const context = element.string('actionListContext');
      element.ignore('the list is the layout’s own', 'relatedSourceEntity');
      const items = element.children('platformActionListItems').map((item) => {
        const facts = {
          name: item.requiredString('actionName'),
          type: item.string('actionType') ?? 'QuickAction',
          order: item.number('sortOrder') ?? 0,
          position: item.position,
        };
        item.ignore('subtypes follow from the action', 'subtype');
        item.finish();
        return facts;
      });
      element.finish();
      return { context, items };
    })
    .find(({ context }) => context === undefined || context === 'Record');
  const quick = root.child('quickActionList');
  const named = quick?.children('quickActionListItems').map((item) => {
    const name = item.requiredString('quickActionName');
    item.finish();
    return { type: 'quickAction', name, position: item.position } as const;
  });
  quick?.finish();
  if (list)
    return [...list.items]
      .sort((a, b) => a.order - b.order)
      .flatMap(({ type, name, position }): readonly LayoutAction[] =>
        type === 'StandardButton'
          ? [{ type: 'button', name, position }]
          : type === 'QuickAction'
            ? [{ type: 'quickAction', name, position }]
            : [],
      );
  if (!named) return null;
  return [
    ...named,
    ...['Edit', 'Delete', 'Clone'].map((name) => ({ type: 'button', name, position: root.position }) as const),
  ];
}
