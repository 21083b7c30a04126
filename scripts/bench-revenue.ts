/**
 * `npm run bench:revenue -- [--opportunities 200,2000,10000] [--plans 1,100,2000] [--whole-org 100000,1000000] [--minutes 15]`:
 * what the revenue engine costs on this machine. First one statement each on so many opportunities of so many plans, with the
 * limits that the engine used; then the recalculation of a whole org. A benchmark, not a test; it stops by itself.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from '../local-org/src/cli/launch.ts';
import { DmlFailure, LimitExceeded } from '../local-org/src/runtime/errors.ts';
import type { OrgRuntime } from '../local-org/src/runtime/OrgRuntime.ts';
import type { DmlRequest, LimitName } from '../local-org/src/runtime/types.ts';
import { SObjectRecord } from '../local-org/src/schema/record.ts';
import { insertSystemRow } from '../local-org/src/store/systemRows.ts';
import { ApexDate } from '../local-org/src/values/ApexDate.ts';
import { ApexDatetime } from '../local-org/src/values/ApexDatetime.ts';
import { Decimal } from '../local-org/src/values/Decimal.ts';

const ROOT = join(import.meta.dirname, '..');
const DEFINITION = join(ROOT, 'config/project-scratch-def.json');
const FIRST_DAY = ApexDate.parse('2027-01-01');
const LAST_DAY = ApexDate.parse('2027-12-31');
const DAYS = 365;
const BATCH_CLASS = 'RevenueAuditBatch';
/** Plans of an org that is recalculated as a whole. */
const WHOLE_ORG_PLANS = 2000;
const PROGRESS = 100_000;
const FILL_STEP = 50_000;

type Values = Readonly<Record<string, unknown>>;

const { values: options } = parseArgs({
  options: {
    opportunities: { type: 'string', default: '200,2000,10000' },
    plans: { type: 'string', default: '1,100,2000' },
    'whole-org': { type: 'string', default: '100000,1000000' },
    minutes: { type: 'string', default: '15' },
  },
});
const end = performance.now() + Number(options.minutes) * 60_000;

const [processor] = cpus();
console.log(`${availableParallelism()} × ${processor?.model ?? 'processor'}, Node ${process.versions.node}\n`);
console.log('One statement of an API client; limits are those that the engine used, jobs are what it left to them.');
print(['opportunities', 'plans', 'statement', 'SOQL', 'rows', 'DML', 'DML rows', 'CPU ms', 'ms', 'jobs', 'jobs ms']);
for (const opportunities of numbers(options.opportunities))
  for (const plans of numbers(options.plans)) oneStatement(opportunities, plans);
for (const opportunities of numbers(options['whole-org'])) wholeOrg(opportunities);

function numbers(list: string): readonly number[] {
  return list
    .split(',')
    .filter((text) => text !== '')
    .map((text) => {
      const value = Number(text);
      if (!Number.isInteger(value) || value < 1) throw new Error(`"${text}" in "${list}" is no number of records`);
      return value;
    });
}

function print(cells: readonly (string | number)[]): void {
  const width = [13, 6, 18, 5, 7, 4, 9, 7, 7, 5, 8];
  console.log(cells.map((cell, index) => String(cell).padStart(width[index] ?? 10)).join(' '));
}

function isOver(): boolean {
  if (performance.now() < end) return false;
  console.log(`stopped: ${options.minutes} minutes are over (--minutes)`);
  return true;
}

function open(data?: string): OrgRuntime {
  const { org } = launch({
    source: ROOT,
    definition: DEFINITION,
    jobsInBackground: true,
    ...(data === undefined ? {} : { data }),
  });
  return org as OrgRuntime;
}

/** Insert, change of amounts, move of close dates and delete of all opportunities, each in one statement. */
function oneStatement(count: number, plans: number): void {
  if (isOver()) return;
  const org = open();
  try {
    const accounts = plannedAccounts(org, plans);
    const made = Array.from({ length: count }, (_, index) =>
      record(org, {
        Name: `Deal ${index}`,
        AccountId: accounts[index % accounts.length]?.accountId,
        StageName: 'Prospecting',
        CloseDate: FIRST_DAY.addDays(index % DAYS),
        Amount: Decimal.fromNumber(1000 + index),
      }),
    );
    const changed = (fields: (index: number) => Values): readonly SObjectRecord[] =>
      made.map(({ id }, index) => record(org, { Id: id, ...fields(index) }));
    const statements: readonly (readonly [string, DmlRequest['operation'], () => readonly SObjectRecord[]])[] = [
      ['insert', 'insert', () => made],
      ['amount change', 'update', () => changed((index) => ({ Amount: Decimal.fromNumber(index) }))],
      ['close date moves', 'update', () => changed((index) => ({ CloseDate: LAST_DAY.addDays(1 + (index % DAYS)) }))],
      ['close date back', 'update', () => changed(() => ({ CloseDate: LAST_DAY }))],
      ['delete', 'delete', () => changed(() => ({}))],
    ];
    for (const [statement, operation, records] of statements)
      try {
        measure(org, count, plans, statement, operation, records);
      } catch (error) {
        if (!(error instanceof LimitExceeded || error instanceof DmlFailure)) throw error;
        print([count, plans, statement, `failed: ${error.message}`]);
        break;
      }
  } finally {
    org.close();
  }
}

