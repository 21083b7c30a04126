/** Database.convertLead, LeadConvert and LeadConvertResult (Apex Reference Guide, "Database Class", "LeadConvert Class"). */
import type { LeadConversion, LeadConversionResult } from '../../runtime/leads/types.ts';
import type { AccessMode } from '../../runtime/types.ts';
import { ApexList } from '../execution/ApexList.ts';
import { nullPointer } from '../execution/errors.ts';
import { execution, sharingOf, type CallSite } from '../execution/Execution.ts';
import type { Implementation } from '../types/symbols.ts';
import { bean, Bean, typeNamed } from './bean.ts';
import type { LibraryClass } from './define.ts';
import { DatabaseError } from './SObject.ts';

class LeadConvert extends Bean {}

class LeadConvertResult {
  readonly values: ReadonlyMap<string, unknown>;
  constructor(values: ReadonlyMap<string, unknown>) {
    this.values = values;
  }
  get(name: string): unknown {
    return this.values.get(name) ?? null;
  }
}
const read =
  (name: string) =>
  (self: LeadConvertResult): unknown =>
    self.get(name);

const errorsOf = (self: LeadConvertResult): ApexList =>
  new ApexList(typeNamed('List<Database.Error>'), [...((self.get('errors') as ApexList | null)?.items ?? [])]);

/** What a LeadConvert object says. */
function conversionOf(given: unknown): LeadConversion {
  const wanted = (given ?? nullPointer()) as Bean;
  return {
    leadId: wanted.get('LeadId'),
    accountId: wanted.get('AccountId'),
    contactId: wanted.get('ContactId'),
    opportunityId: wanted.get('OpportunityId'),
    ownerId: wanted.get('OwnerId'),
    convertedStatus: wanted.get('ConvertedStatus'),
    doNotCreateOpportunity: wanted.get<boolean>('DoNotCreateOpportunity') ?? false,
    opportunityName: wanted.get('OpportunityName'),
    overwriteLeadSource: wanted.get<boolean>('OverwriteLeadSource') ?? false,
  };
}

function resultOf(result: LeadConversionResult): LeadConvertResult {
  const errors = result.errors.map((error) => new DatabaseError(error.statusCode, error.message, error.fields));
  return new LeadConvertResult(
    new Map<string, unknown>([
      ...Object.entries(result),
      ['errors', new ApexList(typeNamed('List<Database.Error>'), errors)],
    ]),
  );
}

/** `modeOf` reads an AccessLevel. */
function convert(
  given: readonly unknown[],
  rest: readonly unknown[],
  modeOf: (level: unknown) => AccessMode | null,
): LeadConvertResult[] {
  const site = rest.at(-1) as CallSite;
  const allOrNone = rest.find((value) => typeof value === 'boolean') ?? true;
  const accessMode = rest.map(modeOf).find((mode) => mode !== null) ?? site.context.accessMode;
  const { transaction } = execution();
  return transaction
    .convertLeads(given.map(conversionOf), { allOrNone, accessMode, sharing: sharingOf(site) })
    .map(resultOf);
}

/** Every overload of Database.convertLead; they take the call site last. */
export function convertLeadMethods(
  modeOf: (level: unknown) => AccessMode | null,
): Readonly<Record<string, Implementation>> {
  const one = (given: unknown, ...rest: unknown[]): unknown => convert([given], rest, modeOf)[0];
  const all = (given: ApexList | null, ...rest: unknown[]): unknown =>
    new ApexList(typeNamed('List<Database.LeadConvertResult>'), convert((given ?? nullPointer()).items, rest, modeOf));
  const extras = [
    '',
    ', Boolean allOrNone',
    ', AccessLevel accessLevel',
    ', Boolean allOrNone, AccessLevel accessLevel',
  ];
  return Object.fromEntries(
    extras.flatMap((extra) => [
      [`Database.LeadConvertResult convertLead(Database.LeadConvert leadToConvert${extra})`, one],
      [`List<Database.LeadConvertResult> convertLead(List<Database.LeadConvert> leadsToConvert${extra})`, all],
    ]),
  );
}

export const leadConversionClasses: readonly LibraryClass[] = [
  bean({
    name: 'Database.LeadConvert',
    hidden: true,
    instance: LeadConvert,
    fields: [
      'Id AccountId',
      'Id ContactId',
      'String ConvertedStatus',
      'Boolean DoNotCreateOpportunity',
      'Id LeadId',
      'String OpportunityName',
      'Id OwnerId',
      'Boolean OverwriteLeadSource',
      'Boolean SendNotificationEmail',
      'Id OpportunityId',
    ],
  }),
  {
    name: 'Database.LeadConvertResult',
    instance: LeadConvertResult,
    json: {
      fields: {
        accountId: 'Id',
        contactId: 'Id',
        leadId: 'Id',
        opportunityId: 'Id',
        success: 'Boolean',
        errors: 'List<Database.Error>',
      },
      make: (values) => new LeadConvertResult(values),
      write: (self: LeadConvertResult) => ({
        success: self.get('success') === true,
        leadId: self.get('leadId'),
        accountId: self.get('accountId'),
        contactId: self.get('contactId'),
        opportunityId: self.get('opportunityId'),
        errors: errorsOf(self),
      }),
    },
    methods: {
      'Id getAccountId()': read('accountId'),
      'Id getContactId()': read('contactId'),
      'Id getLeadId()': read('leadId'),
      'Id getOpportunityId()': read('opportunityId'),
      'Boolean isSuccess()': (self: LeadConvertResult) => self.get('success') === true,
      'List<Database.Error> getErrors()': errorsOf,
    },
  },
];
