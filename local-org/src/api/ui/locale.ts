/** A user's locale: formats for display values, and the values of `@salesforce/i18n/*`. */
import type { ExchangeRates } from '../../soql/ExchangeRates.ts';
import type { FieldDescribe } from '../../schema/types.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import { Decimal } from '../../values/Decimal.ts';
import { localeFormat } from '../../values/LocaleFormat.ts';
import type { LocaleFormat } from '../../values/LocaleFormat.ts';

export interface LocaleFacts {
  /** BCP 47: en-US. */
  readonly locale: string;
  readonly language: string;
  /** IANA name. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
}

const rightToLeft = new Set(['ar', 'he', 'iw', 'fa', 'ur', 'yi']);
export const directionOf = (language: string): 'ltr' | 'rtl' =>
  rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';

/** The currency of a record's amounts, and what finds their worth in the user's currency. */
export interface RecordCurrency {
  readonly code: string;
  readonly rates: ExchangeRates;
  /** Day whose dated rates count; null: the static rates. */
  readonly day: ApexDate | null;
}

/** Formats values as the user reads them. Made once for each locale. */
export class Formatter {
  readonly facts: LocaleFacts;
  readonly #format: LocaleFormat;

  constructor(facts: LocaleFacts) {
    this.facts = facts;
    this.#format = localeFormat(facts.locale, facts.timeZone);
  }

  /**
   * Text of a value that is not null; null when the raw value is the text.
   * @param currency of the record, in an org with several currencies
   */
  display(value: unknown, field: FieldDescribe, currency?: RecordCurrency): string | null {
    if (value === null || value === undefined) return null;
    if (value instanceof ApexDate) return this.#format.date(value);
    if (value instanceof ApexDatetime) return this.#format.dateTime(value);
    if (value instanceof ApexTime) return this.#format.time(value);
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

  /** An amount in a record's currency shows its ISO code; one of an org with a single currency the sign. */
  #number(value: Decimal | number | bigint, field: FieldDescribe, currency: RecordCurrency | undefined): string {
    if (field.type === 'percent') return this.#format.percent(value, field.scale);
    if (field.type !== 'currency') return this.#format.number(value, field.scale);
    if (!currency) return this.#format.amount(value, this.facts.currency, field.scale);
    const { code, rates, day } = currency;
    const own = this.#format.amountWithCode(value, code, rates.places(code));
    const user = this.facts.currency;
    if (code === user || !(value instanceof Decimal)) return own;
    return `${own} (${this.#format.amountWithCode(rates.convert(value, code, user, day), user, rates.places(user))})`;
  }

  /** Values of `@salesforce/i18n/*` by property name. */
  properties(): Readonly<Record<string, unknown>> {
    const { locale, language, timeZone, currency } = this.facts;
    const number = new Intl.NumberFormat(locale, { style: 'currency', currency }).formatToParts(-1234567.5);
    const part = (type: string): string => number.find((candidate) => candidate.type === type)?.value ?? '';
    const plain = new Intl.NumberFormat(locale).formatToParts(-1234567.5);
    const plainPart = (type: string): string => plain.find((candidate) => candidate.type === type)?.value ?? '';
    const weekInfo = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
    const shortDate = datePattern(this.#format.day);
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
