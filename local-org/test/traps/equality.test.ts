/**
 * Trap 6: what is equal, and to whom.
 * Source: Apex Developer Guide, "Expression Operators" (== on strings, arithmetic), "Using Custom Types in Map Keys and Sets";
 * Apex Reference Guide, "Decimal Class" (scale); SOQL and SOSL Reference, "Comparison Operators" (case).
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

void test('== and SOQL ignore case, keys do not; scale counts for hashes; integers truncate and wrap', () =>
  assertPasses(
    {
      apex: {
        EqualityTest: `@IsTest private class EqualityTest {
  @IsTest static void text() {
    Assert.isTrue('abc' == 'ABC');
    Assert.isFalse('abc'.equals('ABC'));
    Assert.areEqual(2, new Set<String>{ 'abc', 'ABC' }.size());
    Assert.isNull(new Map<String, Integer>{ 'abc' => 1 }.get('ABC'));
    insert new Account(Name = 'abc');
    Assert.areEqual(1, [SELECT COUNT() FROM Account WHERE Name = 'ABC']);
    Assert.areEqual(1, [SELECT COUNT() FROM Account WHERE Name LIKE 'A%']);
  }
  @IsTest static void numbers() {
    Decimal one = 1.1;
    Decimal other = Decimal.valueOf('1.10');
    Assert.isTrue(one == other);
    Assert.areEqual(2, new Set<Decimal>{ one, other }.size());
    Assert.areEqual(3, 7 / 2);
    Assert.areEqual(-3, -7 / 2);
    Assert.areEqual(-2147483648, 2147483647 + 1);
  }
}`,
      },
    },
    2,
  ));
