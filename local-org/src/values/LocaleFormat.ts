/** How a locale writes numbers, amounts, days and times. */
import { ApexDate } from './ApexDate.ts';
import { ApexDatetime } from './ApexDatetime.ts';
import { ApexTime } from './ApexTime.ts';
import { Decimal } from './Decimal.ts';

type Numeric = Decimal | number | bigint;

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

const formats = new Map<string, LocaleFormat>();

/** The formats of a locale (BCP 47) and an IANA time zone. */
export function localeFormat(locale: string, timeZone: string): LocaleFormat {
  const key = `${locale} ${timeZone}`;
  let format = formats.get(key);
  if (!format) {
    format = new LocaleFormat(locale, timeZone);
    formats.set(key, format);
  }
  return format;
}

export class LocaleFormat {
  readonly locale: string;
  /** The short form of a day. */
  readonly day: Intl.DateTimeFormat;
  readonly #dateTime: Intl.DateTimeFormat;
  readonly #time: Intl.DateTimeFormat;
  readonly #numbers = new Map<string, Intl.NumberFormat>();

  constructor(locale: string, timeZone: string) {
    this.locale = locale;
    const day = dayStyle(locale);
    this.day = new Intl.DateTimeFormat(locale, { ...day, timeZone: 'UTC' });
    this.#dateTime = new Intl.DateTimeFormat(locale, { ...day, hour: 'numeric', minute: '2-digit', timeZone });
    this.#time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' });
  }

  date(date: ApexDate): string {
    return this.day.format(date.days * 86_400_000);
  }

  dateTime(instant: ApexDatetime): string {
    return plainSpaces(this.#dateTime.format(instant.milliseconds));
  }

  time(time: ApexTime): string {
    return plainSpaces(this.#time.format(time.milliseconds));
  }

  /** @param digits places after the point */
  number(value: Numeric, digits: number): string {
    return this.#number(`number ${digits}`, value, digits, {});
  }

  /** 45 is 45 %. */
  percent(value: Numeric, digits: number): string {
    const decimal = value instanceof Decimal ? value : Decimal.parse(String(value));
    return this.#number(`percent ${digits}`, decimal.multiply(new Decimal(1n, 2)), digits, { style: 'percent' });
  }

  /** With the currency's sign, as in an org with one currency. */
  amount(value: Numeric, currency: string, digits: number): string {
    return this.#number(`${currency} ${digits}`, value, digits, { style: 'currency', currency });
  }

  /** With the currency's ISO code in front, as in an org with several currencies. */
  amountWithCode(value: Numeric, currency: string, digits: number): string {
    return `${currency} ${this.number(value, digits)}`;
  }

  #number(key: string, value: Numeric, digits: number, options: Intl.NumberFormatOptions): string {
    let format = this.#numbers.get(key);
    if (!format) {
      format = new Intl.NumberFormat(this.locale, {
        ...options,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      this.#numbers.set(key, format);
    }
    // The text goes in, so that no digit is lost on the way.
    return format.format((value instanceof Decimal ? value.toString() : value) as number);
  }
}

/** Intl writes narrow spaces that Salesforce does not. */
function plainSpaces(text: string): string {
  return text.replace(/\u202f/g, ' ');
}

/** Salesforce's short date has four digits of the year, and leading zeros where the locale's own short form has them. */
function dayStyle(locale: string): Intl.DateTimeFormatOptions {
  const parts = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeZone: 'UTC' }).formatToParts(
    Date.UTC(2001, 0, 2),
  );
  const digits = (type: string): '2-digit' | 'numeric' =>
    parts.find((part) => part.type === type)?.value.length === 2 ? '2-digit' : 'numeric';
  return { year: 'numeric', month: digits('month'), day: digits('day') };
}
