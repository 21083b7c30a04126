/** Fields that the platform computes when it saves a record of certain standard objects. */
import type { SObjectRecord } from '../../schema/record.ts';
import type { PicklistValue } from '../../schema/types.ts';
import type { FiscalCalendar } from '../../soql/fiscalCalendar.ts';
import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { Decimal } from '../../values/Decimal.ts';
import { isBlank, sameValue, textOf } from './rows.ts';

export interface DerivationContext {
  readonly now: number;
  /** Today for the running user. */
  readonly today: ApexDate;
  readonly fiscal: FiscalCalendar;
  dayAt(milliseconds: number): ApexDate;
  /** Instant of the day's first moment, in epoch milliseconds. */
  startOfDay(day: ApexDate): number;
  /** A number that was never given before in this org. */
  unique(): number;
  /** A stored record's value, or null. */
  lookUp(objectName: string, id: string, field: string): unknown;
  /** Id of the record that holds a reference to another one, or null. */
  find(objectName: string, referenceField: string, id: string): string | null;
  readonly userId: string;
}

type Derivation = (record: SObjectRecord, old: SObjectRecord | null, context: DerivationContext) => void;

/** API names of forecast categories beside their names in ForecastCategoryName. */
const FORECAST_NAMES: Readonly<Record<string, string>> = {
  Omitted: 'Omitted',
  Pipeline: 'Pipeline',
  BestCase: 'Best Case',
  MostLikely: 'Most Likely',
  Forecast: 'Commit',
  Closed: 'Closed',
};
const HUNDRED = Decimal.parse('100');

const personName: Derivation = (record) => {
  const { values } = record;
  const name = [values.get('FirstName'), values.get('LastName')].filter((part) => !isBlank(part)).join(' ');
  values.set('Name', name === '' ? null : name);
};

/** A person account's name is its person's; a last name without a record type makes a person account. */
const account: Derivation = (record, old, context) => {
  const { values } = record;
  if (!record.describe.field('IsPersonAccount')) return;
  if (!old && isBlank(values.get('RecordTypeId')) && !isBlank(values.get('LastName')))
    values.set('RecordTypeId', context.find('RecordType', 'DeveloperName', 'PersonAccount'));
  const type = values.get('RecordTypeId');
  const isPerson = typeof type === 'string' && context.lookUp('RecordType', type, 'IsPersonType') === true;
  values.set('IsPersonAccount', isPerson);
  if (isPerson && old?.values.get('IsPersonAccount') !== false) personName(record, old, context);
};

const opportunity: Derivation = (record, old, context) => {
  const { values } = record;
  const stageName = values.get('StageName');
  const stage = stageOf(record, stageName);
  const stageChanged = !old || !sameValue(old.values.get('StageName'), stageName);
  const untouched = (name: string): boolean =>
    old ? sameValue(old.values.get(name), values.get(name)) : isBlank(values.get(name));
  if (stage && stageChanged) {
    if (untouched('Probability')) values.set('Probability', Decimal.fromNumber(stage.probability ?? 0));
    if (untouched('ForecastCategoryName'))
      values.set('ForecastCategoryName', FORECAST_NAMES[stage.forecastCategory ?? 'Pipeline'] ?? 'Pipeline');
    values.set(
      'LastStageChangeDate',
      old ? new ApexDatetime(context.now) : (values.get('LastStageChangeDate') ?? null),
    );
  }
  if (isBlank(values.get('Probability'))) values.set('Probability', Decimal.fromNumber(stage?.probability ?? 0));
  if (isBlank(values.get('ForecastCategoryName'))) values.set('ForecastCategoryName', 'Pipeline');
  const categoryName = values.get('ForecastCategoryName');
  values.set(
    'ForecastCategory',
    Object.entries(FORECAST_NAMES).find(([, name]) => name === categoryName)?.[0] ?? 'Pipeline',
  );
  values.set('IsClosed', stage?.isClosed ?? false);
  values.set('IsWon', stage?.isWon ?? false);
  const amount = values.get('Amount');
  const probability = values.get('Probability');
  values.set(
    'ExpectedRevenue',
    amount instanceof Decimal && probability instanceof Decimal
      ? amount.multiply(probability).divide(HUNDRED, 2, 'HALF_UP')
      : null,
  );
  const closeDate = values.get('CloseDate');
  if (closeDate instanceof ApexDate) {
    const fiscal = context.fiscal.parts(closeDate);
    values.set('FiscalYear', fiscal?.year ?? null);
    values.set('FiscalQuarter', fiscal?.quarter ?? null);
    values.set('Fiscal', fiscal && `${fiscal.year} ${fiscal.quarter}`);
    const before = old?.values.get('CloseDate');
    if (before instanceof ApexDate && (closeDate.year - before.year) * 12 + closeDate.month - before.month > 0)
      values.set('PushCount', Number(old?.values.get('PushCount') ?? 0) + 1);
  }
  if (!old && isBlank(values.get('PushCount'))) values.set('PushCount', 0);
};

