/** The npm client jsforce, unmodified, against the running server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Connection } from 'jsforce';
import { TOKEN, startRestServer } from './restServer.ts';
import type { RestServer } from './restServer.ts';

let rest: RestServer;
let connection: Connection;
before(async () => {
  rest = await startRestServer();
  connection = new Connection({ instanceUrl: rest.url, accessToken: TOKEN, version: '67.0' });
});
after(() => rest.close());

void describe('jsforce', () => {
  void it('knows who it is, and the limits', async () => {
    assert.equal((await connection.identity()).user_id, rest.org.administratorId);
    const limits = await connection.limits();
    assert.ok((limits['DailyApiRequests']?.Max ?? 0) > 0);
  });

  void it('describes the org and an object', async () => {
    const { sobjects } = await connection.describeGlobal();
    assert.ok(sobjects.some(({ name }) => name === 'Account'));
    const { fields, keyPrefix } = await connection.describe('Opportunity');
    assert.equal(keyPrefix, '006');
    assert.ok(
      fields.find(({ name }) => name === 'StageName')?.picklistValues?.some(({ value }) => value === 'Closed Won'),
    );
  });

  void it('creates, retrieves, updates, upserts and deletes', async () => {
    const account = connection.sobject('Account');
    const created = await account.create({ Name: 'Client' });
    assert.ok(created.success);
    assert.equal((await account.retrieve(created.id ?? ''))['Name'], 'Client');
    await account.update({ Id: created.id ?? '', Name: 'Client Two' });
    assert.equal((await account.retrieve(created.id ?? ''))['Name'], 'Client Two');
    const upserted = await connection.sobject('Invoice__c').upsert({ Number__c: 'J-1', Name: 'Invoice' }, 'Number__c');
    assert.ok(upserted.success);
    assert.ok((await account.destroy(created.id ?? '')).success);
    await assert.rejects(async () => account.retrieve(created.id ?? ''), /does not exist/);
  });

  void it('saves and reads collections', async () => {
    const invoices = connection.sobject('Invoice__c');
    const results = await invoices.create([
      { Name: 'A', Amount__c: 1 },
      { Name: 'B', Amount__c: -1 },
    ]);
    assert.deepEqual(
      results.map(({ success }) => success),
      [true, false],
    );
    const id = results[0]?.id ?? '';
    const [updated] = await invoices.update([{ Id: id, Amount__c: 2.5 }]);
    assert.ok(updated?.success);
    const [read] = await invoices.retrieve([id]);
    assert.equal(read?.['Amount__c'], 2.5);
    const [deleted] = await invoices.destroy([id]);
    assert.ok(deleted?.success);
  });

  void it('queries, and fetches further pages by itself', async () => {
    for (let part = 0; part < 3; part += 1) {
      await connection
        .sobject('Account')
        .create(Array.from({ length: 200 }, (_, index) => ({ Name: `Many ${part} ${index}` })));
    }
    const first = await connection.query("SELECT Id, Name FROM Account WHERE Name LIKE 'Many%'", {
      headers: { 'sforce-query-options': 'batchSize=250' },
    });
    assert.deepEqual([first.totalSize, first.records.length, first.done], [600, 250, false]);
    const second = await connection.queryMore(first.nextRecordsUrl ?? '');
    assert.equal(second.records.length, 250);
    const all = await connection.query("SELECT Id FROM Account WHERE Name LIKE 'Many%'", {
      autoFetch: true,
      maxFetch: 1000,
    });
    assert.equal(all.records.length, 600);
  });

  void it('passes errors on with their code', async () => {
    await assert.rejects(
      async () => connection.sobject('Account').create({}),
      (error: { errorCode?: string }) => error.errorCode === 'REQUIRED_FIELD_MISSING',
    );
    await assert.rejects(
      async () => connection.query('SELECT Nope FROM Account'),
      (error: { errorCode?: string }) => error.errorCode === 'INVALID_FIELD',
    );
  });
});
