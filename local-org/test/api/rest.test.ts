import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { startRestServer } from './restServer.ts';
import type { RestServer } from './restServer.ts';

interface ErrorBody {
  errorCode: string;
  message: string;
  fields?: string[];
}

let rest: RestServer;
before(async () => {
  rest = await startRestServer();
});
after(() => rest.close());

const create = async (object: string, fields: Record<string, unknown>): Promise<string> => {
  const { status, body } = await rest.send('POST', `/sobjects/${object}`, fields);
  assert.equal(status, 201, JSON.stringify(body));
  return (body as { id: string }).id;
};

const errorOf = ({ body }: { body: unknown }): ErrorBody => {
  const [error] = body as ErrorBody[];
  assert.ok(error, `an error body was expected, not ${JSON.stringify(body)}`);
  return error;
};

void describe('sessions', () => {
  void it('refuses requests without or with a wrong token', async () => {
    for (const authorization of ['', 'Bearer wrong', 'Basic secret']) {
      const answer = await rest.send('GET', '/limits', undefined, { authorization });
      assert.equal(answer.status, 401);
      assert.equal(errorOf(answer).errorCode, 'INVALID_SESSION_ID');
    }
  });

  void it('refuses pages of other sites and foreign host names', async () => {
    const foreignOrigin = await rest.send('GET', '/limits', undefined, { origin: 'https://evil.example' });
    assert.equal(foreignOrigin.status, 403);
    const { port } = new URL(rest.url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const probe = httpRequest(
        { host: '127.0.0.1', port, path: '/services/data', headers: { host: 'evil.example' } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      probe.on('error', reject).end();
    });
    assert.equal(status, 403);
  });

  void it('lists versions without a session, and resources with one', async () => {
    const versions = await rest.send('GET', '/services/data', undefined, { authorization: '' });
    assert.deepEqual(
      (versions.body as { version: string }[]).map(({ version }) => version),
      Array.from({ length: 37 }, (_, index) => `${31 + index}.0`),
    );
    const { body } = await rest.send('GET', '');
    assert.equal((body as { query: string }).query, '/services/data/v67.0/query');
    const identity = await rest.send('GET', '/services/oauth2/userinfo');
    assert.equal((identity.body as { user_id: string }).user_id, rest.org.administratorId);
  });
});

void describe('records', () => {
  void it('creates, reads, updates and deletes', async () => {
    const id = await create('Account', { Name: 'Acme', NumberOfEmployees: 12, AnnualRevenue: 1234 });
    assert.match(id, /^001\w{15}$/);
    const read = await rest.send('GET', `/sobjects/account/${id}?fields=Name,AnnualRevenue,NumberOfEmployees`);
    assert.deepEqual(read.body, {
      attributes: { type: 'Account', url: `/services/data/v67.0/sobjects/Account/${id}` },
      Name: 'Acme',
      AnnualRevenue: 1234,
      NumberOfEmployees: 12,
      Id: id,
    });
    assert.equal((await rest.send('PATCH', `/sobjects/Account/${id}`, { Name: 'Acme Two' })).status, 204);
    const whole = (await rest.send('GET', `/sobjects/Account/${id}`)).body as Record<string, unknown>;
    assert.equal(whole['Name'], 'Acme Two');
    assert.match(String(whole['CreatedDate']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    assert.equal((await rest.send('DELETE', `/sobjects/Account/${id}`)).status, 204);
    const gone = await rest.send('GET', `/sobjects/Account/${id}`);
    assert.equal(gone.status, 404);
    assert.equal(errorOf(gone).errorCode, 'NOT_FOUND');
  });

  void it('keeps every digit of a number', async () => {
    const digits = '1234567890123456.78';
    const created = await rest.send('POST', '/sobjects/Invoice__c', `{"Name":"Digits","Amount__c":${digits}}`);
    const { id } = created.body as { id: string };
    const response = await fetch(`${rest.url}/services/data/v67.0/sobjects/Invoice__c/${id}?fields=Amount__c`, {
      headers: { authorization: 'Bearer secret' },
    });
    assert.match(await response.text(), new RegExp(`"Amount__c":${digits}`));
  });

  void it('upserts by external Id', async () => {
    const path = '/sobjects/Invoice__c/Number__c/R-1';
    const inserted = await rest.send('PATCH', path, { Name: 'First', Amount__c: 10 });
    assert.equal(inserted.status, 201);
    const updated = await rest.send('PATCH', path, { Amount__c: 20 });
    assert.equal(updated.status, 200);
    assert.equal((updated.body as { id: string }).id, (inserted.body as { id: string }).id);
    assert.equal(((await rest.send('GET', path)).body as { Amount__c: number }).Amount__c, 20);
    assert.equal((await rest.send('DELETE', path)).status, 204);
  });

  void it('describes objects', async () => {
    const global = (await rest.send('GET', '/sobjects')).body as { sobjects: { name: string }[] };
    assert.ok(global.sobjects.some(({ name }) => name === 'Invoice__c'));
    const { fields } = (await rest.send('GET', '/sobjects/Invoice__c/describe')).body as {
      fields: {
        name: string;
        type: string;
        precision: number;
        scale: number;
        externalId: boolean;
        referenceTo: string[];
      }[];
    };
    const byName = new Map(fields.map((field) => [field.name, field]));
    assert.deepEqual([byName.get('Amount__c')?.type, byName.get('Amount__c')?.scale], ['currency', 2]);
    assert.equal(byName.get('Number__c')?.externalId, true);
    assert.deepEqual(byName.get('Account__c')?.referenceTo, ['Account']);
  });

  const refusals: [
    what: string,
    method: string,
    path: string,
    body: unknown,
    status: number,
    code: string,
    fields?: string[],
  ][] = [
    ['a missing required field', 'POST', '/sobjects/Account', {}, 400, 'REQUIRED_FIELD_MISSING', ['Name']],
    ['an overlong text', 'POST', '/sobjects/Account', { Name: 'x'.repeat(256) }, 400, 'STRING_TOO_LONG', ['Name']],
    ['an unknown field', 'POST', '/sobjects/Account', { Name: 'x', Nope__c: 1 }, 400, 'INVALID_FIELD'],
    [
      'a value of the wrong type',
      'POST',
      '/sobjects/Account',
      { Name: 'x', NumberOfEmployees: 'many' },
      400,
      'JSON_PARSER_ERROR',
    ],
    [
      'a broken validation rule',
      'POST',
      '/sobjects/Invoice__c',
      { Name: 'x', Amount__c: -1 },
      400,
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      ['Amount__c'],
    ],
    ['malformed JSON', 'POST', '/sobjects/Account', '{"Name": ', 400, 'JSON_PARSER_ERROR'],
    ['a list where an object belongs', 'POST', '/sobjects/Account', '[]', 400, 'JSON_PARSER_ERROR'],
    ['an unknown object', 'POST', '/sobjects/Nope__c', { Name: 'x' }, 404, 'NOT_FOUND'],
    ['a wrong Id', 'GET', '/sobjects/Account/nonsense', undefined, 404, 'NOT_FOUND'],
    ["another object's Id", 'GET', '/sobjects/Account/003000000000001AAA', undefined, 404, 'NOT_FOUND'],
    ['an Id that nobody has', 'PATCH', '/sobjects/Account/001zzzzzzzzzzzzAAA', { Name: 'x' }, 404, 'NOT_FOUND'],
    ['an unknown path', 'GET', '/nonsense', undefined, 404, 'NOT_FOUND'],
    ['another API version', 'GET', '/services/data/v12.0/limits', undefined, 404, 'NOT_FOUND'],
    ['a method without a meaning', 'PUT', '/sobjects/Account', {}, 405, 'METHOD_NOT_ALLOWED'],
    [
      'a dangling reference',
      'POST',
      '/sobjects/Contact',
      { LastName: 'x', AccountId: '001zzzzzzzzzzzzAAA' },
      400,
      'INVALID_CROSS_REFERENCE_KEY',
    ],
  ];
  for (const [what, method, path, body, status, code, fields] of refusals) {
    void it(`refuses ${what}`, async () => {
      const before = await count();
      const answer = await rest.send(method, path, body);
      const { errorCode, message, fields: answered } = errorOf(answer);
      assert.deepEqual([answer.status, errorCode], [status, code], message);
      assert.ok(message.length > 10, `the message says what is wrong: ${message}`);
      if (fields) {
        assert.deepEqual(answered, fields);
      }
      assert.equal(await count(), before, 'nothing was saved');
    });
  }

  const count = async (): Promise<number> =>
    ((await rest.send('GET', '/query?q=SELECT+COUNT()+FROM+Account')).body as { totalSize: number }).totalSize;
});

void describe('queries', () => {
  void it('answers with nested parents and children, and pages', async () => {
    const account = await create('Account', { Name: 'Paged' });
    const records = Array.from({ length: 150 }, (_, index) => ({
      attributes: { type: 'Contact' },
      LastName: `Person ${index}`,
      AccountId: account,
    }));
    for (const half of [records, records]) {
      assert.equal((await rest.send('POST', '/composite/sobjects', { allOrNone: true, records: half })).status, 200);
    }
    const soql = `SELECT LastName, Account.Name FROM Contact WHERE AccountId = '${account}' ORDER BY LastName`;
    const first = (
      await rest.send('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, {
        'sforce-query-options': 'batchSize=200',
      })
    ).body as { totalSize: number; done: boolean; nextRecordsUrl: string; records: { Account: { Name: string } }[] };
    assert.deepEqual([first.totalSize, first.done, first.records.length], [300, false, 200]);
    assert.equal(first.records[0]?.Account.Name, 'Paged');
    const second = (await rest.send('GET', first.nextRecordsUrl)).body as typeof first;
    assert.deepEqual([second.totalSize, second.done, second.records.length], [300, true, 100]);
    const again = await rest.send('GET', first.nextRecordsUrl);
    assert.equal(errorOf(again).errorCode, 'INVALID_QUERY_LOCATOR');
    const children = (
      await rest.send(
        'GET',
        `/query?q=${encodeURIComponent(`SELECT Id, (SELECT Id FROM Contacts) FROM Account WHERE Id = '${account}'`)}`,
      )
    ).body as { records: { Contacts: { totalSize: number; done: boolean } }[] };
    assert.equal(children.records[0]?.Contacts.totalSize, 300);
  });

  for (const [what, soql, code] of [
    ['an unknown field', 'SELECT Nope FROM Account', 'INVALID_FIELD'],
    ['an unknown object', 'SELECT Id FROM Nope', 'INVALID_TYPE'],
    ['nonsense', 'SELECT FROM WHERE', 'MALFORMED_QUERY'],
    ['nothing', '', 'MALFORMED_QUERY'],
  ] as const) {
    void it(`refuses ${what}`, async () => {
      const answer = await rest.send('GET', `/query?q=${encodeURIComponent(soql)}`);
      assert.deepEqual([answer.status, errorOf(answer).errorCode], [400, code]);
    });
  }
});

void describe('collections', () => {
  void it('saves what is right and says what is wrong when allOrNone is false', async () => {
    const { body } = await rest.send('POST', '/composite/sobjects', {
      allOrNone: false,
      records: [
        { attributes: { type: 'Invoice__c' }, Name: 'Good' },
        { attributes: { type: 'Invoice__c' }, Name: 'Bad', Amount__c: -5 },
      ],
    });
    const [good, bad] = body as { success: boolean; id?: string; errors: { statusCode: string }[] }[];
    assert.equal(good?.success, true);
    assert.deepEqual([bad?.success, bad?.errors[0]?.statusCode], [false, 'FIELD_CUSTOM_VALIDATION_EXCEPTION']);
    assert.equal((await rest.send('GET', `/sobjects/Invoice__c/${good?.id}`)).status, 200);
  });

  void it('saves nothing when allOrNone is true and one fails', async () => {
    const { body } = await rest.send('POST', '/composite/sobjects', {
      allOrNone: true,
      records: [
        { attributes: { type: 'Invoice__c' }, Name: 'Rolled back' },
        { attributes: { type: 'Invoice__c' }, Name: 'Bad', Amount__c: -5 },
      ],
    });
    const results = body as { success: boolean; errors: { statusCode: string }[] }[];
    assert.deepEqual(
      results.map(({ errors }) => errors[0]?.statusCode),
      ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'FIELD_CUSTOM_VALIDATION_EXCEPTION'],
    );
    const found = await rest.send(
      'GET',
      `/query?q=${encodeURIComponent("SELECT Id FROM Invoice__c WHERE Name = 'Rolled back'")}`,
    );
    assert.equal((found.body as { totalSize: number }).totalSize, 0);
  });

  void it('reads in the order of the Ids, with null for what is not there', async () => {
    const [one, two] = [await create('Account', { Name: 'One' }), await create('Account', { Name: 'Two' })];
    const { body } = await rest.send(
      'GET',
      `/composite/sobjects/Account?ids=${two},001zzzzzzzzzzzzAAA,${one}&fields=Name`,
    );
    assert.deepEqual(
      (body as ({ Name: string } | null)[]).map((record) => record?.Name ?? null),
      ['Two', null, 'One'],
    );
  });

  void it('refuses a tree whose records are no records', async () => {
    for (const records of [[null], [{ attributes: null }], 'none', undefined]) {
      const { status, body } = await rest.send('POST', '/composite/tree/Account', { records });
      assert.equal(status, 400, JSON.stringify(records));
      assert.match((body as { errorCode: string }[])[0]?.errorCode ?? '', /^(INVALID_INPUT|JSON_PARSER_ERROR)$/);
    }
  });

  void it('answers a path with a broken escape as Salesforce words errors', async () => {
    const { status, body } = await rest.send('GET', '/sobjects/%zz');
    assert.deepEqual(
      [status, body],
      [400, [{ errorCode: 'BAD_REQUEST', message: 'The path holds a % that is no escape.' }]],
    );
  });

  void it('saves a tree of parents and children together or not at all', async () => {
    const tree = (lastName: string | null): unknown => ({
      records: [
        {
          attributes: { type: 'Account', referenceId: 'parent' },
          Name: 'Tree',
          Contacts: { records: [{ attributes: { type: 'Contact', referenceId: 'child' }, LastName: lastName }] },
        },
      ],
    });
    const saved = await rest.send('POST', '/composite/tree/Account', tree('Leaf'));
    assert.equal(saved.status, 201, JSON.stringify(saved.body));
    const [, child] = (saved.body as { results: { referenceId: string; id: string }[] }).results;
    const contact = await rest.send('GET', `/sobjects/Contact/${child?.id}?fields=Account.Name`);
    assert.equal((contact.body as { Account: { Name: string } }).Account.Name, 'Tree');
    const refused = await rest.send('POST', '/composite/tree/Account', tree(null));
    assert.equal(refused.status, 400);
    assert.equal((refused.body as { hasErrors: boolean }).hasErrors, true);
    const trees = await rest.send(
      'GET',
      `/query?q=${encodeURIComponent("SELECT COUNT() FROM Account WHERE Name = 'Tree'")}`,
    );
    assert.equal((trees.body as { totalSize: number }).totalSize, 1);
  });
});
