/** The approval history as a related list (Salesforce Help, "View Approval History"). */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { metadata, temporaryProject } from '../project/temporaryProject.ts';
import { APPROVAL_FILES } from '../runtime/approvalProject.ts';
import { SHARING_FILES } from '../security/sharingProject.ts';
import { openTestOrg } from '../support/org.ts';
import type { Json } from '../support/org.ts';

const org = openTestOrg(
  temporaryProject({
    ...SHARING_FILES,
    ...APPROVAL_FILES,
    'force-app/main/layouts/Deal__c-Deal Layout.layout-meta.xml': metadata(
      'Layout',
      '<layoutSections><layoutColumns><layoutItems><behavior>Required</behavior><field>Name</field></layoutItems></layoutColumns><style>OneColumn</style></layoutSections><relatedLists><relatedList>RelatedProcessHistoryList</relatedList></relatedLists>',
    ),
  }),
);
after(() => org.close());

test('a layout’s approval history shows who was asked and what was answered, newest first', async () => {
  const { body: lists } = await org.call('GET', '/ui-api/related-list-info/Deal__c');
  assert.deepEqual(
    (lists.relatedLists as readonly Json[]).map(({ label, relatedListId }) => [label, relatedListId] as const),
    [['Approval History', 'ProcessSteps']],
  );
  const { body: info } = await org.call('GET', '/ui-api/related-list-info/Deal__c/ProcessSteps');
  assert.equal(info.createable, false);
  assert.deepEqual(
    (info.displayColumns as readonly { readonly fieldApiName: string }[]).map(({ fieldApiName }) => fieldApiName),
    ['ProcessNode.Name', 'CreatedDate', 'StepStatus', 'OriginalActor.Name', 'Actor.Name', 'Comments'],
  );
  const deal = org.insert('Deal__c', { Name: 'Deal', Size__c: 200, Reviewer__c: org.org.administratorId });
  const { body } = await org.call('POST', '/process/approvals', {
    requests: [{ actionType: 'Submit', contextId: deal, comments: 'please' }],
  });
  assert.equal(body[0].success, true, JSON.stringify(body[0].errors));
  const { body: page } = await org.call('GET', `/ui-api/related-list-records/${deal}/ProcessSteps`);
  const rows = (page.records as readonly Json[]).map(
    ({ fields }) => [fields.StepStatus.value, fields.Actor.displayValue, fields.Comments.value] as const,
  );
  assert.deepEqual(new Set(rows.map(([status]) => String(status))), new Set(['Pending', 'Started']));
  assert.deepEqual(
    rows.find(([status]) => status === 'Started'),
    ['Started', 'Ada Admin', 'please'],
  );
});
