/** Delete, undelete and merge. Children that go along fire no triggers (Apex Developer Guide, "Operations that don't invoke triggers"). */
import type { SObjectRecord } from '../../schema/record.ts';
import type { ChildRelationship, ObjectDescribe } from '../../schema/types.ts';
import { quote } from '../../store/encoding.ts';
import { normalizeId, prefixOf } from '../../store/ids.ts';
import { AccessDenied } from '../errors.ts';
import { afterSave } from './consequences.ts';
import { moneyWritten } from './money.ts';
import { rulesOf } from './standardRules.ts';
import { occurrencesToDelete } from './occurrences.ts';
import { addError, collectTriggerErrors, recordOf, textOf, withoutErrors } from './rows.ts';
import { captureRows } from './capture.ts';
import type { SaveRow } from './rows.ts';
import { refuseLocked } from './saveRecords.ts';
import type { SaveRequest, SaveServices } from './services.ts';
import { checkShareDeletion } from './shareChecks.ts';

type DeleteEvent = 'before delete' | 'after delete' | 'after undelete';

/** Deletes at most 200 rows of one object; failures are left in `row.errors`. `mergedInto`: the winner, on a merge. */
export function deleteChunk(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  services: SaveServices,
  request: SaveRequest,
  mergedInto: string | null = null,
): void {
  const access = services.access(request.accessMode, request.sharing);
  if (!describe.deletable) {
    for (const row of rows)
      addError(row, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type ${describe.name} does not support delete`);
    return;
  }
  if (access && !access.canDelete(describe)) {
    if (request.allOrNone) throw new AccessDenied('delete', describe.name);
    for (const row of rows)
      addError(row, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `Access to entity '${describe.name}' denied`);
    return;
  }
  loadStored(rows, describe, services, false);
  let live = withoutErrors(rows);
  if (access) {
    const denied = access.withoutEditAccess(
      describe,
      live.map((row) => row.old?.id ?? ''),
      'delete',
    );
    for (const row of live)
      if (denied.has(row.old?.id ?? ''))
        addError(row, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
    live = withoutErrors(live);
  }
  if (describe.kind === 'share') {
    checkShareDeletion(live);
    live = withoutErrors(live);
  }
  refuseLocked(live, describe, services);
  live = withoutErrors(live);
  fireOldTriggers(live, describe, 'before delete', services);
  live = withoutErrors(live);
  if (mergedInto === null)
    for (const { checkDelete } of rulesOf(describe.name))
      if (checkDelete) for (const row of live) checkDelete(row, services);
  live = withoutErrors(live);
  for (const row of live) checkRestrictions(row, describe, services);
  live = withoutErrors(live);
  for (const row of live) deleteWithChildren(row.old?.id ?? '', describe, services, mergedInto);
  captureRows(live, describe, 'DELETE', services);
  if (describe.setup || describe.kind === 'share') services.accessChanged();
  if (describe.setup) services.shares.membershipChanged({ userId: services.userId, now: services.transaction.now() });
  if (mergedInto !== null && describe.field('MasterRecordId')) {
    for (const row of live) {
      services.store.update(describe, row.old?.id ?? '', new Map([['MasterRecordId', mergedInto]]));
      if (row.old) {
        row.old.readOnly = false;
        row.old.values.set('MasterRecordId', mergedInto);
        row.old.readOnly = true;
      }
    }
  }
  if (services.rates) moneyWritten(describe, services);
  fireOldTriggers(live, describe, 'after delete', services);
  afterSave(withoutErrors(live), describe, services, request);
}

/** Fills `row.old` (and `row.record`, the same values) from the database. */
function loadStored(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  services: SaveServices,
  deleted: boolean,
): void {
  const ids = rows.flatMap((row) => normalizeId(row.input.id ?? '') ?? []);
  const stored = services.store.load(describe, ids);
  const seen = new Set<string>();
  const olds: SObjectRecord[] = [];
  for (const row of rows) {
    const given = row.input.id;
    const id = given === null ? null : normalizeId(given);
    const values = id === null ? undefined : stored.get(id);
    if (given === null || given === '') addError(row, 'MISSING_ARGUMENT', 'Id not specified in a delete call');
    else if (id === null) addError(row, 'MALFORMED_ID', `malformed id ${given}`);
    else if (!values) addError(row, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    else if (seen.has(id)) addError(row, 'DUPLICATE_VALUE', `duplicate id in list: ${id}`);
    else if (!deleted && values.get('IsDeleted') === true) addError(row, 'ENTITY_IS_DELETED', 'entity is deleted');
    else if (deleted && values.get('IsDeleted') !== true)
      addError(row, 'UNDELETE_FAILED', 'Entity is not in the recycle bin');
    else {
      seen.add(id);
      row.old = recordOf(describe, values);
      row.record = row.old;
      olds.push(row.old);
    }
  }
  if (services.code && olds.length > 0) services.evaluateFormulas(olds);
  for (const old of olds) old.readOnly = true;
}

function fireOldTriggers(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  event: DeleteEvent,
  services: SaveServices,
): void {
  const { code } = services;
  if (!code || rows.length === 0 || !describe.triggerable || !code.hasTriggers(describe.name, event)) return;
  const records = rows.map((row) => row.old as SObjectRecord);
  services.enterTrigger(describe.name, event, () =>
    code.fireTriggers(
      services.transaction,
      describe.name,
      event,
      event === 'after undelete' ? records : null,
      event === 'after undelete' ? null : records,
    ),
  );
  collectTriggerErrors(rows, (row) => row.old);
}

interface ChildField {
  readonly child: ObjectDescribe;
  readonly relationship: ChildRelationship;
}

function childFields(describe: ObjectDescribe, services: SaveServices): readonly ChildField[] {
  return describe.childRelationships.flatMap((relationship) => {
    const child = services.schema.object(relationship.childObject);
    const field = child?.field(relationship.field);
    return child?.stored && child.view === null && field && !AUDIT_FIELDS.has(field.name)
      ? [{ child, relationship }]
      : [];
  });
}

/** Fields that keep pointing to deleted users, winners of merges and series. */
const AUDIT_FIELDS: ReadonlySet<string> = new Set([
  'CreatedById',
  'LastModifiedById',
  'OwnerId',
  'MasterRecordId',
  'RecurrenceActivityId',
]);

function childIds(
  child: ObjectDescribe,
  fieldName: string,
  parentId: string,
  services: SaveServices,
): readonly string[] {
  const live = child.softDelete ? ' AND "IsDeleted" = 0' : '';
  return services.store
    .all(`SELECT "Id" FROM ${quote(child.name)} WHERE ${quote(fieldName)} = ?${live} ORDER BY "Id"`, [parentId])
    .map((row) => String(row[0]));
}

/** Lookups with Restrict refuse the deletion, whether at the record itself or at anything that would go along. */
function checkRestrictions(row: SaveRow, describe: ObjectDescribe, services: SaveServices): void {
  const name = textOf(row.old?.values.get(describe.nameField?.name ?? 'Id') ?? row.old?.id);
  const visit = (id: string, object: ObjectDescribe): void => {
    for (const { child, relationship } of childFields(object, services)) {
      if (!relationship.restrictedDelete && !relationship.cascadeDelete) continue;
      const ids = childIds(child, relationship.field, id, services);
      if (ids.length === 0) continue;
      if (relationship.restrictedDelete) {
        const names = [...services.store.load(child, ids)].map(([childId, values]) =>
          textOf(values.get(child.nameField?.name ?? 'Id') ?? childId),
        );
        addError(
          row,
          'DELETE_FAILED',
          `Your attempt to delete ${name} could not be completed because it is associated with the following ${child.labelPlural.toLowerCase()}.: ${names.join(', ')}\n`,
        );
      } else for (const childId of ids) visit(childId, child);
    }
  };
  visit(row.old?.id ?? '', describe);
  // Closed-won opportunities keep an account from being deleted by others than administrators; the local org doesn't model that.
}

function deleteWithChildren(
  id: string,
  describe: ObjectDescribe,
  services: SaveServices,
  mergedInto: string | null,
): void {
  const deletion = `${id}.${services.store.nextNumber('$deletion')}`;
  const remove = (recordId: string, object: ObjectDescribe): void => {
    if (mergedInto === null) {
      for (const occurrence of occurrencesToDelete(recordId, object, services)) remove(occurrence, object);
      for (const { child, relationship } of childFields(object, services)) {
        const ids = childIds(child, relationship.field, recordId, services);
        if (relationship.cascadeDelete) for (const childId of ids) remove(childId, child);
        else {
          for (const childId of ids) {
            services.store.rememberCleared(deletion, {
              objectName: child.name,
              id: childId,
              field: relationship.field,
              parentId: recordId,
            });
            services.store.update(child, childId, new Map([[relationship.field, null]]));
          }
        }
      }
    }
    if (object.softDelete) services.store.markDeleted(object, [recordId], deletion);
    else services.store.purge(object, [recordId]);
  };
  remove(id, describe);
}

/** Restores at most 200 rows with everything that their deletion took along. */
export function undeleteChunk(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  services: SaveServices,
  request: SaveRequest,
): void {
  const access = services.access(request.accessMode, request.sharing);
  if (!describe.undeletable) {
    for (const row of rows)
      addError(row, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type ${describe.name} does not support undelete`);
    return;
  }
  if (access && !access.canDelete(describe)) {
    if (request.allOrNone) throw new AccessDenied('undelete', describe.name);
    for (const row of rows)
      addError(row, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `Access to entity '${describe.name}' denied`);
    return;
  }
  loadStored(rows, describe, services, true);
  const live = withoutErrors(rows);
  const deletions = services.store.deletionsOf(
    describe,
    live.map((row) => row.old?.id ?? ''),
  );
  for (const row of live) {
    const deletion = deletions.get(row.old?.id ?? '');
    // A record that went along with its parent comes back with the parent only.
    if (deletion === undefined || normalizeId(deletion.split('.')[0] ?? '') !== row.old?.id) {
      addError(row, 'UNDELETE_FAILED', 'Undelete failed: the record was deleted with its parent; undelete the parent');
      continue;
    }
    restore(deletion, services);
  }
  const restored = withoutErrors(live);
  const stored = services.store.load(
    describe,
    restored.map((row) => row.old?.id ?? ''),
  );
  for (const row of restored) {
    row.record = recordOf(describe, stored.get(row.old?.id ?? '') ?? new Map());
    row.old = row.record;
  }
  if (services.code) services.evaluateFormulas(restored.map((row) => row.record));
  for (const row of restored) row.record.readOnly = true;
  captureRows(restored, describe, 'UNDELETE', services);
  fireOldTriggers(restored, describe, 'after undelete', services);
  afterSave(withoutErrors(restored), describe, services, request);
}

