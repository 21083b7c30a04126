/** A project whose records are private: roles, groups, queues, rules, profiles and permission set groups of every kind. */
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { OrgRuntime } from '../../src/runtime/OrgRuntime.ts';
import { insert, query, record } from '../runtime/helpers.ts';
import { metadata, SFDX_PROJECT, temporaryProject } from '../project/temporaryProject.ts';

const ROOT = 'force-app/main';
const role = (name: string, parent: string | null): string =>
  metadata(
    'Role',
    `<caseAccessLevel>None</caseAccessLevel><contactAccessLevel>None</contactAccessLevel><mayForecastManagerShare>false</mayForecastManagerShare><name>${name}</name><opportunityAccessLevel>Edit</opportunityAccessLevel>${parent === null ? '' : `<parentRole>${parent}</parentRole>`}`,
  );
const field = (name: string, body: string): string =>
  metadata('CustomField', `<fullName>${name}</fullName><label>${name.replace('__c', '')}</label>${body}`);
const objectPermission = (name: string, more = ''): string =>
  `<objectPermissions><allowCreate>true</allowCreate><allowDelete>true</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><object>${name}</object>${more}</objectPermissions>`;
const fieldPermission = (name: string): string =>
  `<fieldPermissions><editable>true</editable><field>${name}</field><readable>true</readable></fieldPermissions>`;

export const SHARING_FILES: Readonly<Record<string, string>> = {
  'sfdx-project.json': SFDX_PROJECT,
  [`${ROOT}/roles/Chief.role-meta.xml`]: role('Chief', null),
  [`${ROOT}/roles/Sales.role-meta.xml`]: role('Sales', 'Chief'),
  [`${ROOT}/roles/Rep.role-meta.xml`]: role('Rep', 'Sales'),
  [`${ROOT}/roles/Service.role-meta.xml`]: role('Service', 'Chief'),
  [`${ROOT}/groups/Auditors.group-meta.xml`]: metadata(
    'Group',
    '<doesIncludeBosses>false</doesIncludeBosses><name>Auditors</name>',
  ),
  [`${ROOT}/queues/Desk.queue-meta.xml`]: metadata(
    'Queue',
    '<doesSendEmailToMembers>false</doesSendEmailToMembers><name>Desk</name><queueMembers><roles><role>Service</role></roles></queueMembers><queueSobject><sobjectType>Deal__c</sobjectType></queueSobject>',
  ),
  [`${ROOT}/objects/Deal__c/Deal__c.object-meta.xml`]: metadata(
    'CustomObject',
    '<label>Deal</label><pluralLabel>Deals</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><sharingModel>Private</sharingModel><deploymentStatus>Deployed</deploymentStatus><enableActivities>true</enableActivities>',
  ),
  [`${ROOT}/objects/Deal__c/fields/Size__c.field-meta.xml`]: field(
    'Size__c',
    '<type>Number</type><precision>9</precision><scale>0</scale>',
  ),
  [`${ROOT}/objects/Deal__c/fields/Region__c.field-meta.xml`]: field(
    'Region__c',
    '<type>Text</type><length>40</length>',
  ),
  [`${ROOT}/objects/Deal__c/sharingReasons/Helper__c.sharingReason-meta.xml`]: metadata(
    'SharingReason',
    '<fullName>Helper__c</fullName><label>Helper</label>',
  ),
  [`${ROOT}/objects/Account/Account.object-meta.xml`]: metadata('CustomObject', '<sharingModel>Private</sharingModel>'),
  [`${ROOT}/objects/Opportunity/Opportunity.object-meta.xml`]: metadata(
    'CustomObject',
    '<sharingModel>Private</sharingModel>',
  ),
  [`${ROOT}/sharingRules/Deal__c.sharingRules-meta.xml`]: metadata(
    'SharingRules',
    `<sharingOwnerRules><fullName>Sales_To_Auditors</fullName><accessLevel>Read</accessLevel><label>Sales to auditors</label><sharedTo><group>Auditors</group></sharedTo><sharedFrom><roleAndSubordinates>Sales</roleAndSubordinates></sharedFrom></sharingOwnerRules>
     <sharingCriteriaRules><fullName>Large_North</fullName><accessLevel>Edit</accessLevel><label>Large or north</label><sharedTo><role>Service</role></sharedTo><booleanFilter>1 AND (2 OR 3)</booleanFilter><criteriaItems><field>Size__c</field><operation>greaterThan</operation><value>100</value></criteriaItems><criteriaItems><field>Region__c</field><operation>equals</operation><value>North,Far North</value></criteriaItems><criteriaItems><field>Region__c</field><operation>startsWith</operation><value>Polar</value></criteriaItems><includeRecordsOwnedByAll>true</includeRecordsOwnedByAll></sharingCriteriaRules>`,
  ),
  [`${ROOT}/sharingRules/Account.sharingRules-meta.xml`]: metadata(
    'SharingRules',
    `<sharingCriteriaRules><fullName>Partners</fullName><accessLevel>Read</accessLevel><accountSettings><caseAccessLevel>None</caseAccessLevel><contactAccessLevel>None</contactAccessLevel><opportunityAccessLevel>Read</opportunityAccessLevel></accountSettings><label>Partners</label><sharedTo><roleAndSubordinates>Service</roleAndSubordinates></sharedTo><criteriaItems><field>Industry</field><operation>equals</operation><value>Energy</value></criteriaItems></sharingCriteriaRules>`,
  ),
  [`${ROOT}/permissionsets/Dealer.permissionset-meta.xml`]: metadata(
    'PermissionSet',
    `<label>Dealer</label>${objectPermission('Deal__c')}${objectPermission('Account')}${objectPermission('Opportunity')}${objectPermission('Contact')}${fieldPermission('Deal__c.Size__c')}${fieldPermission('Deal__c.Region__c')}${fieldPermission('Opportunity.Amount')}`,
  ),
  [`${ROOT}/permissionsets/Seer.permissionset-meta.xml`]: metadata(
    'PermissionSet',
    `<label>Seer</label>${objectPermission('Deal__c', '<viewAllRecords>true</viewAllRecords>')}`,
  ),
  [`${ROOT}/permissionsets/Importer.permissionset-meta.xml`]: metadata(
    'PermissionSet',
    '<label>Importer</label><userPermissions><enabled>true</enabled><name>CreateAuditFields</name></userPermissions>',
  ),
  [`${ROOT}/mutingpermissionsets/No_Writing.mutingpermissionset-meta.xml`]: metadata(
    'MutingPermissionSet',
    '<label>No writing</label><objectPermissions><allowCreate>true</allowCreate><allowDelete>true</allowDelete><allowEdit>true</allowEdit><allowRead>false</allowRead><object>Deal__c</object></objectPermissions><fieldPermissions><editable>true</editable><field>Deal__c.Size__c</field><readable>false</readable></fieldPermissions><fieldPermissions><editable>true</editable><field>Deal__c.Region__c</field><readable>true</readable></fieldPermissions>',
  ),
  [`${ROOT}/permissionsetgroups/Readers.permissionsetgroup-meta.xml`]: metadata(
    'PermissionSetGroup',
    '<label>Readers</label><mutingPermissionSets>No_Writing</mutingPermissionSets><permissionSets>Dealer</permissionSets><status>Updated</status>',
  ),
  [`${ROOT}/profiles/Trader.profile-meta.xml`]: metadata(
    'Profile',
    `<custom>true</custom><userLicense>Salesforce</userLicense>${objectPermission('Deal__c')}${objectPermission('Gone__c')}${fieldPermission('Deal__c.Size__c')}<classAccesses><apexClass>Quotes</apexClass><enabled>true</enabled></classAccesses><userPermissions><enabled>true</enabled><name>ViewAllData</name></userPermissions><layoutAssignments><layout>Deal__c-Deal Layout</layout></layoutAssignments>`,
  ),
  [`${ROOT}/classes/Quotes.cls`]: 'public with sharing class Quotes { }',
  [`${ROOT}/classes/Quotes.cls-meta.xml`]: metadata(
    'ApexClass',
    '<apiVersion>67.0</apiVersion><status>Active</status>',
  ),
};

