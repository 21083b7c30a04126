/**
 * Converts leads into accounts, contacts and opportunities (Apex Developer Guide, "Converting Leads"; SOAP API Developer
 * Guide, "convertLead()"): new records are saved as by the user, with triggers and rules; of existing ones only blank
 * fields are filled; then the lead is marked, and its activities and campaign members follow the contact.
 */
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { quote } from '../../store/encoding.ts';
import { AccessDenied, DmlFailure, recordError, RuntimeProblem } from '../errors.ts';
import type { RecordError } from '../types.ts';
import { isBlank, recordOf, textOf } from '../save/rows.ts';
import type { SaveRow } from '../save/rows.ts';
import { CHUNK_SIZE, saveChunk } from '../save/saveRecords.ts';
import type { SaveServices } from '../save/services.ts';
import type { LeadFieldMapping, LeadTarget } from './fieldMapping.ts';
import type { LeadConversion, LeadConversionOptions, LeadConversionResult } from './types.ts';

/** A call takes at most so many (SOAP API Developer Guide, "convertLead()"). */
const MAXIMUM_CONVERSIONS = 100;

/** One lead on its way. */
class Conversion {
  readonly index: number;
  readonly wanted: LeadConversion;
  readonly errors: RecordError[] = [];
  lead = new Map<string, unknown>() as ReadonlyMap<string, unknown>;
  accountId: string | null = null;
  contactId: string | null = null;
  opportunityId: string | null = null;

  constructor(index: number, wanted: LeadConversion) {
    this.index = index;
    this.wanted = wanted;
  }

  fail(statusCode: string, message: string, fields: readonly string[] = []): void {
    this.errors.push(recordError(statusCode, message, fields));
  }

  get failed(): boolean {
    return this.errors.length > 0;
  }

  get ownerId(): string {
    return this.wanted.ownerId ?? textOf(this.lead.get('OwnerId'));
  }
}

/**
 * Converts leads in one statement.
 * @throws DmlFailure when allOrNone and a lead failed; AccessDenied when the user may not edit leads at all
 */
export function convertLeads(
  requests: readonly LeadConversion[],
  options: LeadConversionOptions,
  mapping: LeadFieldMapping,
  services: SaveServices,
): readonly LeadConversionResult[] {
  if (requests.length > MAXIMUM_CONVERSIONS)
    throw new RuntimeProblem('INVALID_OPERATION', `convertLead takes at most ${MAXIMUM_CONVERSIONS} leads at a time`);
  let conversions: readonly Conversion[] = requests.map((wanted, index) => new Conversion(index, wanted));
  const failed: Conversion[] = [];
  const limits = services.limits.snapshot();
  // What passes is converted again without what failed, so that triggers see only what is saved.
  for (;;) {
    const savepoint = services.store.savepoint();
    try {
      new LeadConverter(options, mapping, services).convert(conversions);
    } catch (error) {
      services.store.rollbackTo(savepoint);
      services.store.release(savepoint);
      services.rolledBack();
      throw error;
    }
    const wrong = conversions.filter((conversion) => conversion.failed);
    failed.push(...wrong);
    if (wrong.length > 0) {
      services.store.rollbackTo(savepoint);
      services.rolledBack();
    }
    services.store.release(savepoint);
    if (wrong.length === 0) break;
    if (options.allOrNone)
      throw new DmlFailure(
        'convertLead',
        wrong.map(({ index, wanted, errors }) => ({ index, id: wanted.leadId, errors })),
      );
    services.limits.restore(limits);
    conversions = conversions
      .filter((conversion) => !conversion.failed)
      .map(({ index, wanted }) => new Conversion(index, wanted));
  }
  return [...conversions, ...failed]
    .sort((left, right) => left.index - right.index)
    .map(({ wanted, errors, accountId, contactId, opportunityId }) => ({
      success: errors.length === 0,
      errors,
      leadId: wanted.leadId,
      accountId: errors.length === 0 ? accountId : null,
      contactId: errors.length === 0 ? contactId : null,
      opportunityId: errors.length === 0 ? opportunityId : null,
    }));
}

class LeadConverter {
  private readonly options: LeadConversionOptions;
  private readonly mapping: LeadFieldMapping;
  private readonly services: SaveServices;
  private readonly lead: ObjectDescribe;

  constructor(options: LeadConversionOptions, mapping: LeadFieldMapping, services: SaveServices) {
    this.options = options;
    this.mapping = mapping;
    this.services = services;
    this.lead = this.describe('Lead');
  }

