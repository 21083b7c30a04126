/** Foreign keys: resolution by external Id, existence, type and visibility. */
import { SObjectRecord } from '../../schema/record.ts';
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';
import { foldedColumn, quote, storageScale } from '../../store/encoding.ts';
import { fold } from '../../store/folding.ts';
import { normalizeId, prefixOf } from '../../store/ids.ts';
import { addError, isBlank, sameValue } from './rows.ts';
import type { SaveRow } from './rows.ts';
import type { RecordAccess, SaveServices } from './services.ts';

/** `new Objective__c(Plan__r = new Plan__c(Key__c = 'X'))`: sets the lookup from the parent's external Id. */
export function resolveExternalKeys(rows: readonly SaveRow[], describe: ObjectDescribe, services: SaveServices): void {
  for (const row of rows) {
    for (const [relationshipName, parent] of row.input.related) {
      const field = describe.fieldByRelationship(relationshipName);
      if (
        !field ||
        !(parent instanceof SObjectRecord) ||
        row.input.retrieved !== null ||
        row.input.values.has(field.name)
      )
        continue;
      const key = [...parent.values].find(
        ([name, value]) => name !== 'Id' && !isBlank(value) && parent.describe.field(name)?.idLookup,
      );
      if (!key) {
        if (parent.id !== null) row.record.values.set(field.name, parent.id);
        continue;
      }
      const [keyName, keyValue] = key;
      const ids = findByValue(parent.describe, keyName, keyValue, services);
      if (ids.length === 1) row.record.values.set(field.name, ids[0]);
      else if (ids.length === 0)
        addError(
          row,
          'INVALID_FIELD',
          `Foreign key external ID: ${String(keyValue)} not found for field ${keyName} in entity ${parent.describe.name}`,
        );
      else
        addError(
          row,
          'INVALID_FIELD',
          `More than one record found for external ID field ${keyName} with value ${String(keyValue)} in entity ${parent.describe.name}`,
        );
    }
  }
}

/** Ids of live records whose field has the value, ignoring case unless the field is case-sensitive. */
export function findByValue(
  describe: ObjectDescribe,
  fieldName: string,
  value: unknown,
  services: SaveServices,
): readonly string[] {
  const field = describe.field(fieldName);
  if (!field || isBlank(value)) return [];
  if (field.type === 'id') {
    const id = normalizeId(String(value));
    return id === null
      ? []
      : [...services.store.load(describe, [id])].flatMap(([found, values]) =>
          values.get('IsDeleted') === true ? [] : [found],
        );
  }
  const folded = foldedColumn(field);
  const stored =
    typeof value === 'string'
      ? field.type === 'reference'
        ? (normalizeId(value) ?? value)
        : value
      : Number(String(value)) * 10 ** storageScale(field);
  const [column, parameter] =
    folded !== null && !field.caseSensitive ? [folded, fold(String(value))] : [field.name, stored];
  const live = describe.field('IsDeleted') ? ' AND "IsDeleted" = 0' : '';
  return services.store
    .all(`SELECT "Id" FROM ${quote(describe.name)} WHERE ${quote(column)} = ?${live}`, [parameter])
    .map((row) => String(row[0]));
}

/** Checks that every changed lookup points to a live record of the right object that the user may see. */
export function checkReferences(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  services: SaveServices,
  access: RecordAccess | null,
): void {
  for (const field of describe.fields) {
    if (field.type !== 'reference' || field.referenceTo.length === 0 || field.calculated) continue;
    const changed = rows.filter((row) => {
      const value = row.record.values.get(field.name);
      return !isBlank(value) && !(row.old && sameValue(row.old.values.get(field.name), value));
    });
    if (changed.length > 0) checkField(changed, field, describe, services, access);
  }
}

function checkField(
  rows: readonly SaveRow[],
  field: FieldDescribe,
  describe: ObjectDescribe,
  services: SaveServices,
  access: RecordAccess | null,
): void {
  const byTarget = new Map<string, SaveRow[]>();
  for (const row of rows) {
    const id = String(row.record.values.get(field.name));
    if (normalizeId(id) === null) continue; // MALFORMED_ID is reported elsewhere.
    const target = services.schema.objectByKeyPrefix(prefixOf(id));
    if (!target || !field.referenceTo.includes(target.name)) {
      if (field.position === null && METADATA_REFERENCES.has(field.name)) continue;
      addError(row, 'FIELD_INTEGRITY_EXCEPTION', `${field.label}: id value of incorrect type: ${id}`, [field.name]);
      continue;
    }
    if (id === row.record.id) {
      addError(row, 'FIELD_INTEGRITY_EXCEPTION', `${field.label}: a record can't refer to itself: ${id}`, [field.name]);
      continue;
    }
    byTarget.set(target.name, [...(byTarget.get(target.name) ?? []), row]);
  }
  for (const [targetName, targetRows] of byTarget) {
    const target = services.schema.object(targetName) as ObjectDescribe;
    const ids = [...new Set(targetRows.map((row) => String(row.record.values.get(field.name))))];
    const live = target.softDelete ? '"IsDeleted"' : '0';
    const found = new Map(
      services.store
        .all(`SELECT "Id", ${live} FROM ${quote(target.name)} WHERE "Id" IN (SELECT value FROM json_each(?))`, [
          JSON.stringify(ids),
        ])
        .map((row) => [String(row[0]), row[1] === 1n]),
    );
    const hidden = access?.withoutReadAccess(target, ids) ?? new Set<string>();
    for (const row of targetRows) {
      const id = String(row.record.values.get(field.name));
      const deleted = found.get(id);
      if (deleted === undefined) addError(row, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []);
      else if (deleted) addError(row, 'ENTITY_IS_DELETED', 'entity is deleted', []);
      else if (hidden.has(id) && describe.kind !== 'share')
        addError(
          row,
          'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
          `insufficient access rights on cross-reference id: ${id.slice(0, 15)}`,
          [],
        );
    }
  }
}

/** Fields that may hold Ids of things without rows here. */
const METADATA_REFERENCES: ReadonlySet<string> = new Set(['SetupEntityId']);
