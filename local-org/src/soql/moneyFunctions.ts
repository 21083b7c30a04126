/** SQL functions for amounts in several currencies; an org with one currency doesn't have them. */
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Store } from '../store/Store.ts';
import { Decimal } from '../values/Decimal.ts';
import type { ExchangeRates, Fraction } from './ExchangeRates.ts';
import { roundedQuotient } from './ExchangeRates.ts';

/** Places that ORDER BY looks at beyond an amount's own. */
const ORDER_DIGITS = 10n ** 6n;
const FITS = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

/** Sums by rate, so that a total is rounded once. */
type Total = Map<string, Fraction>;

/** The least or greatest amount so far, in the currency of the result. */
type Extreme = { value: Fraction | null };

/**
 * `money_in(amount, code, day, target)`, `money_order(amount, code, day)`, `money_compare(amount, scale, code, day, text,
 * code)` and the aggregates `money_total`, `money_least`, `money_greatest(amount, code, day, target)`. A code that is null
 * or '' is the corporate currency, a null target the user's; a null day takes the static rates.
 */
export function registerMoneyFunctions(store: Store, rates: () => ExchangeRates, userCurrency: () => string): void {
  const code = (value: SQLOutputValue | undefined): string =>
    typeof value === 'string' && value !== '' ? value : rates().corporate;
  const target = (value: SQLOutputValue | undefined): string => (value === null ? userCurrency() : code(value));
  const dayOf = (value: SQLOutputValue | undefined): number | null =>
    value === null || value === undefined ? null : Number(value);
  const converted = (
    amount: SQLOutputValue | undefined,
    from: SQLOutputValue | undefined,
    day: SQLOutputValue | undefined,
    to: string,
  ): Fraction | null => {
    if (typeof amount !== 'bigint') return null;
    const { numerator, denominator } = rates().factor(code(from), to, dayOf(day));
    return { numerator: amount * numerator, denominator };
  };

  store.defineFunction('money_in', false, (amount, from, day, to): SQLInputValue => {
    const value = converted(amount, from, day, target(to));
    return value && answer(roundedQuotient(value.numerator, value.denominator));
  });
  store.defineFunction('money_order', false, (amount, from, day): SQLInputValue => {
    const value = converted(amount, from, day, rates().corporate);
    return value && answer(roundedQuotient(value.numerator * ORDER_DIGITS, value.denominator));
  });
  store.defineFunction('money_compare', false, (amount, scale, from, day, text, other): SQLInputValue => {
    if (typeof amount !== 'bigint' || typeof text !== 'string') return null;
    const { numerator, denominator } = rates().factor(code(from), code(other), dayOf(day));
    // amount · numerator / denominator against the literal, both as whole numbers
    const left = new Decimal(amount * numerator, Number(scale));
    const right = Decimal.parse(text).multiply(Decimal.fromBigInt(denominator));
    return left.compare(right);
  });

  store.defineAggregate<Total>('money_total', {
    start: () => new Map(),
    step: (total, [amount, from, day, to]) => {
      const value = converted(amount, from, day, target(to));
      if (!value) return total;
      const key = String(value.denominator);
      const before = total.get(key)?.numerator ?? 0n;
      return total.set(key, { numerator: before + value.numerator, denominator: value.denominator });
    },
    result: (total) => {
      const sum = [...total.values()].reduce<Fraction | null>((left, right) => (left ? add(left, right) : right), null);
      return sum && answer(roundedQuotient(sum.numerator, sum.denominator));
    },
  });
  for (const [name, sign] of [
    ['money_least', -1],
    ['money_greatest', 1],
  ] as const) {
    store.defineAggregate<Extreme>(name, {
      start: () => ({ value: null }),
      step: (extreme, [amount, from, day, to]) => {
        const value = converted(amount, from, day, target(to));
        if (value && (!extreme.value || sign * compare(value, extreme.value) > 0)) return { value };
        return extreme;
      },
      result: ({ value }) => value && answer(roundedQuotient(value.numerator, value.denominator)),
    });
  }
}

/** SQLite's integers have 64 bits; longer ones go as text, as exact_sum's do. */
function answer(value: bigint): SQLInputValue {
  return FITS(value) ? value : String(value);
}

function add(left: Fraction, right: Fraction): Fraction {
  return left.denominator === right.denominator
    ? { numerator: left.numerator + right.numerator, denominator: left.denominator }
    : {
        numerator: left.numerator * right.denominator + right.numerator * left.denominator,
        denominator: left.denominator * right.denominator,
      };
}

function compare(left: Fraction, right: Fraction): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
