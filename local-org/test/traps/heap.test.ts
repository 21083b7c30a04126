/**
 * Trap 5, the heap: 6 MB in synchronous and 12 MB in asynchronous code, of what can still be reached; the exception passes
 * every catch and finally.
 * Source: Apex Developer Guide, "Execution Governors and Limits", "SOQL For Loops" (rows are read in chunks), and Salesforce
 * Help 000384468, "Apex heap size too large" (a list that is added to itself, and what to write instead).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertPasses, runTrap } from './trap.ts';

/** Statements that fill the heap, each in a test method of its own. */
const TOO_LARGE: Readonly<Record<string, string>> = {
  listAddedToItself: `List<String> words = 'aaaaa bbbbb ccccc'.split(' ');
    Map<Integer, List<String>> byNumber = new Map<Integer, List<String>>{ 1 => words };
    for (Integer turn = 0; turn < 50; turn++) { words.addAll(byNumber.get(1)); }`,
  texts: `List<String> texts = new List<String>();
    for (Integer turn = 0; turn < 700; turn++) { texts.add('x'.repeat(10000) + turn); }`,
  text: `String text = ''; for (Integer turn = 0; turn < 7000; turn++) { text += 'y'.repeat(1000); }`,
  staticVariable: `for (Integer turn = 0; turn < 700; turn++) { Kept.texts.add('x'.repeat(10000) + turn); }`,
  fields: `Kept first = new Kept(); Kept last = first;
    for (Integer turn = 0; turn < 700; turn++) { last.next = new Kept(); last = last.next; last.text = 'x'.repeat(10000) + turn; }`,
  caller: `List<String> texts = new List<String>();
    for (Integer turn = 0; turn < 350; turn++) { texts.add('x'.repeat(10000) + turn); }
    Kept.fill(); Assert.areEqual(350, texts.size());`,
  records: `List<Account> accounts = new List<Account>();
    for (Integer turn = 0; turn < 700; turn++) { accounts.add(new Account(Name = 'x', Description = 'd'.repeat(10000) + turn)); }`,
  keys: `Map<String, Integer> byText = new Map<String, Integer>();
    for (Integer turn = 0; turn < 700; turn++) { byText.put('x'.repeat(10000) + turn, turn); }`,
  binary: `List<Blob> blobs = new List<Blob>();
    for (Integer turn = 0; turn < 700; turn++) { blobs.add(Blob.valueOf('x'.repeat(10000))); }`,
};

void test('what can be reached may not be larger than the limit', () => {
  const methods = Object.entries(TOO_LARGE).map(
    ([name, work]) =>
      `@IsTest static void ${name}() { try { ${work} } catch (Exception error) { Assert.fail('caught'); } finally { Assert.fail('finally ran'); } }`,
  );
  const results = runTrap({
    apex: {
      Kept: `public class Kept { public static List<String> texts = new List<String>(); public Kept next; public String text;
        public static void fill() { List<String> own = new List<String>(); for (Integer turn = 0; turn < 350; turn++) { own.add('z'.repeat(10000) + turn); } } }`,
      HeapTest: `@IsTest private class HeapTest { ${methods.join('\n')} }`,
    },
  });
  for (const { methodName, message } of results) {
    const [, size] = /^System\.LimitException: Apex heap size too large: (\d+)$/.exec(message ?? '') ?? [];
    assert.ok(Number(size) > 6_000_000 && Number(size) < 7_000_000, `${methodName}: ${message}`);
  }
  assert.equal(results.length, Object.keys(TOO_LARGE).length);
});

void test('what can not be reached any more does not count', () =>
  assertPasses(
    {
      apex: {
        Job: `public class Job implements Queueable { public void execute(QueueableContext context) {
  Assert.areEqual(12000000, Limits.getLimitHeapSize());
  List<String> texts = new List<String>();
  for (Integer turn = 0; turn < 1000; turn++) { texts.add('x'.repeat(10000) + turn); }
  insert new Account(Name = 'Heap ' + (Limits.getHeapSize() > 10000000));
} }`,
        HeapTest: `@IsTest private class HeapTest {
  @IsTest static void loopsDropTheirVariables() {
    for (Integer turn = 0; turn < 500; turn++) { String text = 'x'.repeat(10000) + turn; List<String> texts = text.split('x'); }
    Assert.isTrue(Limits.getHeapSize() < 20000, String.valueOf(Limits.getHeapSize()));
  }
  @IsTest static void blocksDropTheirVariables() {
    if (Limits.getHeapSize() >= 0) { List<String> first = texts(350); Assert.areEqual(350, first.size()); }
    for (Integer turn = 0; turn < 3; turn++) { List<String> second = texts(350); if (second.size() == 350) { break; } }
    try { List<String> third = texts(350); throw new IllegalArgumentException(String.valueOf(third.size())); }
    catch (IllegalArgumentException error) { List<String> fourth = texts(350); Assert.areEqual(350, fourth.size()); }
    List<String> first = texts(350);
    Assert.areEqual(350, first.size());
  }
  private static List<String> texts(Integer count) {
    List<String> made = new List<String>();
    for (Integer turn = 0; turn < count; turn++) { made.add('x'.repeat(10000) + turn); }
    return made;
  }
  @IsTest static void variablesGoWithTheirMethod() {
    for (Integer turn = 0; turn < 5; turn++) { Assert.areEqual(350, texts(350).size()); }
    List<String> kept = texts(350);
    Integer before = Limits.getHeapSize();
    kept = null;
    Assert.isTrue(before > 3500000 && Limits.getHeapSize() < 1000, before + ' ' + Limits.getHeapSize());
  }
  @IsTest static void aValueCountsOnce() {
    List<String> again = new List<String>();
    for (Integer turn = 0; turn < 50; turn++) { again.addAll('aaaaa bbbbb'.split(' ')); }
    String text = 'x'.repeat(5000000);
    List<String> both = new List<String>{ text, text };
    Assert.isTrue(Limits.getHeapSize() < 5100000);
  }
  @IsTest static void sizesOfValues() {
    Integer before = Limits.getHeapSize();
    List<Integer> numbers = new List<Integer>();
    Integer empty = Limits.getHeapSize();
    numbers.add(5);
    Assert.areEqual(8, empty - before);
    Assert.areEqual(12, Limits.getHeapSize() - empty);
  }
  @IsTest static void loopsOverQueriesHoldNoRows() {
    List<Account> accounts = new List<Account>();
    for (Integer index = 0; index < 400; index++) { accounts.add(new Account(Name = 'a' + index, Description = 'd')); }
    insert accounts;
    for (List<Account> chunk : [SELECT Id FROM Account]) {
      for (Account account : chunk) { account.Description = 'd'.repeat(20000) + account.Id; }
      update chunk;
    }
    accounts = null;
    Integer size = 0;
    for (Account account : [SELECT Description FROM Account]) { size += account.Description.length(); }
    Assert.isTrue(size > 8000000);
    for (List<Account> chunk : [SELECT Description FROM Account]) { Assert.isTrue(Limits.getHeapSize() > 4000000); }
    Assert.isTrue(Limits.getHeapSize() < 1000);
  }
  @IsTest static void jobsMayHoldTwiceAsMuch() {
    Test.startTest();
    System.enqueueJob(new Job());
    Test.stopTest();
    Assert.areEqual('Heap true', [SELECT Name FROM Account LIMIT 1].Name);
  }
  @IsTest static void callsGoAThousandDeep() {
    Assert.areEqual(997, down(997));
  }
  private static Integer down(Integer left) { return left == 0 ? 0 : 1 + down(left - 1); }
}`,
      },
    },
    8,
  ));