function measure(
  org: OrgRuntime,
  count: number,
  plans: number,
  statement: string,
  operation: DmlRequest['operation'],
  records: () => readonly SObjectRecord[],
): void {
  const list = records();
  const processorBefore = process.cpuUsage();
  const begin = performance.now();
  const used = org.transaction({ userId: org.administratorId }, (transaction) => {
    transaction.dml({
      operation,
      records: list,
      allOrNone: true,
      accessMode: 'system',
      sharing: 'without',
      countLimits: false,
    });
    const names: readonly LimitName[] = ['queries', 'queryRows', 'dmlStatements', 'dmlRows'];
    return names.map((name) => transaction.limits.used(name));
  });
  const milliseconds = performance.now() - begin;
  const { user, system } = process.cpuUsage(processorBefore);
  const jobsBegin = performance.now();
  const jobs = runJobs(org);
  print([
    count,
    plans,
    statement,
    ...used,
    Math.round((user + system) / 1000),
    Math.round(milliseconds),
    jobs,
    Math.round(performance.now() - jobsBegin),
  ]);
}

/** Runs what is due; returns the number of transactions. */
function runJobs(org: OrgRuntime): number {
  let steps = 0;
  while (org.runNextStep()) steps++;
  return steps;
}

function record(org: OrgRuntime, values: Values): SObjectRecord {
  const made = new SObjectRecord(org.object('Opportunity'));
  for (const [name, value] of Object.entries(values)) made.values.set(name, value);
  return made;
}

/** Writes rows without the save order: filling is not what is measured. */
function fill(org: OrgRuntime, objectName: string, count: number, values: (index: number) => Values): string[] {
  const object = org.object(objectName);
  const now = new ApexDatetime(Date.now());
  const ids: string[] = [];
  while (ids.length < count)
    org.transaction({ userId: org.administratorId }, () => {
      for (let step = 0; step < FILL_STEP && ids.length < count; step++)
        ids.push(insertSystemRow(org.store, object, values(ids.length), org.administratorId, now));
    });
  return ids;
}

/** Accounts with a plan of the whole year each. */
function plannedAccounts(org: OrgRuntime, count: number): readonly { accountId: string; planId: string }[] {
  const accounts = fill(org, 'Account', count, (index) => ({ Name: `Account ${index}` }));
  const zero = Decimal.ZERO;
  const plans = fill(org, 'Key_Account_Plan__c', count, (index) => ({
    Name: `Plan ${index}`,
    Account__c: accounts[index],
    Period__c: 'Year',
    Start_Date__c: FIRST_DAY,
    End_Date__c: LAST_DAY,
    Approval_Status__c: 'Draft',
    Sales_Target__c: Decimal.fromNumber(1_000_000),
    Won_Revenue__c: zero,
    Pipeline__c: zero,
    Weighted_Pipeline__c: zero,
    Commit_Pipeline__c: zero,
    Most_Likely_Pipeline__c: zero,
    Best_Case_Pipeline__c: zero,
    Early_Pipeline__c: zero,
    Linked_Opportunity_Count__c: zero,
    ...defaults(org),
  }));
  return accounts.map((accountId, index) => ({ accountId, planId: plans[index] as string }));
}

/** What a new plan gets from the defaults of its picklists. */
function defaults(org: OrgRuntime): Values {
  return Object.fromEntries(
    org
      .object('Key_Account_Plan__c')
      .fields.filter(({ custom, type }) => custom && type === 'picklist')
      .map(({ name, picklistValues }) => [name, picklistValues.find(({ isDefault }) => isDefault)?.value ?? null]),
  );
}

