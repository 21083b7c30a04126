/** The currency of a record. */
import { createField } from './objectDescription.ts';
import type { MutableField } from './objectDescription.ts';
import type { PicklistValue } from './types.ts';

const NAMES = new Intl.DisplayNames('en', { type: 'currency' });

/** CurrencyIsoCode, restricted to the org's active currencies; new records get the user's currency. */
export function currencyField(activeCurrencies: readonly PicklistValue[], use: string = 'writable'): MutableField {
  return createField({
    name: 'CurrencyIsoCode',
    label: 'Currency ISO Code',
    type: 'picklist',
    length: 255,
    picklistValues: activeCurrencies,
    restrictedPicklist: true,
    defaultedOnCreate: true,
    createable: use !== 'readonly',
    updateable: use === 'writable',
  });
}

/** A currency as a picklist value: `EUR` with the label Euro. */
export function currencyValue(isoCode: string, isDefault = false): PicklistValue {
  return { value: isoCode, label: NAMES.of(isoCode) ?? isoCode, active: true, isDefault };
}

/** Every currency of ISO 4217. */
export function isoCurrencies(): readonly PicklistValue[] {
  return Intl.supportedValuesOf('currency').map((isoCode) => currencyValue(isoCode));
}

/** Digits after the point that ISO 4217 gives a currency. */
export function currencyDigits(isoCode: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency: isoCode }).resolvedOptions().maximumFractionDigits ?? 2
  );
}
