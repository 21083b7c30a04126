/**
 * Actions that a project's Workflow metadata defines and rules or approval processes run: field updates and e-mail
 * alerts (Metadata API Developer Guide, "Workflow").
 */
import type { FormulaCatalog } from '../../formula/catalog.ts';
import type { CompiledFormula } from '../../formula/compile.ts';
import { MetadataError } from '../../project/errors.ts';
import type { MetadataElement, Position, Project } from '../../project/types.ts';
import { SObjectRecord } from '../../schema/record.ts';
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';
import { prefixOf } from '../../store/ids.ts';
import { recordError } from '../errors.ts';
import { valueOfText } from '../metadataValue.ts';
import { outboxOf } from '../outbox.ts';
import type { RecordError } from '../types.ts';
import { textOf } from '../save/rows.ts';
import type { SaveRow } from '../save/rows.ts';
import { saveChunk } from '../save/saveRecords.ts';
import type { SaveServices } from '../save/services.ts';

/** Where a field update takes the value from. */
type ValueSource =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'formula'; readonly formula: CompiledFormula }
  /** A record by its name: a user's name, a queue's or record type's developer name. */
  | { readonly kind: 'record'; readonly objectName: string; readonly keyField: string; readonly name: string }
  /** The picklist value that stands so many places further. */
  | { readonly kind: 'step'; readonly by: 1 | -1 };

export interface FieldUpdate {
  readonly kind: 'fieldUpdate';
  readonly name: string;
  readonly field: FieldDescribe;
  readonly source: ValueSource;
}

interface Recipient {
  readonly type: (typeof RECIPIENTS)[number];
  /** User name, developer name of a group, or field of the record. */
  readonly name: string;
}

export interface EmailAlert {
  readonly kind: 'alert';
  readonly name: string;
  readonly recipients: readonly Recipient[];
  readonly addresses: readonly string[];
  readonly template: string;
}

export type WorkflowAction = FieldUpdate | EmailAlert;

const RECIPIENTS = ['user', 'owner', 'creator', 'email', 'userLookup', 'contactLookup', 'group'] as const;
const OPERATIONS = ['Formula', 'Literal', 'LookupValue', 'NextValue', 'Null', 'PreviousValue'] as const;
const LOOKUPS: Readonly<Record<string, readonly [objectName: string, keyField: string]>> = {
  User: ['User', 'Username'],
  Queue: ['Group', 'DeveloperName'],
  RecordType: ['RecordType', 'DeveloperName'],
};

export interface ActionReader {
  readonly project: Project;
  readonly catalog: FormulaCatalog;
}

/**
 * Reads the action that an element (`type`, `name`) of a rule or an approval process names.
 * @throws MetadataError when there is none, or when the local org does not run it
 */
export function readAction(element: MetadataElement, object: ObjectDescribe, reader: ActionReader): WorkflowAction {
  const type = element.requiredString('type');
  const name = element.requiredString('name');
  element.finish();
  const list = type === 'FieldUpdate' ? 'fieldUpdates' : type === 'Alert' ? 'alerts' : null;
  if (list === null)
    throw new MetadataError(
      element.position,
      `the local org runs field updates and e-mail alerts; ${name} is of the type ${type}`,
    );
  const found = reader.project
    .component('Workflow', object.name)
    ?.root.children(list)
    .find((candidate) => candidate.string('fullName') === name);
  if (!found)
    throw new MetadataError(
      element.position,
      `the project’s workflow of ${object.name} has no ${type === 'Alert' ? 'alert' : 'field update'} ${name}`,
    );
  return list === 'alerts' ? readAlert(found, name, object) : readFieldUpdate(found, name, object, reader.catalog);
}

