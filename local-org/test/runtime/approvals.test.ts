/**
 * Approval processes. Sources: Salesforce Help, "Approval Process Terminology", "Approval Step Rejection", "Identify the
 * Next Approver"; Apex Developer Guide, "Approval Processing"; Object Reference, "ProcessInstance" and its relatives.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { MetadataError } from '../../src/project/errors.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { ApprovalResult, SubmitRequest, WorkitemRequest } from '../../src/runtime/approvals/types.ts';
import { DmlFailure } from '../../src/runtime/errors.ts';
import { outboxOf } from '../../src/runtime/outbox.ts';
import type { Transaction } from '../../src/runtime/types.ts';
import { temporaryProject } from '../project/temporaryProject.ts';
import { openSharingOrg, SHARING_FILES } from '../security/sharingProject.ts';
import { APPROVAL_FILES, process } from './approvalProject.ts';
import { decimal, dml, insert, query, record } from './helpers.ts';

const { org, people } = openSharingOrg(APPROVAL_FILES);
after(() => org.close());

/** Runs as the administrator and rolls back. */
function aside(work: (transaction: Transaction) => void): void {
  const undo = new Error('undo');
  try {
    org.transaction({ userId: org.administratorId }, (transaction) => {
      dml(transaction, 'update', [
        record(org, 'User', { Id: people.rep, ManagerId: people.sales }),
        record(org, 'User', { Id: people.sales, DelegatedApproverId: people.rep2, ManagerId: people.chief }),
        record(org, 'User', { Id: people.service, ManagerId: people.chief }),
      ]);
      transaction.runAs(org.administratorId, () => work(transaction));
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
}

const options = { allOrNone: true, checksAccess: false, countLimits: true };
const deal = (transaction: Transaction, values: Readonly<Record<string, unknown>>): string =>
  transaction.runAs(people.rep, () => insert(transaction, record(org, 'Deal__c', { Name: 'Deal', ...values })))[0] ??
  '';
const submit = (
  transaction: Transaction,
  objectId: string,
  userId = people.rep,
  more: Partial<SubmitRequest> = {},
): ApprovalResult =>
  transaction.runAs(userId, () =>
    transaction.approvals.process(
      [
        {
          action: 'Submit',
          objectId,
          comments: 'please',
          submitterId: null,
          nextApproverIds: [],
          process: null,
          skipEntryCriteria: false,
          ...more,
        },
      ],
      options,
    ),
  )[0] as ApprovalResult;
const answer = (
  transaction: Transaction,
  userId: string,
  action: WorkitemRequest['action'],
  workitemId: string | undefined,
  nextApproverIds: readonly string[] = [],
): ApprovalResult =>
  transaction.runAs(userId, () =>
    transaction.approvals.process(
      [{ action, workitemId: workitemId ?? null, comments: action, nextApproverIds }],
      options,
    ),
  )[0] as ApprovalResult;
const read = (transaction: Transaction, id: string): unknown =>
  query(transaction, `SELECT Stage__c, Size__c, Region__c FROM Deal__c WHERE Id = '${id}'`)[0];
const edit = (transaction: Transaction, userId: string, id: string): void => {
  transaction.runAs(userId, () =>
    dml(transaction, 'update', [record(org, 'Deal__c', { Id: id, Region__c: 'edited' })]),
  );
};
const refusal = (statusCode: string) => (error: unknown) =>
  error instanceof DmlFailure && error.failures[0]?.errors[0]?.statusCode === statusCode;

test('a record goes through its steps: field updates, locks, criteria of steps, managers, history', () =>
  aside((transaction) => {
    const id = deal(transaction, { Size__c: decimal('200'), Region__c: 'North', Reviewer__c: people.service });
    const submitted = submit(transaction, id);
    assert.equal(submitted.instanceStatus, 'Pending');
    assert.deepEqual(submitted.actorIds, [people.service]);
    // Two field updates of the submission: a literal and an empty value.
    assert.deepEqual(read(transaction, id), { Stage__c: 'Asked', Size__c: '200', Region__c: null });
    assert.throws(() => edit(transaction, people.rep, id), refusal('ENTITY_IS_LOCKED'));
    assert.throws(
      () => transaction.runAs(people.rep, () => dml(transaction, 'delete', [record(org, 'Deal__c', { Id: id })])),
      refusal('ENTITY_IS_LOCKED'),
    );
    // recordEditability: the current approver and administrators may edit.
    edit(transaction, people.service, id);
    edit(transaction, org.administratorId, id);
    assert.throws(() => submit(transaction, id), refusal('ALREADY_IN_PROCESS'));
    assert.throws(
      () => answer(transaction, people.auditor, 'Approve', submitted.newWorkitemIds[0]),
      refusal('INSUFFICIENT_ACCESS_OR_READONLY'),
    );
    // The desk is asked above 500 only; the manager of the last approver comes next.
    const second = answer(transaction, people.service, 'Approve', submitted.newWorkitemIds[0]);
    assert.deepEqual(second.actorIds, [people.chief]);
    const done = answer(transaction, people.chief, 'Approve', second.newWorkitemIds[0]);
    assert.equal(done.instanceStatus, 'Approved');
    assert.deepEqual(done.newWorkitemIds, []);
    // The next picklist value, in spite of the validation rule; a formula.
    assert.deepEqual(read(transaction, id), { Stage__c: 'Won', Size__c: '400', Region__c: 'edited' });
    assert.throws(() => edit(transaction, people.rep, id), refusal('ENTITY_IS_LOCKED'));
    assert.deepEqual(outboxOf(transaction).at(-1), {
      source: 'alert',
      recipients: ['rep@example.com', 'auditor@example.com', 'desk@example.com'],
      subject: null,
      template: 'Approvals/Done',
      recordId: id,
    });
    assert.deepEqual(
      query(
        transaction,
        `SELECT Id, (SELECT StepStatus, Actor.Name, Comments, ProcessNode.DeveloperName FROM ProcessSteps ORDER BY Id) FROM Deal__c WHERE Id = '${id}'`,
      ),
      [
        {
          Id: id,
          ProcessSteps: [
            { StepStatus: 'Started', Actor: { Name: 'rep' }, Comments: 'please', ProcessNode: null },
            {
              StepStatus: 'Approved',
              Actor: { Name: 'service' },
              Comments: 'Approve',
              ProcessNode: { DeveloperName: 'Reviewer' },
            },
            {
              StepStatus: 'Approved',
              Actor: { Name: 'chief' },
              Comments: 'Approve',
              ProcessNode: { DeveloperName: 'Boss' },
            },
          ],
        },
      ],
    );
    assert.deepEqual(
      query(
        transaction,
        'SELECT Status, SubmittedById, ProcessDefinition.DeveloperName, (SELECT ProcessNodeName, NodeStatus FROM Nodes ORDER BY Id) FROM ProcessInstance',
      ),
      [
        {
          Status: 'Approved',
          SubmittedById: people.rep,
          ProcessDefinition: { DeveloperName: 'Large' },
          Nodes: [
            { ProcessNodeName: 'Reviewer step', NodeStatus: 'Approved' },
            { ProcessNodeName: 'Boss step', NodeStatus: 'Approved' },
          ],
        },
      ],
    );
  }));

test('a rejection goes back to who approved before, and from the first step ends the request', () =>
  aside((transaction) => {
    const id = deal(transaction, { Size__c: decimal('600'), Reviewer__c: people.sales });
    const first = submit(transaction, id);
    // A delegate answers for the approver.
    const desk = answer(transaction, people.rep2, 'Approve', first.newWorkitemIds[0]);
    const again = answer(transaction, people.service, 'Reject', desk.newWorkitemIds[0]);
    assert.equal(again.instanceStatus, 'Pending');
    assert.deepEqual(again.actorIds, [people.rep2]);
    const ended = answer(transaction, people.rep2, 'Reject', again.newWorkitemIds[0]);
    assert.equal(ended.instanceStatus, 'Rejected');
    assert.deepEqual(query(transaction, `SELECT Stage__c, Owner.Name FROM Deal__c WHERE Id = '${id}'`), [
      { Stage__c: 'Lost', Owner: { Name: 'Desk' } },
    ]);
    assert.equal(transaction.approvals.locked([id]).size, 0);
  }));

test('all of several approvers must agree, or the first answer counts; the submitter chooses', () =>
  aside((transaction) => {
    const id = deal(transaction, { Size__c: decimal('50') });
    const submitted = submit(transaction, id);
    assert.deepEqual(submitted.actorIds, [people.sales, people.chief]);
    const half = answer(transaction, people.sales, 'Approve', submitted.newWorkitemIds[0]);
    assert.deepEqual(half.actorIds, [people.chief]);
    assert.throws(
      () => answer(transaction, people.chief, 'Approve', half.newWorkitemIds[0]),
      refusal('REQUIRED_FIELD_MISSING'),
    );
    const next = answer(transaction, people.chief, 'Approve', half.newWorkitemIds[0], [people.auditor]);
    assert.deepEqual(next.actorIds, [people.auditor, people.chief]);
    assert.equal(answer(transaction, people.auditor, 'Approve', next.newWorkitemIds[0]).instanceStatus, 'Approved');
    assert.deepEqual(query(transaction, "SELECT Actor.Name FROM ProcessInstanceStep WHERE StepStatus = 'NoResponse'"), [
      { Actor: { Name: 'chief' } },
    ]);
    assert.deepEqual(query(transaction, 'SELECT Id FROM ProcessInstanceWorkitem'), []);
  }));

test('who submitted may recall, others may not; the record is free again', () =>
  aside((transaction) => {
    const id = deal(transaction, { Size__c: decimal('200'), Reviewer__c: people.service });
    const { newWorkitemIds } = submit(transaction, id);
    assert.throws(
      () => answer(transaction, people.service, 'Removed', newWorkitemIds[0]),
      refusal('INSUFFICIENT_ACCESS_OR_READONLY'),
    );
    assert.equal(answer(transaction, people.rep, 'Removed', newWorkitemIds[0]).instanceStatus, 'Removed');
    assert.deepEqual(read(transaction, id), { Stage__c: 'Lost', Size__c: '200', Region__c: null });
    edit(transaction, people.rep, id);
    assert.equal(submit(transaction, id).instanceStatus, 'Pending');
  }));

test('entry criteria, submitters and names decide about the process', () =>
  aside((transaction) => {
    const small = deal(transaction, { Size__c: decimal('1') });
    assert.throws(() => submit(transaction, small), refusal('NO_APPLICABLE_PROCESS'));
    assert.throws(() => submit(transaction, small, people.rep, { process: 'Large' }), refusal('NO_APPLICABLE_PROCESS'));
    const fit = deal(transaction, { Size__c: decimal('50') });
    assert.throws(() => submit(transaction, fit, people.service), refusal('NO_APPLICABLE_PROCESS'));
    assert.equal(submit(transaction, fit, people.rep, { process: 'Small' }).success, true);
    const skipped = submit(transaction, small, people.rep, { process: 'Small', skipEntryCriteria: true });
    assert.equal(skipped.instanceStatus, 'Pending');
    const instant = deal(transaction, { Size__c: decimal('2'), Region__c: 'Instant' });
    assert.equal(submit(transaction, instant).instanceStatus, 'Approved');
    const nobody = deal(transaction, { Size__c: decimal('200') });
    assert.throws(() => submit(transaction, nobody), refusal('REQUIRED_FIELD_MISSING'));
    const unmanaged = deal(transaction, { Size__c: decimal('200'), Reviewer__c: people.auditor });
    const { newWorkitemIds } = submit(transaction, unmanaged);
    assert.throws(
      () => answer(transaction, people.auditor, 'Approve', newWorkitemIds[0]),
      refusal('MANAGER_NOT_DEFINED'),
    );
    // A refused request leaves nothing behind.
    assert.equal(transaction.approvals.locked([nobody]).size, 0);
  }));

test('without all-or-none, requests fail one by one', () =>
  aside((transaction) => {
    const good = deal(transaction, { Size__c: decimal('50') });
    const bad = deal(transaction, { Size__c: decimal('1') });
    const request = (objectId: string): SubmitRequest => ({
      action: 'Submit',
      objectId,
      comments: null,
      submitterId: people.rep,
      nextApproverIds: [],
      process: null,
      skipEntryCriteria: false,
    });
    const results = transaction.approvals.process([request(bad), request(good)], { ...options, allOrNone: false });
    assert.deepEqual(
      results.map(({ success }) => success),
      [false, true],
    );
    assert.equal(results[0]?.errors[0]?.statusCode, 'NO_APPLICABLE_PROCESS');
    assert.throws(
      () => transaction.approvals.process([request(bad)], options),
      /Process failed\. First exception on row 0/,
    );
  }));

test('what a process names and the project lacks, or the local org can’t do, is refused with file and line', () => {
  const open = (xml: string): void => {
    openOrg({
      project: loadProject(
        temporaryProject({
          ...SHARING_FILES,
          ...APPROVAL_FILES,
          'force-app/main/approvalProcesses/Deal__c.Odd.approvalProcess-meta.xml': xml,
        }),
      ),
    }).close();
  };
  const facts = { order: 9, criteria: '', steps: [{ name: 'One', approvers: [['adhoc']] as const }] };
  const actions = (name: string, type: string): string =>
    `<recallActions><action><name>${name}</name><type>${type}</type></action></recallActions>`;
  const cases: readonly (readonly [string, RegExp])[] = [
    [process({ ...facts, more: actions('Call', 'OutboundMessage') }), /runs field updates and e-mail alerts; Call/],
    [process({ ...facts, more: actions('Gone', 'FieldUpdate') }), /has no field update Gone/],
    [process({ ...facts, steps: [{ name: 'One', approvers: [['queue', 'Gone']] }] }), /the queue Gone/],
    [
      process({ ...facts, steps: [{ name: 'One', approvers: [['relatedUserField', 'Size__c']] }] }),
      /no lookup to users/,
    ],
    [process({ ...facts, criteria: '<formula>Gone__c &gt; 1</formula>' }), /Gone__c does not exist/],
    [
      process({
        ...facts,
        criteria:
          '<criteriaItems><field>Account.Name</field><operation>equals</operation><value>x</value></criteriaItems>',
      }),
      /can't use Account\.Name/,
    ],
  ];
  for (const [xml, expected] of cases)
    assert.throws(
      () => open(xml),
      (error: unknown) =>
        error instanceof MetadataError && expected.test(error.message) && /xml:\d+:\d+/.test(error.message),
      String(expected),
    );
});