function stageOf(record: SObjectRecord, name: unknown): PicklistValue | undefined {
  if (typeof name !== 'string') return undefined;
  const lower = name.toLowerCase();
  return record.describe.field('StageName')?.picklistValues.find((value) => value.value.toLowerCase() === lower);
}

function isClosedStatus(record: SObjectRecord): boolean {
  const status = record.values.get('Status');
  return (
    typeof status === 'string' &&
    record.describe.closedStatuses.some((closed) => closed.toLowerCase() === status.toLowerCase())
  );
}

/** An activity belongs to the account of what it is related to, else to its contact's. */
const ACCOUNT_OF: Readonly<Record<string, string>> = {
  Account: 'Id',
  Opportunity: 'AccountId',
  Case: 'AccountId',
  Contract: 'AccountId',
};

function activityAccount(record: SObjectRecord, context: DerivationContext): unknown {
  const { values } = record;
  const whatId = values.get('WhatId');
  if (typeof whatId === 'string') {
    for (const [objectName, field] of Object.entries(ACCOUNT_OF)) {
      const account = context.lookUp(objectName, whatId, field);
      if (!isBlank(account)) return account;
    }
  }
  const whoId = values.get('WhoId');
  return typeof whoId === 'string' ? (context.lookUp('Contact', whoId, 'AccountId') ?? null) : null;
}

const task: Derivation = (record, old, context) => {
  const { values } = record;
  const closed = isClosedStatus(record);
  values.set('IsClosed', closed);
  values.set('IsHighPriority', values.get('Priority') === 'High');
  values.set('AccountId', activityAccount(record, context));
  if (closed && old?.values.get('IsClosed') !== true) values.set('CompletedDateTime', new ApexDatetime(context.now));
  if (!closed) values.set('CompletedDateTime', null);
};

const MINUTE_MS = 60_000;
const event: Derivation = (record, old, context) => {
  const { values } = record;
  const changed = (name: string): boolean =>
    !isBlank(values.get(name)) && !(old && sameValue(old.values.get(name), values.get(name)));
  if (changed('StartDateTime')) values.set('ActivityDateTime', values.get('StartDateTime'));
  else if (changed('ActivityDateTime')) values.set('StartDateTime', values.get('ActivityDateTime'));
  const start = values.get('StartDateTime');
  if (start instanceof ApexDatetime) {
    const end = values.get('EndDateTime');
    const duration = values.get('DurationInMinutes');
    if (changed('DurationInMinutes') && typeof duration === 'number' && !changed('EndDateTime'))
      values.set('EndDateTime', new ApexDatetime(start.milliseconds + duration * MINUTE_MS));
    else if (end instanceof ApexDatetime)
      values.set('DurationInMinutes', Math.round((end.milliseconds - start.milliseconds) / MINUTE_MS));
    values.set('ActivityDate', context.dayAt(start.milliseconds));
    const finalEnd = values.get('EndDateTime');
    values.set(
      'EndDate',
      finalEnd instanceof ApexDatetime ? context.dayAt(finalEnd.milliseconds) : values.get('ActivityDate'),
    );
  }
  values.set('AccountId', activityAccount(record, context));
};

