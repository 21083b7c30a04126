/** Default values of a new record: picklist defaults, default values of fields, the user as owner. */
import type { ObjectDescribe } from '../../schema/types.ts';
import { SObjectRecord } from '../../schema/record.ts';
import { layoutRepresentation, objectInfo } from './objectInfo.ts';
import { represent } from './recordRepresentation.ts';
import { defaultRecordTypeId, recordTypeOf } from './recordTypes.ts';
import { fieldsOfLayout } from './records.ts';
import type { UiSession } from './session.ts';

/**
 * Answer of /ui-api/record-defaults/create/{object}.
 * @param recordTypeId missing: the user's default record type
 */
export function recordDefaults(session: UiSession, object: ObjectDescribe, recordTypeId?: string) {
  const typeId = recordTypeId ?? defaultRecordTypeId(session, object);
  const recordType = recordTypeOf(session, object, typeId);
  const names = fieldsOfLayout(session.context.metadata.layout(object, session.user.profileName, recordType));
  const fields = object.fields.filter(
    (field) =>
      names.includes(field.name) || (field.compoundFieldName !== null && names.includes(field.compoundFieldName)),
  );
  const record = new SObjectRecord(object);
  for (const field of fields) {
    const offered = recordType?.picklistValues.get(field.name);
    const standard = offered
      ? offered.find(({ isDefault }) => isDefault)
      : field.picklistValues.find(({ isDefault, active }) => isDefault && active);
    if (field.type === 'boolean')
      record.values.set(field.name, field.defaultValueFormula?.trim().toLowerCase() === 'true');
    else if (standard) record.values.set(field.name, standard.value);
    else if (field.name === 'OwnerId') record.values.set(field.name, session.user.id);
    else record.values.set(field.name, literalDefault(field.defaultValueFormula));
  }
  if (object.field('RecordTypeId') && recordType) record.values.set('RecordTypeId', typeId);
  const representation = represent(session, record, [
    ...new Set([...fields.map(({ name }) => name), ...(recordType ? ['RecordTypeId'] : [])]),
  ]);
  return {
    layout: layoutRepresentation(session, object, 'Full', 'Create', typeId),
    objectInfos: { [object.name]: objectInfo(session, object) },
    record: { ...representation, id: null },
  };
}

/** A default value that is a literal text; formulas are worked out when the record is saved. */
function literalDefault(formula: string | null): string | null {
  return /^"((?:[^"\\]|\\.)*)"$/.exec(formula?.trim() ?? '')?.[1] ?? null;
}
