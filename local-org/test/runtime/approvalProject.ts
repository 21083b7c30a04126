/** Approval processes and workflow actions of the deals in the sharing project. */
import { metadata } from '../project/temporaryProject.ts';

const ROOT = 'force-app/main';
const field = (name: string, body: string): string =>
  metadata('CustomField', `<fullName>${name}</fullName><label>${name.replace('__c', '')}</label>${body}`);
const action = (...names: readonly string[]): string =>
  names
    .map(
      (name) =>
        `<action><name>${name}</name><type>${name.startsWith('Mail') ? 'Alert' : 'FieldUpdate'}</type></action>`,
    )
    .join('');
const update = (name: string, body: string): string =>
  `<fieldUpdates><fullName>${name}</fullName><name>${name}</name><notifyAssignee>false</notifyAssignee><protected>false</protected>${body}</fieldUpdates>`;
const literal = (name: string, value: string): string =>
  update(name, `<field>Stage__c</field><operation>Literal</operation><literalValue>${value}</literalValue>`);

export interface StepFacts {
  readonly name: string;
  readonly approvers: readonly (readonly [type: string, name?: string])[];
  readonly more?: string;
  readonly when?: 'Unanimous' | 'FirstResponse';
  readonly rejects?: 'RejectRequest' | 'BackToPrevious';
  readonly criteria?: string;
  readonly otherwise?: string;
}

const step = ({ name, approvers, more = '', when, rejects, criteria = '', otherwise }: StepFacts): string =>
  `<approvalStep><allowDelegate>true</allowDelegate>${more}<assignedApprover>${approvers
    .map(
      ([type, approver]) =>
        `<approver>${approver === undefined ? '' : `<name>${approver}</name>`}<type>${type}</type></approver>`,
    )
    .join(
      '',
    )}${when === undefined ? '' : `<whenMultipleApprovers>${when}</whenMultipleApprovers>`}</assignedApprover>${criteria === '' ? '' : `<entryCriteria>${criteria}</entryCriteria>`}${otherwise === undefined ? '' : `<ifCriteriaNotMet>${otherwise}</ifCriteriaNotMet>`}<label>${name} step</label><name>${name}</name>${rejects === undefined ? '' : `<rejectBehavior><type>${rejects}</type></rejectBehavior>`}</approvalStep>`;

export interface ProcessFacts {
  readonly order: number;
  readonly criteria: string;
  readonly steps: readonly StepFacts[];
  readonly editability?: string;
  readonly more?: string;
}

/** The XML of a process. */
export const process = ({ order, criteria, steps, editability = 'AdminOnly', more = '' }: ProcessFacts): string =>
  metadata(
    'ApprovalProcess',
    `<active>true</active><allowRecall>true</allowRecall><allowedSubmitters><type>owner</type></allowedSubmitters>${steps.map(step).join('')}<emailTemplate>Approvals/Ask</emailTemplate><entryCriteria>${criteria}</entryCriteria><finalApprovalRecordLock>true</finalApprovalRecordLock><finalRejectionRecordLock>false</finalRejectionRecordLock><label>Process ${order}</label><processOrder>${order}</processOrder><recordEditability>${editability}</recordEditability><showApprovalHistory>true</showApprovalHistory>${more}`,
  );

const largerThan = (size: number): string =>
  `<criteriaItems><field>Deal__c.Size__c</field><operation>greaterThan</operation><value>${size}</value></criteriaItems>`;

