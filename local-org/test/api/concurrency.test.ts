/** Many clients write at once what rolls up to one record: every total is exact, no update is lost, nothing waits for ever. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { startServerProcess } from '../support/serverProcess.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/pipeline');
const CONNECTIONS = 20;
/** Writes of one connection: it inserts deals, changes some of them and deletes some. */
const INSERTS = 25;
const UPDATES = 15;
const DELETES = 10;

interface Answer {
  readonly status: number;
  readonly body: { readonly id?: string; readonly records?: readonly Record<string, number>[] };
  readonly reused: boolean;
}

/** A client with one socket that stays open. */
class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  send(method: string, path: string, body?: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.#url}/services/data/v67.0${path}`,
        {
          method,
          agent: this.#agent,
          headers: { authorization: 'Bearer local', 'content-type': 'application/json' },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
              reused: sent.reusedSocket,
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

const rows = async (connection: Connection, query: string): Promise<readonly Record<string, number>[]> =>
  (await connection.send('GET', `/query?q=${encodeURIComponent(query)}`)).body.records ?? [];

void it('keeps totals exact under 1,000 writes from 20 connections', { timeout: 60_000 }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'local-org-concurrency-'));
  const server = await startServerProcess({ source: FIXTURE, data });
  try {
    const main = new Connection(server.url);
    const { body: plan } = await main.send('POST', '/sobjects/Plan__c', { Name: 'One for all' });

    /** Does a connection's writes, in order; returns the sum in cents and the number of deals that it left. */
    const write = async (index: number): Promise<{ cents: number; number: number; fresh: number }> => {
      const connection = new Connection(server.url);
      const deals = new Map<string, number>();
      let fresh = 0;
      const send = async (expected: number, method: string, path: string, body?: unknown): Promise<Answer['body']> => {
        const answer = await connection.send(method, path, body);
        assert.equal(answer.status, expected, `${method} ${path}: ${JSON.stringify(answer.body)}`);
        if (!answer.reused) fresh += 1;
        return answer.body;
      };
      for (let deal = 0; deal < INSERTS; deal += 1) {
        const cents = index * 1000 + deal * 7 + 1;
        const { id = '' } = await send(201, 'POST', '/sobjects/Opportunity', {
          Name: `Deal ${index}-${deal}`,
          StageName: 'Prospecting',
          CloseDate: '2026-12-31',
          Amount: cents / 100,
          Plan__c: plan.id,
        });
        deals.set(id, cents);
      }
      const ids = [...deals.keys()];
      for (const id of ids.slice(0, UPDATES)) {
        const cents = (deals.get(id) ?? 0) * 3 + 1;
        await send(204, 'PATCH', `/sobjects/Opportunity/${id}`, { Amount: cents / 100 });
        deals.set(id, cents);
      }
      for (const id of ids.slice(-DELETES)) {
        await send(204, 'DELETE', `/sobjects/Opportunity/${id}`);
        deals.delete(id);
      }
      connection.close();
      return { cents: [...deals.values()].reduce((sum, cents) => sum + cents, 0), number: deals.size, fresh };
    };
    const left = await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => write(index)));
    assert.equal(CONNECTIONS * (INSERTS + UPDATES + DELETES), 1000);
    assert.ok(
      left.every(({ fresh }) => fresh === 1),
      'every connection kept its socket',
    );

    const cents = left.reduce((sum, each) => sum + each.cents, 0);
    const number = left.reduce((sum, each) => sum + each.number, 0);
    const [kept] = await rows(main, `SELECT Total__c, Number__c FROM Plan__c WHERE Id = '${plan.id}'`);
    const [summed] = await rows(main, 'SELECT SUM(Amount) total, COUNT(Id) number FROM Opportunity');
    assert.deepEqual([kept?.['Total__c'], kept?.['Number__c']], [cents / 100, number], 'what the trigger wrote');
    assert.deepEqual([summed?.['total'], summed?.['number']], [cents / 100, number], 'what the clients wrote');
    main.close();
  } finally {
    await server.stop();
    rmSync(data, { recursive: true });
  }
});
