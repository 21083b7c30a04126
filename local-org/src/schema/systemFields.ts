/** Fields that the platform adds to every object of a kind. */
import { createField } from './objectDescription.ts';
import type { MutableField } from './objectDescription.ts';
import type { FieldDescribe } from './types.ts';

export type AuditFields = 'full' | 'created' | 'modified' | 'stamp' | 'none';

const SYSTEM = { createable: false, updateable: false, nillable: false } as const;

export function idField(): MutableField {
  return createField({
    ...SYSTEM,
    name: 'Id',
    label: 'Record ID',
    type: 'id',
    length: 18,
    idLookup: true,
    defaultedOnCreate: true,
  });
}

export function isDeletedField(): MutableField {
  return createField({ ...SYSTEM, name: 'IsDeleted', label: 'Deleted', type: 'boolean' });
}

export function ownerField(targets: readonly string[]): MutableField {
  return createField({
    name: 'OwnerId',
    label: 'Owner ID',
    type: 'reference',
    length: 18,
    nillable: false,
    referenceTo: targets,
    relationshipName: 'Owner',
    defaultedOnCreate: true,
  });
}

export function recordTypeField(): MutableField {
  return createField({
    name: 'RecordTypeId',
    label: 'Record Type ID',
    type: 'reference',
    length: 18,
    referenceTo: ['RecordType'],
    relationshipName: 'RecordType',
  });
}

function userReference(name: string, label: string, relationshipName: string): MutableField {
  return createField({
    ...SYSTEM,
    name,
    label,
    type: 'reference',
    length: 18,
    referenceTo: ['User'],
    relationshipName,
    defaultedOnCreate: true,
  });
}

function stamp(name: string, label: string): MutableField {
  return createField({ ...SYSTEM, name, label, type: 'datetime', defaultedOnCreate: true });
}

/** Created, modified and stamp fields, as the object has them. */
export function auditFields(audit: AuditFields): MutableField[] {
  const created = [stamp('CreatedDate', 'Created Date'), userReference('CreatedById', 'Created By ID', 'CreatedBy')];
  const modified = [
    stamp('LastModifiedDate', 'Last Modified Date'),
    userReference('LastModifiedById', 'Last Modified By ID', 'LastModifiedBy'),
  ];
  const systemModstamp = stamp('SystemModstamp', 'System Modstamp');
  const sets: Readonly<Record<AuditFields, MutableField[]>> = {
    full: [...created, ...modified, systemModstamp],
    created: created,
    modified: [...modified, systemModstamp],
    stamp: [systemModstamp],
    none: [],
  };
  return sets[audit];
}

export function lastActivityDateField(): MutableField {
  return createField({ ...SYSTEM, nillable: true, name: 'LastActivityDate', label: 'Last Activity', type: 'date' });
}

export function viewedFields(): MutableField[] {
  const facts: Partial<FieldDescribe> = { ...SYSTEM, nillable: true };
  return [
    createField({ ...facts, name: 'LastViewedDate', label: 'Last Viewed Date', type: 'datetime' }),
    createField({ ...facts, name: 'LastReferencedDate', label: 'Last Referenced Date', type: 'datetime' }),
  ];
}
