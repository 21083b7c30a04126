/** /process/approvals (REST API Developer Guide, "Process Approvals"), and the approval history as a related list. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createServer } from '../../src/api/server.ts';
import { APPROVAL_FILES } from '../runtime/approvalProject.ts';
import { decimal, insert, record } from '../runtime/helpers.ts';
import { openSharingOrg } from '../security/sharingProject.ts';

const { org, people } = openSharingOrg(APPROVAL_FILES);
const server = createServer({ org, token: 'secret' });
after(async () => {
  await server.close();
  org.close();
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function send(method: 'GET' | 'POST', path: string, payload?: object): Promise<Answer> {
  const response = await server.inject({
    method,
    url: `/services/data/v67.0${path}`,
    headers: { authorization: 'Bearer secret', host: '127.0.0.1' },
    ...(payload ? { payload } : {}),
  });
  return { status: response.statusCode, body: response.json() };
}

test('lists active processes in their order and takes requests', async () => {
  const { body } = await send('GET', '/process/approvals');
  const { approvals } = body as { approvals: { Deal__c: { name: string; sortOrder: number; id: string }[] } };
  assert.deepEqual(
    approvals.Deal__c.map(({ name, sortOrder }) => [name, sortOrder]),
    [
      ['Process 1', 1],
      ['Process 2', 2],
      ['Process 3', 3],
    ],
  );
  const [dealId] = org.transaction({ userId: people.rep }, (transaction) =>
    insert(transaction, record(org, 'Deal__c', { Name: 'Deal', Size__c: decimal('200'), Reviewer__c: people.service })),
  );
  const submit = { actionType: 'Submit', contextId: dealId, contextActorId: people.rep, comments: 'please' };
  const submitted = await send('POST', '/process/approvals', { requests: [submit] });
  assert.equal(submitted.status, 200);
  const [result] = submitted.body as { newWorkitemIds: string[]; instanceId: string }[];
  assert.deepEqual(submitted.body, [
    {
      actorIds: [people.service],
      entityId: dealId,
      errors: null,
      instanceId: result?.instanceId,
      instanceStatus: 'Pending',
      newWorkitemIds: result?.newWorkitemIds,
      success: true,
    },
  ]);
  const again = await send('POST', '/process/approvals', { requests: [submit] });
  assert.deepEqual(again.body, [
    {
      actorIds: null,
      entityId: dealId,
      errors: [{ statusCode: 'ALREADY_IN_PROCESS', message: 'Cannot submit object already in process.', fields: [] }],
      instanceId: null,
      instanceStatus: null,
      newWorkitemIds: null,
      success: false,
    },
  ]);
  const approve = { actionType: 'Reject', contextId: result?.newWorkitemIds[0], comments: 'no' };
  const [ended] = (await send('POST', '/process/approvals', { requests: [approve] })).body as {
    instanceStatus: string;
  }[];
  assert.equal(ended?.instanceStatus, 'Rejected');
  const { body: steps } = await send(
    'GET',
    `/query?q=${encodeURIComponent(`SELECT Id, (SELECT StepStatus FROM ProcessSteps ORDER BY Id) FROM Deal__c WHERE Id = '${dealId}'`)}`,
  );
  const [row] = (steps as { records: { ProcessSteps: { records: { StepStatus: string }[] } }[] }).records;
  assert.deepEqual(
    row?.ProcessSteps.records.map(({ StepStatus }) => StepStatus),
    ['Started', 'Rejected'],
  );
});

test('says what is wrong with a request', async () => {
  const wrong = await send('POST', '/process/approvals', { requests: [{ actionType: 'Praise' }] });
  assert.equal(wrong.status, 400);
  assert.deepEqual((wrong.body as { errorCode: string }[])[0]?.errorCode, 'INVALID_INPUT');
});
