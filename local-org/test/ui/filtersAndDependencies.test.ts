/**
 * Lookup filters and dependent picklists. Sources: Salesforce Help, "Lookup Filters" and "Define Dependent Picklists";
 * Metadata API Developer Guide, "CustomField"; SOAP API Developer Guide, "PicklistEntry"; User Interface API Developer
 * Guide, "Get Values for a Picklist Field", "Get Lookup Field Suggestions".
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { MetadataError } from '../../src/project/errors.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { DmlFailure } from '../../src/runtime/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { metadata, SFDX_PROJECT, temporaryProject } from '../project/temporaryProject.ts';
import { openTestOrg } from '../support/org.ts';

const ROOT = 'force-app/main/objects/Visit__c';
const field = (name: string, body: string): string =>
  metadata('CustomField', `<fullName>${name}</fullName><label>${name.replace('__c', '')}</label>${body}`);
const value = (name: string): string =>
  `<value><fullName>${name}</fullName><default>false</default><label>${name}</label></value>`;
const filter = (body: string): string => `<lookupFilter><active>true</active>${body}</lookupFilter>`;
const item = (path: string, operation: string, right: string): string =>
  `<filterItems><field>${path}</field><operation>${operation}</operation>${right}</filterItems>`;
const contactField = (body: string): string =>
  field(
    'Contact__c',
    `<type>Lookup</type><referenceTo>Contact</referenceTo><relationshipName>Visits</relationshipName>${body}`,
  );

const FILES: Readonly<Record<string, string>> = {
  'sfdx-project.json': SFDX_PROJECT,
  [`${ROOT}/Visit__c.object-meta.xml`]: metadata(
    'CustomObject',
    '<label>Visit</label><pluralLabel>Visits</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel><deploymentStatus>Deployed</deploymentStatus>',
  ),
  [`${ROOT}/fields/Account__c.field-meta.xml`]: field(
    'Account__c',
    `<type>Lookup</type><referenceTo>Account</referenceTo><relationshipName>Visits</relationshipName>${filter(
      `<booleanFilter>1 AND (2 OR 3)</booleanFilter>${item('Account.Name', 'notEqual', '<value></value>')}${item('Account.Industry', 'equals', '<value>energy, Banking</value>')}${item('Account.Rating', 'startsWith', '<value>H</value>')}<isOptional>false</isOptional>`,
    )}`,
  ),
  [`${ROOT}/fields/Contact__c.field-meta.xml`]: contactField(
    filter(
      `<errorMessage>Choose one of the account’s people.</errorMessage>${item('Contact.AccountId', 'equals', '<valueField>$Source.Account__c</valueField>')}<infoMessage>People of the account</infoMessage><isOptional>false</isOptional>`,
    ),
  ),
  [`${ROOT}/fields/Host__c.field-meta.xml`]: field(
    'Host__c',
    `<type>Lookup</type><referenceTo>User</referenceTo><relationshipName>Hosted</relationshipName>${filter(`${item('User.Id', 'notEqual', '<valueField>$User.Id</valueField>')}<isOptional>true</isOptional>`)}`,
  ),
  [`${ROOT}/fields/Country__c.field-meta.xml`]: field(
    'Country__c',
    `<type>Picklist</type><valueSet><valueSetDefinition><sorted>false</sorted>${['DE', 'FR', 'US'].map(value).join('')}</valueSetDefinition></valueSet>`,
  ),
  [`${ROOT}/fields/City__c.field-meta.xml`]: field(
    'City__c',
    `<type>Picklist</type><valueSet><controllingField>Country__c</controllingField><restricted>true</restricted><valueSetDefinition><sorted>false</sorted>${['Berlin', 'Paris', 'Other'].map(value).join('')}</valueSetDefinition><valueSettings><controllingFieldValue>DE</controllingFieldValue><valueName>Berlin</valueName></valueSettings><valueSettings><controllingFieldValue>FR</controllingFieldValue><valueName>Paris</valueName></valueSettings><valueSettings><controllingFieldValue>DE</controllingFieldValue><controllingFieldValue>US</controllingFieldValue><valueName>Other</valueName></valueSettings></valueSet>`,
  ),
};

const org = openTestOrg(temporaryProject(FILES));
after(() => org.close());

const refused = (message: string, fieldName: string) => (error: unknown) => {
  const problem = error instanceof DmlFailure ? error.failures[0]?.errors[0] : undefined;
  assert.deepEqual(problem, {
    statusCode: 'FIELD_FILTER_VALIDATION_EXCEPTION',
    message,
    fields: [fieldName],
  });
  return true;
};

const energy = org.insert('Account', { Name: 'Volt', Industry: 'Energy' });
const hot = org.insert('Account', { Name: 'Warm', Industry: 'Media', Rating: 'Hot' });
const other = org.insert('Account', { Name: 'Void', Industry: 'Media' });
const ann = org.insert('Contact', { LastName: 'Ann', AccountId: energy });
const bob = org.insert('Contact', { LastName: 'Bob', AccountId: hot });

test('a required filter refuses other records on save, with its logic and its message', () => {
  assert.throws(
    () => org.insert('Visit__c', { Name: 'x', Account__c: other }),
    refused('Value does not exist or does not match filter criteria.', 'Account__c'),
  );
  org.insert('Visit__c', { Name: 'x', Account__c: hot });
  org.insert('Visit__c', { Name: 'x', Account__c: energy, Contact__c: ann });
  assert.throws(
    () => org.insert('Visit__c', { Name: 'x', Account__c: energy, Contact__c: bob }),
    refused('Choose one of the account’s people.', 'Contact__c'),
  );
  // An optional filter binds nobody.
  org.insert('Visit__c', { Name: 'x', Host__c: org.org.administratorId });
});

test('a change of a field that the filter reads is checked too', async () => {
  const id = org.insert('Visit__c', { Name: 'x', Account__c: energy, Contact__c: ann });
  const changed = await org.call('PATCH', `/sobjects/Visit__c/${id}`, { Account__c: hot });
  assert.equal(changed.status, 400);
  assert.equal(changed.body[0].errorCode, 'FIELD_FILTER_VALIDATION_EXCEPTION');
  assert.equal((await org.call('PATCH', `/sobjects/Visit__c/${id}`, { Name: 'y' })).status, 204);
});

test('the search of a lookup offers what the filter lets through', async () => {
  const names = async (path: string): Promise<readonly string[]> => {
    const { body } = await org.call('GET', `/ui-api/lookups/Visit__c/${path}`);
    const { records } = body as { records: readonly { fields: { Name: { value: string } } }[] };
    return records.map((record) => record.fields.Name.value);
  };
  assert.deepEqual(await names('Account__c/Account?q='), ['Volt', 'Warm']);
  assert.deepEqual(await names('Account__c/Account?q=vo'), ['Volt']);
  assert.deepEqual(await names(`Contact__c/Contact?dependentFieldBindings=Account__c=${hot}`), ['Bob']);
  assert.deepEqual(await names('Contact__c/Contact?q='), []);
  const visit = org.insert('Visit__c', { Name: 'x', Account__c: energy });
  assert.deepEqual(await names(`Contact__c/Contact?sourceRecordId=${visit}`), ['Ann']);
  const { body } = await org.call('GET', '/ui-api/object-info/Visit__c');
  assert.deepEqual(body.fields.Contact__c.filteredLookupInfo, {
    controllingFields: ['Account__c'],
    dependent: true,
    optionalFilter: false,
  });
});

test('filters that can’t be read are refused with file and line', () => {
  for (const [broken, expected] of [
    [item('Contact.Gone__c', 'equals', '<value>1</value>'), /can't read Contact\.Gone__c/],
    [item('Lead.Name', 'equals', '<value>1</value>'), /can't read Lead\.Name/],
    [`<booleanFilter>1 AND 2</booleanFilter>${item('Contact.LastName', 'equals', '<value>1</value>')}`, /names item 2/],
  ] as const)
    assert.throws(
      () =>
        openOrg({
          project: loadProject(
            temporaryProject({ ...FILES, [`${ROOT}/fields/Contact__c.field-meta.xml`]: contactField(filter(broken)) }),
          ),
        }),
      (error: unknown) =>
        error instanceof MetadataError && expected.test(error.message) && /xml:\d+/.test(error.message),
    );
});

test('dependent picklists say for which controlling values their values are', async () => {
  const { body } = await org.call('GET', '/ui-api/object-info/Visit__c/picklist-values/012000000000000AAA/City__c');
  assert.deepEqual(body.controllerValues, { DE: 0, FR: 1, US: 2 });
  assert.deepEqual(
    body.values.map(({ value: name, validFor }: { value: string; validFor: number[] }) => [name, validFor]),
    [
      ['Berlin', [0]],
      ['Paris', [1]],
      ['Other', [0, 2]],
    ],
  );
  const info = (await org.call('GET', '/ui-api/object-info/Visit__c')).body;
  assert.equal(info.fields.City__c.controllerName, 'Country__c');
  assert.deepEqual(info.dependentFields, { Country__c: { City__c: {} } });
  const described = (await org.call('GET', '/sobjects/Visit__c/describe')).body.fields.find(
    ({ name }: { name: string }) => name === 'City__c',
  );
  assert.equal(described.dependentPicklist, true);
  assert.equal(described.controllerName, 'Country__c');
  // Bits from the left: 1000 0000, 0100 0000, 1010 0000.
  assert.deepEqual(
    described.picklistValues.map(({ validFor }: { validFor: string }) => validFor),
    ['gA==', 'QA==', 'oA=='],
  );
  // The API does not enforce dependencies.
  org.insert('Visit__c', { Name: 'x', Country__c: 'FR', City__c: 'Berlin' });
});
