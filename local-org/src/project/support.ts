import type { SupportEntry } from '../support.ts';

/** What the project room loads. */
export const support: readonly SupportEntry[] = [
  {
    area: 'Project',
    name: 'sfdx-project.json',
    status: 'supported',
    note: 'packageDirectories, namespace, sourceApiVersion, postInstallScript of the default package directory (see Post-install and uninstall scripts); a bare folder of SFDX source works without it. unpackaged/ and other folders outside the package directories are not loaded. All package directories are loaded together; where two define a component, test and check take --package-directory, which loads the named ones and those of the project that they depend on, as the Salesforce CLI deploys one at a time.',
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
    note: 'orgName, country (locale and currency of 14 countries), language, features, companySettings.fiscalYear. The time zone is America/Los_Angeles, as in a scratch org. --definition names another definition; data of another shape are refused. Features and settings that would change the data model and that are not named here are refused. Other features and settings have no effect; check names them.',
  },
  {
    area: 'Org shapes',
    name: 'MultiCurrency, currencySettings.enableMultiCurrency',
    status: 'partly',
    note: 'CurrencyIsoCode, CurrencyType, conversion in queries, formulas, roll-up summaries and campaigns. The corporate currency is the country’s and does not change. Roll-up summaries follow a changed rate when a child or the parent is saved. Rounding is not documented; declared choice: exact, then half up to the field’s places.',
  },
  {
    area: 'Org shapes',
    name: 'currencySettings.enableCurrencyEffectiveDates',
    status: 'partly',
    note: 'DatedConversionRate for opportunities, their products and the amounts of campaigns. Which date counts for products is not documented; declared choice: the opportunity’s close date. Before the first dated rate the static one holds. The object is there in every org with several currencies; without effective dates its rows count nowhere (declared choice).',
  },
  {
    area: 'Org shapes',
    name: 'ProductsAndSchedules, productSettings.enableRevenueSchedule and enableQuantitySchedule',
    status: 'partly',
    note: 'Schedules and default schedules of products; sums go to line items and opportunities. Declared choices: what dividing leaves over goes to the last instalment; a schedule is converted by the rate of its date.',
  },
  {
    area: 'Org shapes',
    name: 'opportunitySettings.enableOpportunityTeam',
    status: 'supported',
    note: 'OpportunityTeamMember; members get shares with the row cause Team.',
  },
  {
    area: 'Org shapes',
    name: 'Opportunity splits',
    status: 'partly',
    note: 'No setting of a definition enables them (Setup does): here opportunitySettings.doesAutoAddSplitOwnerAsOpportunityTeamMember does, together with teams. The types Revenue and Overlay; the owner has what others are not given. The platform’s own changes to the owner’s split fire no triggers.',
  },
  {
    area: 'Org shapes',
    name: 'Orders',
    status: 'partly',
    note: 'Order and OrderItem in every org, statuses Draft and Activated, totals. Reduction orders and what an activated order forbids are not there.',
  },
  {
    area: 'Org shapes',
    name: 'PersonAccounts',
    status: 'partly',
    note: 'One record type, the contact that mirrors the person, __pc fields but lookups and formulas, merging. A last name without a record type makes a person account. Converting accounts and changing a person’s contact by itself are refused; no trigger of contacts fires. Undeleting a merged person account does not bring its contact back.',
  },
  {
    area: 'Org shapes',
    name: 'companySettings.fiscalYear, companySettings.enableCustomFiscalYear',
    status: 'partly',
    note: 'Start month, name by the starting or ending month (declared choice: ending, when nothing is said). FiscalYearSettings and Period have rows of the five years around today; weeks start with the year. Custom fiscal years are rows that clients of the REST API write, in place of Setup; fiscal literals follow them, FISCAL_ functions are refused.',
  },
  {
    area: 'Org shapes',
    name: 'StateAndCountryPicklist, ContactsToMultipleAccounts',
    status: 'not',
    note: 'Refused when the project is loaded.',
  },
];
