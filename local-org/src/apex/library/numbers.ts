/** Integer, Long, Double, Decimal, Boolean, Math and RoundingMode. */
import { ApexDouble } from '../../values/ApexDouble.ts';
import { Decimal, DecimalError, roundingModes, type RoundingMode } from '../../values/Decimal.ts';
import type { ApexEnum } from '../execution/ApexEnum.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import type { Implementation } from '../types/symbols.ts';
import { toText } from '../execution/text.ts';
import { userLocale } from './locale.ts';
import type { LibraryClass } from './define.ts';

const need = <T>(value: T | null): T => value ?? nullPointer();
const mode = (value: ApexEnum | null): RoundingMode => need(value).name as RoundingMode;
const grouped = (value: string): string => {
  const [whole = '', fraction] = value.split('.');
  const parts = new Intl.NumberFormat(userLocale()).formatToParts(-1234567.5);
  const group = parts.find((part) => part.type === 'group')?.value ?? '';
  const point = parts.find((part) => part.type === 'decimal')?.value ?? '.';
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, group) + (fraction === undefined ? '' : point + fraction);
};

function parseWhole(text: string, type: string, minimum: bigint, maximum: bigint): bigint {
  const trimmed = need(text).trim();
  const value = /^[+-]?\d+$/.test(trimmed) ? BigInt(trimmed.replace(/^\+/, '')) : null;
  if (value === null || value < minimum || value > maximum)
    throw makeException('TypeException', `Invalid ${type}: ${text}`);
  return value;
}
export const parseInteger = (text: string): number => Number(parseWhole(text, 'integer', -2147483648n, 2147483647n));
export const parseLong = (text: string): bigint => parseWhole(text, 'long', -(2n ** 63n), 2n ** 63n - 1n);
export function parseDecimal(text: string): Decimal {
  try {
    return Decimal.parse(need(text));
  } catch (error) {
    if (error instanceof DecimalError) throw makeException('TypeException', `Invalid decimal: ${text}`);
    throw error;
  }
}
function parseDouble(text: string): ApexDouble {
  const trimmed = need(text).trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?$/.test(trimmed))
    throw makeException('TypeException', `Invalid double: ${text}`);
  return new ApexDouble(parseFloat(trimmed));
}

/** A number held as Object, as Integer.valueOf(Object) and its like take it; null stays null, unlike a null String. */
function fromObject<T>(
  value: unknown,
  type: string,
  fromText: (text: string) => T,
  fromDecimal: (value: Decimal) => T,
): T | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return fromText(value);
  if (typeof value === 'number') return fromDecimal(Decimal.fromNumber(value));
  if (typeof value === 'bigint') return fromDecimal(Decimal.fromBigInt(value));
  if (value instanceof Decimal) return fromDecimal(value);
  if (value instanceof ApexDouble) return fromDecimal(Decimal.fromNumber(value.value));
  throw makeException('TypeException', `Invalid conversion from runtime type to ${type}`);
}

export const booleanClass: LibraryClass = {
  name: 'Boolean',
  statics: {
    'Boolean valueOf(Object value)': (value: unknown) =>
      typeof value === 'boolean' ? value : toText(value ?? nullPointer()).toLowerCase() === 'true',
  },
  methods: {},
};

export const integerClass: LibraryClass = {
  name: 'Integer',
  constants: { 'Integer MAX_VALUE': () => 2147483647, 'Integer MIN_VALUE': () => -2147483648 },
  statics: {
    'Integer valueOf(String text)': parseInteger,
    'Integer valueOf(Object value)': (value: unknown) =>
      fromObject(value, 'Integer', parseInteger, (number) => number.intValue()),
  },
  methods: {
    'String format()': (self: number) => grouped(String(self)),
    'Integer intValue()': (self: number) => self,
    'Long longValue()': (self: number) => BigInt(self),
    'Double doubleValue()': (self: number) => new ApexDouble(self),
  },
};

export const longClass: LibraryClass = {
  name: 'Long',
  constants: { 'Long MAX_VALUE': () => 2n ** 63n - 1n, 'Long MIN_VALUE': () => -(2n ** 63n) },
  statics: {
    'Long valueOf(String text)': parseLong,
    'Long valueOf(Object value)': (value: unknown) =>
      fromObject(value, 'Long', parseLong, (number) => number.longValue()),
  },
  methods: {
    'String format()': (self: bigint) => grouped(String(self)),
    'Integer intValue()': (self: bigint) => Number(BigInt.asIntN(32, self)),
    'Long longValue()': (self: bigint) => self,
    'Double doubleValue()': (self: bigint) => new ApexDouble(Number(self)),
  },
};