export const APPROVAL_FILES: Readonly<Record<string, string>> = {
  [`${ROOT}/objects/Deal__c/fields/Stage__c.field-meta.xml`]: field(
    'Stage__c',
    '<type>Picklist</type><valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted><value><fullName>Draft</fullName><default>true</default><label>Draft</label></value><value><fullName>Asked</fullName><default>false</default><label>Asked</label></value><value><fullName>Won</fullName><default>false</default><label>Won</label></value><value><fullName>Lost</fullName><default>false</default><label>Lost</label></value></valueSetDefinition></valueSet>',
  ),
  [`${ROOT}/objects/Deal__c/fields/Reviewer__c.field-meta.xml`]: field(
    'Reviewer__c',
    '<type>Lookup</type><referenceTo>User</referenceTo><relationshipName>Reviews</relationshipName>',
  ),
  [`${ROOT}/objects/Deal__c/validationRules/Never_Won.validationRule-meta.xml`]: metadata(
    'ValidationRule',
    '<fullName>Never_Won</fullName><active>true</active><errorConditionFormula>ISPICKVAL(Stage__c, "Won")</errorConditionFormula><errorMessage>Only approvals win.</errorMessage>',
  ),
  [`${ROOT}/workflows/Deal__c.workflow-meta.xml`]: metadata(
    'Workflow',
    `<alerts><fullName>Mail_Owner</fullName><ccEmails>desk@example.com</ccEmails><description>Owner</description><protected>false</protected><recipients><type>owner</type></recipients><recipients><recipient>Auditors</recipient><type>group</type></recipients><senderType>CurrentUser</senderType><template>Approvals/Done</template></alerts>
     ${literal('Ask', 'Asked')}${literal('Lose', 'Lost')}
     ${update('Advance', '<field>Stage__c</field><operation>NextValue</operation>')}
     ${update('Grow', '<field>Size__c</field><operation>Formula</operation><formula>Size__c * 2</formula>')}
     ${update('Forget', '<field>Region__c</field><operation>Null</operation>')}
     ${update('Hand_Over', '<field>OwnerId</field><operation>LookupValue</operation><lookupValue>Desk</lookupValue><lookupValueType>Queue</lookupValueType>')}`,
  ),
  [`${ROOT}/approvalProcesses/Deal__c.Large.approvalProcess-meta.xml`]: process({
    order: 2,
    criteria: largerThan(100),
    editability: 'AdminOrCurrentApprover',
    steps: [
      { name: 'Reviewer', approvers: [['relatedUserField', 'Reviewer__c']] },
      {
        name: 'Desk',
        approvers: [['queue', 'Desk']],
        criteria: '<formula>Size__c &gt; 500</formula>',
        otherwise: 'GotoNextStep',
        rejects: 'BackToPrevious',
      },
      { name: 'Boss', approvers: [['userHierarchyField', 'Manager']], rejects: 'BackToPrevious' },
    ],
    more: `<initialSubmissionActions>${action('Ask', 'Forget')}</initialSubmissionActions><finalApprovalActions>${action('Advance', 'Grow', 'Mail_Owner')}</finalApprovalActions><finalRejectionActions>${action('Lose', 'Hand_Over')}</finalRejectionActions><recallActions>${action('Lose')}</recallActions><nextAutomatedApprover><useApproverFieldOfRecordOwner>false</useApproverFieldOfRecordOwner><userHierarchyField>Manager</userHierarchyField></nextAutomatedApprover>`,
  }),
  [`${ROOT}/approvalProcesses/Deal__c.Small.approvalProcess-meta.xml`]: process({
    order: 1,
    criteria:
      '<booleanFilter>1 AND 2</booleanFilter>' +
      largerThan(10) +
      '<criteriaItems><field>Deal__c.Size__c</field><operation>lessOrEqual</operation><value>100</value></criteriaItems>',
    steps: [
      {
        name: 'All',
        approvers: [
          ['user', 'sales@sharing.example.com'],
          ['user', 'chief@sharing.example.com'],
        ],
        when: 'Unanimous',
      },
      {
        name: 'Any',
        approvers: [['adhoc'], ['user', 'chief@sharing.example.com']],
        when: 'FirstResponse',
      },
    ],
  }),
  [`${ROOT}/approvalProcesses/Deal__c.Instant.approvalProcess-meta.xml`]: process({
    order: 3,
    criteria:
      '<criteriaItems><field>Region__c</field><operation>equals</operation><value>Instant</value></criteriaItems>',
    steps: [{ name: 'Skipped', approvers: [['adhoc']], criteria: largerThan(99), otherwise: 'ApproveRecord' }],
  }),
};
