/** A server that is killed in the middle of writing keeps every acknowledged request, and none in half. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { inspect } from 'node:util';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { startServerProcess } from '../support/serverProcess.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/invoices');
const WRITERS = 4;
const BATCH = 25;
const ACKNOWLEDGED_BEFORE_KILL = 30;

void it('keeps acknowledged writes through SIGKILL', { timeout: 120_000 }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'local-org-crash-'));
  const server = await startServerProcess({ source: FIXTURE, data });
  const acknowledged: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let request = 0; ; request += 1) {
      const batch = `${writer}-${request}`;
      const records = Array.from({ length: BATCH }, (_, index) => ({
        attributes: { type: 'Invoice__c' },
        Name: batch,
        Number__c: `${batch}-${index}`,
        Amount__c: index,
      }));
      const response = await fetch(`${server.url}/services/data/v67.0/composite/sobjects`, {
        method: 'POST',
        headers: { authorization: 'Bearer local', 'content-type': 'application/json' },
        body: JSON.stringify({ allOrNone: true, records }),
      });
      const results = (await response.json()) as { success: boolean }[];
      assert.ok(results.length === BATCH && results.every(({ success }) => success), JSON.stringify(results[0]));
      acknowledged.push(batch);
      if (acknowledged.length === ACKNOWLEDGED_BEFORE_KILL) {
        await server.stop('SIGKILL');
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  for (const outcome of outcomes) {
    // every writer ends when its connection breaks, not because the server refused a record
    assert.ok(outcome.status === 'rejected' && !(outcome.reason instanceof assert.AssertionError), inspect(outcome));
  }

  const org = openOrg({ project: loadProject(FIXTURE), databaseFile: join(data, 'org.sqlite') });
  const { records } = org.transaction({ userId: org.administratorId }, (transaction) =>
    transaction.query('SELECT Name, COUNT(Id) number FROM Invoice__c GROUP BY Name', {
      accessMode: 'system',
      sharing: 'without',
    }),
  );
  org.close();
  const counts = new Map(records.map(({ values }) => [values.get('Name'), values.get('number')]));
  assert.ok(acknowledged.length >= ACKNOWLEDGED_BEFORE_KILL);
  for (const batch of acknowledged) {
    assert.equal(counts.get(batch), BATCH, `the acknowledged request ${batch} is there in whole`);
  }
  for (const [batch, number] of counts) {
    assert.equal(number, BATCH, `the request ${String(batch)} is not there in half`);
  }
  rmSync(data, { recursive: true });
});
