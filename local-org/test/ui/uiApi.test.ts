import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fixtures, openTestOrg } from '../support/org.ts';
import type { TestOrg } from '../support/org.ts';

describe('UI API', () => {
  let test: TestOrg;
  let account = '';
  let machine = '';

  before(() => {
    test = openTestOrg(path.join(fixtures, 'lightning'));
    account = test.insert('Account', { Name: 'Acme & Söhne', BillingCity: 'Ulm', BillingCountry: 'Germany' });
    machine = test.insert('Machine__c', {
      Name: 'Big Press',
      Account__c: account,
      Price__c: 1234567.5,
      Load__c: 12.5,
      Serviced_On__c: '2026-03-09',
      State__c: 'New',
      Running__c: true,
      Notes__c: '<b>hot</b>',
    });
  });
  after(() => test.close());

  it('describes an object with labels, types, references and access', async () => {
    const { status, body } = await test.call('GET', '/ui-api/object-info/machine__c');
    assert.equal(status, 200);
    assert.equal(body.apiName, 'Machine__c');
    assert.equal(body.labelPlural, 'Machines');
    assert.deepEqual(body.nameFields, ['Name']);
    assert.equal(body.themeInfo.iconName, 'custom:custom20');
    assert.equal(body.fields.Price__c.dataType, 'Currency');
    assert.equal(body.fields.Price__c.inlineHelpText, 'Without tax.');
    assert.equal(body.fields.Notes__c.htmlFormatted, true);
    assert.deepEqual(body.fields.Account__c.referenceToInfos, [{ apiName: 'Account', nameFields: ['Name'] }]);
    assert.equal(body.fields.State__c.required, true);
    assert.equal(body.fields.CreatedDate.updateable, false);
  });

  it('answers an unknown object as the platform does', async () => {
    const { status, body } = await test.call('GET', '/ui-api/object-info/Nonsense__c');
    assert.equal(status, 404);
    assert.equal(body.errorCode, 'INVALID_TYPE');
    assert.equal(body.statusCode, 404);
  });

  it('gives picklist values with labels and the default', async () => {
    const { body } = await test.call(
      'GET',
      '/ui-api/object-info/Machine__c/picklist-values/012000000000000AAA/State__c',
    );
    assert.deepEqual(
      body.values.map(({ value, label }: { value: string; label: string }) => [value, label]),
      [
        ['New', 'Brand New'],
        ['Used', 'Used'],
      ],
    );
    assert.equal(body.defaultValue.value, 'New');
  });

  it('reads fields with raw and formatted values, and parents by path', async () => {
    const fields = ['Name', 'Price__c', 'Load__c', 'Serviced_On__c', 'State__c', 'Running__c', 'Account__r.Name']
      .map((name) => `Machine__c.${name}`)
      .join(',');
    const { status, body } = await test.call('GET', `/ui-api/records/${machine}?fields=${fields}`);
    assert.equal(status, 200);
    assert.deepEqual(body.fields.Price__c, { displayValue: '$1,234,567.50', value: 1234567.5 });
    assert.deepEqual(body.fields.Load__c, { displayValue: '12.5%', value: 12.5 });
    assert.deepEqual(body.fields.Serviced_On__c, { displayValue: '3/9/2026', value: '2026-03-09' });
    assert.deepEqual(body.fields.State__c, { displayValue: 'Brand New', value: 'New' });
    assert.deepEqual(body.fields.Running__c, { displayValue: null, value: true });
    assert.equal(body.fields.Account__r.displayValue, 'Acme & Söhne');
    assert.equal(body.fields.Account__r.value.fields.Name.value, 'Acme & Söhne');
    assert.equal(body.fields.Account__r.value.apiName, 'Account');
    assert.equal(body.lastModifiedById, test.org.administratorId);
  });

  it('refuses an unknown required field, leaves out an unknown optional one', async () => {
    const refused = await test.call('GET', `/ui-api/records/${machine}?fields=Machine__c.Nope__c`);
    assert.equal(refused.status, 400);
    assert.match(refused.body.message, /Machine__c\.Nope__c/);
    const left = await test.call('GET', `/ui-api/records/${machine}?optionalFields=Machine__c.Name,Machine__c.Nope__c`);
    assert.deepEqual(Object.keys(left.body.fields), ['Name']);
  });

  it('reads the fields of a layout, an address by its parts', async () => {
    const { body } = await test.call('GET', `/ui-api/records/${account}?layoutTypes=Full`);
    assert.equal(body.fields.BillingCity.value, 'Ulm');
    assert.equal('Industry' in body.fields, false);
  });

  it('tells a missing record from a malformed Id', async () => {
    assert.equal(
      (await test.call('GET', `/ui-api/records/${machine.slice(0, 3)}000000000999AAA?fields=Machine__c.Name`)).status,
      404,
    );
    const malformed = await test.call('GET', "/ui-api/records/x'y?fields=Machine__c.Name");
    assert.equal(malformed.status, 400);
    assert.equal(malformed.body.errorCode, 'MALFORMED_ID');
  });

  it('creates, updates and deletes', async () => {
    const created = await test.call('POST', '/ui-api/records', {
      apiName: 'Machine__c',
      fields: { Name: 'Mill', State__c: 'Used', Price__c: '99.95', Account__c: account },
    });
    assert.equal(created.status, 201);
    assert.deepEqual(created.body.fields.Price__c, { displayValue: '$99.95', value: 99.95 });
    const { id } = created.body;
    const updated = await test.call('PATCH', `/ui-api/records/${id}`, {
      fields: { Price__c: null, Running__c: false },
    });
    assert.equal(updated.status, 200);
    assert.deepEqual(updated.body.fields.Price__c, { displayValue: null, value: null });
    assert.equal((await test.call('DELETE', `/ui-api/records/${id}`)).status, 204);
    assert.equal((await test.call('GET', `/ui-api/records/${id}?fields=Machine__c.Name`)).status, 404);
  });

  it('puts a message at its field, another on top, and saves nothing', async () => {
    const field = await test.call('PATCH', `/ui-api/records/${machine}`, { fields: { Price__c: -1 } });
    assert.equal(field.status, 400);
    assert.equal(field.body.output.fieldErrors.Price__c[0].message, 'A price cannot be negative.');
    assert.deepEqual(field.body.output.errors, []);
    const top = await test.call('PATCH', `/ui-api/records/${machine}`, { fields: { Name: 'Forbidden', Load__c: 99 } });
    assert.equal(top.body.output.errors[0].message, 'No machine may have this name.');
    const { body } = await test.call('GET', `/ui-api/records/${machine}?fields=Machine__c.Name,Machine__c.Load__c`);
    assert.equal(body.fields.Name.value, 'Big Press');
    assert.equal(body.fields.Load__c.value, 12.5);
  });

  it('reports a value of the wrong type at its field', async () => {
    const { status, body } = await test.call('PATCH', `/ui-api/records/${machine}`, { fields: { Price__c: 'cheap' } });
    assert.equal(status, 400);
    assert.match(body.output.fieldErrors.Price__c[0].message, /cheap/);
  });

  it('refuses to overwrite what somebody else changed since', async () => {
    const { status } = await test.call('PATCH', `/ui-api/records/${machine}`, {
      fields: { Name: 'Late' },
      ifUnmodifiedSince: '2020-01-01T00:00:00Z',
    });
    assert.equal(status, 412);
  });

  it('starts a new record with the defaults of its fields', async () => {
    const { body } = await test.call('GET', '/ui-api/record-defaults/create/Machine__c');
    assert.equal(body.record.fields.State__c.value, 'New');
    assert.equal(body.record.fields.Running__c.value, true);
    assert.equal(body.layout.sections[0].heading, 'Machine');
  });

  it('lays out rows across the columns of a section', async () => {
    const { body } = await test.call('GET', '/ui-api/layout/Machine__c?mode=Edit');
    const [section] = body.sections;
    assert.equal(section.columns, 2);
    assert.deepEqual(
      section.layoutRows.map(({ layoutItems }: { layoutItems: { layoutComponents: { apiName: string | null }[] }[] }) =>
        layoutItems.map(({ layoutComponents }) => layoutComponents[0]?.apiName),
      ),
      [
        ['Name', 'State__c'],
        ['Account__c', 'Serviced_On__c'],
        ['Price__c', 'Load__c'],
        [null, 'Running__c'],
      ],
    );
    assert.equal(section.layoutRows[0].layoutItems[0].required, true);
  });

  it('lists by list view, with filter logic, search, sort and pages', async () => {
    for (const [name, price, running] of [
      ['Small Press', 500, true],
      ['Gold Mill', 5000, true],
      ['Idle Press', 9000, false],
      ['Lathe 100%', 7000, true],
    ] as const) {
      test.insert('Machine__c', { Name: name, Price__c: price, Running__c: running, State__c: 'Used' });
    }
    const names = ({ body }: { body: { records: { fields: { Name: { value: string } } }[] } }): string[] =>
      body.records.map(({ fields }) => fields.Name.value);
    assert.deepEqual(names(await test.call('POST', '/ui-api/list-records/Machine__c/Expensive', {})), [
      'Big Press',
      'Gold Mill',
      'Lathe 100%',
      'Small Press',
    ]);
    assert.deepEqual(
      names(await test.call('POST', '/ui-api/list-records/Machine__c/All', { sortBy: ['-Price__c'], pageSize: 2 })),
      ['Big Press', 'Idle Press'],
    );
    const second = await test.call('POST', '/ui-api/list-records/Machine__c/All', {
      sortBy: ['-Price__c'],
      pageSize: 2,
      pageToken: '2',
    });
    assert.deepEqual(names(second), ['Lathe 100%', 'Gold Mill']);
    assert.equal(second.body.nextPageToken, '4');
    assert.deepEqual(names(await test.call('POST', '/ui-api/list-records/Machine__c/All', { searchTerm: '100%' })), [
      'Lathe 100%',
    ]);
    assert.deepEqual(names(await test.call('POST', '/ui-api/list-records/Machine__c/All', { searchTerm: 'söhne' })), [
      'Big Press',
    ]);
    assert.deepEqual(
      names(await test.call('POST', '/ui-api/list-records/Machine__c/All', { searchTerm: "o'brien" })),
      [],
    );
  });

  it('tells the columns of a list view', async () => {
    const { body } = await test.call('GET', '/ui-api/list-info/Machine__c/Expensive');
    assert.deepEqual(
      body.displayColumns.map(({ fieldApiName, label }: { fieldApiName: string; label: string }) => [
        fieldApiName,
        label,
      ]),
      [
        ['Name', 'Machine Name'],
        ['Price__c', 'Price'],
        ['Owner.Alias', 'Owner Alias'],
      ],
    );
    assert.equal((await test.call('GET', '/ui-api/list-info/Machine__c/Nope')).status, 404);
  });

  it('shows the related lists of the parent’s layout in its order', async () => {
    const infos = await test.call('GET', '/ui-api/related-list-info/Account');
    assert.deepEqual(
      infos.body.relatedLists.map(({ relatedListId }: { relatedListId: string }) => relatedListId),
      ['Machines__r'],
    );
    test.insert('Machine__c', { Name: 'Cheap', Price__c: 1, State__c: 'Used', Account__c: account });
    const { body } = await test.call('POST', `/ui-api/related-list-records/${account}/Machines__r`, {});
    assert.deepEqual(
      body.records.map(({ fields }: { fields: { Name: { value: string } } }) => fields.Name.value),
      ['Big Press', 'Cheap'],
    );
    assert.equal((await test.call('GET', `/ui-api/related-list-count/${account}/Machines__r`)).body.count, 2);
  });

  it('finds what a lookup can point to', async () => {
    const { body } = await test.call('GET', '/ui-api/lookups/Machine__c/Account__c/Account?q=acme');
    assert.deepEqual(
      body.records.map(({ id }: { id: string }) => id),
      [account],
    );
    assert.equal((await test.call('GET', '/ui-api/lookups/Machine__c/Account__c/User?q=x')).status, 400);
  });

  it('needs a session', async () => {
    const response = await test.server.inject({
      method: 'GET',
      url: '/services/data/v67.0/ui-api/object-info/Account',
      headers: { host: 'localhost' },
    });
    assert.equal(response.statusCode, 401);
  });

  it('hides what the user has no permission for', async () => {
    const profile = test.org.transaction(
      { userId: test.org.administratorId },
      (transaction) =>
        transaction.query("SELECT Id FROM Profile WHERE Name = 'Standard User'", {
          accessMode: 'system',
          sharing: 'without',
        }).records[0]?.id,
    );
    const user = test.insert('User', {
      LastName: 'Plain',
      Alias: 'plain',
      Email: 'p@example.com',
      Username: 'plain@example.com',
      ProfileId: profile,
      TimeZoneSidKey: 'Europe/Berlin',
      LocaleSidKey: 'de_DE',
      LanguageLocaleKey: 'de',
      EmailEncodingKey: 'UTF-8',
    });
    const { inSession } = await import('../../src/api/ui/session.ts');
    const { objectInfo } = await import('../../src/api/ui/objectInfo.ts');
    const { readRecord } = await import('../../src/api/ui/records.ts');
    const as = { ...test.context, userIdOf: () => user };
    const machineObject = test.org.schema.object('Machine__c');
    assert.ok(machineObject);
    assert.throws(
      () => inSession(as, {} as never, (session) => readRecord(session, machine, { fields: ['Machine__c.Name'] })),
      { code: 'INVALID_TYPE' },
    );
    const info = inSession(as, {} as never, (session) => objectInfo(session, machineObject));
    assert.equal(info.queryable, false);
    assert.equal(info.createable, false);
  });
});
