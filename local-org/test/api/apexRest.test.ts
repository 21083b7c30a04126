/** Apex Developer Guide, "Exposing Apex Classes as REST Web Services". */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { createServer } from '../../src/api/server.ts';
import { launch, type LaunchedOrg } from '../../src/cli/launch.ts';
import { trapProject } from '../traps/trap.ts';

const APEX = {
  Things: `@RestResource(urlMapping='/things/*')
global with sharing class Things {
  global class Answer { public String name; public Integer size; }
  @HttpGet global static Answer read() {
    RestRequest request = RestContext.request;
    Answer answer = new Answer();
    answer.name = request.requestURI.substringAfterLast('/') + ' ' + request.params.get('colour') + ' ' + request.headers.get('x-colour');
    answer.size = UserInfo.getUserId().length();
    return answer;
  }
  @HttpPost global static String create(String name, List<Integer> sizes) {
    Parent__c made = new Parent__c(Name = name, Size__c = sizes[1]);
    insert made;
    RestContext.response.statusCode = 201;
    return made.Name;
  }
  @HttpPut global static void raw() {
    RestContext.response.addHeader('Content-Type', 'text/plain');
    RestContext.response.responseBody = Blob.valueOf('got ' + RestContext.request.requestBody.toString());
  }
  @HttpDelete global static void fail() { insert new Parent__c(Name = 'not kept'); throw new IllegalArgumentException('no'); }
}`,
  Exact: `@RestResource(urlMapping='/things/one')
global with sharing class Exact { @HttpGet global static String read() { return 'exact'; } }`,
};

let opened: LaunchedOrg;
let server: FastifyInstance;
before(async () => {
  opened = launch({ source: trapProject({ apex: APEX }) });
  server = createServer({ org: opened.org, token: 'secret' });
  await server.ready();
});
after(async () => {
  await server.close();
  opened.org.close();
});

async function send(method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH', path: string, payload?: string) {
  const { statusCode, body, headers } = await server.inject({
    method,
    url: `/services/apexrest${path}`,
    headers: {
      host: '127.0.0.1',
      authorization: 'Bearer secret',
      'x-colour': 'blue',
      ...(payload === undefined ? {} : { 'content-type': payload.startsWith('{') ? 'application/json' : 'text/csv' }),
    },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: statusCode, body, type: headers['content-type'] };
}

void test('services answer their paths with JSON, status and headers of their own', async () => {
  assert.deepEqual(JSON.parse((await send('GET', '/things/7?colour=red')).body), { name: '7 red blue', size: 18 });
  assert.equal((await send('GET', '/things/one')).body, '"exact"', 'the exact mapping goes first');
  assert.deepEqual(await send('POST', '/things', '{"name":"Box","sizes":[1,2]}'), {
    status: 201,
    body: '"Box"',
    type: 'application/json;charset=UTF-8',
  });
  assert.deepEqual(await send('PUT', '/things/x', 'a,b'), { status: 200, body: 'got a,b', type: 'text/plain' });
});

void test('what fails is told as the platform does, and leaves nothing behind', async () => {
  const failed = await send('DELETE', '/things/1');
  assert.equal(failed.status, 500);
  assert.match(failed.body, /"APEX_ERROR"/);
  assert.match(failed.body, /System\.IllegalArgumentException: no\\n\\nClass\.Things\.fail: line \d+, column 1/);
  const kept = opened.org.transaction({ userId: opened.org.administratorId }, (transaction) =>
    transaction.query('SELECT COUNT() FROM Parent__c', { accessMode: 'system', sharing: 'without' }),
  );
  assert.equal(kept.totalSize, 1, 'the one that was posted');
  for (const body of ['{"name":', '[1]', 'null', '7']) {
    const refused = await send('POST', '/things', body);
    assert.equal(refused.status, 400, body);
    assert.match(refused.body, /"JSON_PARSER_ERROR"/);
  }
  assert.equal((await send('GET', '/nothing')).status, 404);
  assert.equal((await send('PATCH', '/things/1')).status, 405);
  const anonymous = await server.inject({
    method: 'GET',
    url: '/services/apexrest/things/1',
    headers: { host: '127.0.0.1' },
  });
  assert.equal(anonymous.statusCode, 401);
});
