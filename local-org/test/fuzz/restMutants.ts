/** Mutated REST requests against a running trigger: an answer with a code, and no write but the one that was acknowledged. */
import { createServer } from '../../src/api/server.ts';
import { registerUiApi } from '../../src/api/ui/index.ts';
import { readUiMetadata } from '../../src/api/ui/metadata/index.ts';
import { launch } from '../../src/cli/launch.ts';
import type { Org } from '../../src/runtime/types.ts';
import { mutate, mutateJson, vocabularyOf } from './mutate.ts';
import type { Random } from './random.ts';
import { PIPELINE } from './sources.ts';
import { accepted, defect, INTERNAL, refused } from './types.ts';
import type { MutantKind, Verdict } from './types.ts';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const TOKEN = 'fuzz';
const TABLES = ['Account', 'Contact', 'Opportunity', 'Plan__c', 'Task', 'User'];
const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-31', Amount: 12.5 };

/** Requests that are right as they stand; @plan and @deal stand for the Ids of the seed. */
const REQUESTS: readonly Request[] = [
  { method: 'POST', path: '/sobjects/Opportunity', body: { ...deal, Plan__c: '@plan' } },
  { method: 'PATCH', path: '/sobjects/Opportunity/@deal', body: { Amount: 99.99, StageName: 'Closed Won' } },
  { method: 'GET', path: '/sobjects/Opportunity/@deal?fields=Name,Amount,Plan__c' },
  { method: 'PATCH', path: '/sobjects/Plan__c/Key__c/K-1', body: { Name: 'By key', Level__c: 'Approved' } },
  { method: 'POST', path: '/sobjects/Task', body: { Subject: 'Call', WhatId: '@deal', ActivityDate: '2026-12-01' } },
  {
    method: 'POST',
    path: '/composite/sobjects',
    body: {
      allOrNone: true,
      records: [1, 2].map((Amount) => ({ attributes: { type: 'Opportunity' }, ...deal, Amount, Plan__c: '@plan' })),
    },
  },
  {
    method: 'PATCH',
    path: '/composite/sobjects',
    body: {
      allOrNone: false,
      records: [
        { attributes: { type: 'Opportunity' }, id: '@deal', Amount: 5 },
        { attributes: { type: 'Plan__c' }, id: '@plan', Level__c: 'Draft' },
      ],
    },
  },
  { method: 'PATCH', path: '/composite/sobjects/Plan__c/Key__c', body: { records: [{ Key__c: 'K-2', Name: 'Two' }] } },
  { method: 'DELETE', path: '/composite/sobjects?ids=@deal,@plan&allOrNone=true' },
  { method: 'POST', path: '/composite/sobjects/Opportunity', body: { ids: ['@deal'], fields: ['Name', 'Amount'] } },
  {
    method: 'POST',
    path: '/composite/tree/Account',
    body: {
      records: [
        {
          attributes: { type: 'Account', referenceId: 'a1' },
          Name: 'Acme',
          Contacts: { records: [{ attributes: { type: 'Contact', referenceId: 'c1' }, LastName: 'Lee' }] },
        },
      ],
    },
  },
  {
    method: 'POST',
    path: '/composite',
    body: {
      allOrNone: true,
      compositeRequest: [
        {
          method: 'POST',
          url: '/services/data/v67.0/sobjects/Plan__c',
          referenceId: 'plan',
          body: { Name: 'Made', Key__c: 'K-9' },
        },
        {
          method: 'POST',
          url: '/services/data/v67.0/sobjects/Opportunity',
          referenceId: 'deal',
          body: { ...deal, Plan__c: '@{plan.id}' },
        },
        {
          method: 'GET',
          url: '/services/data/v67.0/sobjects/Opportunity/@{deal.id}?fields=Name,Amount',
          referenceId: 'read',
        },
        { method: 'DELETE', url: '/services/data/v67.0/sobjects/Plan__c/@{plan.id}', referenceId: 'gone' },
      ],
    },
  },
  {
    method: 'POST',
    path: '/composite/batch',
    body: {
      haltOnError: true,
      batchRequests: [
        { method: 'PATCH', url: 'v67.0/sobjects/Opportunity/@deal', richInput: { Amount: 7 } },
        { method: 'GET', url: 'v67.0/query?q=SELECT+Id+FROM+Plan__c' },
      ],
    },
  },
  {
    method: 'POST',
    path: '/composite/graph',
    body: {
      graphs: [
        {
          graphId: 'one',
          compositeRequest: [
            {
              method: 'POST',
              url: '/services/data/v67.0/sobjects/Account',
              referenceId: 'parent',
              body: { Name: 'Graph' },
            },
            {
              method: 'POST',
              url: '/services/data/v67.0/sobjects/Contact',
              referenceId: 'child',
              body: { LastName: 'Lee', AccountId: '@{parent.id}' },
            },
          ],
        },
      ],
    },
  },
  { method: 'GET', path: "/query?q=SELECT+Id,Amount+FROM+Opportunity+WHERE+Name='Deal'+LIMIT+5" },
  { method: 'GET', path: '/sobjects/Plan__c/describe' },
  { method: 'GET', path: '/limits' },
  { method: 'GET', path: "/tooling/executeAnonymous?anonymousBody=insert%20new%20Plan__c(Name%3D'Apex')%3B" },
  { method: 'GET', path: '/ui-api/records/@deal?fields=Opportunity.Name,Opportunity.Plan__r.Name&modes=View' },
  { method: 'GET', path: '/ui-api/object-info/Plan__c' },
  { method: 'POST', path: '/ui-api/records', body: { apiName: 'Plan__c', fields: { Name: 'UI', Level__c: 'Draft' } } },
  { method: 'PATCH', path: '/ui-api/records/@plan', body: { fields: { Name: 'Renamed', Total__c: 1 } } },
];
const NAMES: readonly string[] = vocabularyOf(REQUESTS.map((request) => JSON.stringify(request))).filter((word) =>
  /^[A-Za-z]/.test(word),
);

