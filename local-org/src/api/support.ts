import type { SupportEntry } from '../support.ts';

const area = 'REST';

/** What clients can call below /services/data/v67.0. */
export const support: readonly SupportEntry[] = [
  {
    area,
    name: '/services/data',
    status: 'partly',
    note: 'versions 31.0 to 67.0; all behave as 67.0, and the addresses in answers name 67.0',
  },
  { area, name: '/limits', status: 'partly', note: 'allocations of a Developer Edition org; none is metered' },
  {
    area,
    name: '/query, /queryAll and further pages',
    status: 'supported',
    note: '`columns=true` describes the columns, as the Salesforce CLI asks for; child lists stand after all other columns',
  },
  { area, name: '/sobjects, /sobjects/{object}, /describe', status: 'supported' },
  { area, name: '/sobjects/{object}/{id}', status: 'supported' },
  { area, name: '/sobjects/{object}/{external Id field}/{value}', status: 'supported' },
  { area, name: '/composite/sobjects', status: 'supported' },
  { area, name: '/composite/tree/{object}', status: 'supported' },
  {
    area,
    name: '/composite, /composite/batch, /composite/graph',
    status: 'supported',
    note: 'parts reach /sobjects, /query, /queryAll, /composite/sobjects and /limits, and run in their order',
  },
  {
    area,
    name: '/process/approvals',
    status: 'supported',
    note: 'GET lists active processes; POST takes requests, each by itself',
  },
  { area, name: '/services/apexrest', status: 'supported', note: 'JSON only where methods have parameters' },
  { area, name: '/tooling/executeAnonymous', status: 'supported' },
  { area, name: '/services/oauth2/userinfo, /id/{org}/{user}', status: 'supported' },
  {
    area,
    name: 'SOAP: executeAnonymous of the Apex service',
    status: 'partly',
    note: 'the debug log holds what System.debug wrote, at every level; no other events',
  },
  {
    area,
    name: 'SOAP: every other operation',
    status: 'not',
    note: 'answers with the fault “No operation available for request”',
  },
  {
    area,
    name: '/tooling/runTestsAsynchronous, /tooling/runTestsSynchronous',
    status: 'partly',
    note: 'tests of the project as it is on disk run in an org in memory, each run in a thread of its own; no suites, no Flow tests, maxFailedTests is passed over, a run can not be aborted',
  },
  {
    area,
    name: '/tooling/query',
    status: 'partly',
    note: 'ApexTestRunResult, ApexTestQueueItem, ApexTestResult, ApexCodeCoverage, ApexCodeCoverageAggregate and ApexOrgWideCoverage of the last 50 runs since the start, without aggregates, subqueries and columns=true; setup methods have no results of their own and their lines count for the first test method; ApexClass, ApexTrigger, EntityDefinition, FieldDefinition, Organization, Profile and User as in /query; any other object answers INVALID_TYPE',
  },
  { area, name: '/tooling/sobjects and the rest of the Tooling API', status: 'not', note: 'answers 404 NOT_FOUND' },
  { area, name: '/jobs (Bulk API), Metadata API, Streaming API', status: 'not', note: 'answers 404 NOT_FOUND' },
  {
    area,
    name: 'OAuth flows',
    status: 'not',
    note: 'the server takes one session, `--token` or `<organisation Id>!<token>`, which the Salesforce CLI demands',
  },
];
