/** REST API Developer Guide, "Composite", "Composite Batch", "Composite Graph". */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startRestServer } from './restServer.ts';
import type { RestServer } from './restServer.ts';

interface PartAnswer {
  readonly httpStatusCode: number;
  readonly referenceId: string;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const SOBJECTS = '/services/data/v60.0/sobjects';
let rest: RestServer;
before(async () => {
  rest = await startRestServer();
});
after(() => rest.close());

async function composite(parts: readonly object[], allOrNone = false): Promise<readonly PartAnswer[]> {
  const { status, body } = await rest.send('POST', '/composite', { allOrNone, compositeRequest: parts });
  assert.equal(status, 200, JSON.stringify(body));
  return (body as { compositeResponse: PartAnswer[] }).compositeResponse;
}

async function count(soql: string): Promise<number> {
  const { body } = await rest.send('GET', `/query?q=${encodeURIComponent(soql)}`);
  return (body as { totalSize: number }).totalSize;
}

const account = (referenceId: string, name: string): object => ({
  method: 'POST',
  url: `${SOBJECTS}/Account`,
  referenceId,
  body: { Name: name },
});

void describe('composite', () => {
  void it('uses what earlier parts answered, in urls and in bodies', async () => {
    const answers = await composite([
      account('acme', 'Acme'),
      {
        method: 'POST',
        url: `${SOBJECTS}/Contact`,
        referenceId: 'lee',
        body: { LastName: 'Lee', AccountId: '@{acme.id}' },
      },
      { method: 'GET', url: `${SOBJECTS}/Contact/@{lee.id}?fields=LastName,AccountId`, referenceId: 'read' },
      {
        method: 'GET',
        url: "/services/data/v60.0/query?q=SELECT+Name+FROM+Account+WHERE+Id='@{read.AccountId}'",
        referenceId: 'found',
      },
      {
        method: 'PATCH',
        url: `${SOBJECTS}/Account/@{acme.id}`,
        referenceId: 'rename',
        body: { Name: '@{found.records[0].Name} Ltd' },
      },
    ]);
    assert.deepEqual(
      answers.map(({ httpStatusCode, referenceId }) => `${referenceId} ${httpStatusCode}`),
      ['acme 201', 'lee 201', 'read 200', 'found 200', 'rename 204'],
    );
    assert.match(answers[0]?.httpHeaders['Location'] ?? '', /^\/services\/data\/v67\.0\/sobjects\/Account\/001/);
    assert.equal(answers[4]?.body, null);
    assert.equal(await count("SELECT Id FROM Account WHERE Name = 'Acme Ltd'"), 1);
  });

  void it('takes everything back when all or none is asked for and one part fails', async () => {
    const answers = await composite([account('good', 'Taken back'), account('bad', ''), account('late', 'Late')], true);
    assert.deepEqual(
      answers.map(({ httpStatusCode, body }) => `${httpStatusCode} ${(body as { errorCode: string }[])[0]?.errorCode}`),
      ['400 PROCESSING_HALTED', '400 REQUIRED_FIELD_MISSING', '400 PROCESSING_HALTED'],
    );
    assert.equal(await count("SELECT Id FROM Account WHERE Name IN ('Taken back', 'Late')"), 0);
  });

  void it('keeps what succeeded otherwise, and does not run what depends on a failure', async () => {
    const answers = await composite([
      account('one', 'Kept'),
      account('two', ''),
      {
        method: 'POST',
        url: `${SOBJECTS}/Contact`,
        referenceId: 'three',
        body: { LastName: 'X', AccountId: '@{two.id}' },
      },
    ]);
    assert.deepEqual(
      answers.map(({ httpStatusCode }) => httpStatusCode),
      [201, 400, 400],
    );
    assert.deepEqual(answers[2]?.body, [
      { errorCode: 'PROCESSING_HALTED', message: 'Invalid reference specified. No value for two.id found in two' },
    ]);
    assert.equal(await count("SELECT Id FROM Account WHERE Name = 'Kept'"), 1);
  });

  void it('refuses what is no composite request before anything runs', async () => {
    for (const [body, code] of [
      [{ compositeRequest: 'x' }, 'INVALID_INPUT'],
      [{ compositeRequest: [{ method: 'GET', url: `${SOBJECTS}/Account` }] }, 'INVALID_INPUT'],
      [{ compositeRequest: [account('a', 'A'), account('a', 'B')] }, 'INVALID_INPUT'],
      [{ compositeRequest: Array.from({ length: 26 }, (_, index) => account(`a${index}`, 'A')) }, 'LIMIT_EXCEEDED'],
      [{ compositeRequest: [{ method: 'GET', url: '/etc/passwd', referenceId: 'a' }] }, 'INVALID_INPUT'],
    ] as const) {
      const answer = await rest.send('POST', '/composite', body);
      assert.equal(answer.status, 400);
      assert.equal((answer.body as { errorCode: string }[])[0]?.errorCode, code);
    }
    const [unknown] = await composite([{ method: 'GET', url: '/services/data/v60.0/tooling/query', referenceId: 'a' }]);
    assert.equal(unknown?.httpStatusCode, 404, 'only what the guide names can be a part');
    const [broken] = await composite([{ method: 'GET', url: `${SOBJECTS}/Account/%zz`, referenceId: 'a' }]);
    assert.equal(broken?.httpStatusCode, 400, 'a path with a broken escape');
  });
});

void describe('graph', () => {
  void it('saves each graph in whole or not at all', async () => {
    const { body } = await rest.send('POST', '/composite/graph', {
      graphs: [
        { graphId: 'a', compositeRequest: [account('x', 'Graph A')] },
        { graphId: 'b', compositeRequest: [account('x', 'Graph B'), account('y', '')] },
      ],
    });
    const { graphs } = body as { graphs: { graphId: string; isSuccessful: boolean }[] };
    assert.deepEqual(
      graphs.map(({ graphId, isSuccessful }) => `${graphId} ${isSuccessful}`),
      ['a true', 'b false'],
    );
    assert.equal(await count("SELECT Id FROM Account WHERE Name LIKE 'Graph%'"), 1);
  });

  void it('saves nothing when one of the graphs is none', async () => {
    const graph = { graphId: 'a', compositeRequest: [account('x', 'Half')] };
    for (const graphs of [
      [graph, []],
      [graph, { graphId: 'b', compositeRequest: 'x' }],
    ]) {
      const { status } = await rest.send('POST', '/composite/graph', { graphs });
      assert.equal(status, 400);
    }
    const batchRequests = [
      { method: 'POST', url: 'v60.0/sobjects/Account', richInput: { Name: 'Half' } },
      { url: 'x' },
    ];
    assert.equal((await rest.send('POST', '/composite/batch', { batchRequests })).status, 400);
    assert.equal(await count("SELECT Id FROM Account WHERE Name = 'Half'"), 0);
  });
});

void describe('batch', () => {
  void it('runs independent requests, to the end or until one fails', async () => {
    const batchRequests = [
      { method: 'POST', url: 'v60.0/sobjects/Account', richInput: { Name: 'Batch' } },
      { method: 'GET', url: 'v60.0/sobjects/Nothing' },
      { method: 'GET', url: 'v60.0/limits' },
    ];
    for (const [haltOnError, codes] of [
      [false, [201, 404, 200]],
      [true, [201, 404, 412]],
    ] as const) {
      const { body } = await rest.send('POST', '/composite/batch', { haltOnError, batchRequests });
      const { hasErrors, results } = body as { hasErrors: boolean; results: { statusCode: number }[] };
      assert.equal(hasErrors, true);
      assert.deepEqual(
        results.map(({ statusCode }) => statusCode),
        codes,
      );
    }
  });
});
