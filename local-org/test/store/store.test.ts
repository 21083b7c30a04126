import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { StoreError } from '../../src/store/errors.ts';
import { formatId, normalizeId, withChecksum } from '../../src/store/ids.ts';
import { date, decimal, insert, query, record } from '../runtime/helpers.ts';
import { fieldFile, planProject } from '../schema/planProject.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'local-org-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('Ids have Salesforce’s checksum and survive folding', () => {
  assert.equal(withChecksum('001A0000006Vm9r'), '001A0000006Vm9rIAC');
  assert.equal(normalizeId('001A0000006Vm9r'), '001A0000006Vm9rIAC');
  assert.equal(normalizeId('001a0000006vm9riac'), '001A0000006Vm9rIAC');
  assert.equal(
    normalizeId('001A0000006Vm9rIAD'),
    '001A0000006Vm9rIAD',
    'a checksum that fits no casing: the form counts',
  );
  assert.equal(normalizeId('short'), null);
  assert.ok(
    formatId('001', 61) < formatId('001', 62) && formatId('001', 3843) < formatId('001', 3844),
    'later Ids sort later',
  );
});

test('data, Ids and key prefixes survive a restart; a second process is refused', () => {
  const databaseFile = path.join(folder, 'restart.db');
  const project = loadProject(planProject());
  const first = openOrg({ project, databaseFile });
  const id = first.transaction(
    { userId: first.administratorId },
    (transaction) => insert(transaction, record(first, 'Account', { Name: 'Stays' }))[0],
  );
  assert.throws(
    () => openOrg({ project, databaseFile }),
    (error) =>
      error instanceof StoreError &&
      error.code === 'DATABASE_LOCKED' &&
      /in use by another local org/.test(error.message),
  );
  const { administratorId } = first;
  first.close();
  const second = openOrg({ project, databaseFile });
  assert.equal(second.administratorId, administratorId);
  second.transaction({ userId: second.administratorId }, (transaction) => {
    assert.deepEqual(query(transaction, 'SELECT Id FROM Account'), [{ Id: id }]);
    assert.notEqual(insert(transaction, record(second, 'Account', { Name: 'New' }))[0], id);
  });
  second.close();
});

test('the schema may grow and shrink without losing values; a field that changes its nature is refused', () => {
  const databaseFile = path.join(folder, 'migrate.db');
  const run = (
    changes: Readonly<Record<string, string | null>>,
    work: (org: ReturnType<typeof openOrg>) => void,
  ): void => {
    const org = openOrg({ project: loadProject(planProject(changes)), databaseFile });
    work(org);
    org.close();
  };
  const field = 'force-app/main/objects/Plan__c/fields/Score__c.field-meta.xml';
  run({}, (org) =>
    org.transaction({ userId: org.administratorId }, (transaction) => {
      const [account] = insert(transaction, record(org, 'Account', { Name: 'A' }));
      insert(
        transaction,
        record(org, 'Plan__c', {
          Name: 'P',
          Account__c: account,
          Start__c: date('2026-01-01'),
          Score__c: decimal('12.5'),
        }),
      );
    }),
  );
  const read =
    (text: string, expected: unknown): ((org: ReturnType<typeof openOrg>) => void) =>
    (org) =>
      org.transaction({ userId: org.administratorId }, (transaction) =>
        assert.deepEqual(query(transaction, text), expected),
      );
  run({ [field]: null }, (org) => assert.equal(org.object('Plan__c').field('Score__c'), undefined));
  run(
    { [field]: fieldFile('Number', 'Score__c', '<precision>7</precision><scale>3</scale>') },
    read('SELECT Score__c FROM Plan__c WHERE Score__c = 12.5', [{ Score__c: '12.500' }]),
  );
  run(
    {
      'force-app/main/objects/Plan__c/fields/New__c.field-meta.xml': fieldFile(
        'Checkbox',
        'New__c',
        '<defaultValue>true</defaultValue>',
      ),
    },
    read('SELECT New__c, Score__c FROM Plan__c', [{ New__c: false, Score__c: '12.5' }]),
  );
  assert.throws(
    () => run({ [field]: fieldFile('Text', 'Score__c', '<length>10</length>') }, () => {}),
    (error) =>
      error instanceof StoreError &&
      error.code === 'FIELD_TYPE_CHANGED' &&
      /Plan__c\.Score__c holds decimal values/.test(error.message),
  );
});

test('after SIGKILL every acknowledged record is there, none in half', { timeout: 20_000 }, async () => {
  const databaseFile = path.join(folder, 'killed.db');
  const source = planProject();
  const child = fork(new URL('writeForever.ts', import.meta.url), [source, databaseFile], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const acknowledged: string[] = [];
  await new Promise<void>((resolve) => {
    child.on('message', (id: string) => {
      acknowledged.push(id);
      if (acknowledged.length === 100) child.kill('SIGKILL');
    });
    child.on('exit', () => resolve());
  });
  const org = openOrg({ project: loadProject(source), databaseFile });
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const rows = query(transaction, 'SELECT Id, (SELECT Id FROM Contacts) FROM Account') as {
      Id: string;
      Contacts: unknown[];
    }[];
    const found = new Set(rows.map((row) => row.Id));
    assert.deepEqual(
      acknowledged.filter((id) => !found.has(id)),
      [],
    );
    assert.ok(
      rows.every((row) => row.Contacts.length === 2),
      'an account without its contacts is half a transaction',
    );
  });
  org.close();
});