export interface SharingOrg {
  readonly org: OrgRuntime;
  /** Ids of users by alias. */
  readonly people: Readonly<Record<'chief' | 'sales' | 'rep' | 'rep2' | 'service' | 'auditor' | 'trader', string>>;
}

/** The project with one user in each role, all but the trader with the permission set Dealer. */
export function openSharingOrg(more: Readonly<Record<string, string>> = {}): SharingOrg {
  const org = openOrg({ project: loadProject(temporaryProject({ ...SHARING_FILES, ...more })) });
  const people = org.transaction({ userId: org.administratorId }, (transaction) => {
    const idOf = (text: string): string => (query(transaction, text)[0] as { Id: string }).Id;
    const user = (alias: string, roleName: string | null, profile = 'Minimum Access - Salesforce'): string => {
      const [id] = insert(
        transaction,
        record(org, 'User', {
          Alias: alias,
          LastName: alias,
          Username: `${alias}@sharing.example.com`,
          Email: `${alias}@example.com`,
          ProfileId: idOf(`SELECT Id FROM Profile WHERE Name = '${profile}'`),
          UserRoleId: roleName === null ? null : idOf(`SELECT Id FROM UserRole WHERE DeveloperName = '${roleName}'`),
          TimeZoneSidKey: 'Europe/Berlin',
          LocaleSidKey: 'de_DE',
          LanguageLocaleKey: 'de',
          EmailEncodingKey: 'UTF-8',
        }),
      );
      return id ?? '';
    };
    const made = {
      chief: user('chief', 'Chief'),
      sales: user('sales', 'Sales'),
      rep: user('rep', 'Rep'),
      rep2: user('rep2', 'Rep'),
      service: user('service', 'Service'),
      auditor: user('auditor', null),
      trader: user('trader', null, 'Trader'),
    };
    const dealer = idOf("SELECT Id FROM PermissionSet WHERE Name = 'Dealer'");
    for (const [alias, AssigneeId] of Object.entries(made))
      if (alias !== 'trader')
        insert(transaction, record(org, 'PermissionSetAssignment', { AssigneeId, PermissionSetId: dealer }));
    insert(
      transaction,
      record(org, 'GroupMember', {
        GroupId: idOf("SELECT Id FROM Group WHERE DeveloperName = 'Auditors'"),
        UserOrGroupId: made.auditor,
      }),
    );
    return made;
  });
  return { org, people };
}
