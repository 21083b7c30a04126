/** A calendar day without a time or zone. */

const DAY_MS = 86_400_000;
const ISO_DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;

/** Text that is no date or time. */
export class CalendarError extends Error {
  readonly code = 'INVALID_DATE';
  constructor(message: string) {
    super(message);
    this.name = 'CalendarError';
  }
}

export class ApexDate {
  /** Days since 1970-01-01. */
  readonly days: number;

  constructor(days: number) {
    this.days = days;
  }

  /** `month` counts from 1; parts out of range roll over (month 13 is January of the next year). */
  static of(year: number, month: number, day: number): ApexDate {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    return new ApexDate(Math.floor(date.getTime() / DAY_MS));
  }

  /** `yyyy-MM-dd` of a day that exists; throws CalendarError. */
  static parse(text: string): ApexDate {
    const match = ISO_DATE.exec(text.trim());
    if (match) {
      const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
      const date = ApexDate.of(year, month, day);
      if (date.year === year && date.month === month && date.day === day) return date;
    }
    throw new CalendarError(`Invalid date: ${text}`);
  }

  private get utc(): Date {
    return new Date(this.days * DAY_MS);
  }
  get year(): number {
    return this.utc.getUTCFullYear();
  }
  /** 1 to 12. */
  get month(): number {
    return this.utc.getUTCMonth() + 1;
  }
  get day(): number {
    return this.utc.getUTCDate();
  }
  /** 0 is Sunday. */
  get dayOfWeek(): number {
    return this.utc.getUTCDay();
  }
  get dayOfYear(): number {
    return this.days - ApexDate.of(this.year, 1, 1).days + 1;
  }

  static isLeapYear(year: number): boolean {
    return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  }

  static daysInMonth(year: number, month: number): number {
    return ApexDate.of(year, month + 1, 0).day;
  }

  addDays(days: number): ApexDate {
    return new ApexDate(this.days + days);
  }

  /** The same day of another month, or that month's last day. */
  addMonths(months: number): ApexDate {
    const first = ApexDate.of(this.year, this.month + months, 1);
    return first.addDays(Math.min(this.day, ApexDate.daysInMonth(first.year, first.month)) - 1);
  }

  addYears(years: number): ApexDate {
    return this.addMonths(12 * years);
  }

  daysBetween(other: ApexDate): number {
    return other.days - this.days;
  }

  /** Difference of the calendar months; the day of the month doesn't count. */
  monthsBetween(other: ApexDate): number {
    return (other.year - this.year) * 12 + other.month - this.month;
  }

  startOfMonth(): ApexDate {
    return this.addDays(1 - this.day);
  }

  /** `firstDay`: 0 is Sunday, 1 Monday. */
  startOfWeek(firstDay: number): ApexDate {
    return this.addDays(-((this.dayOfWeek - firstDay + 7) % 7));
  }

  compare(other: ApexDate): -1 | 0 | 1 {
    return this.days < other.days ? -1 : this.days > other.days ? 1 : 0;
  }

  equals(other: ApexDate): boolean {
    return this.days === other.days;
  }

  toKey(): string {
    return String(this.days);
  }

  /** yyyy-MM-dd */
  toString(): string {
    const year = this.year;
    const sign = year < 0 ? '-' : '';
    const pad = (value: number, size: number): string => String(value).padStart(size, '0');
    return `${sign}${pad(Math.abs(year), 4)}-${pad(this.month, 2)}-${pad(this.day, 2)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}
