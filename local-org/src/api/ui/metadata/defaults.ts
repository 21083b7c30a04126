/** What standard objects look like without metadata of the project: the fields of Salesforce's own layouts, thinned. */
import type { ObjectDescribe } from '../../../schema/types.ts';

interface Defaults {
  readonly layout: readonly string[];
  /** Child relationship names. */
  readonly related?: readonly string[];
  readonly compact: readonly string[];
  /** Columns of list views, lookups and search results. */
  readonly columns: readonly string[];
  readonly icon: string;
}

const standard: Readonly<Record<string, Defaults>> = {
  Account: {
    layout: [
      'Name',
      'ParentId',
      'Type',
      'Industry',
      'AnnualRevenue',
      'NumberOfEmployees',
      'OwnerId',
      'Phone',
      'Website',
      'Rating',
      'BillingAddress',
      'ShippingAddress',
      'Description',
    ],
    related: ['Opportunities', 'Contacts', 'Cases'],
    compact: ['Name', 'Type', 'Phone', 'Website', 'OwnerId', 'Industry'],
    columns: ['Name', 'BillingCity', 'BillingCountry', 'Phone', 'Type', 'Owner.Name'],
    icon: 'standard:account',
  },
  Opportunity: {
    layout: [
      'Name',
      'AccountId',
      'Amount',
      'CloseDate',
      'StageName',
      'Probability',
      'ExpectedRevenue',
      'OwnerId',
      'Type',
      'LeadSource',
      'NextStep',
      'CampaignId',
      'IsPrivate',
      'Description',
    ],
    related: ['OpportunityContactRoles', 'OpportunityLineItems', 'OpportunityHistories'],
    compact: ['Name', 'AccountId', 'CloseDate', 'Amount', 'StageName', 'OwnerId'],
    columns: ['Name', 'Account.Name', 'Amount', 'CloseDate', 'StageName', 'Owner.Name'],
    icon: 'standard:opportunity',
  },
  Contact: {
    layout: [
      'Name',
      'AccountId',
      'Title',
      'Department',
      'ReportsToId',
      'OwnerId',
      'Phone',
      'MobilePhone',
      'Email',
      'Birthdate',
      'LeadSource',
      'MailingAddress',
      'OtherAddress',
      'Description',
    ],
    related: ['OpportunityContactRoles', 'Cases'],
    compact: ['Name', 'Title', 'AccountId', 'Phone', 'Email', 'OwnerId'],
    columns: ['Name', 'Account.Name', 'Title', 'Phone', 'Email', 'Owner.Name'],
    icon: 'standard:contact',
  },
  Lead: {
    layout: [
      'Name',
      'Company',
      'Title',
      'Status',
      'LeadSource',
      'Industry',
      'OwnerId',
      'Phone',
      'MobilePhone',
      'Email',
      'Website',
      'Rating',
      'Address',
      'Description',
    ],
    compact: ['Name', 'Title', 'Company', 'Phone', 'Email', 'OwnerId'],
    columns: ['Name', 'Company', 'Email', 'Phone', 'Status', 'Owner.Name'],
    icon: 'standard:lead',
  },
  Case: {
    layout: [
      'CaseNumber',
      'Status',
      'Priority',
      'Origin',
      'ContactId',
      'AccountId',
      'Type',
      'Reason',
      'OwnerId',
      'Subject',
      'Description',
    ],
    compact: ['Subject', 'CaseNumber', 'Status', 'Priority', 'OwnerId'],
    columns: ['CaseNumber', 'Subject', 'Status', 'Priority', 'Owner.Name'],
    icon: 'standard:case',
  },
  Task: {
    layout: ['Subject', 'ActivityDate', 'Status', 'Priority', 'WhoId', 'WhatId', 'OwnerId', 'Type', 'Description'],
    compact: ['Subject', 'ActivityDate', 'Status', 'Priority', 'OwnerId'],
    columns: ['Subject', 'Who.Name', 'What.Name', 'ActivityDate', 'Status', 'Priority'],
    icon: 'standard:task',
  },
  Event: {
    layout: [
      'Subject',
      'StartDateTime',
      'EndDateTime',
      'IsAllDayEvent',
      'Location',
      'WhoId',
      'WhatId',
      'OwnerId',
      'Description',
    ],
    compact: ['Subject', 'StartDateTime', 'EndDateTime', 'OwnerId'],
    columns: ['Subject', 'Who.Name', 'What.Name', 'StartDateTime', 'EndDateTime'],
    icon: 'standard:event',
  },
  Campaign: {
    layout: [
      'Name',
      'Type',
      'Status',
      'StartDate',
      'EndDate',
      'IsActive',
      'BudgetedCost',
      'ActualCost',
      'ExpectedRevenue',
      'ParentId',
      'OwnerId',
      'Description',
    ],
    related: ['CampaignMembers', 'Opportunities'],
    compact: ['Name', 'Type', 'Status', 'StartDate', 'EndDate'],
    columns: ['Name', 'Type', 'Status', 'StartDate', 'EndDate'],
    icon: 'standard:campaign',
  },
  Contract: {
    layout: ['ContractNumber', 'AccountId', 'Status', 'StartDate', 'EndDate', 'ContractTerm', 'OwnerId', 'Description'],
    compact: ['ContractNumber', 'AccountId', 'Status', 'StartDate', 'EndDate'],
    columns: ['ContractNumber', 'Account.Name', 'Status', 'StartDate', 'EndDate'],
    icon: 'standard:contract',
  },
  Product2: {
    layout: ['Name', 'ProductCode', 'IsActive', 'Family', 'Description'],
    related: ['PricebookEntries'],
    compact: ['Name', 'ProductCode', 'Family', 'IsActive'],
    columns: ['Name', 'ProductCode', 'Family', 'IsActive'],
    icon: 'standard:product',
  },
  Pricebook2: {
    layout: ['Name', 'IsActive', 'IsStandard', 'Description'],
    related: ['PricebookEntries'],
    compact: ['Name', 'IsActive', 'IsStandard'],
    columns: ['Name', 'IsActive', 'IsStandard'],
    icon: 'standard:pricebook',
  },
  User: {
    layout: [
      'Name',
      'Title',
      'Department',
      'CompanyName',
      'Email',
      'Phone',
      'MobilePhone',
      'ManagerId',
      'Username',
      'Alias',
      'IsActive',
      'TimeZoneSidKey',
      'LocaleSidKey',
      'LanguageLocaleKey',
      'UserRoleId',
      'ProfileId',
    ],
    compact: ['Name', 'Title', 'Email', 'Phone'],
    columns: ['Name', 'Title', 'Email', 'Phone'],
    icon: 'standard:user',
  },
  OpportunityContactRole: {
    layout: ['OpportunityId', 'ContactId', 'Role', 'IsPrimary'],
    compact: ['ContactId', 'Role', 'IsPrimary'],
    columns: ['Contact.Name', 'Role', 'IsPrimary'],
    icon: 'standard:contact',
  },
  OpportunityHistory: {
    layout: ['OpportunityId', 'StageName', 'Amount', 'Probability', 'ExpectedRevenue', 'CloseDate'],
    compact: ['StageName', 'Amount', 'CloseDate'],
    columns: ['StageName', 'Amount', 'Probability', 'ExpectedRevenue', 'CloseDate', 'CreatedBy.Name', 'CreatedDate'],
    icon: 'standard:opportunity',
  },
  OpportunityLineItem: {
    layout: ['OpportunityId', 'Product2Id', 'Quantity', 'UnitPrice', 'TotalPrice', 'ServiceDate', 'Description'],
    compact: ['Product2Id', 'Quantity', 'TotalPrice'],
    columns: ['Product2.Name', 'Quantity', 'UnitPrice', 'TotalPrice'],
    icon: 'standard:product',
  },
};

