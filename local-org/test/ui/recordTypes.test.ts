/**
 * Record types in the UI API: who has which, what their picklists offer, which layout they have. Sources: Salesforce
 * Help, "How Is Record Type Access Specified?"; User Interface API Developer Guide, "Object Info", "Record Defaults";
 * Metadata API Developer Guide, "RecordType", "BusinessProcess", "Profile".
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { recordTypeChoices } from '../../src/api/ui/recordTypes.ts';
import { openSession } from '../../src/api/ui/session.ts';
import { MetadataError } from '../../src/project/errors.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { metadata, SFDX_PROJECT, temporaryProject } from '../project/temporaryProject.ts';
import { fixtures, openTestOrg } from '../support/org.ts';
import type { Json, TestOrg } from '../support/org.ts';

const org = openTestOrg(path.join(fixtures, 'visits'));
after(() => org.close());

const MASTER = '012000000000000AAA';
const only = async (query: string): Promise<Json> =>
  (await org.call('GET', `/query?q=${encodeURIComponent(query)}`)).body.records[0];
const typeId = async (name: string): Promise<string> =>
  String((await only(`SELECT Id FROM RecordType WHERE DeveloperName = '${name}'`)).Id);
const values = ({ values: list }: Json): readonly string[] =>
  (list as readonly { readonly value: string }[]).map(({ value }) => value);
const labels = (of: TestOrg, userId: string, objectName: string): readonly string[] =>
  of.org.transaction({ userId }, (transaction) => {
    const object = of.org.schema.object(objectName);
    assert.ok(object);
    return recordTypeChoices(openSession(of.context, transaction), object).choices.map(({ label }) => label);
  });
const userOf = async (permissionSet: string | null): Promise<string> => {
  const profile = String((await only("SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'")).Id);
  const user = org.insert('User', {
    LastName: 'Muster',
    Username: `muster${permissionSet ?? ''}@local.org`,
    Email: 'muster@local.org',
    Alias: 'muster',
    ProfileId: profile,
    TimeZoneSidKey: 'Europe/Berlin',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
  });
  if (permissionSet !== null)
    org.insert('PermissionSetAssignment', {
      AssigneeId: user,
      PermissionSetId: String((await only(`SELECT Id FROM PermissionSet WHERE Name = '${permissionSet}'`)).Id),
    });
  return user;
};

test('object info lists the record types with the default of the profile', async () => {
  const { body } = await org.call('GET', '/ui-api/object-info/Visit__c');
  const [sales, service] = [await typeId('Sales_Visit'), await typeId('Service_Visit')];
  assert.equal(body.defaultRecordTypeId, service);
  assert.deepEqual(
    Object.values(body.recordTypeInfos as Record<string, Readonly<Record<string, unknown>>>).map((info) => [
      info['recordTypeId'],
      info['name'],
      info['available'],
      info['defaultRecordTypeMapping'],
      info['master'],
    ]),
    [
      [MASTER, 'Master', true, false, true],
      [sales, 'Sales Visit', true, false, false],
      [service, 'Service Visit', true, true, false],
    ],
  );
});

test('picklists offer the record type’s values and default; the master record type offers all', async () => {
  const offered = async (id: string): Promise<Json> =>
    (await org.call('GET', `/ui-api/object-info/Visit__c/picklist-values/${id}/Purpose__c`)).body;
  const sales = await offered(await typeId('Sales_Visit'));
  assert.deepEqual(values(sales), ['Demonstration', 'Negotiation']);
  assert.equal(sales.defaultValue.value, 'Negotiation');
  assert.deepEqual(values(await offered(MASTER)), ['Demonstration', 'Negotiation', 'Inspection', 'Repair']);
  const all = await org.call('GET', `/ui-api/object-info/Visit__c/picklist-values/${await typeId('Service_Visit')}`);
  assert.deepEqual(values(all.body.picklistFieldValues.Purpose__c), ['Inspection', 'Repair']);
  const unknown = await org.call('GET', '/ui-api/object-info/Visit__c/picklist-values/012LO000000099XAAA');
  assert.equal(unknown.status, 400);
  assert.match(unknown.body.message, /Visit__c has no record type 012LO000000099XAAA/);
});

test('defaults and layouts are the record type’s', async () => {
  const sales = await typeId('Sales_Visit');
  const { record, layout } = (await org.call('GET', `/ui-api/record-defaults/create/Visit__c?recordTypeId=${sales}`))
    .body;
  assert.equal(record.recordTypeId, sales);
  assert.equal(record.fields.Purpose__c.value, 'Negotiation');
  assert.equal(layout.id, 'Visit__c-Sales Layout');
  const standard = (await org.call('GET', '/ui-api/record-defaults/create/Visit__c')).body;
  assert.equal(standard.layout.id, 'Visit__c-Service Layout');
  const visit = org.insert('Visit__c', { Name: 'Oil change', RecordTypeId: await typeId('Service_Visit') });
  const { body } = await org.call('GET', `/ui-api/record-ui/${visit}?layoutTypes=Full&modes=View`);
  assert.equal(body.layouts.Visit__c[await typeId('Service_Visit')].Full.View.id, 'Visit__c-Service Layout');
  assert.equal('City__c' in body.records[visit].fields, false, 'the layout of the type has no city');
  assert.equal(body.records[visit].recordTypeInfo.name, 'Service Visit');
});

test('a permission set’s one record type is taken without a question; without any it is the master one', async () => {
  assert.deepEqual(labels(org, org.org.administratorId, 'Visit__c'), ['Sales Visit', 'Service Visit']);
  const technician = await userOf('Technician');
  assert.deepEqual(labels(org, technician, 'Visit__c'), ['Service Visit']);
  const visit = org.org.schema.object('Visit__c');
  assert.ok(visit);
  assert.equal(org.org.security.user(technician).recordTypes(visit).standard?.developerName, 'Service_Visit');
  const nobody = await userOf(null);
  assert.deepEqual(labels(org, nobody, 'Visit__c'), []);
  assert.equal(org.org.security.user(nobody).recordTypes(visit).standard, null);
});

test('Apex sees the same', async () => {
  const apex = `Map<String,Schema.RecordTypeInfo> types = Schema.SObjectType.Visit__c.getRecordTypeInfosByDeveloperName();
    System.assert(types.get('Service_Visit').isDefaultRecordTypeMapping());
    System.assert(!types.get('Sales_Visit').isDefaultRecordTypeMapping());
    System.assert(!types.get('Master').isDefaultRecordTypeMapping());
    System.assert(types.get('Sales_Visit').isAvailable());`;
  const { body } = await org.call('GET', `/tooling/executeAnonymous?anonymousBody=${encodeURIComponent(apex)}`);
  assert.equal(body.success, true, body.compileProblem ?? body.exceptionMessage);
});

const PROCESS = 'force-app/main/objects/Opportunity/businessProcesses/Fast.businessProcess-meta.xml';
const FAST: Readonly<Record<string, string>> = {
  'sfdx-project.json': SFDX_PROJECT,
  [PROCESS]: metadata(
    'BusinessProcess',
    '<fullName>Fast</fullName><isActive>true</isActive><values><fullName>Prospecting</fullName><default>false</default></values><values><fullName>Closed Won</fullName><default>false</default></values>',
  ),
  'force-app/main/objects/Opportunity/recordTypes/Fast_Deal.recordType-meta.xml': metadata(
    'RecordType',
    '<fullName>Fast_Deal</fullName><active>true</active><businessProcess>Fast</businessProcess><label>Fast Deal</label>',
  ),
};

test('an opportunity’s record type offers the stages of its sales process', async (t) => {
  const sales = openTestOrg(temporaryProject(FAST));
  t.after(() => sales.close());
  // Without a profile in the project the administrator has every record type.
  const { body: info } = await sales.call('GET', '/ui-api/object-info/Opportunity');
  const { body } = await sales.call(
    'GET',
    `/ui-api/object-info/Opportunity/picklist-values/${info.defaultRecordTypeId}/StageName`,
  );
  assert.deepEqual(values(body), ['Prospecting', 'Closed Won']);
  const { [PROCESS]: _process, ...without } = FAST;
  assert.throws(
    () => openOrg({ project: loadProject(temporaryProject(without)) }),
    (error: unknown) => error instanceof MetadataError && /business process Fast/.test(error.message),
  );
});

test('with person accounts, an account may be of a business without a record type', (t) => {
  const people = openTestOrg(
    temporaryProject({
      'sfdx-project.json': SFDX_PROJECT,
      'force-app/main/customPermissions/Look.customPermission-meta.xml': metadata(
        'CustomPermission',
        '<label>Look</label>',
      ),
      'config/project-scratch-def.json': '{"orgName":"People","edition":"Developer","features":["PersonAccounts"]}',
    }),
  );
  t.after(() => people.close());
  assert.deepEqual(labels(people, people.org.administratorId, 'Account'), ['Business Account', 'Person Account']);
});
