/** A small SFDX project that several rooms' tests use: plans (private) with objectives (master-detail), a custom setting and a custom metadata type. */
import { metadata, SFDX_PROJECT, temporaryProject } from '../project/temporaryProject.ts';

const field = (type: string, name: string, body = ''): string =>
  metadata(
    'CustomField',
    `<fullName>${name}</fullName><label>${name.replace('__c', '').replaceAll('_', ' ')}</label><type>${type}</type>${body}`,
  );
const ROOT = 'force-app/main/objects';

export const PLAN_FILES: Readonly<Record<string, string>> = {
  'sfdx-project.json': SFDX_PROJECT,
  [`${ROOT}/Plan__c/Plan__c.object-meta.xml`]: metadata(
    'CustomObject',
    '<label>Plan</label><pluralLabel>Plans</pluralLabel><nameField><label>Plan Name</label><type>Text</type></nameField><sharingModel>Private</sharingModel><enableActivities>true</enableActivities><deploymentStatus>Deployed</deploymentStatus>',
  ),
  [`${ROOT}/Plan__c/fields/Account__c.field-meta.xml`]: field(
    'Lookup',
    'Account__c',
    '<referenceTo>Account</referenceTo><relationshipName>Plans</relationshipName><required>true</required><deleteConstraint>Restrict</deleteConstraint>',
  ),
  [`${ROOT}/Plan__c/fields/Start__c.field-meta.xml`]: field('Date', 'Start__c', '<required>true</required>'),
  [`${ROOT}/Plan__c/fields/End__c.field-meta.xml`]: field('Date', 'End__c'),
  [`${ROOT}/Plan__c/fields/Target__c.field-meta.xml`]: field(
    'Currency',
    'Target__c',
    '<precision>18</precision><scale>2</scale>',
  ),
  [`${ROOT}/Plan__c/fields/Won__c.field-meta.xml`]: field(
    'Currency',
    'Won__c',
    '<precision>18</precision><scale>2</scale><defaultValue>0</defaultValue>',
  ),
  [`${ROOT}/Plan__c/fields/Score__c.field-meta.xml`]: field(
    'Number',
    'Score__c',
    '<precision>5</precision><scale>1</scale>',
  ),
  [`${ROOT}/Plan__c/fields/Variance__c.field-meta.xml`]: field(
    'Currency',
    'Variance__c',
    '<formula>Won__c - Target__c</formula><formulaTreatBlanksAs>BlankAsZero</formulaTreatBlanksAs><precision>18</precision><scale>2</scale>',
  ),
  [`${ROOT}/Plan__c/fields/Active__c.field-meta.xml`]: field(
    'Checkbox',
    'Active__c',
    '<formula>AND(Start__c &lt;= TODAY(), OR(ISBLANK(End__c), End__c &gt;= TODAY()))</formula>',
  ),
  [`${ROOT}/Plan__c/fields/Account_Industry__c.field-meta.xml`]: field(
    'Text',
    'Account_Industry__c',
    '<formula>TEXT(Account__r.Industry)</formula>',
  ),
  [`${ROOT}/Plan__c/fields/Status__c.field-meta.xml`]: field(
    'Picklist',
    'Status__c',
    '<valueSet><restricted>true</restricted><valueSetDefinition><sorted>false</sorted><value><fullName>Draft</fullName><default>true</default><label>Draft</label></value><value><fullName>Approved</fullName><default>false</default><label>Is Approved</label></value></valueSetDefinition></valueSet>',
  ),
  [`${ROOT}/Plan__c/fields/Topics__c.field-meta.xml`]: field(
    'MultiselectPicklist',
    'Topics__c',
    '<visibleLines>4</visibleLines><valueSet><valueSetName>Topics</valueSetName></valueSet>',
  ),
  [`${ROOT}/Plan__c/fields/Key__c.field-meta.xml`]: field(
    'Text',
    'Key__c',
    '<length>20</length><externalId>true</externalId><unique>true</unique>',
  ),
  [`${ROOT}/Plan__c/fields/Notes__c.field-meta.xml`]: field(
    'LongTextArea',
    'Notes__c',
    '<length>1000</length><visibleLines>3</visibleLines>',
  ),
  [`${ROOT}/Plan__c/fields/Email__c.field-meta.xml`]: field('Email', 'Email__c'),
  [`${ROOT}/Plan__c/fields/Objectives__c.field-meta.xml`]: field(
    'Summary',
    'Objectives__c',
    '<summaryForeignKey>Objective__c.Plan__c</summaryForeignKey><summaryOperation>count</summaryOperation>',
  ),
  [`${ROOT}/Plan__c/fields/Weight__c.field-meta.xml`]: field(
    'Summary',
    'Weight__c',
    '<summaryForeignKey>Objective__c.Plan__c</summaryForeignKey><summaryOperation>sum</summaryOperation><summarizedField>Objective__c.Weight__c</summarizedField><summaryFilterItems><field>Objective__c.Done__c</field><operation>equals</operation><value>True</value></summaryFilterItems>',
  ),
  [`${ROOT}/Plan__c/validationRules/EndAfterStart.validationRule-meta.xml`]: metadata(
    'ValidationRule',
    '<fullName>EndAfterStart</fullName><active>true</active><errorConditionFormula>End__c &lt; Start__c</errorConditionFormula><errorDisplayField>End__c</errorDisplayField><errorMessage>The plan ends before it starts.</errorMessage>',
  ),
  [`${ROOT}/Objective__c/Objective__c.object-meta.xml`]: metadata(
    'CustomObject',
    '<label>Objective</label><pluralLabel>Objectives</pluralLabel><nameField><label>Number</label><type>AutoNumber</type><displayFormat>O-{0000}</displayFormat></nameField><sharingModel>ControlledByParent</sharingModel>',
  ),
  [`${ROOT}/Objective__c/fields/Plan__c.field-meta.xml`]: field(
    'MasterDetail',
    'Plan__c',
    '<referenceTo>Plan__c</referenceTo><relationshipName>Objectives</relationshipName><relationshipOrder>0</relationshipOrder><reparentableMasterDetail>true</reparentableMasterDetail>',
  ),
  [`${ROOT}/Objective__c/fields/Weight__c.field-meta.xml`]: field(
    'Number',
    'Weight__c',
    '<precision>6</precision><scale>2</scale>',
  ),
  [`${ROOT}/Objective__c/fields/Done__c.field-meta.xml`]: field(
    'Checkbox',
    'Done__c',
    '<defaultValue>false</defaultValue>',
  ),
  [`${ROOT}/Objective__c/fields/Responsible__c.field-meta.xml`]: field(
    'Lookup',
    'Responsible__c',
    '<referenceTo>Contact</referenceTo><relationshipName>Objectives</relationshipName>',
  ),
  [`${ROOT}/Opportunity/fields/Plan__c.field-meta.xml`]: field(
    'Lookup',
    'Plan__c',
    '<referenceTo>Plan__c</referenceTo><relationshipName>Opportunities</relationshipName>',
  ),
  [`${ROOT}/Settings__c/Settings__c.object-meta.xml`]: metadata(
    'CustomObject',
    '<label>Settings</label><customSettingsType>Hierarchy</customSettingsType><visibility>Public</visibility>',
  ),
  [`${ROOT}/Settings__c/fields/Off__c.field-meta.xml`]: field(
    'Checkbox',
    'Off__c',
    '<defaultValue>false</defaultValue>',
  ),
  [`${ROOT}/Source__mdt/Source__mdt.object-meta.xml`]: metadata(
    'CustomObject',
    '<label>Source</label><pluralLabel>Sources</pluralLabel><visibility>Public</visibility>',
  ),
  [`${ROOT}/Source__mdt/fields/Rank__c.field-meta.xml`]: field(
    'Number',
    'Rank__c',
    '<precision>4</precision><scale>0</scale>',
  ),
  'force-app/main/customMetadata/Source.Opportunity.md-meta.xml': metadata(
    'CustomMetadata',
    '<label>Opportunity</label><protected>false</protected><values><field>Rank__c</field><value xsi:type="xsd:double">1.0</value></values>',
  ),
  'force-app/main/globalValueSets/Topics.globalValueSet-meta.xml': metadata(
    'GlobalValueSet',
    '<masterLabel>Topics</masterLabel><sorted>false</sorted><customValue><fullName>Price</fullName><default>false</default><label>Price</label></customValue><customValue><fullName>Service</fullName><default>false</default><label>Service</label></customValue><customValue><fullName>Quality</fullName><default>false</default><label>Quality</label></customValue>',
  ),
  'force-app/main/customPermissions/Override.customPermission-meta.xml': metadata(
    'CustomPermission',
    '<label>Override</label>',
  ),
  'force-app/main/permissionsets/Viewer.permissionset-meta.xml': metadata(
    'PermissionSet',
    `<label>Viewer</label><hasActivationRequired>false</hasActivationRequired>
    <objectPermissions><allowCreate>false</allowCreate><allowDelete>false</allowDelete><allowEdit>false</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Plan__c</object><viewAllRecords>false</viewAllRecords></objectPermissions>
    <objectPermissions><allowCreate>false</allowCreate><allowDelete>false</allowDelete><allowEdit>false</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Account</object><viewAllRecords>false</viewAllRecords></objectPermissions>
    <fieldPermissions><editable>false</editable><field>Plan__c.Won__c</field><readable>true</readable></fieldPermissions>
    <fieldPermissions><editable>false</editable><field>Plan__c.End__c</field><readable>true</readable></fieldPermissions>`,
  ),
  'force-app/main/permissionsets/Manager.permissionset-meta.xml': metadata(
    'PermissionSet',
    `<label>Manager</label>
    <customPermissions><enabled>true</enabled><name>Override</name></customPermissions>
    <objectPermissions><allowCreate>true</allowCreate><allowDelete>true</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Plan__c</object><viewAllRecords>false</viewAllRecords></objectPermissions>
    <objectPermissions><allowCreate>true</allowCreate><allowDelete>true</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Account</object><viewAllRecords>false</viewAllRecords></objectPermissions>
    <fieldPermissions><editable>true</editable><field>Plan__c.Target__c</field><readable>true</readable></fieldPermissions>
    <fieldPermissions><editable>true</editable><field>Plan__c.End__c</field><readable>true</readable></fieldPermissions>
    <fieldPermissions><editable>true</editable><field>Plan__c.Status__c</field><readable>true</readable></fieldPermissions>`,
  ),
};

/** Writes the project, with `changes` on top (null removes a file). */
export function planProject(changes: Readonly<Record<string, string | null>> = {}): string {
  const files = Object.entries({ ...PLAN_FILES, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return temporaryProject(Object.fromEntries(files));
}

export { field as fieldFile };
