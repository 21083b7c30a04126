/** Rows of custom metadata types, rewritten from the project when an org is opened; their Ids stay. */
import { MetadataError } from '../project/errors.ts';
import type { CustomMetadataRecord, FieldDescribe, ObjectDescribe, Schema } from '../schema/types.ts';
import type { Store } from '../store/Store.ts';
import { insertSystemRow } from '../store/systemRows.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { valueOfText } from './metadataValue.ts';

/** Throws MetadataError where a value does not suit its field. */
export function mirrorCustomMetadata(store: Store, schema: Schema, userId: string, now: number): void {
  const stamp = new ApexDatetime(Math.floor(now / 1000) * 1000);
  for (const object of schema.objects) {
    if (object.kind !== 'customMetadata') continue;
    const existing = new Map(
      [...store.loadWhere(object, '1', [])].map(([id, values]) => [String(values.get('DeveloperName')), id]),
    );
    for (const record of schema.customMetadataRecords.filter((candidate) => candidate.objectName === object.name)) {
      const row: Record<string, unknown> = {
        DeveloperName: record.developerName,
        MasterLabel: record.label,
        Label: record.label,
        Language: 'en_US',
        QualifiedApiName: record.developerName,
        NamespacePrefix: null,
      };
      for (const field of object.fields) if (field.custom) row[field.name] = parseValue(field, record);
      for (const field of object.fields) if (field.custom) nameDefinition(field, object, row, schema);
      const id = existing.get(record.developerName);
      if (id === undefined) insertSystemRow(store, object, row, userId, stamp);
      else store.update(object, id, new Map(Object.entries(row)));
      existing.delete(record.developerName);
    }
    store.purge(object, [...existing.values()]);
  }
  linkRecords(store, schema);
}

function parseValue(field: FieldDescribe, record: CustomMetadataRecord): unknown {
  const value = record.values.get(field.name);
  const text = value?.text ?? null;
  if (text === null)
    return field.type === 'boolean' ? field.defaultValueFormula === 'true' && value === undefined : null;
  try {
    return valueOfText(field, text);
  } catch (error) {
    throw new MetadataError(
      value?.position ?? record.position,
      `“${text}” does not suit the field ${record.objectName}.${field.name} (${field.type}): ${(error as Error).message}`,
    );
  }
}

/**
 * Relationships to objects and fields hold the durable Id of the definition: `Account`, `Account.Industry`. The source names
 * the field alone; its object stands in the controlling field.
 */
function nameDefinition(
  field: FieldDescribe,
  object: ObjectDescribe,
  row: Record<string, unknown>,
  schema: Schema,
): void {
  const value = row[field.name];
  if (typeof value !== 'string') return;
  if (field.referenceTo.includes('EntityDefinition')) row[field.name] = schema.object(value)?.name ?? value;
  const controlling = object.field(field.metadataControllingField ?? '');
  const entity = schema.object(String(controlling ? row[controlling.name] : ''));
  if (!field.referenceTo.includes('FieldDefinition') || !entity) return;
  row[field.name] = `${entity.name}.${entity.field(value)?.name ?? value}`;
}

/** MetadataRelationship fields name their target in the source; SOQL and Apex see its Id. */
function linkRecords(store: Store, schema: Schema): void {
  for (const object of schema.objects) {
    if (object.kind !== 'customMetadata') continue;
    for (const field of object.fields) {
      const target = field.type === 'reference' ? schema.object(field.referenceTo[0] ?? '') : undefined;
      if (target?.kind !== 'customMetadata') continue;
      const ids = new Map(
        [...store.loadWhere(target, '1', [])].map(([id, values]) => [String(values.get('DeveloperName')), id]),
      );
      for (const [id, values] of store.loadWhere(object, '1', [])) {
        const name = values.get(field.name);
        if (typeof name === 'string')
          store.update(object, id, new Map([[field.name, ids.get(name.replace(/^.*\./, '')) ?? name]]));
      }
    }
  }
}