  convert(all: readonly Conversion[]): void {
    this.load(all);
    for (const conversion of all) if (!conversion.failed) this.check(conversion);
    const live = (): Conversion[] => all.filter((conversion) => !conversion.failed);

    this.saveTargets(live(), 'Account', 'accountId', () => ({}));
    this.saveTargets(live(), 'Contact', 'contactId', ({ accountId }) => ({ AccountId: accountId }));
    const withDeals = live().filter(({ wanted }) => !wanted.doNotCreateOpportunity || wanted.opportunityId !== null);
    this.saveTargets(withDeals, 'Opportunity', 'opportunityId', (conversion) => this.dealFields(conversion));
    this.save(
      live().filter(({ wanted, opportunityId }) => opportunityId !== null && wanted.opportunityId === null),
      ({ contactId, opportunityId }) =>
        recordOf(
          this.describe('OpportunityContactRole'),
          new Map(Object.entries({ OpportunityId: opportunityId, ContactId: contactId, IsPrimary: true })),
        ),
      'insert',
      true,
    );
    this.save(live(), (conversion) => this.convertedLead(conversion), 'update', true);
    for (const conversion of live()) this.moveChildren(conversion);
  }

  private describe(name: string): ObjectDescribe {
    const describe = this.services.schema.object(name);
    if (!describe) throw new RuntimeProblem('NOT_SUPPORTED', `the org has no object ${name}`);
    return describe;
  }

