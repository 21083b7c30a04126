import { ApexDate, CalendarError } from './ApexDate.ts';

const DAY_MS = 86_400_000;
const ISO_DATETIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** An instant, with milliseconds. */
export class ApexDatetime {
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly milliseconds: number;

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds;
  }

  /** Parts in UTC; `month` counts from 1; parts out of range roll over. */
  static utc(
    year: number,
    month: number,
    day: number,
    hour = 0,
    minute = 0,
    second = 0,
    millisecond = 0,
  ): ApexDatetime {
    const days = ApexDate.of(year, month, day).days;
    return new ApexDatetime(days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond);
  }

  /** ISO 8601 with or without a zone (none: UTC); throws CalendarError. */
  static parse(text: string): ApexDatetime {
    const match = ISO_DATETIME.exec(text.trim());
    if (!match) throw new CalendarError(`Invalid date/time: ${text}`);
    const date = ApexDate.parse(match[1] as string);
    const [hour, minute, second] = [Number(match[2] ?? 0), Number(match[3] ?? 0), Number(match[4] ?? 0)];
    if (hour > 23 || minute > 59 || second > 59) throw new CalendarError(`Invalid date/time: ${text}`);
    const fraction = Number((match[5] ?? '').padEnd(3, '0').slice(0, 3));
    const zone = match[6]?.toUpperCase() ?? 'Z';
    let offset = 0;
    if (zone !== 'Z') {
      const digits = zone.replace(':', '');
      offset = (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))) * (digits.startsWith('-') ? -1 : 1);
    }
    return new ApexDatetime(date.days * DAY_MS + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction);
  }

  /** Day in UTC. */
  get utcDate(): ApexDate {
    return new ApexDate(Math.floor(this.milliseconds / DAY_MS));
  }

  /** Milliseconds since midnight, UTC. */
  get utcTime(): number {
    return this.milliseconds - Math.floor(this.milliseconds / DAY_MS) * DAY_MS;
  }

  compare(other: ApexDatetime): -1 | 0 | 1 {
    return this.milliseconds < other.milliseconds ? -1 : this.milliseconds > other.milliseconds ? 1 : 0;
  }

  equals(other: ApexDatetime): boolean {
    return this.milliseconds === other.milliseconds;
  }

  toKey(): string {
    return String(this.milliseconds);
  }

  /** yyyy-MM-ddTHH:mm:ss.SSSZ */
  toIso(): string {
    return new Date(this.milliseconds).toISOString();
  }

  /** As REST writes it: yyyy-MM-ddTHH:mm:ss.SSS+0000 */
  toRest(): string {
    return this.toIso().replace('Z', '+0000');
  }

  /** yyyy-MM-dd HH:mm:ss in UTC, as String.valueOf for a user in that zone. */
  toString(): string {
    return this.toIso().slice(0, 19).replace('T', ' ');
  }

  toJSON(): string {
    return this.toIso();
  }
}
