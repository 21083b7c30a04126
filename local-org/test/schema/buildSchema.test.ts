import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MetadataError } from '../../src/project/errors.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { buildSchema } from '../../src/schema/buildSchema.ts';
import type { ObjectDescribe, Schema } from '../../src/schema/types.ts';
import { fieldFile, planProject } from './planProject.ts';

const schemaOf = (changes: Readonly<Record<string, string | null>> = {}): Schema =>
  buildSchema(loadProject(planProject(changes)));
const object = (schema: Schema, name: string): ObjectDescribe =>
  schema.object(name) ?? assert.fail(`no object ${name}`);

test('standard objects carry the platform’s facts', () => {
  const schema = schemaOf();
  const account = object(schema, 'aCCount');
  assert.equal(account.keyPrefix, '001');
  assert.equal(account.field('name')?.length, 255);
  assert.equal(account.field('Name')?.nillable, false);
  assert.deepEqual(
    [
      account.field('AnnualRevenue')?.type,
      account.field('AnnualRevenue')?.precision,
      account.field('AnnualRevenue')?.scale,
    ],
    ['currency', 18, 0],
  );
  assert.equal(account.field('Description')?.filterable, false);
  assert.equal(account.fieldByRelationship('Parent')?.name, 'ParentId');
  assert.equal(account.childRelationship('opportunities')?.field, 'AccountId');
  assert.equal(account.childRelationship('Tasks')?.childObject, 'Task');
  const won = object(schema, 'Opportunity')
    .field('StageName')
    ?.picklistValues.find((value) => value.value === 'Closed Won');
  assert.deepEqual([won?.isClosed, won?.isWon, won?.probability, won?.forecastCategory], [true, true, 100, 'Closed']);
  assert.ok(object(schema, 'Opportunity').field('LastActivityDate'));
});

test('custom objects and fields come from the metadata', () => {
  const schema = schemaOf();
  const plan = object(schema, 'Plan__c');
  assert.equal(plan.labelPlural, 'Plans');
  assert.equal(plan.sharingModel, 'Private');
  assert.match(plan.keyPrefix, /^a0/);
  assert.equal(plan.field('ownerid')?.relationshipName, 'Owner');
  assert.deepEqual(
    [
      plan.field('Account__c')?.deleteConstraint,
      plan.field('Account__c')?.relationshipName,
      plan.field('Account__c')?.nillable,
    ],
    ['Restrict', 'Account__r', false],
  );
  assert.equal(object(schema, 'Account').childRelationship('Plans__r')?.restrictedDelete, true);
  assert.deepEqual([plan.field('Variance__c')?.calculated, plan.field('Variance__c')?.updateable], [true, false]);
  assert.deepEqual(
    plan.field('Topics__c')?.picklistValues.map((value) => value.value),
    ['Price', 'Service', 'Quality'],
  );
  assert.deepEqual(plan.field('Weight__c')?.summary, {
    operation: 'sum',
    childObject: 'Objective__c',
    childReferenceField: 'Plan__c',
    summarizedField: 'Weight__c',
    filters: [{ field: 'Done__c', operation: 'equals', value: 'True' }],
  });
  assert.deepEqual(
    plan.validationRules.map((rule) => [rule.name, rule.errorField]),
    [['EndAfterStart', 'End__c']],
  );
  const objective = object(schema, 'Objective__c');
  assert.equal(objective.sharingModel, 'ControlledByParent');
  assert.equal(objective.controllingParentField?.name, 'Plan__c');
  assert.equal(objective.field('OwnerId'), undefined);
  assert.deepEqual(
    [objective.nameField?.autoNumber, objective.nameField?.displayFormat, objective.nameField?.createable],
    [true, 'O-{0000}', false],
  );
  assert.equal(plan.childRelationship('Objectives__r')?.cascadeDelete, true);
  assert.equal(object(schema, 'Opportunity').field('plan__C')?.custom, true);
  assert.ok(object(schema, 'Plan__Share').field('AccessLevel'));
  assert.equal(schema.object('Objective__Share'), undefined);
  assert.deepEqual(object(schema, 'Task').field('WhatId')?.referenceTo.includes('Plan__c'), true);
  assert.equal(object(schema, 'Settings__c').field('SetupOwnerId')?.referenceTo.length, 3);
  assert.equal(schema.customMetadataRecords[0]?.values.get('Rank__c')?.text, '1.0');
});

