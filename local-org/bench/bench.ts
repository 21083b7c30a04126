/**
 * `node local-org/bench/bench.ts [--suite DIR]`: how fast the local org compiles, computes, saves and queries. Every figure is
 * the median of several runs on this machine; a benchmark, not a test. DIR: a checkout, or a folder with
 * an sfdx-project.json that names fflib-apex-common's and fflib-apex-mocks' package directories.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '../src/apex/testRunner.ts';
import { launch } from '../src/cli/launch.ts';
import type { LaunchedOrg } from '../src/cli/launch.ts';
import type { OrgRuntime } from '../src/runtime/OrgRuntime.ts';
import { insertSystemRow } from '../src/store/systemRows.ts';
import { ApexDatetime } from '../src/values/ApexDatetime.ts';

const RUNS = 5;
const ROWS = 1_000_000;
/** Filling stops here, in milliseconds; the table says how many rows there were. */
const FILL_BUDGET = 20_000;
const FILL_STEP = 50_000;
const CLASSES = 20;
const METHODS = 50;

const TRIGGER = `trigger AccountNumbers on Account (before insert, after insert) {
  if (Trigger.isBefore) for (Account record : Trigger.new) record.AccountNumber = 'N-' + record.Name;
  else Counter.count(Trigger.new);
}`;
const COUNTER = `public class Counter {
  public static Integer counted = 0;
  public static void count(List<Account> records) { counted += records.size(); }
}`;

interface Figure {
  readonly what: string;
  readonly milliseconds: number;
  readonly note: string;
}

const { values } = parseArgs({ options: { suite: { type: 'string' } } });
const figures: Figure[] = [];
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  const lines = writeProject(folder);
  compileTimes(folder, lines);
  const opened = launch({ source: folder });
  try {
    loops(opened);
    inserts(opened);
    selectiveQuery(opened);
  } finally {
    opened.org.close();
  }
  if (values.suite !== undefined) suite(values.suite);
} finally {
  rmSync(folder, { recursive: true });
}
const [processor] = cpus();
console.log(
  `${availableParallelism()} × ${processor?.model ?? 'processor'}, Node ${process.versions.node}, median of ${RUNS}\n`,
);
const width = Math.max(...figures.map(({ what }) => what.length));
for (const { what, milliseconds, note } of figures) {
  console.log(`${what.padEnd(width)}  ${milliseconds.toFixed(milliseconds < 10 ? 2 : 0).padStart(7)} ms  ${note}`);
}

function add(what: string, milliseconds: number, note = ''): void {
  figures.push({ what, milliseconds, note });
}

function median(times: readonly number[]): number {
  return [...times].sort((left, right) => left - right)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** Median time of `work` in milliseconds. */
function timed(work: () => void, runs = RUNS): number {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const begin = performance.now();
    work();
    times.push(performance.now() - begin);
  }
  return median(times);
}

/** A project of ordinary classes and one trigger; returns its lines of Apex. */
function writeProject(root: string): number {
  let lines = 0;
  const write = (path: string, text: string): void => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (/\.(cls|trigger)$/.test(path)) lines += text.split('\n').length;
  };
  const meta = (root: string): string =>
    `<${root} xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>67.0</apiVersion><status>Active</status></${root}>`;
  write('sfdx-project.json', JSON.stringify({ packageDirectories: [{ path: 'app', default: true }] }));
  const addClass = (name: string, text: string): void => {
    write(`app/classes/${name}.cls`, text);
    write(`app/classes/${name}.cls-meta.xml`, meta('ApexClass'));
  };
  for (let index = 0; index < CLASSES; index++) addClass(`Service${index}`, serviceClass(`Service${index}`));
  addClass('Counter', COUNTER);
  write('app/triggers/AccountNumbers.trigger', TRIGGER);
  write('app/triggers/AccountNumbers.trigger-meta.xml', meta('ApexTrigger'));
  return lines;
}

function serviceClass(name: string): string {
  const methods = Array.from(
    { length: METHODS },
    (_, index) => `  public Map<Id, Decimal> totals${index}(List<Opportunity> records, Decimal factor) {
    Map<Id, Decimal> totals = new Map<Id, Decimal>();
    for (Opportunity record : records) {
      Decimal before = totals.get(record.AccountId) ?? 0;
      if (record.Amount != null && record.StageName != 'Closed Lost') {
        totals.put(record.AccountId, before + record.Amount * factor);
      }
    }
    List<Account> accounts = [SELECT Id, Name FROM Account WHERE Id IN :totals.keySet() ORDER BY Name LIMIT 100];
    for (Account account : accounts) System.debug(account.Name + ': ' + String.valueOf(totals.get(account.Id)));
    return totals;
  }`,
  );
  return `public with sharing class ${name} {\n${methods.join('\n')}\n}\n`;
}

