import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApexBlob } from '../../src/values/ApexBlob.ts';
import { ApexDate } from '../../src/values/ApexDate.ts';
import { ApexDatetime } from '../../src/values/ApexDatetime.ts';
import { ApexDouble } from '../../src/values/ApexDouble.ts';
import { ApexTime } from '../../src/values/ApexTime.ts';
import { Decimal, type RoundingMode } from '../../src/values/Decimal.ts';

const d = (text: string): Decimal => Decimal.parse(text);

test('decimals keep their scale and compare without it', () => {
  assert.equal(d('1.10').toString(), '1.10');
  assert.equal(d('-.05').toString(), '-0.05');
  assert.equal(d('1.5e3').toString(), '1500');
  assert.equal(d('1.1').compare(d('1.10')), 0);
  assert.equal(d('1.1').toKey(), d('1.10').toKey());
  assert.equal(d('0.1').add(d('0.20')).toString(), '0.30');
  assert.equal(d('1.5').multiply(d('2.00')).toString(), '3.000');
  assert.equal(d('2').subtract(d('2.5')).toString(), '-0.5');
  for (const bad of ['', '.', 'abc', '1,5', '--1']) assert.throws(() => d(bad), { code: 'INVALID_DECIMAL' });
});

test('division keeps 34 digits, or the asked scale', () => {
  assert.equal(d('1').divide(d('3')).toString(), `0.${'3'.repeat(34)}`);
  assert.equal(d('10').divide(d('4')).toString(), '2.5');
  assert.equal(d('100').divide(d('10')).toString(), '10');
  assert.equal(d('2').divide(d('3'), 2).toString(), '0.67');
  assert.equal(d('200').divide(d('3'), 2, 'DOWN').toString(), '66.66');
  assert.equal(d('-7').remainder(d('3')).toString(), '-1');
  assert.throws(() => d('1').divide(d('0.0')), { code: 'DIVIDE_BY_ZERO' });
});

test('every rounding mode follows the table of java.math.RoundingMode', () => {
  const inputs = ['5.5', '2.5', '1.6', '1.1', '1.0', '-1.0', '-1.1', '-1.6', '-2.5', '-5.5'];
  const table: Record<Exclude<RoundingMode, 'UNNECESSARY'>, number[]> = {
    UP: [6, 3, 2, 2, 1, -1, -2, -2, -3, -6],
    DOWN: [5, 2, 1, 1, 1, -1, -1, -1, -2, -5],
    CEILING: [6, 3, 2, 2, 1, -1, -1, -1, -2, -5],
    FLOOR: [5, 2, 1, 1, 1, -1, -2, -2, -3, -6],
    HALF_UP: [6, 3, 2, 1, 1, -1, -1, -2, -3, -6],
    HALF_DOWN: [5, 2, 2, 1, 1, -1, -1, -2, -2, -5],
    HALF_EVEN: [6, 2, 2, 1, 1, -1, -1, -2, -2, -6],
  };
  for (const [mode, expected] of Object.entries(table)) {
    assert.deepEqual(
      inputs.map((text) =>
        d(text)
          .setScale(0, mode as RoundingMode)
          .intValue(),
      ),
      expected,
      mode,
    );
  }
  assert.throws(() => d('1.1').setScale(0, 'UNNECESSARY'), { code: 'ROUNDING_NECESSARY' });
  assert.equal(d('1250').setScale(-2).toString(), '1200');
});

test('numbers convert as Apex does', () => {
  assert.equal(Decimal.fromNumber(0.1).toString(), '0.1');
  assert.equal(Decimal.fromNumber(1e21).toString(), `1${'0'.repeat(21)}`);
  assert.equal(d('2147483648').intValue(), -2147483648);
  assert.equal(d('-3.99').longValue(), -3n);
  assert.equal(new ApexDouble(1).toString(), '1.0');
  assert.equal(new ApexDouble(12345678).toString(), '1.2345678E7');
});

test('dates count days, clamp months and refuse days that do not exist', () => {
  assert.equal(ApexDate.of(2024, 1, 31).addMonths(1).toString(), '2024-02-29');
  assert.equal(ApexDate.of(2023, 14, 1).toString(), '2024-02-01');
  assert.equal(ApexDate.parse('2024-03-01').days - ApexDate.parse('2024-02-28').days, 2);
  assert.equal(ApexDate.parse('0099-12-31').toString(), '0099-12-31');
  assert.equal(ApexDate.parse('1969-12-31').days, -1);
  assert.equal(ApexDate.of(2026, 11, 22).startOfWeek(1).toString(), '2026-11-16');
  assert.throws(() => ApexDate.parse('2023-02-29'), { code: 'INVALID_DATE' });
});

test('instants and times parse and print ISO 8601', () => {
  assert.equal(ApexDatetime.parse('2024-05-01T10:00:00.000+0200').toIso(), '2024-05-01T08:00:00.000Z');
  assert.equal(ApexDatetime.parse('2024-05-01T10:00:00Z').toRest(), '2024-05-01T10:00:00.000+0000');
  assert.equal(ApexDatetime.utc(1969, 12, 31, 23).utcTime, 23 * 3_600_000);
  assert.equal(ApexTime.parse('23:30:00.000Z').add(3_600_000).toString(), '00:30:00.000Z');
  assert.equal(ApexBlob.fromText('ä').toHex(), 'c3a4');
  assert.equal(ApexBlob.fromBase64('w6Q=').toText(), 'ä');
});
