/** Library classes through compiled Apex. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSources, run } from './fake.ts';

function evaluate(body: string, members = ''): unknown {
  return run(
    compileSources({ Probe: `public class Probe { ${members} public static String run() { ${body} } }` }),
    'Probe',
    'run',
  );
}

test('String methods', () => {
  assert.equal(
    evaluate(
      "return String.join(new List<Object>{ 'a,b,,c,,'.split(','), 'x'.repeat(3), 'abc'.left(2), 'abc'.right(2), 'abc'.substring(1), 'ab'.leftPad(4, '0') }, '|');",
    ),
    '(a, b, , c)|xxx|ab|bc|bc|00ab',
  );
  assert.equal(evaluate("return String.format('{0} of {1} it\\'\\'s', new List<Object>{ 1, 'x' });"), "1 of x it's");
  assert.equal(
    evaluate(
      "return '' + String.isBlank(' ') + 'aXbX'.replaceAll('([a-b])X', '$1-') + 'a.b'.replace('.', '-') + 'Hello World'.swapCase() + 'a-b_c'.split('[-_]').size();",
    ),
    'truea-b-a-bhELLO wORLD3',
  );
  assert.equal(
    evaluate(
      "return '' + 'abc'.compareTo('abd') + 'hello'.capitalize() + 'a b c'.deleteWhitespace() + 'kitten'.getLevenshteinDistance('sitting') + 'abcabc'.countMatches('bc');",
    ),
    '-1Helloabc32',
  );
  assert.equal(
    evaluate(
      "return String.escapeSingleQuotes('it\\'s') + '<b>x</b>'.stripHtmlTags() + 'a&b'.escapeHtml4() + 'x'.toUpperCase().hashCode();",
    ),
    "it\\'sxa&amp;b88",
  );
});

test('Decimal, Math and their rounding', () => {
  assert.equal(
    evaluate(
      "return '' + (2.345).setScale(2) + ' ' + (2.345).setScale(2, RoundingMode.HALF_UP) + ' ' + (10.0).divide(3, 2) + ' ' + Math.round(2.5) + Math.round(3.5) + ' ' + Math.mod(-7, 3) + ' ' + Math.max(1, 2L);",
    ),
    '2.34 2.35 3.33 24 -1 2',
  );
  assert.equal(
    evaluate(
      "return '' + Decimal.valueOf('1.10').scale() + Decimal.valueOf(5).precision() + (1234567.891).format() + Integer.valueOf('42') + (1.5).intValue() + (1.00).stripTrailingZeros();",
    ),
    '211,234,567.8914211',
  );
});

test('Date, Datetime and Time', () => {
  assert.equal(
    evaluate(
      "Date d = Date.newInstance(2024, 1, 31); return '' + String.valueOf(d.addMonths(1)) + d + ' ' + d.daysBetween(Date.newInstance(2024, 3, 1)) + ' ' + d.format() + ' ' + String.valueOf(d.toStartOfWeek());",
    ),
    '2024-02-292024-01-31 00:00:00 30 1/31/2024 2024-01-28',
  );
  assert.equal(
    evaluate(
      "Datetime t = Datetime.newInstanceGmt(2024, 5, 6, 7, 8, 9); return t.formatGmt('yyyy-MM-dd\\'T\\'HH:mm:ss.SSSZ') + ' ' + t.format('EEE, d MMM yyyy h:mm a', 'Europe/Berlin') + ' ' + t.addDays(1).dayGmt() + ' ' + (t < t.addSeconds(1)) + ' ' + t.getTime();",
    ),
    '2024-05-06T07:08:09.000+0000 Mon, 6 May 2024 9:08 AM 7 true 1714979289000',
  );
  assert.equal(
    evaluate(
      "return '' + Time.newInstance(23, 30, 0, 0).addHours(2) + (Date.newInstance(2024, 1, 1) + 5).day() + Date.valueOf('2024-02-03').month();",
    ),
    '01:30:00.000Z62',
  );
});

test('JSON round trips typed objects and refuses what does not fit', () => {
  const members =
    "public class Item { public String name; public Integer count; public transient String hidden = 'h'; public List<Item> parts; public Map<String, Decimal> prices; public Kind kind; } enum Kind { BIG, SMALL }";
  assert.equal(
    evaluate(
      "Item i = new Item(); i.name = 'a\"b'; i.count = 2; i.prices = new Map<String, Decimal>{ 'x' => 1.50 }; i.kind = Kind.BIG; i.parts = new List<Item>{ new Item() }; return JSON.serialize(i, true);",
      members,
    ),
    '{"name":"a\\"b","count":2,"parts":[{}],"prices":{"x":1.50},"kind":"BIG"}',
  );
  assert.equal(
    evaluate(
      'Item i = (Item) JSON.deserialize(\'{"NAME":"n","count":3,"extra":1,"parts":[{"count":1}],"kind":"SMALL","prices":{"p":1e2}}\', Item.class); return i.name + i.count + i.parts[0].count + i.kind + i.prices.get(\'p\');',
      members,
    ),
    'n31SMALL100',
  );
  assert.equal(
    evaluate(
      'try { JSON.deserializeStrict(\'{"extra":1}\', Item.class); } catch (JSONException e) { return e.getMessage(); } return null;',
      members,
    ),
    'Unknown field: Probe.Item.extra',
  );
  assert.equal(
    evaluate(
      "Map<String, Object> m = (Map<String, Object>) JSON.deserializeUntyped('{\"a\":[1,2.5,\"x\",null,true]}'); List<Object> l = (List<Object>) m.get('a'); return '' + l + (l[0] instanceof Integer) + (l[1] instanceof Decimal);",
    ),
    '(1, 2.5, x, null, true)truetrue',
  );
  assert.equal(
    evaluate(
      'try { JSON.deserializeUntyped(\'{"a":\'); } catch (JSONException e) { return e.getTypeName(); } return null;',
    ),
    'System.JSONException',
  );
  assert.equal(
    evaluate(
      "JSONGenerator g = JSON.createGenerator(false); g.writeStartObject(); g.writeStringField('a', 'b'); g.writeFieldName('c'); g.writeStartArray(); g.writeNumber(1); g.writeNumber(2); g.writeEndArray(); g.writeEndObject(); return g.getAsString();",
    ),
    '{"a":"b","c":[1,2]}',
  );
  assert.equal(
    evaluate(
      "JSONParser p = JSON.createParser('{\"a\":1,\"b\":[true]}'); String s = ''; while (p.nextToken() != null) s += p.getCurrentToken() + ' '; return s;",
    ),
    'START_OBJECT FIELD_NAME VALUE_NUMBER_INT FIELD_NAME START_ARRAY VALUE_TRUE END_ARRAY END_OBJECT ',
  );
});

test('Pattern, Crypto, EncodingUtil, Type and stubs', () => {
  assert.equal(
    evaluate(
      "Matcher m = Pattern.compile('(\\\\w)(\\\\d+)').matcher('a1 b22'); String s = ''; while (m.find()) s += m.group(1) + '=' + m.group(2) + '@' + m.start() + ';'; return s + Pattern.matches('a+', 'aaa');",
    ),
    'a=1@0;b=22@3;true',
  );
  assert.equal(
    evaluate(
      "return EncodingUtil.convertToHex(Crypto.generateDigest('SHA-256', Blob.valueOf('abc'))).left(8) + EncodingUtil.base64Encode(Blob.valueOf('hi')) + EncodingUtil.urlEncode('a b&c', 'UTF-8');",
    ),
    'ba7816bfaGk=a+b%26c',
  );
  assert.equal(
    evaluate(
      "Type t = Type.forName('Probe.Made'); Made m = (Made) t.newInstance(); return m.text + t.getName() + Type.forName('Nobody') + (t == Made.class);",
      "public class Made { public String text = 'made '; }",
    ),
    'made Probe.Madenulltrue',
  );
});

test('an exception of an AuraHandledException hides its text from Apex', () => {
  assert.equal(evaluate("return new AuraHandledException('secret').getMessage();"), 'Script-thrown exception');
});

test('Datetimes from numbers and from texts with what databases put behind them; equality to the second', () => {
  assert.equal(
    evaluate(
      "return String.join(new List<Object>{ Datetime.valueOf(1000L).getTime(), Datetime.valueOf('2024-01-31 10:20:30.123').minute(), Datetime.valueOf('2024-01-31 10:20:30-0800') == Datetime.valueOf('2024-01-31 10:20:30'), Datetime.valueOfGmt('2024-01-31 10:20:30Z').hourGmt() }, ' ');",
    ),
    '1000 20 true 10',
  );
  assert.equal(
    evaluate(
      "Datetime a = Datetime.newInstance(1000L); Datetime b = Datetime.newInstance(1999L); Assert.areEqual(a, b); return '' + (a == b) + (a < b) + new Set<Datetime>{ a, b }.size() + (a == Datetime.newInstance(2000L));",
    ),
    'truetrue2false',
  );
  assert.equal(
    evaluate(
      "try { Datetime.valueOf('2024-01-31 10:20:30 x'); return 'parsed'; } catch (TypeException e) { return e.getMessage(); }",
    ),
    'Invalid date/time: 2024-01-31 10:20:30 x',
  );
});

test('types of the System namespace are named with it, values and collections without', () => {
  assert.equal(
    evaluate(
      "return String.join(new List<Object>{ IllegalArgumentException.class.getName(), HttpRequest.class.getName(), Queueable.class, String.class.getName(), Datetime.class, Object.class.getName(), SObject.class, List<String>.class.getName(), Database.SaveResult.class.getName(), Probe.class.getName(), Type.forName('Http').getName() }, ' ');",
    ),
    'System.IllegalArgumentException System.HttpRequest System.Queueable String Datetime Object SObject List<String> Database.SaveResult Probe System.Http',
  );
});

test('weeks of years and months count from Sundays for users of the United States', () => {
  assert.equal(
    evaluate(
      "List<String> weeks = new List<String>(); for (Datetime day : new List<Datetime>{ Datetime.newInstanceGmt(2023, 1, 1, 12, 0, 0), Datetime.newInstanceGmt(2024, 12, 28, 12, 0, 0), Datetime.newInstanceGmt(2024, 12, 29, 12, 0, 0), Datetime.newInstanceGmt(2025, 1, 4, 12, 0, 0), Datetime.newInstanceGmt(2025, 1, 5, 12, 0, 0) }) weeks.add(day.formatGmt('w W YYYY F')); return String.join(weeks, ', ');",
    ),
    '1 1 2023 1, 52 4 2024 4, 1 5 2025 5, 1 1 2025 1, 2 2 2025 1',
  );
});

test('decimals may begin with their point, right behind a sign too', () => {
  assert.equal(evaluate("Decimal d = .5; d-=.01; d = d+.25*(.5); return '' + d;"), '0.615');
});

test('texts for addresses: what has no encoding becomes a question mark, what is no escape is refused', () => {
  assert.equal(
    evaluate(
      "return EncodingUtil.urlEncode('a b\u00e4\ud83d', 'UTF-8') + ' ' + EncodingUtil.urlDecode('a+%C3%A4%20ü', 'UTF-8');",
    ),
    'a+b%C3%A4%3F a ä ü',
  );
  assert.equal(
    evaluate(
      "try { return EncodingUtil.urlDecode('100% sure', 'UTF-8'); } catch (IllegalArgumentException e) { return e.getMessage(); }",
    ),
    'Illegal hex characters in escape (%) pattern: % s',
  );
});