test('key prefixes stay when objects are added', () => {
  const project = loadProject(planProject());
  const first = buildSchema(project);
  const prefixes = new Map(first.objects.map((describe) => [describe.name, describe.keyPrefix]));
  const grown = loadProject(
    planProject({
      'force-app/main/objects/Aaa__c/Aaa__c.object-meta.xml':
        '<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><label>Aaa</label><pluralLabel>Aaa</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel></CustomObject>',
    }),
  );
  const second = buildSchema(grown, prefixes);
  assert.equal(object(second, 'Plan__c').keyPrefix, object(first, 'Plan__c').keyPrefix);
  assert.ok(![...prefixes.values()].includes(object(second, 'Aaa__c').keyPrefix));
});

const refusals: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  [
    'a lookup to an unknown object',
    {
      'force-app/main/objects/Plan__c/fields/Other__c.field-meta.xml': fieldFile(
        'Lookup',
        'Other__c',
        '<referenceTo>Nowhere__c</referenceTo><relationshipName>Others</relationshipName>',
      ),
    },
    /Other__c\.field-meta\.xml:2:\d+: Plan__c\.Other__c refers to the object Nowhere__c/,
  ],
  [
    'an unknown element',
    {
      'force-app/main/objects/Plan__c/fields/Other__c.field-meta.xml': fieldFile(
        'Date',
        'Other__c',
        '<sparkle>1</sparkle>',
      ),
    },
    /does not support the element sparkle of CustomField/,
  ],
  [
    'an unknown type',
    { 'force-app/main/objects/Plan__c/fields/Other__c.field-meta.xml': fieldFile('Colour', 'Other__c') },
    /type is “Colour”; the local org knows AutoNumber/,
  ],
  [
    'a missing value set',
    {
      'force-app/main/objects/Plan__c/fields/Other__c.field-meta.xml': fieldFile(
        'Picklist',
        'Other__c',
        '<valueSet><valueSetName>Nope</valueSetName></valueSet>',
      ),
    },
    /no global value set Nope/,
  ],
  [
    'an unknown standard object',
    { 'force-app/main/objects/Quark/fields/Other__c.field-meta.xml': fieldFile('Date', 'Other__c') },
    /belongs to the object Quark/,
  ],
];
for (const [what, files, message] of refusals) {
  test(`refuses ${what} by file and line`, () => {
    assert.throws(
      () => schemaOf(files),
      (error) => error instanceof MetadataError && message.test(error.message),
    );
  });
}

test('users live in time zones by their present and by their former names', () => {
  const zones =
    object(schemaOf(), 'User')
      .field('TimeZoneSidKey')
      ?.picklistValues.map(({ value }) => value) ?? [];
  for (const name of ['Asia/Kolkata', 'America/Argentina/Buenos_Aires', 'Europe/Kyiv', 'Asia/Rangoon', 'GMT'])
    assert.ok(zones.includes(name), name);
  assert.equal(new Set(zones).size, zones.length);
});

test('refuses a field that is defined twice by file and line', () => {
  const path = 'force-app/main/objects/Plan__c/fields/Other__c.field-meta.xml';
  assert.throws(
    () => schemaOf({ [path]: fieldFile('Text', 'weight__c', '<length>20</length>') }),
    (error) =>
      error instanceof MetadataError &&
      /field-meta\.xml:\d+:\d+: Plan__c\.weight__c is defined twice, the other time in .*field-meta\.xml/i.test(
        error.message,
      ),
  );
});
