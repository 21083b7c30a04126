/** A user's locale: formats for display values, and the values of `@salesforce/i18n/*`. */
import type { FieldDescribe } from '../../schema/types.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import { Decimal } from '../../values/Decimal.ts';

export interface LocaleFacts {
  /** BCP 47: en-US. */
  readonly locale: string;
  readonly language: string;
  /** IANA name. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** `de_DE_EURO` → `de-DE`; what `Intl` does not know becomes `en-US`. */
export function languageTag(salesforceLocale: string | null | undefined): string {
  const [language = 'en', country] = (salesforceLocale ?? 'en_US').split('_');
  const tag = country && /^[A-Z]{2}$/.test(country) ? `${language}-${country}` : language;
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag)[0] ?? 'en-US';
  } catch {
    return 'en-US';
  }
}

const rightToLeft = new Set(['ar', 'he', 'iw', 'fa', 'ur', 'yi']);
export const directionOf = (language: string): 'ltr' | 'rtl' =>
  rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';

/** Formats values as the user reads them. Made once for each locale. */
export class Formatter {
  readonly facts: LocaleFacts;
  readonly #numbers = new Map<string, Intl.NumberFormat>();
  readonly #date: Intl.DateTimeFormat;
  readonly #dateTime: Intl.DateTimeFormat;
  readonly #time: Intl.DateTimeFormat;

  constructor(facts: LocaleFacts) {
    this.facts = facts;
    const day = dayStyle(facts.locale);
    this.#date = new Intl.DateTimeFormat(facts.locale, { ...day, timeZone: 'UTC' });
    this.#dateTime = new Intl.DateTimeFormat(facts.locale, {
      ...day,
      hour: 'numeric',
      minute: '2-digit',
      timeZone: facts.timeZone,
    });
    this.#time = new Intl.DateTimeFormat(facts.locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  }

  /** Text of a value that is not null; null when the raw value is the text. */
  display(value: unknown, field: FieldDescribe, currency?: string): string | null {
    if (value === null || value === undefined) return null;
    if (value instanceof ApexDate) return this.#date.format(value.days * 86_400_000);
    if (value instanceof ApexDatetime) return this.#dateTime.format(value.milliseconds);
    if (value instanceof ApexTime) return this.#time.format(value.milliseconds);
    if (field.type === 'anyType' && value instanceof Decimal)
      return this.#number(value, { ...field, type: 'double', scale: value.scale }, currency);
    if (value instanceof Decimal || typeof value === 'number' || typeof value === 'bigint')
      return this.#number(value, field, currency);
    if (typeof value !== 'string') return null;
    if (field.type === 'picklist') return field.picklistValues.find((known) => known.value === value)?.label ?? value;
    if (field.type === 'multipicklist') {
      return value
        .split(';')
        .map((part) => field.picklistValues.find((known) => known.value === part)?.label ?? part)
        .join(';');
    }
    return null;
  }

  #number(value: Decimal | number | bigint, field: FieldDescribe, currency: string = this.facts.currency): string {
    const key = `${field.type} ${field.scale} ${currency}`;
    let format = this.#numbers.get(key);
    if (!format) {
      const digits = { minimumFractionDigits: field.scale, maximumFractionDigits: field.scale };
      format = new Intl.NumberFormat(
        this.facts.locale,
        field.type === 'currency'
          ? { style: 'currency', currency, ...digits }
          : field.type === 'percent'
            ? { style: 'percent', ...digits }
            : digits,
      );
      this.#numbers.set(key, format);
    }
    // A percent field holds 45 for 45 %. The text goes in, so that no digit is lost on the way.
    if (field.type === 'percent') return format.format(percentText(value) as unknown as number);
    return format.format((value instanceof Decimal ? value.toString() : value) as number);
  }

  /** Values of `@salesforce/i18n/*` by property name. */
  properties(): Readonly<Record<string, unknown>> {
    const { locale, language, timeZone, currency } = this.facts;
    const number = new Intl.NumberFormat(locale, { style: 'currency', currency }).formatToParts(-1234567.5);
    const part = (type: string): string => number.find((candidate) => candidate.type === type)?.value ?? '';
    const plain = new Intl.NumberFormat(locale).formatToParts(-1234567.5);
    const plainPart = (type: string): string => plain.find((candidate) => candidate.type === type)?.value ?? '';
    const weekInfo = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
    const shortDate = datePattern(this.#date);
    const shortTime = datePattern(new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }));
    const mediumTime = datePattern(
      new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    );
    const mediumDate = datePattern(new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }));
    const longDate = datePattern(new Intl.DateTimeFormat(locale, { dateStyle: 'long' }));
    return {
      lang: language,
      dir: directionOf(language),
      locale,
      timeZone,
      currency,
      // Salesforce counts from Sunday = 1, Intl from Monday = 1.
      firstDayOfWeek: ((weekInfo.getWeekInfo?.().firstDay ?? 7) % 7) + 1,
      isEasternNameStyle: ['ja', 'zh', 'ko', 'hu', 'vi'].includes(language.split('-')[0] ?? ''),
      'dateTime.shortDateFormat': shortDate,
      'dateTime.mediumDateFormat': mediumDate,
      'dateTime.longDateFormat': longDate,
      'dateTime.shortTimeFormat': shortTime,
      'dateTime.mediumTimeFormat': mediumTime,
      'dateTime.shortDateTimeFormat': `${shortDate} ${shortTime}`,
      'dateTime.mediumDateTimeFormat': `${mediumDate} ${mediumTime}`,
      'dateTime.longDateTimeFormat': `${longDate} ${mediumTime}`,
      'number.numberFormat': '#,##0.###',
      'number.percentFormat': '#,##0%',
      'number.currencyFormat':
        number.findIndex(({ type }) => type === 'currency') < number.findIndex(({ type }) => type === 'integer')
          ? '¤#,##0.00'
          : '#,##0.00 ¤',
      'number.currencySymbol': part('currency'),
      'number.decimalSeparator': plainPart('decimal'),
      'number.groupingSeparator': plainPart('group'),
      'number.minusSign': plainPart('minusSign'),
      'number.plusSign': '+',
      'number.percentSign': '%',
      'number.perMilleSign': '‰',
      'number.exponentialSign': 'E',
      'number.superscriptingExponentSign': '×',
      'number.infinity': '∞',
      'number.nan': 'NaN',
      defaultNumberingSystem: 'latn',
      defaultCalendar: 'gregorian',
      showJapaneseCalendar: false,
    };
  }
}

