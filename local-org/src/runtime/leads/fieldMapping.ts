/** Which fields of a lead go where when it is converted (Salesforce Help, "Lead Conversion Field Mapping"). */
import { MetadataError, ProblemCollector } from '../../project/errors.ts';
import type { MetadataElement, Project } from '../../project/types.ts';
import type { ObjectDescribe, Schema } from '../../schema/types.ts';

/** Object that a lead becomes. */
export type LeadTarget = 'Account' | 'Contact' | 'Opportunity';

/** A lead's field and the field that takes over its value. */
export type FieldPair = readonly [from: string, to: string];

export type LeadFieldMapping = Readonly<Record<LeadTarget, readonly FieldPair[]>>;

const same = (...names: readonly string[]): readonly FieldPair[] => names.map((name) => [name, name]);
const address = (kind: 'Billing' | 'Mailing'): readonly FieldPair[] =>
  ['Street', 'City', 'State', 'PostalCode', 'Country', 'Latitude', 'Longitude', 'GeocodeAccuracy'].map((part) => [
    part,
    `${kind}${part}`,
  ]);

const STANDARD: LeadFieldMapping = {
  Account: [
    ['Company', 'Name'],
    ...same('Phone', 'Fax', 'Website', 'Industry', 'AnnualRevenue', 'NumberOfEmployees', 'Rating', 'CurrencyIsoCode'),
    ['LeadSource', 'AccountSource'],
    ...address('Billing'),
  ],
  Contact: [
    ...same('FirstName', 'LastName', 'Salutation', 'Title', 'Email', 'Phone', 'MobilePhone', 'Fax', 'Description'),
    ...same('LeadSource', 'DoNotCall', 'HasOptedOutOfEmail', 'CurrencyIsoCode', 'IndividualId'),
    ...address('Mailing'),
  ],
  Opportunity: [['Company', 'Name'], ...same('LeadSource', 'CurrencyIsoCode')],
};

const TARGETS: readonly LeadTarget[] = ['Account', 'Contact', 'Opportunity'];

/**
 * The standard pairs that the schema has, and the custom ones of LeadConvertSettings metadata.
 * @throws MetadataError or ProjectError, naming file and line, for a mapping of fields that don't exist
 */
export function readLeadFieldMapping(project: Project, schema: Schema): LeadFieldMapping {
  const lead = schema.object('Lead');
  const problems = new ProblemCollector();
  const custom: { target: LeadTarget; pair: FieldPair }[] = [];
  for (const { root } of project.ofType('LeadConvertSettings')) {
    for (const mapping of root.children('objectMapping')) {
      problems.attempt(() => {
        mapping.oneOf('inputObject', ['Lead']);
        const target = mapping.oneOf('outputObject', TARGETS) ?? 'Account';
        for (const pair of mapping.children('mappingFields'))
          custom.push({ target, pair: readPair(pair, lead, schema.object(target)) });
        mapping.finish();
      });
    }
    root.ignore('about the dialog that converts leads', 'allowOwnerChange', 'opportunityCreationOptions');
  }
  problems.finish();
  const pairsOf = (target: LeadTarget): readonly FieldPair[] => [
    ...STANDARD[target].filter(([from, to]) => lead?.field(from) && schema.object(target)?.field(to)),
    ...custom.filter((entry) => entry.target === target).map((entry) => entry.pair),
  ];
  return { Account: pairsOf('Account'), Contact: pairsOf('Contact'), Opportunity: pairsOf('Opportunity') };
}

function readPair(
  element: MetadataElement,
  lead: ObjectDescribe | undefined,
  target: ObjectDescribe | undefined,
): FieldPair {
  const read = (name: 'inputField' | 'outputField', object: ObjectDescribe | undefined): string => {
    const given = element.requiredString(name);
    const field = object?.field(given);
    if (!field)
      throw new MetadataError(
        element.child(name)?.position ?? element.position,
        `${object?.name ?? 'the object'} has no field ${given} that a lead could be mapped by`,
      );
    return field.name;
  };
  const pair: FieldPair = [read('inputField', lead), read('outputField', target)];
  element.finish();
  return pair;
}
