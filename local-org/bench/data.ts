/**
 * Measures the data engine: `node local-org/bench/data.ts` prints a table. Times are medians in milliseconds on this
 * machine; the tests assert on none of them.
 */
import { join } from 'node:path';
import { launch } from '../src/cli/launch.ts';
import { loadProject } from '../src/project/loadProject.ts';
import { openOrg } from '../src/runtime/openOrg.ts';
import type { Org, Transaction } from '../src/runtime/types.ts';
import { SObjectRecord } from '../src/schema/record.ts';
import { parseQuery } from '../src/soql/parse.ts';
import { ApexDate } from '../src/values/ApexDate.ts';
import { Decimal } from '../src/values/Decimal.ts';

const PIPELINE = join(import.meta.dirname, '../test/fixtures/pipeline');
const QUERY =
  "SELECT Id, Name, Account.Name, (SELECT Id FROM Tasks WHERE IsClosed = false) FROM Opportunity WHERE Name LIKE 'a%' AND Amount > 5 ORDER BY Name LIMIT 5";
const ROWS = 10_000;
const PLANS = 100;

/** Median of several runs, in milliseconds. */
function time(runs: number, work: () => void): number {
  const times = Array.from({ length: runs }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  }).sort((left, right) => left - right);
  return times[Math.floor(runs / 2)] ?? 0;
}

function recordOf(org: Org, objectName: string, values: Readonly<Record<string, unknown>>): SObjectRecord {
  const describe = org.schema.object(objectName);
  if (!describe) throw new Error(`The fixture has no object ${objectName}.`);
  const record = new SObjectRecord(describe);
  for (const [name, value] of Object.entries(values)) record.values.set(name, value);
  return record;
}

const results: { readonly measure: string; readonly milliseconds: number }[] = [];
const measure = (name: string, runs: number, work: () => void): void => {
  results.push({ measure: name, milliseconds: Number(time(runs, work).toFixed(3)) });
};

measure('first parse of a query', 1, () => void parseQuery(QUERY));
measure('parse of a query, 1,000 times', 5, () => {
  for (let count = 0; count < 1000; count += 1) parseQuery(QUERY);
});
const project = loadProject(PIPELINE);
measure('open an org in memory', 5, () => openOrg({ project }).close());

const { org } = launch({ source: PIPELINE });
const asAdministrator = <T>(work: (transaction: Transaction) => T): T =>
  org.transaction({ userId: org.administratorId }, work);
const insert = (records: readonly SObjectRecord[]): readonly (string | null)[] =>
  asAdministrator((transaction) =>
    transaction
      .dml({
        operation: 'insert',
        records,
        allOrNone: true,
        accessMode: 'system',
        sharing: 'without',
        countLimits: false,
      })
      .map(({ id }) => id),
  );
const plans = insert(
  Array.from({ length: PLANS }, (_, index) => recordOf(org, 'Plan__c', { Name: `Plan ${index}`, Key__c: `K${index}` })),
);
const deals = (count: number): SObjectRecord[] =>
  Array.from({ length: count }, (_, index) =>
    recordOf(org, 'Opportunity', {
      Name: `Deal ${index}`,
      StageName: 'Prospecting',
      CloseDate: ApexDate.parse('2026-12-31'),
      Amount: Decimal.parse('12.50'),
      Plan__c: plans[index % PLANS],
    }),
  );
measure(`insert ${ROWS.toLocaleString('en')} rows with a trigger that sums anew`, 1, () => void insert(deals(ROWS)));

const query = (text: string) => (): void =>
  void asAdministrator((transaction) =>
    transaction.query(text, { accessMode: 'system', sharing: 'without', countLimits: false }),
  );
measure('query one row by Id', 101, query(`SELECT Name FROM Plan__c WHERE Id = '${plans[0]}'`));
measure('query one row by external id', 101, query("SELECT Name FROM Plan__c WHERE Key__c = 'K42'"));
measure(
  `query ${ROWS / PLANS} rows by lookup`,
  101,
  query(`SELECT Id, Amount FROM Opportunity WHERE Plan__c = '${plans[1]}'`),
);
measure(
  `sum ${ROWS.toLocaleString('en')} rows in ${PLANS} groups`,
  11,
  query('SELECT Plan__c, SUM(Amount) FROM Opportunity GROUP BY Plan__c'),
);
measure(`read ${ROWS.toLocaleString('en')} rows`, 5, query('SELECT Id, Name, Amount, CloseDate FROM Opportunity'));
org.close();

console.table(results);