function readFieldUpdate(
  element: MetadataElement,
  name: string,
  object: ObjectDescribe,
  catalog: FormulaCatalog,
): FieldUpdate {
  const target = element.child('targetObject');
  if (target)
    throw new MetadataError(
      target.position,
      `the field update ${name} changes a parent (${target.text}), which is not supported`,
    );
  const given = element.requiredString('field');
  const field = object.field(given) ?? object.field(`${given}Id`);
  if (!field || field.calculated || field.autoNumber)
    throw new MetadataError(
      element.child('field')?.position ?? element.position,
      `the field update ${name} names ${object.name}.${given}, which is no field that can be written`,
    );
  return { kind: 'fieldUpdate', name, field, source: readSource(element, name, object, field, catalog) };
}

function readSource(
  element: MetadataElement,
  name: string,
  object: ObjectDescribe,
  field: FieldDescribe,
  catalog: FormulaCatalog,
): ValueSource {
  const at = (child: string): Position => element.child(child)?.position ?? element.position;
  switch (element.oneOf('operation', OPERATIONS)) {
    case 'Null':
      return { kind: 'value', value: null };
    case 'Literal':
      try {
        return { kind: 'value', value: valueOfText(field, element.requiredString('literalValue')) };
      } catch (error) {
        if (error instanceof MetadataError) throw error;
        throw new MetadataError(
          at('literalValue'),
          `this does not suit ${object.name}.${field.name}: ${(error as Error).message}`,
        );
      }
    case 'Formula':
      return {
        kind: 'formula',
        formula: catalog.expression(element.requiredString('formula'), object, field, at('formula')),
      };
    case 'LookupValue': {
      const [objectName, keyField] = LOOKUPS[element.string('lookupValueType') ?? 'User'] ?? [];
      if (objectName === undefined || keyField === undefined)
        throw new MetadataError(
          at('lookupValueType'),
          `the field update ${name} looks up what is no user, queue or record type`,
        );
      return { kind: 'record', objectName, keyField, name: element.requiredString('lookupValue') };
    }
    case 'NextValue':
    case 'PreviousValue': {
      if (field.type !== 'picklist')
        throw new MetadataError(
          at('operation'),
          `${object.name}.${field.name} is no picklist, so it has no next value`,
        );
      return { kind: 'step', by: element.string('operation') === 'NextValue' ? 1 : -1 };
    }
    default:
      throw new MetadataError(element.position, `the field update ${name} needs the element operation`);
  }
}

function readAlert(element: MetadataElement, name: string, object: ObjectDescribe): EmailAlert {
  const recipients = element.children('recipients').map((recipient): Recipient => {
    const type = recipient.requiredString('type');
    const known = RECIPIENTS.find((candidate) => candidate === type);
    if (known === undefined)
      throw new MetadataError(
        recipient.position,
        `the alert ${name} goes to ${type}, which the local org does not know: it knows ${RECIPIENTS.join(', ')}`,
      );
    const byField = known === 'email' || known === 'userLookup' || known === 'contactLookup';
    const given = byField ? recipient.requiredString('field') : (recipient.string('recipient') ?? '');
    const field = byField ? (object.field(given) ?? object.fieldByRelationship(given)) : undefined;
    if (byField && !field)
      throw new MetadataError(
        recipient.position,
        `the alert ${name} names ${object.name}.${given}, which does not exist`,
      );
    return { type: known, name: field?.name ?? given };
  });
  return {
    kind: 'alert',
    name,
    recipients,
    addresses: element.children('ccEmails').map((address) => address.text),
    template: element.requiredString('template'),
  };
}

// --- running

/**
 * Runs actions on a stored record: alerts are put into the outbox; field updates are saved together, with triggers but
 * without validation rules (Apex Developer Guide, "Triggers and Order of Execution", step 12).
 * @returns why the record could not be saved; empty when all went well
 */