/** Everything that a write could change: all rows that were written, and the totals of the plans. */
function contents(org: Org): { readonly state: string; readonly wrong: string | null } {
  return org.transaction({ userId: org.administratorId }, (transaction) => {
    const rows = (text: string) =>
      transaction.query(text, { accessMode: 'system', sharing: 'without', countLimits: false, allRows: true }).records;
    const stamps = TABLES.flatMap((table) =>
      rows(
        `SELECT Id, SystemModstamp, IsDeleted FROM ${table} ORDER BY Id`.replace(
          table === 'User' ? ', IsDeleted' : '~',
          '',
        ),
      ).map(({ id, values }) => `${id} ${String(values.get('IsDeleted'))} ${String(values.get('SystemModstamp'))}`),
    );
    const sums = new Map(
      rows(
        'SELECT Plan__c plan, SUM(Amount) total, COUNT(Id) number FROM Opportunity WHERE IsDeleted = false AND Plan__c != null GROUP BY Plan__c',
      ).map(({ values }) => [
        values.get('plan'),
        `${Number(values.get('total') ?? 0)} ${Number(values.get('number'))}`,
      ]),
    );
    const figures = rows('SELECT Id, Total__c, Number__c FROM Plan__c WHERE IsDeleted = false').map(
      ({ id, values }) => ({
        id,
        kept: `${Number(values.get('Total__c') ?? 0)} ${Number(values.get('Number__c') ?? 0)}`,
      }),
    );
    return {
      state: [...stamps, ...figures.map(({ id, kept }) => `${id} ${kept}`)].join('\n'),
      wrong: wrongTotal(figures, sums),
    };
  });
}

function wrongTotal(
  figures: readonly { readonly id: string | null; readonly kept: string }[],
  sums: ReadonlyMap<unknown, string>,
): string | null {
  const wrong = figures.find(({ id, kept }) => sums.has(id) && sums.get(id) !== kept);
  return wrong ? `plan ${wrong.id} holds ${wrong.kept}, its opportunities ${sums.get(wrong.id)}` : null;
}

/** Error codes of an answer that refuses, or null when some of its parts were saved. */
function codesOf(body: unknown): readonly string[] {
  const entries = Array.isArray(body) ? body : [body];
  return entries.flatMap((entry: unknown) => {
    const { errorCode, errors, results } = (entry ?? {}) as {
      errorCode?: string;
      errors?: { statusCode?: string }[];
      results?: unknown;
    };
    if (results !== undefined) return codesOf(results);
    return errorCode ?? (Array.isArray(errors) ? errors.map(({ statusCode }) => statusCode ?? '') : []);
  });
}