const caseRecord: Derivation = (record, old, context) => {
  const { values } = record;
  const closed = isClosedStatus(record);
  values.set('IsClosed', closed);
  if (closed && old?.values.get('IsClosed') !== true) values.set('ClosedDate', new ApexDatetime(context.now));
  if (!closed) values.set('ClosedDate', null);
  const contactId = values.get('ContactId');
  if (typeof contactId !== 'string') return;
  if (isBlank(values.get('AccountId')) && (!old || !sameValue(old.values.get('ContactId'), contactId)))
    values.set('AccountId', context.lookUp('Contact', contactId, 'AccountId') ?? null);
  for (const [target, source] of [
    ['ContactPhone', 'Phone'],
    ['ContactEmail', 'Email'],
    ['ContactMobile', 'MobilePhone'],
    ['ContactFax', 'Fax'],
  ] as const) {
    values.set(target, context.lookUp('Contact', contactId, source) ?? null);
  }
};

const campaignMember: Derivation = (record, old, context) => {
  const { values } = record;
  const responded = values.get('Status') === 'Responded';
  values.set('HasResponded', responded);
  if (responded && old?.values.get('HasResponded') !== true) values.set('FirstRespondedDate', context.today);
};

const priceBookEntry: Derivation = (record, _old, context) => {
  const { values } = record;
  const product = values.get('Product2Id');
  if (typeof product !== 'string') return;
  values.set('Name', context.lookUp('Product2', product, 'Name') ?? null);
  values.set('ProductCode', context.lookUp('Product2', product, 'ProductCode') ?? null);
};

const lineItem: Derivation = (record, old, context) => {
  const { values } = record;
  if (record.describe.field('CurrencyIsoCode') && typeof values.get('OpportunityId') === 'string')
    values.set(
      'CurrencyIsoCode',
      context.lookUp('Opportunity', String(values.get('OpportunityId')), 'CurrencyIsoCode') ?? null,
    );
  const entry = values.get('PricebookEntryId');
  if (typeof entry === 'string') {
    values.set('Product2Id', context.lookUp('PricebookEntry', entry, 'Product2Id') ?? null);
    values.set('ListPrice', context.lookUp('PricebookEntry', entry, 'UnitPrice') ?? null);
    values.set('ProductCode', context.lookUp('PricebookEntry', entry, 'ProductCode') ?? null);
    for (const flag of ['CanUseRevenueSchedule', 'CanUseQuantitySchedule'])
      if (record.describe.field(flag))
        values.set(flag, context.lookUp('Product2', String(values.get('Product2Id')), flag) ?? false);
    const opportunityName =
      typeof values.get('OpportunityId') === 'string'
        ? context.lookUp('Opportunity', String(values.get('OpportunityId')), 'Name')
        : null;
    values.set('Name', `${textOf(opportunityName)} ${textOf(context.lookUp('PricebookEntry', entry, 'Name'))}`.trim());
  }
  const quantity = values.get('Quantity');
  if (!(quantity instanceof Decimal) || quantity.signum() === 0) return;
  const factor = Decimal.ONE.subtract(
    values.get('Discount') instanceof Decimal ? (values.get('Discount') as Decimal).divide(HUNDRED, 10) : Decimal.ZERO,
  );
  const total = values.get('TotalPrice');
  const unit = values.get('UnitPrice');
  const totalGiven =
    total instanceof Decimal && (old ? !sameValue(old.values.get('TotalPrice'), total) : isBlank(unit));
  if (totalGiven && factor.signum() !== 0)
    values.set('UnitPrice', total.divide(quantity.multiply(factor), 2, 'HALF_UP'));
  else if (unit instanceof Decimal)
    values.set('TotalPrice', unit.multiply(quantity).multiply(factor).setScale(2, 'HALF_UP'));
};

/** An item has its record's currency, and its price book entry's product and price. */
const orderItem: Derivation = ({ values, describe }, _old, context) => {
  const order = values.get('OrderId');
  if (describe.field('CurrencyIsoCode') && typeof order === 'string')
    values.set('CurrencyIsoCode', context.lookUp('Order', order, 'CurrencyIsoCode') ?? null);
  const entry = values.get('PricebookEntryId');
  if (typeof entry === 'string') {
    values.set('Product2Id', context.lookUp('PricebookEntry', entry, 'Product2Id') ?? null);
    values.set('ListPrice', context.lookUp('PricebookEntry', entry, 'UnitPrice') ?? null);
  }
  const quantity = values.get('Quantity');
  const price = values.get('UnitPrice');
  if (!(quantity instanceof Decimal) || !(price instanceof Decimal)) return;
  values.set('TotalPrice', price.multiply(quantity).setScale(2, 'HALF_UP'));
  values.set('AvailableQuantity', quantity);
};

