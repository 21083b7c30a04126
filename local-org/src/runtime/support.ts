import type { SupportEntry } from '../support.ts';

/** What happens when records are saved. */
export const support: readonly SupportEntry[] = [
  { area: 'DML', name: 'insert, update, upsert, delete, undelete', status: 'supported' },
  { area: 'DML', name: 'merge (Account, Contact, Lead, Case)', status: 'supported' },
  { area: 'DML', name: 'chunks of 200, up to 10 runs of objects in a list', status: 'supported' },
  { area: 'DML', name: 'partial success with retries', status: 'supported' },
  { area: 'DML', name: 'savepoints', status: 'supported' },
  { area: 'DML', name: 'governor limits', status: 'supported' },
  { area: 'DML', name: 'mixed DML', status: 'supported' },
  { area: 'DML', name: 'trigger depth of 16', status: 'supported' },
  { area: 'DML', name: 'commit listeners', status: 'supported' },
  {
    area: 'DML',
    name: 'order of execution',
    status: 'partly',
    note: 'Before triggers, system validation, validation rules, after triggers, roll-up summaries with the parents’ saves. Criteria sharing comes last. Flows, duplicate, assignment, auto-response, escalation and workflow rules and entitlements do not exist.',
    source:
      'https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/apex_triggers_order_of_execution.htm',
  },
  { area: 'DML', name: 'undelete', status: 'supported', note: 'Children and cleared lookups come back.' },
  { area: 'DML', name: 'convertLead', status: 'not', note: 'Refused by the Apex room.' },
  {
    area: 'DML',
    name: 'recycle bin',
    status: 'partly',
    note: 'Deleted records stay until Database.emptyRecycleBin or a reset of the database.',
  },
  { area: 'DML', name: 'CPU time, heap', status: 'partly', note: 'Measured here; not comparable to an org.' },
  { area: 'DML', name: 'LastActivityDate', status: 'supported', note: 'The latest closed task or past event.' },
  {
    area: 'DML',
    name: 'price books',
    status: 'partly',
    note: 'Line items derive product, list price, total and currency.',
  },
  {
    area: 'DML',
    name: 'audit fields on insert',
    status: 'supported',
    note: 'CreatedDate, CreatedById, LastModifiedDate and LastModifiedById, for users with the permission CreateAuditFields; others get INVALID_FIELD_FOR_INSERT_UPDATE.',
  },
];
