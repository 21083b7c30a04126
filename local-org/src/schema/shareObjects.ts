/** `__Share` objects (AccountShare …), one for each object whose records have owners and can be shared. */
import { createFacts, createField } from './objectDescription.ts';
import type { ObjectFacts } from './objectDescription.ts';
import { idField, isDeletedField } from './systemFields.ts';
import type { FieldDescribe, ObjectDescribe, PicklistValue, Schema } from './types.ts';

const STANDARD_SHARES: Readonly<Record<string, string>> = {
  Account: '00r',
  Contact: '03s',
  Opportunity: '00t',
  Lead: '01o',
  Case: '01n',
  Campaign: '08s',
};
const CAUSES = ['Owner', 'Manual', 'Rule', 'ImplicitChild', 'ImplicitParent', 'Team'];
const LEVELS: readonly (readonly [string, string])[] = [
  ['Read', 'Read Only'],
  ['Edit', 'Read/Write'],
  ['All', 'Owner'],
];

function values(names: readonly (readonly [string, string])[]): readonly PicklistValue[] {
  return names.map(([value, label]) => ({ value, label, active: true, isDefault: false }));
}

/** The share object of `parent`, or null when its records can't be shared by rows. `reasons`: Apex sharing reasons (`Team__c`). */
export function shareObject(parent: ObjectFacts, reasons: readonly (readonly [string, string])[]): ObjectFacts | null {
  const standardPrefix = STANDARD_SHARES[parent.name];
  const isPrivateCustom =
    parent.kind === 'custom' && (parent.sharingModel === 'Private' || parent.sharingModel === 'Read');
  if (standardPrefix === undefined && !isPrivateCustom) return null;
  const parentField = parent.custom ? 'ParentId' : `${parent.name}Id`;
  const level = (name: string): ReturnType<typeof createField> =>
    createField({
      name,
      label: name.replace(/([a-z])([A-Z])/g, '$1 $2'),
      type: 'picklist',
      length: 40,
      nillable: false,
      restrictedPicklist: true,
      picklistValues: values(LEVELS),
    });
  const extraLevels =
    parent.name === 'Account' ? ['OpportunityAccessLevel', 'CaseAccessLevel', 'ContactAccessLevel'] : [];
  const name = parent.custom ? parent.name.replace(/__c$/, '__Share') : `${parent.name}Share`;
  return createFacts({
    name,
    kind: 'share',
    label: `${parent.label} Share`,
    labelPlural: `${parent.label} Share`,
    keyPrefix: standardPrefix ?? '',
    sharingModel: 'Read',
    fields: [
      idField(),
      createField({
        name: parentField,
        label: 'Parent ID',
        type: 'reference',
        length: 18,
        nillable: false,
        updateable: false,
        referenceTo: [parent.name],
        relationshipName: parent.custom ? 'Parent' : parent.name,
        deleteConstraint: 'Cascade',
      }),
      level(parent.custom ? 'AccessLevel' : `${parent.name}AccessLevel`),
      ...extraLevels.map((extra) =>
        Object.assign(level(extra), { nillable: true, picklistValues: values([['None', 'Private'], ...LEVELS]) }),
      ),
      createField({
        name: 'RowCause',
        label: 'Row Cause',
        type: 'picklist',
        length: 40,
        updateable: false,
        restrictedPicklist: true,
        nillable: true,
        picklistValues: values([...CAUSES.map((cause): readonly [string, string] => [cause, cause]), ...reasons]).map(
          (value) => ({ ...value, isDefault: value.value === 'Manual' }),
        ),
      }),
      createField({
        name: 'UserOrGroupId',
        label: 'User/Group ID',
        type: 'reference',
        length: 18,
        nillable: false,
        updateable: false,
        referenceTo: ['Group', 'User'],
        relationshipName: 'UserOrGroup',
        deleteConstraint: 'Cascade',
      }),
      createField({
        name: 'LastModifiedDate',
        label: 'Last Modified Date',
        type: 'datetime',
        nillable: false,
        createable: false,
        updateable: false,
      }),
      createField({
        name: 'LastModifiedById',
        label: 'Last Modified By ID',
        type: 'reference',
        length: 18,
        nillable: false,
        createable: false,
        updateable: false,
        referenceTo: ['User'],
        relationshipName: 'LastModifiedBy',
      }),
      isDeletedField(),
    ],
    childRelationships: [],
  });
}

/** The share object of an object, with the fields that name the record and the level. */
export interface ShareDescribe {
  readonly share: ObjectDescribe;
  readonly parentField: string;
  readonly levelField: string;
}

/** Null when records of the object can't be shared by rows. */
export function shareOf(schema: Schema, object: ObjectDescribe): ShareDescribe | null {
  const share = schema.object(object.custom ? object.name.replace(/__c$/, '__Share') : `${object.name}Share`);
  return share?.kind === 'share'
    ? {
        share,
        parentField: object.custom ? 'ParentId' : `${object.name}Id`,
        levelField: object.custom ? 'AccessLevel' : `${object.name}AccessLevel`,
      }
    : null;
}

/** The object whose records a share, history or feed row is about, with the field that names the record. */
export function parentOf(
  schema: Schema,
  object: ObjectDescribe,
): { readonly parent: ObjectDescribe; readonly field: FieldDescribe } | null {
  const field = object.fields.find(
    (candidate) =>
      candidate.type === 'reference' && candidate.deleteConstraint === 'Cascade' && candidate.name !== 'UserOrGroupId',
  );
  const parent = field && schema.object(field.referenceTo[0] ?? '');
  return field && parent ? { parent, field } : null;
}
