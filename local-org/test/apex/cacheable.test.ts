/** @AuraEnabled(cacheable=true): methods whose result a client keeps may read only. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApexCompileError } from '../../src/apex/ApexCompileError.ts';
import { ApexCallError } from '../../src/apex/host.ts';
import { Parser } from '../../src/apex/syntax/Parser.ts';
import { SourceText } from '../../src/apex/syntax/SourceText.ts';
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

test('a parameter of an annotation that has no name stands alone', () => {
  const parse = (parameters: string): boolean => {
    try {
      new Parser(new SourceText('A.cls', `class A { @AuraEnabled(${parameters}) static void a() {} }`)).parseClass();
      return true;
    } catch (error) {
      if (error instanceof ApexCompileError) return false;
      throw error;
    }
  };
  assert.deepEqual(['cacheable=true', "cacheable=true scope='x'", "'x'", ''].map(parse), [true, true, true, true]);
  assert.deepEqual(['cacheable cacheable=true', 'cacheable=true x', 'x, y'].map(parse), [false, false, false]);
});