const roundDouble = (value: number): bigint =>
  Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(Math.floor(value + 0.5)))) : 0n;

export const doubleClass: LibraryClass = {
  name: 'Double',
  statics: {
    'Double valueOf(String text)': parseDouble,
    'Double valueOf(Object value)': (value: unknown) =>
      fromObject(value, 'Double', parseDouble, (number) => new ApexDouble(number.doubleValue())),
  },
  methods: {
    'String format()': (self: ApexDouble) => grouped(Decimal.fromNumber(self.value).toString()),
    'Integer intValue()': (self: ApexDouble) => Math.trunc(self.value) | 0,
    'Long longValue()': (self: ApexDouble) => BigInt.asIntN(64, BigInt(Math.trunc(self.value))),
    'Double doubleValue()': (self: ApexDouble) => self,
    'Long round()': (self: ApexDouble) => roundDouble(self.value),
    'Boolean isNaN()': (self: ApexDouble) => Number.isNaN(self.value),
    'Boolean isInfinite()': (self: ApexDouble) => Math.abs(self.value) === Infinity,
  },
};

export const decimalClass: LibraryClass = {
  name: 'Decimal',
  statics: {
    'Decimal valueOf(String text)': parseDecimal,
    'Decimal valueOf(Double value)': (value: ApexDouble) => Decimal.fromNumber(need(value).value),
    'Decimal valueOf(Long value)': (value: bigint) => Decimal.fromBigInt(need(value)),
    'Decimal valueOf(Decimal value)': (value: Decimal) => value,
    'Decimal valueOf(Object value)': (value: unknown) => fromObject(value, 'Decimal', parseDecimal, (number) => number),
  },
  methods: {
    'Decimal abs()': (self: Decimal) => self.abs(),
    'Decimal divide(Decimal divisor, Integer scale)': (self: Decimal, divisor: Decimal, scale: number) =>
      divide(self, divisor, scale, 'HALF_EVEN'),
    'Decimal divide(Decimal divisor, Integer scale, RoundingMode roundingMode)': (
      self: Decimal,
      divisor: Decimal,
      scale: number,
      rounding: ApexEnum,
    ) => divide(self, divisor, scale, mode(rounding)),
    'Double doubleValue()': (self: Decimal) => new ApexDouble(self.doubleValue()),
    'String format()': (self: Decimal) => grouped(self.toString()),
    'Integer intValue()': (self: Decimal) => self.intValue(),
    'Long longValue()': (self: Decimal) => self.longValue(),
    'Decimal pow(Integer exponent)': (self: Decimal, exponent: number) =>
      exponent < 0 || exponent > 32767
        ? (() => {
            throw makeException('MathException', 'Exponent must be between 0 and 32,767');
          })()
        : self.power(exponent),
    'Integer precision()': (self: Decimal) => self.precision(),
    'Long round()': (self: Decimal) => BigInt.asIntN(64, self.round('HALF_EVEN')),
    'Long round(RoundingMode roundingMode)': (self: Decimal, rounding: ApexEnum) =>
      BigInt.asIntN(64, self.round(mode(rounding))),
    'Integer scale()': (self: Decimal) => self.scale,
    'Decimal setScale(Integer scale)': (self: Decimal, scale: number) => self.setScale(need(scale), 'HALF_EVEN'),
    'Decimal setScale(Integer scale, RoundingMode roundingMode)': (self: Decimal, scale: number, rounding: ApexEnum) =>
      self.setScale(need(scale), mode(rounding)),
    'Decimal stripTrailingZeros()': (self: Decimal) => self.stripTrailingZeros(),
    'String toPlainString()': (self: Decimal) => self.toString(),
  },
};

function divide(self: Decimal, divisor: Decimal, scale: number, rounding: RoundingMode): Decimal {
  if (need(divisor).unscaled === 0n) throw makeException('MathException', 'Divide by 0');
  return self.divide(divisor, scale, rounding);
}

export const roundingModeEnum: LibraryClass = { name: 'RoundingMode', kind: 'enum', values: roundingModes };

const real =
  (compute: (value: number) => number) =>
  (value: ApexDouble): ApexDouble =>
    new ApexDouble(compute(need(value).value));
const realDecimal =
  (compute: (value: number) => number) =>
  (value: Decimal): Decimal =>
    Decimal.fromNumber(compute(need(value).doubleValue()));
