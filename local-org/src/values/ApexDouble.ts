/** A 64-bit floating point number; a class so that Double and Integer stay apart when held as Object. */
export class ApexDouble {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  compare(other: ApexDouble): -1 | 0 | 1 {
    return this.value < other.value ? -1 : this.value > other.value ? 1 : 0;
  }

  equals(other: ApexDouble): boolean {
    return this.value === other.value;
  }

  toKey(): string {
    return String(this.value);
  }

  /** As Java's Double.toString: "1.0", "1.0E10", "NaN". */
  toString(): string {
    const { value } = this;
    if (!Number.isFinite(value)) return String(value);
    if (Object.is(value, -0)) return '-0.0';
    const size = Math.abs(value);
    if (size !== 0 && (size >= 1e7 || size < 1e-3)) {
      const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
      return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
    }
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }

  toJSON(): number {
    return this.value;
  }
}
