/** Field history (`AccountHistory`, `X__History`) and record feeds (`AccountFeed`, `X__Feed`), one for each object that has them. */
import { createFacts, createField } from './objectDescription.ts';
import type { MutableField, ObjectFacts } from './objectDescription.ts';
import { auditFields, idField, isDeletedField } from './systemFields.ts';
import type { ObjectDescribe, Schema } from './types.ts';

/** Ids of all field history rows start alike, as on the platform. */
const HISTORY_PREFIX = '017';
/** Standard objects whose field history exists in every org, with its name. */
const STANDARD_HISTORIES: Readonly<Record<string, string>> = {
  Account: 'AccountHistory',
  Contact: 'ContactHistory',
  Opportunity: 'OpportunityFieldHistory',
  Lead: 'LeadHistory',
  Case: 'CaseHistory',
  Contract: 'ContractHistory',
  Product2: 'Product2History',
  Campaign: 'CampaignHistory',
};
/** Standard objects with a feed. */
export const STANDARD_FEEDS: readonly string[] = [
  'Account',
  'Contact',
  'Opportunity',
  'Lead',
  'Case',
  'Contract',
  'Product2',
  'Campaign',
];

/** Name of the object that holds the field history of an object. */
export function historyName(objectName: string): string {
  return STANDARD_HISTORIES[objectName] ?? objectName.replace(/__c$/, '__History');
}

const READ_ONLY = { createable: false, updateable: false } as const;

function parentField(parent: ObjectFacts): MutableField {
  return createField({
    ...READ_ONLY,
    name: parent.custom ? 'ParentId' : `${parent.name}Id`,
    label: `${parent.label} ID`,
    type: 'reference',
    length: 18,
    nillable: false,
    referenceTo: [parent.name],
    relationshipName: parent.custom ? 'Parent' : parent.name,
    deleteConstraint: 'Cascade',
  });
}

/** The history object of `parent`, or null when it has none. */
export function historyObject(parent: ObjectFacts): ObjectFacts | null {
  const exists = parent.kind === 'custom' ? parent.historyEnabled : parent.name in STANDARD_HISTORIES;
  if (!exists) return null;
  return createFacts({
    name: historyName(parent.name),
    kind: 'history',
    label: `${parent.label} History`,
    labelPlural: `${parent.label} History`,
    keyPrefix: HISTORY_PREFIX,
    sharingModel: 'ControlledByParent',
    ...READ_ONLY,
    deletable: false,
    softDelete: true,
    fields: [
      idField(),
      isDeletedField(),
      parentField(parent),
      ...auditFields('created'),
      createField({
        ...READ_ONLY,
        name: 'Field',
        label: 'Changed Field',
        type: 'picklist',
        length: 255,
        nillable: false,
      }),
      createField({ ...READ_ONLY, name: 'DataType', label: 'Datatype', type: 'picklist', length: 40 }),
      createField({ ...READ_ONLY, name: 'OldValue', label: 'Old Value', type: 'anyType' }),
      createField({ ...READ_ONLY, name: 'NewValue', label: 'New Value', type: 'anyType' }),
    ],
  });
}

/** True when posts and tracked changes about its records have a feed. */
export function hasFeed(object: {
  readonly kind: string;
  readonly name: string;
  readonly feedEnabled: boolean;
}): boolean {
  return object.kind === 'custom' ? object.feedEnabled : STANDARD_FEEDS.includes(object.name);
}

/** The feed of `parent`'s records: their feed items, seen by record. */
export function feedObject(parent: ObjectFacts, feedItem: ObjectFacts): ObjectFacts | null {
  if (!hasFeed(parent)) return null;
  return createFacts({
    name: parent.custom ? parent.name.replace(/__c$/, '__Feed') : `${parent.name}Feed`,
    kind: 'feed',
    label: `${parent.label} Feed`,
    labelPlural: `${parent.label} Feed`,
    keyPrefix: feedItem.keyPrefix,
    sharingModel: 'ControlledByParent',
    ...READ_ONLY,
    fields: feedItem.fields.map((field) => ({
      ...field,
      ...READ_ONLY,
      ...(field.name === 'ParentId' ? { referenceTo: [parent.name], namePointing: false } : {}),
    })),
    view: (schema: Schema) => {
      const prefix = (schema.object(parent.name) as ObjectDescribe).keyPrefix;
      return `SELECT * FROM "FeedItem" WHERE "ParentId" BETWEEN '${prefix}' AND '${prefix}~'`;
    },
  });
}
