/**
 * Insert and update, in the order of execution of the Apex Developer Guide ("Triggers and Order of Execution"): load old
 * values, foreign keys and restricted picklists, before triggers, system validation, validation rules, save, after
 * triggers, roll-up summaries of the parents, which are saved in turn.
 */
import { SObjectRecord } from '../../schema/record.ts';
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';
import { quote } from '../../store/encoding.ts';
import { normalizeId, prefixOf } from '../../store/ids.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { checkDuplicates } from '../duplicates/check.ts';
import { AccessDenied } from '../errors.ts';
import { afterSave } from './consequences.ts';
import { derive } from './derived.ts';
import { checkMoney, moneyWritten } from './money.ts';
import { heldBySchedules } from './schedules.ts';
import { rulesOf } from './standardRules.ts';
import { publishVersions } from './files.ts';
import { checkBeforeTriggers, checkFields, normalizeValue } from './fieldChecks.ts';
import { trackChanges } from './history.ts';
import { checkLookupFilters } from './lookupFilters.ts';
import { captureRows } from './capture.ts';
import { checkReferences, findByValue, resolveExternalKeys } from './references.ts';
import { addError, collectTriggerErrors, isBlank, recordOf, sameValue, withoutErrors } from './rows.ts';
import type { SaveRow } from './rows.ts';
import type { RecordAccess, SaveRequest, SaveServices } from './services.ts';
import { checkShareRows } from './shareChecks.ts';

/** Triggers see at most this many records at a time. */
export const CHUNK_SIZE = 200;

export interface SaveTarget {
  readonly describe: ObjectDescribe;
  readonly operation: 'insert' | 'update';
  /** Saves of the platform itself (roll-up summaries): fields that users can't write are taken, access is not checked. */
  readonly internal: boolean;
  /** A field update of a workflow or an approval: validation rules are not asked again (order of execution, step 12). */
  readonly fieldUpdate?: boolean;
}

/** Saves at most 200 rows of one object; failures are left in `row.errors`. */
export function saveChunk(
  rows: readonly SaveRow[],
  target: SaveTarget,
  services: SaveServices,
  request: SaveRequest,
): void {
  const { describe, operation } = target;
  const access = target.internal ? null : services.access(request.accessMode, request.sharing);
  if (!prepare(rows, target, services, access, request)) return;

  let live = withoutErrors(rows);
  const context = services.derivation;
  for (const row of live) derive(row.record, row.old, context);
  resolveExternalKeys(live, describe, services);
  for (const row of live) checkBeforeTriggers(row, describe);
  checkReferences(withoutErrors(live), describe, services, access);
  live = withoutErrors(live);

  fireTriggers(live, describe, operation === 'insert' ? 'before insert' : 'before update', services);
  live = withoutErrors(live);
  for (const row of live) finishRecord(row, target, services);
  for (const row of live) {
    checkFields(
      row,
      describe,
      (field) => !row.old || !sameValue(row.old.values.get(field.name), row.record.values.get(field.name)),
      request.truncated?.has(row.input) === true,
    );
  }
  // Triggers run in system mode: a lookup that they wrote must exist, but the user need not see its record.
  checkReferences(withoutErrors(live), describe, services, null);
  if (!target.internal) checkLookupFilters(withoutErrors(live), describe, services);
  checkUnique(withoutErrors(live), describe, services);
  for (const { check } of rulesOf(describe.name))
    if (check) for (const row of withoutErrors(live)) check(row, services);
  if (services.rates) checkMoney(withoutErrors(live), describe, services, services.rates);
  if (!target.fieldUpdate) checkRules(withoutErrors(live), describe, services);
  if (!target.internal) checkDuplicates(withoutErrors(live), describe, services, request);
  live = withoutErrors(live);

  write(live, target, services);
  if (describe.name === 'ContentVersion' && operation === 'insert') publishVersions(live, services, request);
  live = withoutErrors(live);
  if (live.length === 0) return;
  fireTriggers(live, describe, operation === 'insert' ? 'after insert' : 'after update', services);
  afterSave(withoutErrors(live), describe, services, request);
}

