import type { SupportEntry } from '../support.ts';

/** What the project room loads. */
export const support: readonly SupportEntry[] = [
  {
    area: 'Project',
    name: 'sfdx-project.json',
    status: 'supported',
    note: 'packageDirectories, namespace, sourceApiVersion; a bare folder of SFDX source works without it. unpackaged/ and other folders outside the package directories are not loaded. All package directories are loaded together; where two define a component, test and check take --package-directory, which loads the named ones and those of the project that they depend on, as the Salesforce CLI deploys one at a time.',
  },
  { area: 'Project', name: '.forceignore', status: 'supported' },
  {
    area: 'Project',
    name: 'Source format',
    status: 'supported',
    note: 'Every Metadata API type of the registry is found and parsed; rooms read the types they know.',
  },
  {
    area: 'Project',
    name: 'Metadata (mdapi) format',
    status: 'not',
    note: 'Files without -meta.xml are passed over; convert them with `sf project convert mdapi`.',
  },
  {
    area: 'Project',
    name: 'Namespace prefixes',
    status: 'not',
    note: 'Source runs as in a scratch org made with --no-namespace.',
  },
  {
    area: 'Project',
    name: 'Scratch org definition',
    status: 'partly',
    note: 'orgName, country (locale and currency of 14 countries), language, features, companySettings.fiscalYear.startMonth. The time zone is America/Los_Angeles, as in a scratch org. Features that would change the data model are refused: MultiCurrency, PersonAccounts, StateAndCountryPicklist, ContactsToMultipleAccounts. Other features have no effect; start, test and check say so.',
  },
];
