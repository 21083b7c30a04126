/** What a person reads when something is wrong, and that nothing is lost by it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { startServerProcess } from '../support/serverProcess.ts';

const CLI = join(import.meta.dirname, '../../src/cli.ts');
const FIXTURE = join(import.meta.dirname, '../fixtures/invoices');
const CLASSES = 'force-app/main/default/classes';
const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

function run(commandArguments: readonly string[], input?: string): Outcome {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', CLI, ...commandArguments],
    {
      encoding: 'utf8',
      timeout: 60_000,
      ...(input === undefined ? {} : { input }),
    },
  );
  return { status, out: stdout, error: stderr };
}

/** A copy of the fixture project with further files. */
function projectWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'local-org-cli-'));
  folders.push(folder);
  cpSync(FIXTURE, folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const apexClass = (name: string, body: string): Record<string, string> => ({
  [`${CLASSES}/${name}.cls`]: body,
  [`${CLASSES}/${name}.cls-meta.xml`]:
    '<?xml version="1.0" encoding="UTF-8"?>\n<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>67.0</apiVersion><status>Active</status></ApexClass>\n',
});

void describe('check', () => {
  void it('accepts a project that is right', () => {
    const { status, out, error } = run(['check', '--source', FIXTURE]);
    assert.deepEqual([status, error], [0, '']);
    assert.match(out, /Everything loads/);
  });

  void it('names what is in the project and not acted on', () => {
    const source = projectWith({
      'force-app/main/default/flows/Assign.flow-meta.xml':
        '<Flow xmlns="http://soap.sforce.com/2006/04/metadata">\n  <label>Assign</label>\n  <processType>AutoLaunchedFlow</processType>\n</Flow>\n',
      'config/project-scratch-def.json': '{ "features": ["EnableSetPasswordInApi"] }',
    });
    const { status, out, error } = run(['check', '--source', source]);
    assert.match(out, /Without effect: the scratch org feature EnableSetPasswordInApi/);
    assert.equal(status, 1);
    assert.match(error, /Assign\.flow-meta\.xml:1:\d+: not supported: Flow Assign: it is not run/);
  });

  const broken: [what: string, files: Record<string, string>, message: RegExp][] = [
    [
      'an Apex syntax error',
      apexClass('Broken', 'public class Broken {\n  void run() {\n    Integer count = ;\n  }\n}\n'),
      /Broken\.cls:3:21: .*';'/,
    ],
    [
      'an Apex type error',
      apexClass('Broken', "public class Broken {\n  void run() {\n    Integer count = 'one';\n  }\n}\n"),
      /Broken\.cls:3:\d+: .*String.*Integer/,
    ],
    [
      'an unknown method',
      apexClass('Broken', "public class Broken {\n  void run() {\n    String text = 'a'.shout();\n  }\n}\n"),
      /Broken\.cls:3:\d+: .*shout/,
    ],
    [
      'an unknown field in SOQL',
      apexClass(
        'Broken',
        'public class Broken {\n  void run() {\n    List<Account> found = [SELECT Nope FROM Account];\n  }\n}\n',
      ),
      /Broken\.cls:3:\d+: [\s\S]*Nope/,
    ],
    [
      'broken metadata XML',
      {
        'force-app/main/default/objects/Broken__c/Broken__c.object-meta.xml':
          '<CustomObject>\n  <label>Broken</CustomObject>\n',
      },
      /Broken__c\.object-meta\.xml:2:\d+: /,
    ],
    [
      'an unknown metadata element',
      {
        'force-app/main/default/objects/Invoice__c/fields/Extra__c.field-meta.xml':
          '<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">\n  <fullName>Extra__c</fullName>\n  <label>Extra</label>\n  <type>Checkbox</type>\n  <defaultValue>false</defaultValue>\n  <shiny>true</shiny>\n</CustomField>\n',
      },
      /Extra__c\.field-meta\.xml:6:\d+: .*shiny/,
    ],
  ];
  for (const [what, files, message] of broken) {
    void it(`says where and what: ${what}`, () => {
      const { status, error } = run(['check', '--source', projectWith(files)]);
      assert.equal(status, 1, error);
      assert.match(error, message);
      assert.doesNotMatch(error, /defect of the local org/);
    });
  }
});

void describe('test', () => {
  const files = apexClass(
    'CounterTest',
    [
      '@IsTest',
      'private class CounterTest {',
      '  @IsTest',
      '  static void shouldPass() {',
      "    insert as system new Account(Name = 'Acme');",
      "    Assert.areEqual(1, [SELECT COUNT() FROM Account WITH SYSTEM_MODE], 'one account');",
      '  }',
      '  @IsTest',
      '  static void shouldFail() {',
      "    Assert.areEqual(1, 2, 'one is not two');",
      '  }',
      '}',
    ].join('\n'),
  );

  void it('ends with 1 when a test fails, and prints the shape of the Salesforce CLI', () => {
    const { status, out } = run(['test', '--source', projectWith(files), '--result-format', 'json']);
    assert.equal(status, 1);
    const { result } = JSON.parse(out) as {
      result: {
        summary: { outcome: string; testsRan: number; passing: number; failing: number };
        tests: { MethodName: string; Outcome: string; Message: string | null; StackTrace: string | null }[];
      };
    };
    assert.deepEqual([result.summary.testsRan, result.summary.passing, result.summary.failing], [2, 1, 1]);
    const failed = result.tests.find(({ Outcome }) => Outcome === 'Fail');
    assert.equal(failed?.MethodName, 'shouldFail');
    assert.match(String(failed?.Message), /one is not two/);
    assert.match(String(failed?.StackTrace), /line 10/);
  });

  void it('runs what is asked for', () => {
    const { status, out } = run(['test', '--source', projectWith(files), '--tests', 'CounterTest.shouldPass']);
    assert.equal(status, 0, out);
  });

  void it('fails when there is nothing to test', () => {
    const { status, error } = run(['test', '--source', FIXTURE]);
    assert.deepEqual([status, error], [1, 'No test was found.\n']);
  });
});

void describe('query and exec', () => {
  void it('keep data between runs, also beside a running server', async () => {
    const source = projectWith({});
    const data = join(source, 'data');
    const insert = "insert as system new Account(Name = 'Kept'); System.debug('done');";
    const first = run(['exec', '-', '--source', source, '--data', data], insert);
    assert.equal(first.status, 0, first.error);
    assert.match(first.out, /done/);
    const soql = 'SELECT Name FROM Account';
    assert.match(run(['query', soql, '--source', source, '--data', data]).out, /Kept[\s\S]*retrieved: 1\./);
    const server = await startServerProcess({ source, data });
    try {
      assert.equal(run(['exec', '-', '--source', source, '--data', data], insert).status, 0);
      assert.match(run(['query', soql, '--source', source, '--data', data]).out, /retrieved: 2\./);
    } finally {
      await server.stop();
    }
    const json = run(['query', soql, '--source', source, '--data', data, '--result-format', 'json']);
    assert.equal((JSON.parse(json.out) as { result: { totalSize: number } }).result.totalSize, 2);
  });

  void it('roll back what failed', () => {
    const source = projectWith({});
    const failing = run(
      ['exec', '-', '--source', source],
      "insert as system new Account(Name = 'Gone');\nInteger broken = 1 / 0;",
    );
    assert.equal(failing.status, 1);
    assert.match(failing.error, /MathException[\s\S]*line 2/);
    assert.match(run(['query', 'SELECT Id FROM Account', '--source', source]).out, /retrieved: 0\./);
    const refused = run(['exec', '-', '--source', source], 'Integer count = ;');
    assert.equal(refused.status, 1);
    assert.match(refused.error, /^-:1:\d+: /);
  });

  void it('name an unknown field', () => {
    const { status, error } = run(['query', 'SELECT Nope FROM Account', '--source', projectWith({})]);
    assert.equal(status, 1);
    assert.match(error, /No such column 'Nope' on entity 'Account'/);
  });
});

void describe('the post-install script', () => {
  const script = (statement: string): Record<string, string> => ({
    'sfdx-project.json': JSON.stringify({
      packageDirectories: [{ path: 'force-app', default: true, package: 'Invoices', postInstallScript: 'Setup' }],
      sourceApiVersion: '67.0',
    }),
    ...apexClass(
      'Setup',
      `public without sharing class Setup implements InstallHandler {\n  public void onInstall(InstallContext context) {\n    ${statement}\n  }\n}\n`,
    ),
  });
  const names = ({ out }: Outcome): readonly string[] => [...out.matchAll(/Set up \w+/g)].map(([name]) => name);

  void it('runs once, when start makes a new database, and not for other commands', async () => {
    const source = projectWith(
      script(
        "System.debug('hello'); insert as system new Account(Name = 'Set up ' + (context.previousVersion() == null));",
      ),
    );
    assert.deepEqual(
      names(run(['query', 'SELECT Name FROM Account', '--source', source, '--data', `${source}/other`])),
      [],
    );
    const data = join(source, 'data');
    for (const isFirst of [true, false]) {
      const server = await startServerProcess({ source, data });
      await server.stop();
      assert.equal(/hello[\s\S]*Ran the post-install script Setup\./.test(server.output()), isFirst, server.output());
      assert.deepEqual(names(run(['query', 'SELECT Name FROM Account', '--source', source, '--data', data])), [
        'Set up true',
      ]);
    }
  });

  void it('ends the start where it fails, says class and line, and leaves no database', () => {
    const source = projectWith(script("insert as system new Account(Name = 'x'); Integer broken = 1 / 0;"));
    const { status, error } = run(['start', '--source', source]);
    assert.equal(status, 1);
    assert.match(error, /post-install script Setup failed, so nothing was installed/);
    assert.match(error, /System\.MathException: Divide by 0\n.*Setup\.onInstall: line 3/);
    assert.doesNotMatch(error, /defect/);
    assert.equal(existsSync(join(source, '.local-org/org.sqlite')), false);
  });

  void it('may not make callouts', () => {
    const source = projectWith(
      script(
        "HttpRequest request = new HttpRequest(); request.setEndpoint('https://example.com'); request.setMethod('GET'); new Http().send(request);",
      ),
    );
    assert.match(run(['start', '--source', source]).error, /Setup failed[\s\S]*callouts: 1/);
  });

  void it('is looked at by check', () => {
    const text = 'public with sharing class Setup {}';
    const { status, error } = run(['check', '--source', projectWith({ ...script(''), ...apexClass('Setup', text) })]);
    assert.equal(status, 1);
    assert.match(error, /sfdx-project\.json:1:1: the post-install script Setup must implement InstallHandler/);
  });
});

void describe('usage', () => {
  for (const [what, commandArguments, message] of [
    ['an unknown command', ['fly'], /no command "fly"/],
    ['an unknown option', ['check', '--fast'], /--fast/],
    ['a port that is none', ['start', '--port', 'ten'], /--port takes a number/],
    ['a format that is none', ['test', '--result-format', 'xml'], /human, json, junit/],
    ['a query without a query', ['query'], /one SOQL query/],
  ] as [string, string[], RegExp][]) {
    void it(`explains ${what}`, () => {
      const { status, error } = run(commandArguments);
      assert.equal(status, 2);
      assert.match(error, message);
    });
  }

  void it('explains a project that is not there', () => {
    const { status, error } = run(['check', '--source', '/nowhere/at/all']);
    assert.equal(status, 1);
    assert.match(error, /nowhere/);
    assert.doesNotMatch(error, /defect/);
  });

  void it('explains a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { status, error } = run(['start', '--source', projectWith({}), '--port', String(port)]);
    other.close();
    assert.equal(status, 1);
    assert.match(error, new RegExp(`Port ${port} is in use`));
  });
});
