/** Values as the reader's locale and time zone write them. */
import ORGANIZATION_CURRENCY from '@salesforce/i18n/currency';
import LOCALE from '@salesforce/i18n/locale';
import TIME_ZONE from '@salesforce/i18n/timeZone';

/**
 * Writes an amount; with cents only where there are any, since round figures are easier to compare.
 *
 * @param amount an amount
 * @param isoCode ISO code of its currency; none for that of the org
 * @param signDisplay exceptZero writes a plus sign too, for what was added or taken away
 */
export function amountText(
    amount: number,
    isoCode?: string | null,
    signDisplay: 'auto' | 'exceptZero' = 'auto'
): string {
    return new Intl.NumberFormat(LOCALE, {
        style: 'currency',
        currency: isoCode ?? ORGANIZATION_CURRENCY,
        signDisplay,
        ...(Number.isInteger(amount) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {})
    }).format(amount);
}

/** Writes a number with at most two decimals. */
export function numberText(value: number): string {
    return new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 }).format(value);
}

/**
 * @param percent a percentage as percent: 45 for 45 %
 * @returns it with at most one decimal
 */
export function percentText(percent: number): string {
    return new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 }).format(percent / 100);
}

/**
 * @param day a day as ISO text, 2027-03-01; the same day in every time zone
 */
export function dayText(day: string): string {
    return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
}

/**
 * @param moment a moment as ISO text
 * @returns its day in the reader's time zone
 */
export function dayOfMomentText(moment: string): string {
    return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: TIME_ZONE }).format(new Date(moment));
}

/**
 * @param hour an hour of the day, 0 to 23
 * @returns it as a time
 */
export function hourText(hour: number): string {
    return new Intl.DateTimeFormat(LOCALE, { timeStyle: 'short', timeZone: 'UTC' }).format(
        new Date(Date.UTC(2000, 0, 1, hour))
    );
}

/**
 * @param moment a moment as ISO text
 * @returns its day and time in the reader's time zone
 */
export function momentText(moment: string): string {
    return new Intl.DateTimeFormat(LOCALE, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone: TIME_ZONE
    }).format(new Date(moment));
}
