/** Database.LeadConvert and its result; the conversion itself is refused at compile time. */
import { ApexList } from '../execution/ApexList.ts';
import { bean, Bean, typeNamed } from './bean.ts';
import type { LibraryClass } from './define.ts';

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

export const leadConversionClasses: readonly LibraryClass[] = [
  bean({
    name: 'Database.LeadConvert',
    hidden: true,
    instance: class extends Bean {},
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
      'Id RelatedPersonAccountId',
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