function restore(deletion: string, services: SaveServices): void {
  const restored = new Map<ObjectDescribe, readonly string[]>();
  for (const object of services.schema.objects) {
    if (!object.stored || !object.softDelete) continue;
    const ids = services.store.idsOfDeletion(object, deletion);
    if (ids.length === 0) continue;
    restored.set(object, ids);
    services.store.unmarkDeleted(object, ids);
    // "Null … if the record has not been deleted": a loser of a merge that came back stands for itself again.
    if (object.field('MasterRecordId'))
      for (const id of ids) services.store.update(object, id, new Map([['MasterRecordId', null]]));
    const author = { userId: services.userId, now: services.transaction.now() };
    services.shares.ownersChanged(object, ids, true, author);
    services.shares.recordsSaved(object, ids, author);
  }
  for (const cleared of services.store.clearedBy(deletion)) {
    const object = services.schema.object(cleared.objectName);
    const values = object && services.store.load(object, [cleared.id]).get(cleared.id);
    // A lookup that was filled again in the meantime stays.
    if (object && values && values.get(cleared.field) === null)
      services.store.update(object, cleared.id, new Map([[cleared.field, cleared.parentId]]));
  }
  services.store.forgetCleared(deletion);
  for (const [object, ids] of restored) clearLostLookups(object, ids, services);
}

