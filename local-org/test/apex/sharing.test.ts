/** Which access mode and sharing queries run in, by API version, declaration and caller. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { QueryOptions } from '../../src/runtime/types.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { buildSchema } from '../../src/schema/buildSchema.ts';
import { ApexCompileError } from '../../src/apex/ApexCompileError.ts';
import { compileSources, runWith } from './fake.ts';

const schema = buildSchema(loadProject(fileURLToPath(new URL('../fixtures/ledger', import.meta.url))));
const QUERY = 'return [SELECT Id FROM Account];';

const SOURCES = {
  Omitted: `public class Omitted { public static List<Account> go() { ${QUERY} } }`,
  Inherits: `public inherited sharing class Inherits { public static List<Account> go() { ${QUERY} } public List<Account> instance() { ${QUERY} } }`,
  WithSharing: `public with sharing class WithSharing { public static List<Account> go() { ${QUERY} } public static List<Account> toInherits() { return Inherits.go(); } public static List<Account> toOmitted() { return Omitted.go(); } }`,
  WithoutSharing: `public without sharing class WithoutSharing { public static List<Account> go() { ${QUERY} } public static List<Account> toInherits() { return new Inherits().instance(); } public static List<Account> through() { try { throw new NullPointerException(); } catch (Exception e) { } return WithSharing.toInherits(); } }`,
};

function modeOf(apiVersion: number, className: string, method = 'go'): string {
  const seen: QueryOptions[] = [];
  const query = (_: string, options: QueryOptions) => {
    seen.push(options);
    return { records: [], totalSize: 0, kind: 'records' as const };
  };
  runWith(compileSources(SOURCES, schema, apiVersion), { query }, className, method);
  return `${seen[0]?.accessMode} ${seen[0]?.sharing}`;
}

test('from API 67 code runs in user mode and with sharing, before it in system mode', () => {
  assert.equal(modeOf(67, 'Omitted'), 'user with');
  assert.equal(modeOf(67, 'WithoutSharing'), 'user without');
  assert.equal(modeOf(66, 'Omitted'), 'system without');
  assert.equal(modeOf(66, 'WithSharing'), 'system with');
});

test('inherited and omitted sharing follow the caller', () => {
  assert.equal(modeOf(66, 'Inherits'), 'system with');
  assert.equal(modeOf(66, 'WithSharing', 'toInherits'), 'system with');
  assert.equal(modeOf(66, 'WithSharing', 'toOmitted'), 'system with');
  assert.equal(modeOf(66, 'WithoutSharing', 'toInherits'), 'system without');
  assert.equal(modeOf(66, 'WithoutSharing', 'through'), 'system with');
});

test('WITH SECURITY_ENFORCED compiles up to API 66', () => {
  const source = {
    Old: 'public class Old {\n public static List<Account> go() {\n  return [SELECT Id FROM Account WITH SECURITY_ENFORCED];\n }\n}',
  };
  compileSources(source, schema, 66);
  assert.throws(
    () => compileSources(source, schema, 67),
    (error: unknown) => {
      assert.ok(error instanceof ApexCompileError);
      assert.deepEqual(
        error.problems.map(({ line, column }) => [line, column]),
        [[3, 39]],
      );
      return true;
    },
  );
});

test('a query’s mistakes are placed in the Apex file, behind binds too', () => {
  const source = {
    Wrong:
      "public class Wrong {\n public static void go(String name) {\n  List<Account> a = [SELECT Id FROM Account WHERE Name = :name.toLowerCase().trim()\n   AND Nmae = 'x'];\n  Account b = new Account(Foo__c = 1);\n  Object c = b.Bar__c;\n }\n}",
  };
  assert.throws(
    () => compileSources(source, schema),
    (error: unknown) => {
      assert.ok(error instanceof ApexCompileError);
      assert.deepEqual(
        error.problems.map(({ line, column }) => [line, column]),
        [
          [4, 8],
          [5, 27],
          [6, 16],
        ],
      );
      assert.match(error.problems[0]?.message ?? '', /No such column 'Nmae' on entity 'Account'/);
      assert.equal(error.problems[1]?.message, 'Field does not exist: Foo__c on Account');
      return true;
    },
  );
});
