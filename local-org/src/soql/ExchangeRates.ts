/**
 * What the org's currencies are worth. A rate says how many units of a currency one unit of the corporate currency buys
 * (Object Reference, CurrencyType). Salesforce does not document how it rounds: an amount is converted exactly and then
 * rounded, half up, to the places of its field.
 */
import type { Schema } from '../schema/types.ts';
import type { Store } from '../store/Store.ts';
import { currencyValue } from '../schema/currencyField.ts';
import { ApexDate } from '../values/ApexDate.ts';
import { Decimal } from '../values/Decimal.ts';

/** A rate that holds from a day on. */
interface DatedRate {
  readonly from: number;
  /** Unscaled, as every rate has the same scale. */
  readonly rate: bigint;
}

/** Numerator over denominator. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const RATE_SCALE = 6;
const ONE = 10n ** BigInt(RATE_SCALE);

export class ExchangeRates {
  readonly #schema: Schema;
  readonly #store: Store;
  readonly #corporate: string;
  readonly #static = new Map<string, bigint>();
  readonly #places = new Map<string, number>();
  readonly #dated = new Map<string, readonly DatedRate[]>();

  /** @param corporate ISO code of the corporate currency of a new org */
  constructor(schema: Schema, store: Store, corporate: string) {
    this.#schema = schema;
    this.#store = store;
    this.#corporate = corporate;
  }

  get corporate(): string {
    return this.#corporate;
  }

  /** Reads the rows of CurrencyType and DatedConversionRate again, and brings the values of currency fields in line. */
  reload(): void {
    const rows = (objectName: string): readonly ReadonlyMap<string, unknown>[] => {
      const describe = this.#schema.object(objectName);
      return describe ? [...this.#store.loadWhere(describe, '1', []).values()] : [];
    };
    this.#static.clear();
    this.#places.clear();
    this.#dated.clear();
    const active: string[] = [];
    for (const row of rows('CurrencyType')) {
      const isoCode = String(row.get('IsoCode'));
      this.#static.set(isoCode, rateOf(row));
      this.#places.set(isoCode, Number(row.get('DecimalPlaces')));
      if (row.get('IsActive') === true) active.push(isoCode);
    }
    const dated = Map.groupBy(rows('DatedConversionRate'), (row) => String(row.get('IsoCode')));
    for (const [isoCode, rates] of dated) {
      this.#dated.set(
        isoCode,
        rates
          .map((row) => ({ from: (row.get('StartDate') as ApexDate).days, rate: rateOf(row) }))
          .sort((left, right) => left.from - right.from),
      );
    }
    this.#schema.activeCurrencies.splice(
      0,
      Infinity,
      ...active.sort().map((isoCode) => currencyValue(isoCode, isoCode === this.#corporate)),
    );
  }

  isActive(isoCode: string): boolean {
    return this.#schema.activeCurrencies.some(({ value }) => value === isoCode);
  }

  /** Places after the point that the org shows of a currency. */
  places(isoCode: string): number {
    return this.#places.get(isoCode) ?? 2;
  }

  /**
   * What one unit of `from` is worth in `to`.
   * @param day days since 1970-01-01 whose dated rates count; null: the static rates
   */
  factor(from: string, to: string, day: number | null): Fraction {
    return { numerator: this.#rate(to, day), denominator: this.#rate(from, day) };
  }

  /** An amount in another currency, with its own scale. */
  convert(amount: Decimal, from: string, to: string, day: ApexDate | null = null): Decimal {
    if (from === to) return amount;
    const { numerator, denominator } = this.factor(from, to, day?.days ?? null);
    return new Decimal(roundedQuotient(amount.unscaled * numerator, denominator), amount.scale);
  }

  #rate(isoCode: string, day: number | null): bigint {
    if (day !== null) {
      const rates = this.#dated.get(isoCode) ?? [];
      // Before the first of them the static rate holds: it was the rate for all time until others were defined.
      const found = rates.findLast(({ from }) => from <= day);
      if (found) return found.rate;
    }
    return this.#static.get(isoCode) ?? ONE;
  }
}

function rateOf(row: ReadonlyMap<string, unknown>): bigint {
  const rate = row.get('ConversionRate');
  return rate instanceof Decimal && rate.signum() > 0 ? rate.setScale(RATE_SCALE, 'HALF_UP').unscaled : ONE;
}

/** Half up, away from zero. */
export function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  const quotient = (2n * size(numerator) + size(denominator)) / (2n * size(denominator));
  return negative ? -quotient : quotient;
}
