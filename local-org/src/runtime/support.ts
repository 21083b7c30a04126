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
    note: 'Before triggers, system validation, validation rules, duplicate rules, after triggers, roll-up summaries with the parents’ saves. Criteria sharing comes last. Flows, assignment, auto-response, escalation and workflow rules and entitlements do not exist.',
    source:
      'https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/apex_triggers_order_of_execution.htm',
  },
  {
    area: 'Approvals',
    name: 'ApprovalProcess',
    status: 'supported',
    note: 'Entry and step criteria (filters on stored fields of the object, formulas), submitters, all kinds of approvers, unanimous and first response, delegates, both reject behaviours, recall, record locks; field updates and e-mail alerts from Workflow metadata. Outbound messages, tasks, flow actions and field updates on parents are refused by file and line.',
    source: 'https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_approvalprocess.htm',
  },
  {
    area: 'Approvals',
    name: 'ProcessDefinition, ProcessNode, ProcessInstance, ProcessInstanceStep, ProcessInstanceWorkitem, ProcessInstanceNode, ProcessInstanceHistory',
    status: 'supported',
    note: 'Read only, as child relationships too (ProcessInstances, ProcessSteps, Steps, Workitems, StepsAndWorkitems, Nodes). TableEnumOrId of a custom object is its API name. Reassigning a request is not supported. Elapsed times are kept once a step is done.',
  },
  {
    area: 'Approvals',
    name: 'e-mail',
    status: 'partly',
    note: 'Alerts go into the transaction’s outbox with recipients and the name of their template, whose text is not merged. Approvers get no message.',
  },
  {
    area: 'Approvals',
    name: 'record locks',
    status: 'supported',
    note: 'Hold in every mode for everyone but administrators, who may modify all records of the object, and, where the process says so, the current approvers. Details of a locked master can be edited.',
  },
  {
    area: 'Metadata: other',
    name: 'DuplicateRule, MatchingRules',
    status: 'partly',
    note: 'Exact matching (without regard to case) within one object; block, alert, allow; sharing; DuplicateRuleHeader.allowSave from Apex. Fuzzy methods, standard matching rules, conditions and duplicates among other objects are refused by file and line. Records of one statement are not compared with each other; no duplicate record sets, no Sforce-Duplicate-Rule-Header.',
    source: 'https://help.salesforce.com/s/articleView?id=sf.duplicate_rules_map_of_reference.htm',
  },
  {
    area: 'DML',
    name: 'undelete',
    status: 'supported',
    note: 'Children and cleared lookups come back; lookups to what was deleted meanwhile are cleared (a declared choice).',
  },
  {
    area: 'DML',
    name: 'convertLead',
    status: 'partly',
    note: 'Into accounts, contacts and opportunities, with custom field mappings; not into person accounts; notes and files stay with the lead, the permission Convert Leads is not asked for.',
  },
  {
    area: 'DML',
    name: 'recycle bin',
    status: 'partly',
    note: 'Deleted records stay until Database.emptyRecycleBin or a reset of the database.',
  },
  { area: 'DML', name: 'CPU time', status: 'partly', note: 'Measured here; not comparable to an org.' },
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