const percentText = (value: Decimal | number | bigint): string => {
  const decimal = value instanceof Decimal ? value : Decimal.parse(String(value));
  return decimal.multiply(new Decimal(1n, 2)).toString();
};

/** Salesforce's short date has four digits of the year, and leading zeros where the locale's own short form has them. */
function dayStyle(locale: string): Intl.DateTimeFormatOptions {
  const parts = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeZone: 'UTC' }).formatToParts(
    Date.UTC(2001, 0, 2),
  );
  const digits = (type: string): '2-digit' | 'numeric' =>
    parts.find((part) => part.type === type)?.value.length === 2 ? '2-digit' : 'numeric';
  return { year: 'numeric', month: digits('month'), day: digits('day') };
}

const patternLetters: Readonly<Record<string, (value: string) => string>> = {
  year: () => 'yyyy',
  month: (value) => (/\d/.test(value) ? 'M'.repeat(value.length) : value.length > 4 ? 'MMMM' : 'MMM'),
  day: (value) => 'd'.repeat(value.length),
  hour: (value) => value,
  minute: () => 'mm',
  second: () => 'ss',
  dayPeriod: () => 'a',
};

/** Pattern (`M/d/yyyy`) that a format follows. */
function datePattern(format: Intl.DateTimeFormat): string {
  // 3 September: one digit each unless the locale pads, and a month whose short name is really shorter.
  const parts = format.formatToParts(new Date(2001, 8, 3, 9, 4, 5));
  const twelve = parts.some(({ type }) => type === 'dayPeriod');
  return parts
    .map(({ type, value }) =>
      type === 'hour'
        ? (twelve ? 'h' : 'H').repeat(value.length)
        : type === 'literal'
          ? value
          : (patternLetters[type]?.(value) ?? ''),
    )
    .join('');
}