/** Recalculates an org whose links are right and whose figures all have to be written. */
function wholeOrg(count: number): void {
  if (isOver()) return;
  const folder = mkdtempSync(join(tmpdir(), 'bench-revenue-'));
  const org = open(folder);
  try {
    const begin = performance.now();
    const planned = plannedAccounts(org, WHOLE_ORG_PLANS);
    fill(org, 'Opportunity', count, (index) => {
      const owner = planned[index % planned.length];
      const isWon = index % 3 === 0;
      const amount = Decimal.fromNumber(1000 + (index % 1000));
      return {
        Name: `Deal ${index}`,
        AccountId: owner?.accountId,
        Key_Account_Plan__c: owner?.planId,
        Plan_Assignment__c: 'Automatic',
        CloseDate: FIRST_DAY.addDays(index % DAYS),
        Amount: amount,
        StageName: isWon ? 'Closed Won' : 'Value Proposition',
        IsClosed: isWon,
        IsWon: isWon,
        ForecastCategory: isWon ? 'Closed' : 'Pipeline',
        ForecastCategoryName: isWon ? 'Closed' : 'Pipeline',
        Probability: Decimal.fromNumber(isWon ? 100 : 50),
        ExpectedRevenue: amount.multiply(Decimal.parse(isWon ? '1' : '0.5')),
      };
    });
    const many = count.toLocaleString('en-US');
    console.log(
      `\nWhole org: ${many} opportunities of ${WHOLE_ORG_PLANS} plans (filled in ${seconds(begin)} s, ${memory()})`,
    );
    const problem = start(org);
    if (problem !== null) {
      console.log(`skipped: ${problem}`);
      return;
    }
    recalculate(org, count);
  } finally {
    org.close();
    rmSync(folder, { recursive: true });
  }
}

/** Starts the batch; returns why it can't be started, or null. */
function start(org: OrgRuntime): string | null {
  if (!org.project.apex.some(({ name }) => name === BATCH_CLASS)) return `the project has no class ${BATCH_CLASS}`;
  const outcome = org.transaction({ userId: org.administratorId }, (transaction) =>
    org.code?.executeAnonymous(transaction, `Database.executeBatch(new ${BATCH_CLASS}(), ${BATCH_CLASS}.LINKS_SCOPE);`),
  );
  return outcome?.success ? null : (outcome?.compileProblem ?? outcome?.exceptionMessage ?? 'the org runs no Apex');
}

/** Does the batch's steps. A progress line for each 100,000 opportunities whose link was checked, then the figures. */
function recalculate(org: OrgRuntime, count: number): void {
  const failures: string[] = [];
  const stop = org.onJobFailure(({ failure }) => failures.push(JSON.stringify(failure)));
  const begin = performance.now();
  let stretch = begin;
  let first: number | null = null;
  let scopes = 0;
  let reported = 0;
  // The first step finds the opportunities.
  org.runNextStep();
  console.log(`  found in ${seconds(begin)} s`);
  stretch = performance.now();
  while (org.runNextStep()) {
    const { links, figures } = progress(org);
    if (links.processed !== scopes && figures === null) {
      scopes = links.processed;
      const checked = Math.round((scopes / Math.max(1, links.total)) * count);
      if (checked - reported >= PROGRESS || checked === count) {
        const took = ((performance.now() - stretch) * PROGRESS) / (checked - reported || 1);
        first ??= took;
        console.log(
          `  links of ${checked.toLocaleString('en-US')}: ${(took / 1000).toFixed(1)} s per 100,000, ` +
            `${(took / first).toFixed(2)} of the first, ${memory()}`,
        );
        reported = checked;
        stretch = performance.now();
      }
    }
    if (performance.now() > end) break;
  }
  const linked = stretch;
  const over = isOver();
  console.log(
    `  figures of ${WHOLE_ORG_PLANS} plans: ${seconds(linked)} s, ${memory()}\n  together ${seconds(begin)} s` +
      (over ? ', not finished' : ''),
  );
  for (const failure of failures.slice(0, 3)) console.log(`  failed: ${failure}`);
  if (!over) console.log(`  ${result(org)}`);
  stop();
}

interface Scopes {
  readonly processed: number;
  readonly total: number;
}

/** How far the two batches are, by their AsyncApexJob rows. */
function progress(org: OrgRuntime): { readonly links: Scopes; readonly figures: Scopes | null } {
  const [links, figures] = org.store
    .all(
      `SELECT "JobItemsProcessed", "TotalJobItems" FROM "AsyncApexJob" WHERE "JobType" = 'BatchApex' ORDER BY "Id"`,
      [],
    )
    .map(([processed, total]): Scopes => ({ processed: Number(processed), total: Number(total) }));
  return { links: links ?? { processed: 0, total: 0 }, figures: figures ?? null };
}

/** What the plans say now, to see that the recalculation did its work. */
function result(org: OrgRuntime): string {
  return org.transaction({ userId: org.administratorId }, (transaction) => {
    const { records } = transaction.query(
      'SELECT SUM(Linked_Opportunity_Count__c) linked, SUM(Won_Revenue__c) won, SUM(Pipeline__c) pipeline FROM Key_Account_Plan__c',
      { accessMode: 'system', sharing: 'without', countLimits: false },
    );
    const sums = ['linked', 'won', 'pipeline'].map(
      (name) => `${name} ${String(records[0]?.values.get(name) as Decimal)}`,
    );
    return `the plans' sums: ${sums.join(', ')}`;
  });
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

function memory(): string {
  const { rss, heapUsed } = process.memoryUsage();
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MB`;
  return `RSS ${megabytes(rss)}, heap ${megabytes(heapUsed)}`;
}