export const restMutants: MutantKind = {
  name: 'REST',
  count: 600,
  open: async () => {
    const { org } = launch({ source: PIPELINE });
    const server = createServer({ org, token: TOKEN });
    registerUiApi(server, {
      org,
      metadata: readUiMetadata(org.project, org.schema),
      userIdOf: (request) => request.userId,
    });
    await server.ready();
    const send = async (method: string, url: string, payload?: string, type = 'application/json') =>
      server.inject({
        method: method as 'GET',
        url: `/services/data/v67.0${url}`,
        headers: {
          host: 'localhost',
          authorization: `Bearer ${TOKEN}`,
          ...(payload === undefined ? {} : { 'content-type': type }),
        },
        ...(payload === undefined ? {} : { payload }),
      });
    const create = async (objectName: string, body: unknown): Promise<string> =>
      (await send('POST', `/sobjects/${objectName}`, JSON.stringify(body))).json<{ id: string }>().id;
    let plan = '';
    let opportunity = '';
    /** Makes the seed's records, or those of them that a mutant has deleted. */
    const seed = async (): Promise<void> => {
      const isThere = async (id: string): Promise<boolean> =>
        id !== '' &&
        (await send('GET', `/sobjects/${id.startsWith('006') ? 'Opportunity' : 'Plan__c'}/${id}?fields=Id`))
          .statusCode === 200;
      if (!(await isThere(plan))) plan = await create('Plan__c', { Name: 'Plan', Key__c: 'K-1' });
      if (!(await isThere(opportunity))) opportunity = await create('Opportunity', { ...deal, Plan__c: plan });
    };
    await seed();

    const run = async (method: string, path: string, payload: string | undefined): Promise<Verdict> => {
      const before = contents(org);
      const answer = await send(method, path, payload);
      const after = contents(org);
      if (method === 'DELETE' || path.includes('executeAnonymous')) await seed();
      const codes = answer.statusCode >= 400 && answer.body !== '' ? codesOf(answer.json()) : [];
      if (answer.statusCode >= 500 && answer.statusCode !== 501) return defect(`${answer.statusCode} ${answer.body}`);
      if (INTERNAL.test(answer.body)) return defect(answer.body.slice(0, 600));
      if (
        after.wrong !== null &&
        before.wrong === null &&
        !/Plan__c/.test(path) &&
        !/Total__c|Number__c/.test(payload ?? '')
      )
        return defect(`wrong commit: ${after.wrong}`);
      if (answer.statusCode < 400) return accepted;
      if (before.state !== after.state) return defect(`refused with ${answer.statusCode}, yet rows changed`);
      return codes.length > 0 || method === 'HEAD'
        ? refused(`${answer.statusCode} ${codes[0] ?? ''}`)
        : defect(`${answer.statusCode} without a code: ${answer.body.slice(0, 300)}`);
    };
    return {
      next: (random: Random) => {
        const chosen = JSON.parse(
          JSON.stringify(random.pick(REQUESTS)).replaceAll('@plan', plan).replaceAll('@deal', opportunity),
        ) as Request;
        const damage = chosen.body === undefined ? 0 : random.pick([0, 1, 1, 1, 1, 2]);
        const method = random.below(15) === 0 ? random.pick(['GET', 'POST', 'PATCH', 'DELETE', 'HEAD']) : chosen.method;
        const path =
          damage === 0
            ? encodeURI(mutate(chosen.path, random, NAMES).toWellFormed()).replaceAll('%25', '%')
            : chosen.path;
        const json = JSON.stringify(damage === 1 ? mutateJson(chosen.body, random, NAMES) : chosen.body);
        const body = damage === 2 ? mutate(json, random, NAMES) : json;
        return {
          input: `${method} ${path}\n${body ?? ''}`,
          run: () => run(method, path.startsWith('/') ? path : `/${path}`, body),
        };
      },
      close: async () => {
        await server.close();
        org.close();
      },
    };
  },
};
