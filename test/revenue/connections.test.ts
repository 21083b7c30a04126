/** Two connections change the deals of one plan at once. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { startServerProcess } from '../../local-org/test/support/serverProcess.ts';
import type { ServerProcess } from '../../local-org/test/support/serverProcess.ts';
import { Random } from './random.ts';

const CHANGES = 1_000;
const CONNECTIONS = 2;
const DEALS = 8;

let data: string;
let server: ServerProcess;
before(async () => {
  data = mkdtempSync(join(tmpdir(), 'keystone-connections-'));
  server = await startServerProcess({ source: join(import.meta.dirname, '../..'), data });
});
after(async () => {
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

async function send<T>(method: string, path: string, body?: Record<string, unknown>): Promise<T> {
  const response = await fetch(`${server.url}/services/data/v67.0/${path}`, {
    method,
    headers: { authorization: 'Bearer local', 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

const create = async (object: string, fields: Record<string, unknown>): Promise<string> =>
  (await send<{ id: string }>('POST', `sobjects/${object}`, fields)).id;

it(`${CHANGES} changes by ${CONNECTIONS} connections at once leave the plan exact`, async () => {
  const accountId = await create('Account', { Name: 'Acme' });
  const planId = await create('Key_Account_Plan__c', {
    Account__c: accountId,
    Period__c: 'Year',
    Start_Date__c: '2027-01-01',
  });
  const deals = await Promise.all(
    Array.from({ length: DEALS }, (_, place) =>
      create('Opportunity', {
        Name: `Deal ${place}`,
        AccountId: accountId,
        StageName: 'Prospecting',
        CloseDate: '2027-05-01',
        Amount: 100,
      }),
    ),
  );
  // Both connections change all deals: amount, stage, and whether the close date lies in the plan's period.
  const worker = async (seed: number): Promise<void> => {
    const random = new Random(seed);
    for (let change = 0; change < CHANGES / CONNECTIONS; change += 1) {
      const fields = random.pick([
        { Amount: random.integer(0, 1_000_000) / 100 },
        { StageName: random.pick(['Prospecting', 'Closed Won', 'Closed Lost', 'Proposal/Price Quote']) },
        { CloseDate: random.pick(['2027-12-31', '2028-01-01', '2026-12-31', '2027-01-01']) },
      ]);
      await send('PATCH', `sobjects/Opportunity/${random.pick(deals)}`, fields);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, place) => worker(place + 1)));

  interface Deal {
    Amount: number;
    ExpectedRevenue: number;
    CloseDate: string;
    IsClosed: boolean;
    IsWon: boolean;
    ForecastCategory: string;
    Key_Account_Plan__c: string | null;
  }
  const query = async <T>(soql: string): Promise<T[]> =>
    (await send<{ records: T[] }>('GET', `query?q=${encodeURIComponent(soql)}`)).records;
  const rows = await query<Deal>(
    'SELECT Amount, ExpectedRevenue, CloseDate, IsClosed, IsWon, ForecastCategory, Key_Account_Plan__c FROM Opportunity',
  );
  const cents = (amounts: readonly number[]): number =>
    amounts.reduce((sum, amount) => sum + Math.round(amount * 100), 0) / 100;
  const inPlan = rows.filter(({ CloseDate }) => CloseDate.startsWith('2027'));
  for (const row of rows) assert.equal(row.Key_Account_Plan__c, inPlan.includes(row) ? planId : null);
  const open = inPlan.filter(({ IsClosed, ForecastCategory }) => !IsClosed && ForecastCategory !== 'Omitted');
  const [plan] = await query<Record<string, number>>(
    'SELECT Won_Revenue__c, Pipeline__c, Weighted_Pipeline__c, Linked_Opportunity_Count__c FROM Key_Account_Plan__c',
  );
  assert.deepEqual(
    { ...plan, attributes: undefined },
    {
      attributes: undefined,
      Won_Revenue__c: cents(inPlan.filter(({ IsWon }) => IsWon).map(({ Amount }) => Amount)),
      Pipeline__c: cents(open.map(({ Amount }) => Amount)),
      Weighted_Pipeline__c: cents(open.map(({ ExpectedRevenue }) => ExpectedRevenue)),
      Linked_Opportunity_Count__c: inPlan.length,
    },
  );
});