/** Columns of lists of activities, of approvals and of field history. */
const activityColumns = ['Subject', 'Who.Name', 'What.Name', 'ActivityDate', 'Status', 'Owner.Name'];
const approvalColumns = [
  'ProcessNode.Name',
  'CreatedDate',
  'StepStatus',
  'OriginalActor.Name',
  'Actor.Name',
  'Comments',
];
const historyColumns = ['CreatedDate', 'Field', 'CreatedBy.Name', 'OldValue', 'NewValue'];

const systemFields = new Set([
  'Id',
  'IsDeleted',
  'OwnerId',
  'RecordTypeId',
  'CreatedDate',
  'CreatedById',
  'LastModifiedDate',
  'LastModifiedById',
  'SystemModstamp',
  'LastActivityDate',
  'LastViewedDate',
  'LastReferencedDate',
  'CurrencyIsoCode',
]);

/** Fields of a layout for an object without one, and its related lists. */
export function defaultLayoutFields(object: ObjectDescribe): {
  readonly main: readonly string[];
  readonly related: readonly string[];
} {
  const known = standard[object.name];
  const currency = object.field('CurrencyIsoCode')?.createable === true ? ['CurrencyIsoCode'] : [];
  if (known)
    return { main: [...known.layout.slice(0, 1), ...currency, ...known.layout.slice(1)], related: known.related ?? [] };
  const own = object.fields
    .filter(({ name, nameField }) => !nameField && !systemFields.has(name))
    .map(({ name }) => name);
  return {
    main: [
      ...(object.nameField ? [object.nameField.name] : []),
      ...currency,
      ...own,
      ...(object.field('OwnerId') ? ['OwnerId'] : []),
    ],
    related: [],
  };
}

/** Fields of the highlights panel for an object without a compact layout: the system default is the name. */
export function defaultCompactFields(object: ObjectDescribe): readonly string[] {
  return (
    standard[object.name]?.compact ??
    [object.nameField?.name ?? 'Id', ...(object.field('OwnerId') ? ['OwnerId'] : []), 'LastModifiedDate'].filter(
      (name) => object.field(name),
    )
  );
}

const icons: Readonly<Record<string, string>> = {
  OpenActivity: 'standard:task',
  ActivityHistory: 'standard:log_a_call',
  ProcessInstanceHistory: 'standard:approval',
};

/** Columns of lists for an object that nothing else defines. */
export function defaultColumns(object: ObjectDescribe): readonly string[] {
  const known = standard[object.name]?.columns;
  if (known) return known;
  if (object.kind === 'history' && object.field('Field')) return historyColumns;
  if (object.name === 'ProcessInstanceHistory') return approvalColumns;
  if (object.name === 'OpenActivity' || object.name === 'ActivityHistory') return activityColumns;
  return [
    object.nameField?.name ?? 'Id',
    ...object.fields
      .filter((field) => field.custom && field.type !== 'textarea' && field.type !== 'reference')
      .slice(0, 4)
      .map(({ name }) => name),
    'LastModifiedDate',
  ].filter((name) => object.field(name));
}

/** Icon of a standard object; undefined for others. */
export const standardIcon = (objectName: string): string | undefined => standard[objectName]?.icon ?? icons[objectName];

/** SLDS draws a standard icon on a colour of its own; the shell asks for it by this name. */
export const fallbackIcon = 'standard:custom';