const order: Derivation = ({ values }, old, context) => {
  const code = values.get('Status') === 'Activated' ? 'Activated' : 'Draft';
  values.set('StatusCode', code);
  if (code === 'Activated' && old?.values.get('StatusCode') !== 'Activated') {
    values.set('ActivatedDate', new ApexDatetime(context.now));
    values.set('ActivatedById', context.userId);
  }
  if (isBlank(values.get('TotalAmount'))) values.set('TotalAmount', Decimal.ZERO);
};

const schedule: Derivation = ({ values, describe }, _old, context) => {
  const line = values.get('OpportunityLineItemId');
  if (describe.field('CurrencyIsoCode') && typeof line === 'string')
    values.set('CurrencyIsoCode', context.lookUp('OpportunityLineItem', line, 'CurrencyIsoCode') ?? null);
};

const user: Derivation = (record, old, context) => {
  personName(record, old, context);
  const { values } = record;
  if (!old && isBlank(values.get('CommunityNickname')))
    values.set('CommunityNickname', `${textOf(values.get('Alias'))}${context.unique()}`);
  values.set('UserType', 'Standard');
};

/** An assignment of a group is one of the permission set that stands for it. */
const permissionSetAssignment: Derivation = ({ values }, _old, context) => {
  const group = values.get('PermissionSetGroupId');
  if (typeof group === 'string' && isBlank(values.get('PermissionSetId')))
    values.set('PermissionSetId', context.find('PermissionSet', 'PermissionSetGroupId', group));
};

/** FileType by extension, where it is not the extension in capitals. */
const FILE_TYPES: Readonly<Record<string, string>> = {
  doc: 'WORD',
  docx: 'WORD_X',
  xls: 'EXCEL',
  xlsx: 'EXCEL_X',
  ppt: 'POWER_POINT',
  pptx: 'POWER_POINT_X',
  txt: 'TEXT',
};
const KNOWN_TYPES: ReadonlySet<string> = new Set(
  'pdf png jpg jpeg gif svg m4a mp3 mp4 mov wav csv html json xml zip js css rtf vcf'.split(' '),
);

const contentVersion: Derivation = ({ values }, old, context) => {
  const path = textOf(values.get('PathOnClient'));
  const extension = /\.([^./\\]+)$/.exec(path)?.[1] ?? null;
  const lower = extension?.toLowerCase() ?? '';
  const data = values.get('VersionData');
  values.set('FileExtension', extension);
  values.set('FileType', FILE_TYPES[lower] ?? (KNOWN_TYPES.has(lower) ? lower.toUpperCase() : 'UNKNOWN'));
  values.set('ContentSize', data instanceof ApexBlob ? data.bytes.length : 0);
  if (isBlank(values.get('Title'))) values.set('Title', path.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, ''));
  if (!old) {
    values.set('IsLatest', true);
    values.set('PublishStatus', 'P');
    values.set('ContentModifiedDate', new ApexDatetime(context.now));
  }
};

const DERIVATIONS: Readonly<Record<string, Derivation>> = {
  Account: account,
  Contact: personName,
  Lead: personName,
  User: user,
  Opportunity: opportunity,
  PermissionSetAssignment: permissionSetAssignment,
  ContentVersion: contentVersion,
  Task: task,
  Event: event,
  Case: caseRecord,
  CampaignMember: campaignMember,
  PricebookEntry: priceBookEntry,
  OpportunityLineItem: lineItem,
  OpportunityLineItemSchedule: schedule,
  Order: order,
  OrderItem: orderItem,
};

/** Computes the platform's own fields of a record before it is saved. */
export function derive(record: SObjectRecord, old: SObjectRecord | null, context: DerivationContext): void {
  DERIVATIONS[record.describe.name]?.(record, old, context);
}