/** Copies the input, loads old values, applies defaults and access checks. False when nothing is left to save. */
function prepare(
  rows: readonly SaveRow[],
  target: SaveTarget,
  services: SaveServices,
  access: RecordAccess | null,
  request: SaveRequest,
): boolean {
  const { describe, operation } = target;
  if (operation === 'insert' ? !describe.createable && !target.internal : !describe.updateable && !target.internal) {
    for (const row of rows)
      addError(
        row,
        'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
        `entity type ${describe.name} does not support ${operation === 'insert' ? 'create' : 'update'}`,
      );
    return false;
  }
  if (access && !(operation === 'insert' ? access.canCreate(describe) : access.canUpdate(describe))) {
    if (request.allOrNone) throw new AccessDenied(operation, describe.name);
    for (const row of rows)
      addError(row, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `Access to entity '${describe.name}' denied`);
    return false;
  }
  if (operation === 'update') loadOld(rows, describe, services);
  else {
    for (const row of rows) {
      if (row.input.id !== null)
        addError(row, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
      row.record = new SObjectRecord(describe);
    }
  }
  const audited = operation === 'insert' && services.setsAuditFields;
  for (const row of withoutErrors(rows)) overlay(row, target, access, request.fromClient === true, audited);
  if (access && operation === 'update') {
    const live = withoutErrors(rows);
    const denied = access.withoutEditAccess(
      describe,
      live.map((row) => row.record.id ?? ''),
      'update',
    );
    for (const row of live)
      if (denied.has(row.record.id ?? ''))
        addError(row, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  }
  if (operation === 'update' && !target.internal) refuseLocked(withoutErrors(rows), describe, services);
  if (operation === 'insert') for (const row of withoutErrors(rows)) applyDefaults(row, describe, services);
  if (describe.kind === 'share') checkShareRows(withoutErrors(rows), describe, services, access);
  return rows.some((row) => row.errors.length === 0);
}

/** Locked records can't be changed, by whatever code, unless the user is an administrator (Help, "Lock and Unlock Records"). */
export function refuseLocked(rows: readonly SaveRow[], describe: ObjectDescribe, services: SaveServices): void {
  const locked = services.lockedForUser(
    describe,
    rows.map((row) => row.old?.id ?? ''),
  );
  for (const row of rows)
    if (locked.has(row.old?.id ?? '')) addError(row, 'ENTITY_IS_LOCKED', 'the entity is locked for editing');
}

function loadOld(rows: readonly SaveRow[], describe: ObjectDescribe, services: SaveServices): void {
  const ids: string[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const id = row.input.id;
    const normalized = id === null ? null : normalizeId(id);
    if (id === null || id === '') addError(row, 'MISSING_ARGUMENT', 'Id not specified in an update call');
    else if (normalized === null) addError(row, 'MALFORMED_ID', `malformed id ${id}`);
    else if (prefixOf(normalized) !== describe.keyPrefix)
      addError(row, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    else if (seen.has(normalized)) addError(row, 'DUPLICATE_VALUE', `duplicate id in list: ${normalized}`);
    else {
      seen.add(normalized);
      ids.push(normalized);
    }
  }
  const stored = services.store.load(describe, ids);
  const olds: SObjectRecord[] = [];
  for (const row of withoutErrors(rows)) {
    const values = stored.get(normalizeId(row.input.id ?? '') ?? '');
    if (!values) addError(row, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    else if (values.get('IsDeleted') === true) addError(row, 'ENTITY_IS_DELETED', 'entity is deleted');
    else {
      row.old = recordOf(describe, values);
      row.record = recordOf(describe, values);
      olds.push(row.old);
    }
  }
  if (services.code && olds.length > 0) services.evaluateFormulas(olds);
  for (const old of olds) old.readOnly = true;
}

/** Fields that the platform sets, and on insert those who may create audit fields. */
const AUDIT_FIELDS: ReadonlySet<string> = new Set([
  'CreatedDate',
  'CreatedById',
  'LastModifiedDate',
  'LastModifiedById',
]);

/** Takes over the caller's values. */
function overlay(
  row: SaveRow,
  target: SaveTarget,
  access: RecordAccess | null,
  fromClient: boolean,
  audited: boolean,
): void {
  const { describe, operation } = target;
  const written: string[] = [];
  const refused: string[] = [];
  for (const [name, raw] of row.input.values) {
    const field = describe.field(name);
    if (!field || field.name === 'Id') continue;
    const value = normalizeValue(field, raw);
    if (value === undefined) {
      addError(row, 'INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: ${String(raw)}`, [
        field.name,
      ]);
      continue;
    }
    if (!target.internal && heldBySchedules(describe, field, row.old)) continue;
    const unchanged = row.old !== null && sameValue(row.old.values.get(field.name), value);
    const writable =
      operation === 'insert' ? field.createable || (audited && AUDIT_FIELDS.has(field.name)) : field.updateable;
    if (!writable && !target.internal) {
      // Records from queries and clones carry fields that nobody can write; they are left alone.
      if (!fromClient || unchanged || isBlank(value)) continue;
      refused.push(field.name);
      continue;
    }
    // Fields that a query brought along count as written only when they changed.
    if (!(row.input.retrieved?.has(field.name) && unchanged) && !AUDIT_FIELDS.has(field.name)) written.push(field.name);
    row.record.values.set(field.name, value);
  }
  if (refused.length > 0) {
    addError(
      row,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Unable to create/update fields: ${refused.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
      refused,
    );
  }
  const denied = access?.unwritableFields(describe, written, operation) ?? [];
  if (denied.length > 0)
    addError(
      row,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `Operation failed due to fields being inaccessible on Sobject ${describe.name}, check errors on Exception or Result!`,
      denied,
    );
}

function applyDefaults(row: SaveRow, describe: ObjectDescribe, services: SaveServices): void {
  const { values } = row.record;
  for (const field of describe.fields) {
    if (field.calculated || field.name === 'Id') continue;
    if (values.has(field.name) && !(field.type === 'boolean' && values.get(field.name) === null)) continue;
    const value = defaultOf(field, describe, row.record, services);
    if (value !== undefined) values.set(field.name, value);
  }
}

/** Standard fields that are required but filled from a standard value set's default. */
function defaultOf(
  field: FieldDescribe,
  describe: ObjectDescribe,
  record: SObjectRecord,
  services: SaveServices,
): unknown {
  if (field.name === 'OwnerId') return services.userId;
  if (field.name === 'CurrencyIsoCode') return services.currency;
  if (field.name === 'SetupOwnerId' && describe.customSettingsType === 'Hierarchy')
    return services.transaction.org.organizationId;
  if (field.name === 'IsDeleted') return false;
  const picked = field.picklistValues.find((value) => value.isDefault && value.active);
  if (picked) return picked.value;
  if (field.defaultValueFormula !== null) {
    const value = services.defaultValue(describe, field.name, record);
    return normalizeValue(field, value) ?? (field.type === 'boolean' ? false : null);
  }
  if (field.type === 'boolean') return false;
  return undefined;
}

/** After the before triggers: values they set are put in form, system fields and numbers follow. */
function finishRecord(row: SaveRow, target: SaveTarget, services: SaveServices): void {
  const { describe, operation } = target;
  const { record } = row;
  for (const [name, raw] of record.values) {
    const field = describe.field(name);
    if (!field || field.calculated) continue;
    const value = normalizeValue(field, raw);
    if (value === undefined)
      addError(row, 'INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: ${String(raw)}`, [
        field.name,
      ]);
    else record.values.set(field.name, value);
  }
  derive(record, row.old, services.derivation);
  if (isBlank(record.values.get('OwnerId')) && describe.field('OwnerId'))
    record.values.set('OwnerId', row.old?.values.get('OwnerId') ?? services.userId);
  const now = new ApexDatetime(Math.floor(services.transaction.now() / 1000) * 1000);
  const stamp = (name: string, value: unknown): void => {
    if (describe.field(name)) record.values.set(name, value);
  };
  if (operation === 'insert') {
    stamp('CreatedDate', record.values.get('CreatedDate') ?? now);
    stamp('CreatedById', record.values.get('CreatedById') ?? services.userId);
  }
  const isNew = operation === 'insert';
  stamp('LastModifiedDate', (isNew ? record.values.get('LastModifiedDate') : null) ?? now);
  stamp('LastModifiedById', (isNew ? record.values.get('LastModifiedById') : null) ?? services.userId);
  stamp('SystemModstamp', now);
}

/** Unique fields (and User.Username): no other live record, and no other row of this statement, has the value. */
function checkUnique(rows: readonly SaveRow[], describe: ObjectDescribe, services: SaveServices): void {
  for (const field of describe.fields) {
    if (!field.unique) continue;
    const seen = new Map<string, SaveRow>();
    for (const row of rows) {
      const value = row.record.values.get(field.name);
      if (isBlank(value)) continue;
      const key = field.caseSensitive ? String(value) : String(value).toLowerCase();
      if (seen.has(key))
        addError(
          row,
          'DUPLICATE_VALUE',
          `duplicate value found: ${field.name} duplicates value on record with id: <unknown>`,
          [field.name],
        );
      seen.set(key, row);
      if (row.old && sameValue(row.old.values.get(field.name), value)) continue;
      const other = findByValue(describe, field.name, value, services).find((id) => id !== row.record.id);
      if (other !== undefined) {
        if (field.name === 'Username')
          addError(
            row,
            'DUPLICATE_USERNAME',
            "Duplicate Username.<br>The username already exists in this or another Salesforce organization. Usernames must be unique across all Salesforce organizations. To resolve, use a different username (it doesn't need to match the user's email address).",
            [field.name],
          );
        else
          addError(
            row,
            'DUPLICATE_VALUE',
            `duplicate value found: ${field.name} duplicates value on record with id: ${other.slice(0, 15)}`,
            [field.name],
          );
      }
    }
  }
}

function checkRules(rows: readonly SaveRow[], describe: ObjectDescribe, services: SaveServices): void {
  const rules = describe.validationRules.filter((rule) => rule.active);
  if (rules.length === 0) return;
  for (const row of rows) {
    for (const rule of rules) {
      if (services.ruleApplies(rule, describe, row.record, row.old)) {
        const field = rule.errorField === null ? undefined : describe.field(rule.errorField);
        addError(row, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, field ? [field.name] : []);
      }
    }
  }
}

function write(rows: readonly SaveRow[], target: SaveTarget, services: SaveServices): void {
  const { describe, operation } = target;
  for (const row of rows) {
    const { record } = row;
    if (operation === 'insert') {
      const id = services.store.nextId(describe);
      record.values.set('Id', id);
      for (const field of describe.fields) {
        if (field.autoNumber)
          record.values.set(
            field.name,
            autoNumber(field, services.store.nextNumber(`${describe.name}.${field.name}`), services.transaction.now()),
          );
        if (
          field.summary &&
          field.summary.operation !== 'min' &&
          field.summary.operation !== 'max' &&
          !record.values.has(field.name)
        )
          record.values.set(field.name, normalizeValue(field, 0));
      }
      if (
        describe.nameField &&
        !describe.nameField.autoNumber &&
        describe.kind === 'custom' &&
        isBlank(record.values.get('Name'))
      )
        record.values.set('Name', id.slice(0, 15));
      services.store.insert(describe, record.values);
    } else {
      const changed = new Map(
        [...record.values].filter(([name, value]) => !sameValue(row.old?.values.get(name), value)),
      );
      services.store.update(describe, record.id ?? '', changed);
    }
  }
  for (const { written } of rulesOf(describe.name)) if (written) for (const row of rows) written(row, services);
  shareWrittenRows(rows, describe, operation, services);
  if (services.rates) moneyWritten(describe, services);
  trackChanges(rows, describe, operation, services);
  captureRows(rows, describe, operation === 'insert' ? 'CREATE' : 'UPDATE', services);
}

/** Rows for new owners; new groups and members mean other rows of sharing rules. */
function shareWrittenRows(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  operation: 'insert' | 'update',
  services: SaveServices,
): void {
  if (describe.setup || describe.kind === 'share') services.accessChanged();
  const author = { userId: services.userId, now: services.transaction.now() };
  const isNew = operation === 'insert';
  if (MEMBERSHIP_OBJECTS.has(describe.name) && rows.some((row) => changesMembership(row)))
    services.shares.membershipChanged(author);
  if (!describe.field('OwnerId')) return;
  const owned = rows.filter(
    (row) => isNew || !sameValue(row.old?.values.get('OwnerId'), row.record.values.get('OwnerId')),
  );
  services.shares.ownersChanged(
    describe,
    owned.map((row) => row.record.id ?? ''),
    isNew,
    author,
  );
}

/** Objects that say who belongs where. */
const MEMBERSHIP_OBJECTS: ReadonlySet<string> = new Set(['User', 'UserRole', 'Group', 'GroupMember']);

function changesMembership(row: SaveRow): boolean {
  if (row.record.describe.name !== 'User') return true;
  return !sameValue(row.old?.values.get('UserRoleId'), row.record.values.get('UserRoleId'));
}

/** `A-{0000}`, `{YYYY}-{MM}-{000}`. */
function autoNumber(field: FieldDescribe, number: number, now: number): string {
  const date = new Date(now);
  return (field.displayFormat ?? '{0}').replace(/\{(0+|YYYY|YY|MM|DD)\}/g, (_match, part: string) => {
    if (part === 'YYYY') return String(date.getUTCFullYear());
    if (part === 'YY') return String(date.getUTCFullYear()).slice(2);
    if (part === 'MM') return String(date.getUTCMonth() + 1).padStart(2, '0');
    if (part === 'DD') return String(date.getUTCDate()).padStart(2, '0');
    return String(number).padStart(part.length, '0');
  });
}

type SaveEvent = 'before insert' | 'before update' | 'after insert' | 'after update';

function fireTriggers(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  event: SaveEvent,
  services: SaveServices,
): void {
  const { code } = services;
  if (!code || rows.length === 0 || !describe.triggerable || !code.hasTriggers(describe.name, event)) return;
  const isAfter = event.startsWith('after');
  if (isAfter) {
    for (const row of rows) row.record = recordOf(describe, row.record.values);
    services.evaluateFormulas(rows.map((row) => row.record));
    for (const row of rows) row.record.readOnly = true;
  } else services.evaluateFormulas(rows.map((row) => row.record));
  const olds = event.endsWith('insert') ? null : rows.map((row) => row.old as SObjectRecord);
  services.enterTrigger(describe.name, event, () =>
    code.fireTriggers(
      services.transaction,
      describe.name,
      event,
      rows.map((row) => row.record),
      olds,
    ),
  );
  collectTriggerErrors(rows, (row) => row.record);
  collectTriggerErrors(rows, (row) => row.old);
}

/** Table of an object, quoted. */
export function tableOf(describe: ObjectDescribe): string {
  return quote(describe.name);
}