const larger = <T extends Decimal | ApexDouble>(left: T, right: T, sign: number): T =>
  (left instanceof Decimal ? left.compare(right as Decimal) : left.compare(right as ApexDouble)) * sign >= 0
    ? left
    : right;

function remainder(left: bigint, right: bigint): bigint {
  if (right === 0n) throw makeException('MathException', 'Divide by 0');
  return left % right;
}

const DOUBLE_FUNCTIONS: Readonly<Record<string, (value: number) => number>> = {
  acos: Math.acos,
  asin: Math.asin,
  atan: Math.atan,
  cbrt: Math.cbrt,
  cos: Math.cos,
  cosh: Math.cosh,
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
};

export const mathClass: LibraryClass = {
  name: 'Math',
  constants: { 'Double E': () => new ApexDouble(Math.E), 'Double PI': () => new ApexDouble(Math.PI) },
  statics: {
    ...Object.fromEntries<Implementation>(
      Object.entries(DOUBLE_FUNCTIONS).flatMap(([name, compute]) => [
        [`Decimal ${name}(Decimal value)`, realDecimal(compute)],
        [`Double ${name}(Double value)`, real(compute)],
      ]),
    ),
    'Decimal abs(Decimal value)': (value: Decimal) => need(value).abs(),
    'Double abs(Double value)': real(Math.abs),
    'Integer abs(Integer value)': (value: number) => Math.abs(need(value)) | 0,
    'Long abs(Long value)': (value: bigint) => (need(value) < 0n ? BigInt.asIntN(64, -value) : value),
    'Double atan2(Double y, Double x)': (y: ApexDouble, x: ApexDouble) => new ApexDouble(Math.atan2(y.value, x.value)),
    'Decimal atan2(Decimal y, Decimal x)': (y: Decimal, x: Decimal) =>
      Decimal.fromNumber(Math.atan2(y.doubleValue(), x.doubleValue())),
    'Decimal ceil(Decimal value)': (value: Decimal) => need(value).setScale(0, 'CEILING'),
    'Double ceil(Double value)': real(Math.ceil),
    'Decimal floor(Decimal value)': (value: Decimal) => need(value).setScale(0, 'FLOOR'),
    'Double floor(Double value)': real(Math.floor),
    'Decimal max(Decimal left, Decimal right)': (left: Decimal, right: Decimal) => larger(need(left), need(right), 1),
    'Double max(Double left, Double right)': (left: ApexDouble, right: ApexDouble) =>
      larger(need(left), need(right), 1),
    'Integer max(Integer left, Integer right)': (left: number, right: number) => Math.max(need(left), need(right)),
    'Long max(Long left, Long right)': (left: bigint, right: bigint) => (need(left) > need(right) ? left : right),
    'Decimal min(Decimal left, Decimal right)': (left: Decimal, right: Decimal) => larger(need(left), need(right), -1),
    'Double min(Double left, Double right)': (left: ApexDouble, right: ApexDouble) =>
      larger(need(left), need(right), -1),
    'Integer min(Integer left, Integer right)': (left: number, right: number) => Math.min(need(left), need(right)),
    'Long min(Long left, Long right)': (left: bigint, right: bigint) => (need(left) < need(right) ? left : right),
    'Integer mod(Integer left, Integer right)': (left: number, right: number) =>
      Number(remainder(BigInt(need(left)), BigInt(need(right)))),
    'Long mod(Long left, Long right)': (left: bigint, right: bigint) => remainder(need(left), need(right)),
    'Double pow(Double base, Double exponent)': (base: ApexDouble, exponent: ApexDouble) =>
      new ApexDouble(Math.pow(need(base).value, need(exponent).value)),
    'Double random()': () => new ApexDouble(Math.random()),
    'Decimal rint(Decimal value)': (value: Decimal) => need(value).setScale(0, 'HALF_EVEN'),
    'Double rint(Double value)': real((value) => Decimal.fromNumber(value).setScale(0, 'HALF_EVEN').doubleValue()),
    'Integer round(Decimal value)': (value: Decimal) => Number(BigInt.asIntN(32, need(value).round('HALF_EVEN'))),
    'Integer round(Double value)': (value: ApexDouble) => Number(BigInt.asIntN(32, roundDouble(need(value).value))),
    'Long roundToLong(Decimal value)': (value: Decimal) => BigInt.asIntN(64, need(value).round('HALF_EVEN')),
    'Long roundToLong(Double value)': (value: ApexDouble) => roundDouble(need(value).value),
    'Decimal signum(Decimal value)': (value: Decimal) => Decimal.fromNumber(need(value).signum()),
    'Double signum(Double value)': real(Math.sign),
  },
};
