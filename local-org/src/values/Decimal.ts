/**
 * Exact decimal numbers as Apex has them: an unscaled integer and a scale, like java.math.BigDecimal. The scale is part
 * of the value (1.10 prints as 1.10) but not of its comparison (1.1 equals 1.10).
 */

export type RoundingMode = 'CEILING' | 'DOWN' | 'FLOOR' | 'HALF_DOWN' | 'HALF_EVEN' | 'HALF_UP' | 'UNNECESSARY' | 'UP';

export const roundingModes: readonly RoundingMode[] = [
  'CEILING',
  'DOWN',
  'FLOOR',
  'HALF_DOWN',
  'HALF_EVEN',
  'HALF_UP',
  'UNNECESSARY',
  'UP',
];

export type DecimalErrorCode = 'INVALID_DECIMAL' | 'DIVIDE_BY_ZERO' | 'ROUNDING_NECESSARY';

/** Text that is no number, a division by zero, or rounding under UNNECESSARY. */
export class DecimalError extends Error {
  readonly code: DecimalErrorCode;
  constructor(code: DecimalErrorCode, message: string) {
    super(message);
    this.name = 'DecimalError';
    this.code = code;
  }
}

/** Significant digits that the `/` operator keeps (IEEE 754 decimal128, as java.math.MathContext.DECIMAL128). */
const QUOTIENT_DIGITS = 34;

const powers: bigint[] = [1n];
function powerOfTen(exponent: number): bigint {
  for (let next = powers.length; next <= exponent; next++) powers.push((powers[next - 1] as bigint) * 10n);
  return powers[exponent] as bigint;
}

function digitCount(value: bigint): number {
  return (value < 0n ? -value : value).toString().length;
}

/** Quotient of two integers, rounded by `mode`; `denominator` is not zero. */
function divideRounded(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  const negative = numerator < 0n !== denominator < 0n;
  const away = negative ? quotient - 1n : quotient + 1n;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const size = denominator < 0n ? -denominator : denominator;
  switch (mode) {
    case 'DOWN':
      return quotient;
    case 'UP':
      return away;
    case 'CEILING':
      return negative ? quotient : away;
    case 'FLOOR':
      return negative ? away : quotient;
    case 'HALF_UP':
      return twice >= size ? away : quotient;
    case 'HALF_DOWN':
      return twice > size ? away : quotient;
    case 'HALF_EVEN':
      return twice > size || (twice === size && quotient % 2n !== 0n) ? away : quotient;
    case 'UNNECESSARY':
      throw new DecimalError('ROUNDING_NECESSARY', 'Rounding necessary');
  }
}

const NUMBER_TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

export class Decimal {
  static readonly ZERO = new Decimal(0n, 0);
  static readonly ONE = new Decimal(1n, 0);

  readonly unscaled: bigint;
  /** Digits right of the decimal point; 0 or more. */
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** `text` is a plain or scientific number ("-12.50", "1e3"); throws DecimalError INVALID_DECIMAL on anything else. */
  static parse(text: string): Decimal {
    const match = NUMBER_TEXT.exec(text.trim());
    const whole = match?.[2] ?? '';
    const fraction = match?.[3] ?? '';
    if (!match || (whole === '' && fraction === '')) {
      throw new DecimalError('INVALID_DECIMAL', `Invalid decimal: ${text}`);
    }
    let unscaled = BigInt(whole + fraction);
    if (match[1] === '-') unscaled = -unscaled;
    const scale = fraction.length - Number(match[4] ?? 0);
    return scale < 0 ? new Decimal(unscaled * powerOfTen(-scale), 0) : new Decimal(unscaled, scale);
  }

  /** The decimal that the double's shortest text stands for; throws DecimalError on NaN and infinities. */
  static fromNumber(value: number): Decimal {
    if (Number.isSafeInteger(value)) return new Decimal(BigInt(value), 0);
    return Decimal.parse(String(value));
  }

  static fromBigInt(value: bigint): Decimal {
    return new Decimal(value, 0);
  }

  add(other: Decimal): Decimal {
    if (this.scale === other.scale) return new Decimal(this.unscaled + other.unscaled, this.scale);
    return this.scale > other.scale
      ? new Decimal(this.unscaled + other.unscaled * powerOfTen(this.scale - other.scale), this.scale)
      : new Decimal(this.unscaled * powerOfTen(other.scale - this.scale) + other.unscaled, other.scale);
  }

  subtract(other: Decimal): Decimal {
    if (this.scale === other.scale) return new Decimal(this.unscaled - other.unscaled, this.scale);
    return this.scale > other.scale
      ? new Decimal(this.unscaled - other.unscaled * powerOfTen(this.scale - other.scale), this.scale)
      : new Decimal(this.unscaled * powerOfTen(other.scale - this.scale) - other.unscaled, other.scale);
  }

  multiply(other: Decimal): Decimal {
    return new Decimal(this.unscaled * other.unscaled, this.scale + other.scale);
  }