  private load(all: readonly Conversion[]): void {
    const { store } = this.services;
    const access = this.services.access(this.options.accessMode, this.options.sharing);
    if (access && !access.canUpdate(this.lead)) throw new AccessDenied('update', this.lead.name);
    const ids = all.map(({ wanted }) => wanted.leadId ?? '');
    const stored = store.load(this.lead, ids);
    const hidden = access?.withoutEditAccess(this.lead, [...stored.keys()], 'update');
    const seen = new Set<string>();
    for (const conversion of all) {
      const { leadId } = conversion.wanted;
      const lead = stored.get(leadId ?? '');
      if (leadId === null) conversion.fail('REQUIRED_FIELD_MISSING', 'missing required field: leadId');
      else if (!lead) conversion.fail('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
      else if (lead.get('IsDeleted') === true) conversion.fail('ENTITY_IS_DELETED', 'entity is deleted');
      else if (hidden?.has(leadId))
        conversion.fail('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
      else if (seen.has(leadId)) conversion.fail('DUPLICATE_VALUE', `duplicate id in list: ${leadId}`);
      else conversion.lead = lead;
      seen.add(leadId ?? '');
    }
  }

  private check(conversion: Conversion): void {
    const { lead, wanted } = conversion;
    const statuses = this.lead.field('Status')?.picklistValues ?? [];
    const status = statuses.find(({ value }) => value === wanted.convertedStatus);
    if (lead.get('IsConverted') === true)
      conversion.fail('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
    if (wanted.convertedStatus === null)
      conversion.fail('REQUIRED_FIELD_MISSING', 'missing required field: convertedStatus');
    else if (status?.isConverted !== true)
      conversion.fail('INVALID_STATUS', `invalid convertedStatus: ${wanted.convertedStatus}`);
    if (isBlank(lead.get('Company')))
      throw new RuntimeProblem(
        'NOT_SUPPORTED',
        'A lead without a company becomes a person account, which the local org does not make',
      );
    if (wanted.contactId !== null && wanted.accountId === null)
      conversion.fail('MISSING_ARGUMENT', 'a contactId needs the accountId that it belongs to', ['accountId']);
    if (wanted.overwriteLeadSource && wanted.contactId === null)
      conversion.fail('MISSING_ARGUMENT', 'overwriteLeadSource needs a contactId', ['contactId']);
    if (wanted.doNotCreateOpportunity && wanted.opportunityName !== null)
      conversion.fail('INVALID_FIELD', 'opportunityName must be blank when no opportunity is created', [
        'opportunityName',
      ]);
    if (conversion.ownerId.startsWith('00G'))
      conversion.fail('REQUIRED_FIELD_MISSING', 'ownerId is needed: the lead is owned by a queue', ['ownerId']);
    this.checkTarget(conversion, 'Account', wanted.accountId);
    this.checkTarget(conversion, 'Contact', wanted.contactId, ['AccountId', wanted.accountId]);
    this.checkTarget(conversion, 'Opportunity', wanted.opportunityId, ['AccountId', wanted.accountId]);
  }

  /** An existing record that the lead goes into must be there, and of the account that was given. */
  private checkTarget(
    conversion: Conversion,
    name: LeadTarget,
    id: string | null,
    parent?: readonly [field: string, id: string | null],
  ): void {
    if (id === null) return;
    const values = this.services.store.load(this.describe(name), [id]).get(id);
    if (!values || values.get('IsDeleted') === true)
      conversion.fail('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    else if (parent && values.get(parent[0]) !== parent[1])
      conversion.fail('INVALID_CROSS_REFERENCE_KEY', `the ${name.toLowerCase()} belongs to another account`);
  }

  /** Makes the records that the leads become, and fills what is blank in those that they go into. */
  private saveTargets(
    conversions: readonly Conversion[],
    name: LeadTarget,
    key: 'accountId' | 'contactId' | 'opportunityId',
    further: (conversion: Conversion) => Readonly<Record<string, unknown>>,
  ): void {
    const describe = this.describe(name);
    const made = conversions.filter(({ wanted }) => wanted[key] === null);
    const rows = this.save(
      made,
      (conversion) => {
        const values = new Map<string, unknown>([['OwnerId', conversion.ownerId]]);
        for (const [from, to] of this.mapping[name])
          if (!isBlank(conversion.lead.get(from))) values.set(to, conversion.lead.get(from));
        for (const [field, value] of Object.entries(further(conversion))) values.set(field, value);
        return recordOf(describe, values);
      },
      'insert',
    );
    rows.forEach((row, index) => ((made[index] as Conversion)[key] = row.record.id));
    // Several leads may go into one record: one after the other, the first fills most.
    for (const conversion of conversions) {
      const id = conversion.wanted[key];
      if (id === null) continue;
      conversion[key] = id;
      const stored = this.services.store.load(describe, [id]).get(id);
      const filled = this.mapping[name].filter(
        ([from, to]) =>
          !isBlank(conversion.lead.get(from)) &&
          (isBlank(stored?.get(to)) ||
            (name === 'Contact' && to === 'LeadSource' && conversion.wanted.overwriteLeadSource)),
      );
      if (filled.length === 0) continue;
      const record = recordOf(describe, new Map([['Id', id]]));
      for (const [from, to] of filled) record.values.set(to, conversion.lead.get(from));
      this.save([conversion], () => record, 'update');
    }
  }

  private dealFields(conversion: Conversion): Readonly<Record<string, unknown>> {
    const { derivation, store } = this.services;
    const stages = this.describe('Opportunity').field('StageName')?.picklistValues ?? [];
    const stage = stages.find(({ isDefault, active }) => isDefault && active) ?? stages.find(({ active }) => active);
    const quarter = derivation.fiscal.range(derivation.today, 'FISCAL_QUARTER', 1, 1);
    const campaignMember = this.services.schema.object('CampaignMember');
    const [campaignId] = campaignMember
      ? [
          ...store
            .loadWhere(campaignMember, `${quote('LeadId')} = ? AND ${quote('IsDeleted')} = 0`, [
              conversion.wanted.leadId,
            ])
            .values(),
        ]
          .sort((left, right) => (textOf(left.get('Id')) < textOf(right.get('Id')) ? 1 : -1))
          .map((values) => values.get('CampaignId'))
      : [];
    return {
      AccountId: conversion.accountId,
      StageName: stage?.value ?? null,
      CloseDate: quarter?.from.addDays(-1) ?? derivation.today,
      ...(conversion.wanted.opportunityName === null ? {} : { Name: conversion.wanted.opportunityName }),
      ...(campaignId === undefined ? {} : { CampaignId: campaignId }),
    };
  }

  private convertedLead({ wanted, accountId, contactId, opportunityId }: Conversion): SObjectRecord {
    return recordOf(
      this.lead,
      new Map<string, unknown>([
        ['Id', wanted.leadId],
        ['Status', wanted.convertedStatus],
        ['IsConverted', true],
        ['IsUnreadByOwner', false],
        ['ConvertedDate', this.services.derivation.today],
        ['ConvertedAccountId', accountId],
        ['ConvertedContactId', contactId],
        ['ConvertedOpportunityId', opportunityId],
      ]),
    );
  }

  /** Activities and campaign members go to the contact, activities also to the opportunity, else to the account. */
  private moveChildren({ wanted, accountId, contactId, opportunityId }: Conversion): void {
    const { schema, store } = this.services;
    for (const name of ['Task', 'Event']) {
      const describe = schema.object(name);
      if (!describe) continue;
      for (const [id] of store.loadWhere(describe, `${quote('WhoId')} = ?`, [wanted.leadId]))
        store.update(
          describe,
          id,
          new Map<string, unknown>([
            ['WhoId', contactId],
            ['WhatId', opportunityId ?? accountId],
            ['AccountId', accountId],
          ]),
        );
    }
    const member = schema.object('CampaignMember');
    if (!member) return;
    for (const [id] of store.loadWhere(member, `${quote('LeadId')} = ?`, [wanted.leadId]))
      store.update(member, id, new Map([['ContactId', contactId]]));
  }

  /** Saves a record for each lead; its errors become the lead's. */
  private save(
    conversions: readonly Conversion[],
    recordFor: (conversion: Conversion) => SObjectRecord,
    operation: 'insert' | 'update',
    internal = false,
  ): readonly SaveRow[] {
    const rows = conversions.map((conversion, index): SaveRow => {
      const input = recordFor(conversion);
      return { index, input, record: input, old: null, errors: [] };
    });
    for (let start = 0; start < rows.length; start += CHUNK_SIZE) {
      const chunk = rows.slice(start, start + CHUNK_SIZE);
      const describe = (chunk[0] as SaveRow).input.describe;
      saveChunk(chunk, { describe, operation, internal }, this.services, this.options);
    }
    rows.forEach((row, index) => (conversions[index] as Conversion).errors.push(...row.errors));
    return rows;
  }
}
