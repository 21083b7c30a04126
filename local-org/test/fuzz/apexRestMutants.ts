/** Damaged requests to Apex REST services: an answer with a code, and rows only where the service says that it made them. */
import { createServer } from '../../src/api/server.ts';
import { launch } from '../../src/cli/launch.ts';
import { trapProject } from '../traps/trap.ts';
import { mutate, mutateJson, vocabularyOf } from './mutate.ts';
import type { Random } from './random.ts';
import { accepted, defect, INTERNAL, refused } from './types.ts';
import type { MutantKind, Verdict } from './types.ts';

const SERVICES = {
  Things: `@RestResource(urlMapping='/things/*')
global with sharing class Things {
  global class Line { public String text; public Decimal amount; public List<Line> below; }
  @HttpGet global static Map<String, Object> read() {
    RestRequest request = RestContext.request;
    return new Map<String, Object>{ 'uri' => request.requestURI, 'params' => request.params, 'path' => request.resourcePath };
  }
  @HttpPost global static Id create(String name, Integer size, Date day, List<Line> lines, Map<String, Decimal> sums, Boolean fails) {
    Parent__c made = new Parent__c(Name = name, Size__c = size);
    insert made;
    if (fails == true) throw new IllegalArgumentException('on demand');
    Decimal total = 0;
    for (Line line : lines) total += line.amount;
    return made.Id;
  }
  @HttpPatch global static Parent__c change(Parent__c record) { update record; return record; }
  @HttpPut global static void raw() {
    RestContext.response.responseBody = Blob.valueOf(RestContext.request.requestBody.toString().reverse());
  }
  @HttpDelete global static void remove() {
    delete [SELECT Id FROM Parent__c WHERE Name = :RestContext.request.requestURI.substringAfterLast('/')];
  }
}`,
};

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const REQUESTS: readonly Request[] = [
  { method: 'GET', path: '/things/1?colour=red%20blue&size=2' },
  {
    method: 'POST',
    path: '/things',
    body: {
      name: 'New',
      size: 3,
      day: '2026-01-31',
      lines: [{ text: 'a', amount: 1.5, below: [{ text: 'b', amount: 2, below: null }] }],
      sums: { x: 1.25 },
      fails: false,
    },
  },
  { method: 'POST', path: '/things/', body: { name: 'Fails', size: 1, lines: [], fails: true } },
  { method: 'PATCH', path: '/things/1', body: { record: { Id: '@kept', Size__c: 4 } } },
  { method: 'PUT', path: '/things/raw', body: { any: 'thing' } },
  { method: 'DELETE', path: '/things/Nobody' },
];
const NAMES = vocabularyOf(REQUESTS.map((request) => JSON.stringify(request))).filter((word) => /^[A-Za-z]/.test(word));

export const apexRestMutants: MutantKind = {
  name: 'Apex REST',
  count: 250,
  open: async () => {
    const { org } = launch({ source: trapProject({ apex: SERVICES }) });
    const server = createServer({ org, token: 'fuzz' });
    await server.ready();
    const headers = { host: 'localhost', authorization: 'Bearer fuzz' };
    const send = (method: string, url: string, payload: string | undefined) =>
      server.inject({
        method: method as 'GET',
        url,
        headers: { ...headers, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(payload === undefined ? {} : { payload }),
      });
    const rows = (): string =>
      org.transaction({ userId: org.administratorId }, (transaction) =>
        transaction
          .query('SELECT Id, Name, Size__c FROM Parent__c ORDER BY Id', {
            accessMode: 'system',
            sharing: 'without',
            countLimits: false,
          })
          .records.map(({ values }) => [...values.values()].map(String).join(' '))
          .join('\n'),
      );
    const made = await send(
      'POST',
      '/services/data/v67.0/sobjects/Parent__c',
      JSON.stringify({ Name: 'Kept', Size__c: 1 }),
    );
    const { id } = made.json<{ id: string }>();
    const run = async (method: string, path: string, body: string | undefined): Promise<Verdict> => {
      const before = rows();
      const answer = await send(method, `/services/apexrest${path.startsWith('/') ? '' : '/'}${path}`, body);
      if (INTERNAL.test(answer.body.replaceAll(body ?? '', ''))) return defect(answer.body.slice(0, 600));
      if (answer.statusCode < 400) return accepted;
      if (rows() !== before) return defect(`refused with ${answer.statusCode}, yet rows changed`);
      if (method === 'HEAD') return refused(String(answer.statusCode));
      const [first] = answer.json<{ errorCode?: string }[]>();
      const code = first?.errorCode;
      return code === undefined
        ? defect(`${answer.statusCode} without a code: ${answer.body.slice(0, 300)}`)
        : refused(code);
    };
    return {
      next: (random: Random) => {
        const chosen = JSON.parse(JSON.stringify(random.pick(REQUESTS)).replaceAll('@kept', id)) as Request;
        const damage = chosen.body === undefined ? 0 : random.pick([0, 1, 1, 1, 2, 2]);
        const method =
          random.below(12) === 0 ? random.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']) : chosen.method;
        const path =
          damage === 0
            ? encodeURI(mutate(chosen.path, random, NAMES).toWellFormed()).replaceAll('%25', '%')
            : chosen.path;
        const json = JSON.stringify(damage === 1 ? mutateJson(chosen.body, random, NAMES) : chosen.body);
        const body = damage === 2 ? mutate(json, random, NAMES) : json;
        return { input: `${method} ${path}\n${body ?? ''}`, run: () => run(method, path, body) };
      },
      close: async () => {
        await server.close();
        org.close();
      },
    };
  },
};
