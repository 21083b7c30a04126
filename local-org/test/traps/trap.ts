/** Runs an Apex test class in a small project of its own: one a trap of the platform. */
import assert from 'node:assert/strict';
import { runTests, type TestResult } from '../../src/apex/testRunner.ts';
import { launch } from '../../src/cli/launch.ts';
import { metadata, SFDX_PROJECT, temporaryProject } from '../project/temporaryProject.ts';

const ROOT = 'force-app/main';
const number = (name: string): string =>
  metadata(
    'CustomField',
    `<fullName>${name}</fullName><label>${name.replace('__c', '')}</label><type>Number</type><precision>9</precision><scale>0</scale>`,
  );
/** Parents with children (master-detail) that they count, both open to everyone with a permission. */
const OBJECTS: Readonly<Record<string, string>> = {
  'sfdx-project.json': SFDX_PROJECT,
  [`${ROOT}/objects/Parent__c/Parent__c.object-meta.xml`]: metadata(
    'CustomObject',
    '<label>Parent</label><pluralLabel>Parents</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><sharingModel>Private</sharingModel><deploymentStatus>Deployed</deploymentStatus>',
  ),
  [`${ROOT}/objects/Parent__c/fields/Size__c.field-meta.xml`]: number('Size__c'),
  [`${ROOT}/objects/Parent__c/fields/Secret__c.field-meta.xml`]: number('Secret__c'),
  [`${ROOT}/objects/Parent__c/fields/Children__c.field-meta.xml`]: metadata(
    'CustomField',
    '<fullName>Children__c</fullName><label>Children</label><type>Summary</type><summaryForeignKey>Child__c.Parent__c</summaryForeignKey><summaryOperation>count</summaryOperation>',
  ),
  [`${ROOT}/objects/Parent__c/validationRules/Size_Up_To_100.validationRule-meta.xml`]: metadata(
    'ValidationRule',
    '<fullName>Size_Up_To_100</fullName><active>true</active><errorConditionFormula>Size__c &gt; 100</errorConditionFormula><errorMessage>Too large.</errorMessage>',
  ),
  [`${ROOT}/objects/Child__c/Child__c.object-meta.xml`]: metadata(
    'CustomObject',
    '<label>Child</label><pluralLabel>Children</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><sharingModel>ControlledByParent</sharingModel><deploymentStatus>Deployed</deploymentStatus>',
  ),
  [`${ROOT}/objects/Child__c/fields/Parent__c.field-meta.xml`]: metadata(
    'CustomField',
    '<fullName>Parent__c</fullName><label>Parent</label><type>MasterDetail</type><referenceTo>Parent__c</referenceTo><relationshipName>Children</relationshipName><relationshipOrder>0</relationshipOrder>',
  ),
  [`${ROOT}/permissionsets/Reader.permissionset-meta.xml`]: metadata(
    'PermissionSet',
    `<label>Reader</label><objectPermissions><allowCreate>true</allowCreate><allowDelete>false</allowDelete><allowEdit>true</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Parent__c</object><viewAllRecords>false</viewAllRecords></objectPermissions><fieldPermissions><editable>true</editable><field>Parent__c.Size__c</field><readable>true</readable></fieldPermissions>`,
  ),
};

/** A class that tests share: users without rights of their own. */
const PEOPLE = `@IsTest
public class People {
    public static User someone(String alias) {
        Id profileId = [SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce' WITH SYSTEM_MODE].Id;
        User made = new User(Alias = alias, LastName = alias, Username = alias + '@example.com', Email = alias + '@example.com',
            ProfileId = profileId, TimeZoneSidKey = 'UTC', LocaleSidKey = 'en_US', LanguageLocaleKey = 'en_US', EmailEncodingKey = 'UTF-8');
        insert as system made;
        return made;
    }
    public static User reader(String alias) {
        User made = someone(alias);
        Id permissionSetId = [SELECT Id FROM PermissionSet WHERE Name = 'Reader' WITH SYSTEM_MODE].Id;
        System.runAs(new User(Id = UserInfo.getUserId())) {
            insert as system new PermissionSetAssignment(AssigneeId = made.Id, PermissionSetId = permissionSetId);
        }
        return made;
    }
}`;

export interface TrapProject {
  /** Apex classes and triggers by name. */
  readonly apex: Readonly<Record<string, string>>;
  /** API version of a class; 67 unless given. */
  readonly versions?: Readonly<Record<string, number>>;
  /** Further files. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Folder of the project. */
export function trapProject({ apex, versions = {}, files = {} }: TrapProject): string {
  const sources = Object.entries({ ...apex, People: PEOPLE }).flatMap(([name, text]) => {
    const isTrigger = /^\s*trigger\b/.test(text);
    const file = isTrigger ? `${ROOT}/triggers/${name}.trigger` : `${ROOT}/classes/${name}.cls`;
    const meta = metadata(
      isTrigger ? 'ApexTrigger' : 'ApexClass',
      `<apiVersion>${versions[name] ?? 67}.0</apiVersion><status>Active</status>`,
    );
    return [
      [file, text],
      [`${file}-meta.xml`, meta],
    ] as const;
  });
  return temporaryProject({ ...OBJECTS, ...Object.fromEntries(sources), ...files });
}

/** Runs every test method of the project, in alphabetical order of their names. */
export function runTrap(project: TrapProject): readonly TestResult[] {
  const { org, compiled } = launch({ source: trapProject(project) });
  try {
    return runTests(org, compiled).results;
  } finally {
    org.close();
  }
}

/** Runs every test method and asserts that there are so many and that they pass. */
export function assertPasses(project: TrapProject, methods: number): void {
  const results = runTrap(project);
  const failed = results.filter(({ outcome }) => outcome !== 'Pass');
  assert.deepEqual(
    failed.map(({ methodName, message, stackTrace }) => `${methodName}: ${message}\n${stackTrace}`),
    [],
  );
  assert.equal(results.length, methods);
}