/**
 * What was deleted while the records were in the recycle bin could not clear their lookups: they are cleared now.
 * Declared choice: no page says what an org does, but it never shows a live record that points to a deleted one. Required
 * lookups stay, since they can't be blank.
 */
function clearLostLookups(object: ObjectDescribe, ids: readonly string[], services: SaveServices): void {
  const lookups = object.fields.filter((field) => field.type === 'reference' && field.nillable);
  for (const [id, values] of services.store.load(object, ids)) {
    const lost = lookups.filter(({ name }) => isDeleted(values.get(name), services));
    if (lost.length > 0) services.store.update(object, id, new Map(lost.map(({ name }) => [name, null])));
  }
}

function isDeleted(id: unknown, services: SaveServices): boolean {
  const parent = typeof id === 'string' ? services.schema.objectByKeyPrefix(prefixOf(id)) : undefined;
  return (
    parent?.softDelete === true &&
    services.store
      .load(parent, [id as string])
      .get(id as string)
      ?.get('IsDeleted') === true
  );
}

/** Moves the losers' children to the winner; fires no triggers of the children. */
export function moveChildren(
  loserId: string,
  winnerId: string,
  describe: ObjectDescribe,
  services: SaveServices,
): void {
  for (const { child, relationship } of childFields(describe, services)) {
    // Who may see the losers doesn't say who may see the winner.
    if (child.kind === 'share') {
      services.store.purge(child, childIds(child, relationship.field, loserId, services));
      continue;
    }
    for (const childId of childIds(child, relationship.field, loserId, services)) {
      services.store.update(child, childId, new Map([[relationship.field, winnerId]]));
    }
  }
}

/** The object that an Id belongs to, or undefined. */
export function objectOfId(id: string | null, services: SaveServices): ObjectDescribe | undefined {
  const normalized = id === null ? null : normalizeId(id);
  return normalized === null ? undefined : services.schema.objectByKeyPrefix(prefixOf(normalized));
}