  /**
   * Quotient. Without `scale`: 34 significant digits, half even, trailing zeros dropped down to the difference of the
   * scales (what BigDecimal.divide(MathContext.DECIMAL128) does; Salesforce doesn't document its precision). With
   * `scale`: that many decimal places, half even unless `mode` says otherwise. Throws DecimalError DIVIDE_BY_ZERO.
   */
  divide(divisor: Decimal, scale?: number, mode: RoundingMode = 'HALF_EVEN'): Decimal {
    if (divisor.unscaled === 0n) throw new DecimalError('DIVIDE_BY_ZERO', 'Divide by 0');
    if (scale !== undefined) {
      const shift = scale + divisor.scale - this.scale;
      const numerator = shift >= 0 ? this.unscaled * powerOfTen(shift) : this.unscaled;
      const denominator = shift >= 0 ? divisor.unscaled : divisor.unscaled * powerOfTen(-shift);
      return new Decimal(divideRounded(numerator, denominator, mode), scale);
    }
    const preferred = Math.max(0, this.scale - divisor.scale);
    if (this.unscaled === 0n) return new Decimal(0n, preferred);
    const estimate =
      QUOTIENT_DIGITS + digitCount(divisor.unscaled) - digitCount(this.unscaled) + this.scale - divisor.scale;
    let result = this.divide(divisor, Math.max(0, estimate), mode);
    const excess = digitCount(result.unscaled) - QUOTIENT_DIGITS;
    if (excess > 0 && result.scale >= excess) result = this.divide(divisor, result.scale - excess, mode);
    let { unscaled, scale: resultScale } = result;
    while (resultScale > preferred && unscaled % 10n === 0n) {
      unscaled /= 10n;
      resultScale--;
    }
    return new Decimal(unscaled, resultScale);
  }

  /** Remainder with the sign of this number, as Java's BigDecimal.remainder. */
  remainder(divisor: Decimal): Decimal {
    if (divisor.unscaled === 0n) throw new DecimalError('DIVIDE_BY_ZERO', 'Divide by 0');
    const scale = Math.max(this.scale, divisor.scale);
    return new Decimal(
      (this.unscaled * powerOfTen(scale - this.scale)) % (divisor.unscaled * powerOfTen(scale - divisor.scale)),
      scale,
    );
  }

  /** `exponent` is 0 or more. */
  power(exponent: number): Decimal {
    return new Decimal(this.unscaled ** BigInt(exponent), this.scale * exponent);
  }

  negate(): Decimal {
    return new Decimal(-this.unscaled, this.scale);
  }

  abs(): Decimal {
    return this.unscaled < 0n ? this.negate() : this;
  }

  signum(): -1 | 0 | 1 {
    return this.unscaled === 0n ? 0 : this.unscaled < 0n ? -1 : 1;
  }

  /** -1, 0 or 1; the scale doesn't count. */
  compare(other: Decimal): -1 | 0 | 1 {
    let left = this.unscaled;
    let right = other.unscaled;
    if (this.scale > other.scale) right *= powerOfTen(this.scale - other.scale);
    else if (this.scale < other.scale) left *= powerOfTen(other.scale - this.scale);
    return left < right ? -1 : left > right ? 1 : 0;
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  /** Sets the decimal places; half even unless `mode` says otherwise. A negative scale rounds left of the point. */
  setScale(scale: number, mode: RoundingMode = 'HALF_EVEN'): Decimal {
    if (scale === this.scale) return this;
    if (scale > this.scale) return new Decimal(this.unscaled * powerOfTen(scale - this.scale), scale);
    const rounded = divideRounded(this.unscaled, powerOfTen(this.scale - scale), mode);
    return scale < 0 ? new Decimal(rounded * powerOfTen(-scale), 0) : new Decimal(rounded, scale);
  }

  /** The nearest integer; half even unless `mode` says otherwise. */
  round(mode: RoundingMode = 'HALF_EVEN'): bigint {
    return divideRounded(this.unscaled, powerOfTen(this.scale), mode);
  }

  /** Digits in all, as BigDecimal.precision. */
  precision(): number {
    return digitCount(this.unscaled);
  }

  /** Whole part, wrapped to 32 bits. */
  intValue(): number {
    return Number(BigInt.asIntN(32, this.unscaled / powerOfTen(this.scale)));
  }

  /** Whole part, wrapped to 64 bits. */
  longValue(): bigint {
    return BigInt.asIntN(64, this.unscaled / powerOfTen(this.scale));
  }

  doubleValue(): number {
    return Number(this.toString());
  }

  stripTrailingZeros(): Decimal {
    let { unscaled, scale } = this;
    while (scale > 0 && unscaled % 10n === 0n) {
      unscaled /= 10n;
      scale--;
    }
    return scale === this.scale ? this : new Decimal(unscaled, scale);
  }

  /** The same text for equal numbers (1.1 and 1.10), for keys of sets and maps. */
  toKey(): string {
    return this.stripTrailingZeros().toString();
  }

  /** Plain notation with the scale kept: "1.10", "-0.05", "1000". */
  toString(): string {
    if (this.scale === 0) return this.unscaled.toString();
    const negative = this.unscaled < 0n;
    const digits = (negative ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, '0');
    const point = digits.length - this.scale;
    return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  /** JSON's number as JavaScript can carry it; use `toString` where digits matter. */
  toJSON(): number {
    return this.doubleValue();
  }
}
