/**
 * Change events (`AccountChangeEvent`, `X__ChangeEvent`), one object for each whose changes can be captured.
 * Source: Change Data Capture Developer Guide, "Change Event Object Names", "Change Event Fields".
 */
import { createFacts, createField } from './objectDescription.ts';
import type { ObjectFacts } from './objectDescription.ts';

/** Standard objects whose changes can be captured, of those that the local org has. */
const STANDARD: ReadonlySet<string> = new Set([
  'Account',
  'AccountContactRole',
  'AccountTeamMember',
  'Asset',
  'Campaign',
  'CampaignMember',
  'Case',
  'Contact',
  'ContactPointAddress',
  'ContactPointConsent',
  'ContactPointEmail',
  'ContactPointPhone',
  'Contract',
  'Event',
  'Individual',
  'Lead',
  'Opportunity',
  'OpportunityContactRole',
  'OpportunityLineItem',
  'OpportunityTeamMember',
  'Order',
  'OrderItem',
  'Pricebook2',
  'Product2',
  'Task',
  'User',
]);
const LEFT_OUT: ReadonlySet<string> = new Set([
  'Id',
  'IsDeleted',
  'SystemModstamp',
  'LastViewedDate',
  'LastReferencedDate',
]);
/** Type of the field ChangeEventHeader in Apex. */
export const CHANGE_EVENT_HEADER = 'ChangeEventHeader';

export function changeEventName(objectName: string): string {
  return objectName.endsWith('__c') ? objectName.replace(/__c$/, '__ChangeEvent') : `${objectName}ChangeEvent`;
}

/** The change event object of `parent`, or null when its changes can't be captured. */
export function changeEventObject(parent: ObjectFacts): ObjectFacts | null {
  if (parent.kind !== 'custom' && !(parent.kind === 'standard' && STANDARD.has(parent.name))) return null;
  const fields = parent.fields
    .filter(({ name, calculated, type }) => !calculated && !LEFT_OUT.has(name) && type !== 'base64')
    .map((field) => ({
      ...field,
      nillable: true,
      unique: false,
      externalId: false,
      idLookup: false,
      autoNumber: false,
      summary: null,
      lookupFilter: null,
      controllerName: null,
      position: null,
      defaultValueFormula: null,
      defaultedOnCreate: false,
      deleteConstraint: null,
      relationshipOrder: null,
      createable: true,
      updateable: true,
    }));
  return createFacts({
    name: changeEventName(parent.name),
    kind: 'changeEvent',
    label: `${parent.label} Change Event`,
    labelPlural: `${parent.label} Change Events`,
    createable: false,
    updateable: false,
    deletable: false,
    queryable: false,
    apexDml: false,
    triggerable: true,
    stored: false,
    fields: [
      createField({ name: 'ReplayId', label: 'Replay ID', type: 'string', length: 1000 }),
      createField({ name: CHANGE_EVENT_HEADER, label: 'Change Event Header', type: 'anyType' }),
      ...fields,
    ],
  });
}