/** Cold: a new process; warm: again in the same one. */
function compileTimes(root: string, lines: number): void {
  const launchFile = join(import.meta.dirname, '..', 'src', 'cli', 'launch.ts');
  const script = `const begin = performance.now();
    const { launch } = await import(${JSON.stringify(launchFile)});
    launch({ source: ${JSON.stringify(root)} }).org.close();
    console.log(performance.now() - begin);`;
  const cold = Array.from({ length: RUNS }, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return Number(stdout);
  });
  const warm = timed(() => launch({ source: root }).org.close());
  const perThousand = (time: number): number => (time * 1000) / lines;
  const note = `${lines} lines with opening the org`;
  add('compile, cold process, per 1,000 lines', perThousand(median(cold)), `${note}: ${median(cold).toFixed(0)} ms`);
  add('compile, warm process, per 1,000 lines', perThousand(warm), `${note}: ${warm.toFixed(0)} ms`);
}

/** Time that the anonymous block's `body` takes, by its own clock; compiling it is not counted. */
function apexTime({ org }: LaunchedOrg, body: string): number {
  return median(
    Array.from({ length: RUNS }, () =>
      org.transaction({ userId: org.administratorId }, (transaction) => {
        const source = `Long began = System.currentTimeMillis(); ${body} System.debug('took ' + (System.currentTimeMillis() - began));`;
        const outcome = org.code?.executeAnonymous(transaction, source);
        if (!outcome?.success)
          throw new Error(outcome?.compileProblem ?? outcome?.exceptionMessage ?? 'There is no Apex in this org');
        return Number(/took (\d+)/.exec(outcome.log)?.[1]);
      }),
    ),
  );
}

function loops(opened: LaunchedOrg): void {
  add(
    '1,000,000 turns of an Integer loop',
    apexTime(opened, 'Integer s = 0; for (Integer i = 0; i < 1000000; i++) { s += i; }'),
  );
  add(
    '1,000,000 Decimal operations',
    apexTime(
      opened,
      'Decimal sum = 0; Decimal price = 1.25; for (Integer i = 0; i < 500000; i++) { sum = sum + price * i; }',
    ),
    'additions and multiplications',
  );
}

/** Rolls the inserted rows back after each run. */
function inserts({ org }: LaunchedOrg): void {
  const body = `List<Account> records = new List<Account>();
    for (Integer i = 0; i < 10000; i++) records.add(new Account(Name = 'Account ' + i));
    insert records;`;
  class RollBack extends Error {}
  const time = timed(() => {
    try {
      org.transaction({ userId: org.administratorId }, (transaction) => {
        const outcome = org.code?.executeAnonymous(transaction, body);
        if (!outcome?.success) throw new Error(outcome?.exceptionMessage ?? outcome?.compileProblem ?? 'failed');
        throw new RollBack();
      });
    } catch (error) {
      if (!(error instanceof RollBack)) throw error;
    }
  });
  add('insert of 10,000 rows with a trigger', time, 'with making the records and compiling the block');
}

/** Rows are written without the save order: filling is not what is measured. */
function selectiveQuery({ org }: LaunchedOrg): void {
  const { store, schema } = org as OrgRuntime;
  const describe = schema.object('Contact');
  if (!describe) throw new Error('the schema lacks Contact');
  const begin = performance.now();
  const now = new ApexDatetime(Date.now());
  let rows = 0;
  while (rows < ROWS && performance.now() - begin < FILL_BUDGET) {
    org.transaction({ userId: org.administratorId }, () => {
      for (let step = 0; step < FILL_STEP && rows < ROWS; step++, rows++) {
        const name = `Person ${rows}`;
        const row = { LastName: name, Name: name, Email: `person${rows}@example.com` };
        insertSystemRow(store, describe, row, org.administratorId, now);
      }
    });
  }
  const filled = performance.now() - begin;
  const text = `SELECT Id, Name FROM Contact WHERE Email = 'person${Math.floor(rows / 2)}@example.com'`;
  const time = org.transaction({ userId: org.administratorId }, (transaction) => {
    const query = (): void => {
      const { records } = transaction.query(text, { accessMode: 'system', sharing: 'without', countLimits: false });
      if (records.length !== 1) throw new Error(`the query found ${records.length} rows`);
    };
    query();
    return timed(query, RUNS * 4);
  });
  add(
    `query by an indexed field on ${rows.toLocaleString('en-US')} rows`,
    time,
    `filled in ${(filled / 1000).toFixed(0)} s${rows < ROWS ? ', which is where filling was stopped' : ''}`,
  );
}

/** A suite's tests: cold in a process of its own, warm again in this one. */
function suite(source: string): void {
  const cli = join(import.meta.dirname, '..', 'src', 'cli.ts');
  const begin = performance.now();
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', cli, 'test', '--source', source]);
  add('test suite, cold process', performance.now() - begin, 'one run');
  let tests = 0;
  const warm = timed(() => {
    const { org, compiled } = launch({ source });
    tests = runTests(org, compiled).results.length;
    org.close();
  }, 3);
  add('test suite, warm process', warm, `${tests} tests with compiling, median of 3`);
}
