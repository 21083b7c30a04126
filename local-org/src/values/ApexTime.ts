import { CalendarError } from './ApexDate.ts';

const DAY_MS = 86_400_000;
const ISO_TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?Z?$/i;

/** A time of day without a date or zone. */
export class ApexTime {
  /** Milliseconds since midnight, 0 to 86,399,999. */
  readonly milliseconds: number;

  /** `milliseconds` out of range wrap around midnight. */
  constructor(milliseconds: number) {
    this.milliseconds = ((milliseconds % DAY_MS) + DAY_MS) % DAY_MS;
  }

  static of(hour: number, minute: number, second: number, millisecond: number): ApexTime {
    return new ApexTime(((hour * 60 + minute) * 60 + second) * 1000 + millisecond);
  }

  /** `HH:mm:ss.SSSZ`; seconds, fraction and Z may be missing. Throws CalendarError. */
  static parse(text: string): ApexTime {
    const match = ISO_TIME.exec(text.trim());
    if (!match || Number(match[1]) > 23 || Number(match[2]) > 59 || Number(match[3] ?? 0) > 59) {
      throw new CalendarError(`Invalid time: ${text}`);
    }
    return ApexTime.of(
      Number(match[1]),
      Number(match[2]),
      Number(match[3] ?? 0),
      Number((match[4] ?? '').padEnd(3, '0')),
    );
  }

  get hour(): number {
    return Math.floor(this.milliseconds / 3_600_000);
  }
  get minute(): number {
    return Math.floor(this.milliseconds / 60_000) % 60;
  }
  get second(): number {
    return Math.floor(this.milliseconds / 1000) % 60;
  }
  get millisecond(): number {
    return this.milliseconds % 1000;
  }

  add(milliseconds: number): ApexTime {
    return new ApexTime(this.milliseconds + milliseconds);
  }

  compare(other: ApexTime): -1 | 0 | 1 {
    return this.milliseconds < other.milliseconds ? -1 : this.milliseconds > other.milliseconds ? 1 : 0;
  }

  equals(other: ApexTime): boolean {
    return this.milliseconds === other.milliseconds;
  }

  toKey(): string {
    return String(this.milliseconds);
  }

  /** HH:mm:ss.SSSZ */
  toString(): string {
    return `${new Date(this.milliseconds).toISOString().slice(11, 23)}Z`;
  }

  toJSON(): string {
    return this.toString();
  }
}
