/** @AuraEnabled(cacheable=true): methods whose result a client keeps may read only. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApexCallError } from '../../src/apex/host.ts';
import { launch } from '../../src/cli/launch.ts';

const SOURCE = `public without sharing class Writer {
  @AuraEnabled(cacheable=true) public static Integer cached() {
    try { insert new Account(Name = 'Cached'); } catch (Exception error) { return -1; }
    return 1;
  }
  @AuraEnabled(cacheable=true) public static Integer read() { return [SELECT COUNT() FROM Account]; }
  @AuraEnabled public static Integer write() { insert new Account(Name = 'Written'); return 1; }
}`;

test('DML in a cacheable method ends in a LimitException that nothing catches; others write', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cacheable-'));
  try {
    mkdirSync(join(folder, 'classes'));
    writeFileSync(join(folder, 'classes', 'Writer.cls'), SOURCE);
    writeFileSync(
      join(folder, 'classes', 'Writer.cls-meta.xml'),
      '<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>67.0</apiVersion><status>Active</status></ApexClass>',
    );
    const { org } = launch({ source: folder });
    const call = (method: string): unknown =>
      org.transaction({ userId: org.administratorId }, (transaction) =>
        org.code?.invokeAura(transaction, 'Writer', method, {}),
      );
    assert.throws(
      () => call('cached'),
      (error: unknown) =>
        error instanceof ApexCallError &&
        error.code === 'LIMIT_EXCEEDED' &&
        error.message.endsWith('Too many DML statements: 1'),
    );
    assert.equal(call('read'), 0);
    assert.equal(call('write'), 1);
    assert.equal(call('read'), 1);
    org.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
