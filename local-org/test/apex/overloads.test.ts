/** Which of several methods a call means, and when that can't be said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApexCompileError } from '../../src/apex/ApexCompileError.ts';
import { compileSources } from './fake.ts';

const source = (call: string): Readonly<Record<string, string>> => ({
  Overloads: `public class Overloads {
    public static String pick(String text) { return 'text'; }
    public static String pick(List<String> texts) { return 'list'; }
    public static String near(Object value) { return 'object'; }
    public static String near(String text) { return 'text'; }
    public static String call() { return ${call}; }
  }`,
});

test('null for parameters of unrelated types is ambiguous; a cast or a more special type decides', () => {
  assert.throws(
    () => compileSources(source('pick(null)')),
    (error: unknown) =>
      error instanceof ApexCompileError &&
      error.problems.length === 1 &&
      error.problems[0]?.line === 6 &&
      error.problems[0].message === 'Method signature is ambiguous: pick(String), pick(List<String>)',
  );
  compileSources(source('pick((String) null)'));
  compileSources(source('near(null)'));
});