export function runActions(
  actions: readonly WorkflowAction[],
  describe: ObjectDescribe,
  id: string,
  services: SaveServices,
): readonly RecordError[] {
  const stored = services.store.load(describe, [id]).get(id);
  if (!stored || actions.length === 0) return [];
  const record = new SObjectRecord(describe);
  for (const [name, value] of stored) record.values.set(name, value);
  for (const action of actions) if (action.kind === 'alert') sendAlert(action, record, services);
  const input = new SObjectRecord(describe);
  input.values.set('Id', id);
  for (const action of actions) {
    if (action.kind !== 'fieldUpdate') continue;
    const value = valueFor(action, record, services);
    if (value === undefined)
      return [
        recordError(
          'INVALID_CROSS_REFERENCE_KEY',
          `The field update ${action.name} names ${(action.source as { name?: string }).name ?? ''}, which does not exist.`,
          [action.field.name],
        ),
      ];
    input.values.set(action.field.name, value);
  }
  if (input.values.size === 1) return [];
  const row: SaveRow = { index: 0, input, record: input, old: null, errors: [] };
  saveChunk([row], { describe, operation: 'update', internal: true, fieldUpdate: true }, services, {
    allOrNone: true,
    accessMode: 'system',
    sharing: 'without',
  });
  return row.errors;
}

/** Undefined: the record that a lookup names does not exist. */
function valueFor({ field, source }: FieldUpdate, record: SObjectRecord, services: SaveServices): unknown {
  switch (source.kind) {
    case 'value':
      return source.value;
    case 'formula':
      return services.expressionValue(source.formula, field, record);
    case 'record':
      return idByName(source.objectName, source.keyField, source.name, record.describe.name, services);
    case 'step': {
      const values = field.picklistValues.filter((value) => value.active);
      const index = values.findIndex((value) => value.value === record.values.get(field.name));
      return values[Math.min(Math.max(index + source.by, 0), values.length - 1)]?.value ?? null;
    }
  }
}

/** Id of the record that metadata names, or undefined. Record types are told apart by their object. */
export function idByName(
  objectName: string,
  keyField: string,
  name: string,
  ofObject: string,
  { schema, store }: SaveServices,
): string | undefined {
  const describe = schema.object(objectName);
  if (!describe) return undefined;
  const found = [...store.loadWhere(describe, `lower("${keyField}") = lower(?)`, [name])];
  return found.find(([, values]) =>
    objectName === 'RecordType'
      ? values.get('SobjectType') === ofObject
      : objectName !== 'Group' || values.get('Type') === 'Queue',
  )?.[0];
}

function sendAlert(alert: EmailAlert, record: SObjectRecord, services: SaveServices): void {
  const recipients = alert.recipients.flatMap((recipient) => addressesOf(recipient, record, services));
  outboxOf(services.transaction).push({
    source: 'alert',
    recipients: [...new Set([...recipients, ...alert.addresses])],
    subject: null,
    template: alert.template,
    recordId: record.id,
  });
}

const FIELDS_OF: Partial<Record<Recipient['type'], string>> = { owner: 'OwnerId', creator: 'CreatedById' };

function addressesOf({ type, name }: Recipient, record: SObjectRecord, services: SaveServices): readonly string[] {
  if (type === 'email') return [textOf(record.values.get(name))].filter((address) => address !== '');
  if (type === 'user') return emailsOf([idByName('User', 'Username', name, '', services) ?? ''], services);
  if (type === 'group') {
    const id = services.groupId({ kind: 'group', name });
    return id === null ? [] : emailsOf([...services.usersOf(id)], services);
  }
  return emailsOf([textOf(record.values.get(FIELDS_OF[type] ?? name))], services);
}

/** Addresses of users, contacts and the members of queues. */
function emailsOf(ids: readonly string[], services: SaveServices): readonly string[] {
  return ids.flatMap((id) => {
    const describe = services.schema.objectByKeyPrefix(prefixOf(id));
    if (describe?.name === 'Group') return emailsOf([...services.usersOf(id)], services);
    const email = describe?.field('Email') ? services.store.load(describe, [id]).get(id)?.get('Email') : null;
    return typeof email === 'string' ? [email] : [];
  });
}
