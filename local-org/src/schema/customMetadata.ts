/** CustomMetadata components → records of custom metadata types. */
import { MetadataError } from '../project/errors.ts';
import type { MetadataComponent, Position } from '../project/types.ts';
import type { ObjectFacts } from './objectDescription.ts';
import type { CustomMetadataRecord } from './types.ts';

/** Reads one record; its full name is `Type.Record`, with or without `__mdt`. */
export function parseCustomMetadataRecord(
  component: MetadataComponent,
  objects: ReadonlyMap<string, ObjectFacts>,
): CustomMetadataRecord {
  const { root } = component;
  const dot = component.fullName.indexOf('.');
  const typeName = component.fullName.slice(0, dot).replace(/(__mdt)?$/, '__mdt');
  const type = [...objects.values()].find((object) => object.name.toLowerCase() === typeName.toLowerCase());
  if (!type) throw new MetadataError(root.position, `there is no custom metadata type ${typeName} in the project`);
  const values = new Map<string, { text: string | null; position: Position }>();
  for (const entry of root.children('values')) {
    const fieldName = entry.requiredString('field');
    const field = type.fields.find((candidate) => candidate.name.toLowerCase() === fieldName.toLowerCase());
    if (!field)
      throw new MetadataError(
        entry.child('field')?.position ?? entry.position,
        `${type.name} has no field ${fieldName}`,
      );
    const value = entry.child('value');
    values.set(field.name, {
      text: value === undefined || value.isNil || value.text === '' ? null : value.text,
      position: value?.position ?? entry.position,
    });
    entry.finish();
  }
  const record: CustomMetadataRecord = {
    objectName: type.name,
    developerName: component.fullName.slice(dot + 1),
    label: root.requiredString('label'),
    protected: root.boolean('protected', false),
    values,
    position: root.position,
  };
  root.ignore('describes, does not act', 'description', 'fullName');
  root.finish();
  return record;
}
