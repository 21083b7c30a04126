/** Offsets of IANA time zones, with a cache: an Intl call takes some 10 µs. */
import { ApexDate } from '../values/ApexDate.ts';

const DAY_MS = 86_400_000;
/** Zones change on quarters of an hour. */
const QUARTER_HOUR_MS = 900_000;

const zones = new Map<string, TimeZone>();

/** The zone of that name; throws RangeError when there is none. */
export function timeZone(name: string): TimeZone {
  let zone = zones.get(name);
  if (!zone) {
    zone = new TimeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

export class TimeZone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  }

  /** Local time minus UTC at an instant, in milliseconds. */
  offsetAt(milliseconds: number): number {
    const quarter = Math.floor(milliseconds / QUARTER_HOUR_MS);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const instant = quarter * QUARTER_HOUR_MS;
    const parts = new Map(this.#format.formatToParts(instant).map((part) => [part.type, part.value]));
    const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
    const local =
      ApexDate.of(year, number('month'), number('day')).days * DAY_MS +
      ((number('hour') * 60 + number('minute')) * 60 + number('second')) * 1000;
    const offset = local - instant;
    if (this.#offsets.size > 10_000) this.#offsets.clear();
    this.#offsets.set(quarter, offset);
    return offset;
  }

  /** The day at an instant. */
  dayAt(milliseconds: number): ApexDate {
    return new ApexDate(Math.floor((milliseconds + this.offsetAt(milliseconds)) / DAY_MS));
  }

  /** Instant at which a day starts. */
  startOfDay(date: ApexDate): number {
    return this.instantOf(date.days * DAY_MS);
  }

  /** Instant of a local wall-clock time given in milliseconds since 1970-01-01 local. */
  instantOf(localMilliseconds: number): number {
    const guess = localMilliseconds - this.offsetAt(localMilliseconds);
    return localMilliseconds - this.offsetAt(guess);
  }
}
