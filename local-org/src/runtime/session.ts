/** The acting user: locale, time zone and what SOQL's calendar needs. */
import type { Schema } from '../schema/types.ts';
import type { Calendar } from '../soql/dateLiterals.ts';
import type { FiscalCalendar } from '../soql/fiscalCalendar.ts';
import type { Store } from '../store/Store.ts';
import { languageTag, localeFormat } from '../values/LocaleFormat.ts';
import type { LocaleFormat } from '../values/LocaleFormat.ts';
import { RuntimeProblem } from './errors.ts';
import { timeZone } from './timeZone.ts';
import type { TimeZone } from './timeZone.ts';

export interface Session {
  readonly userId: string;
  /** Stored values of the user, by field name. */
  readonly user: ReadonlyMap<string, unknown>;
  readonly zone: TimeZone;
  readonly locale: string;
  readonly format: LocaleFormat;
}

/** Locales whose weeks start on Sunday. */
const SUNDAY_FIRST: ReadonlySet<string> = new Set(['en_US', 'en_CA', 'ja_JP', 'en_IN']);

/** Reads the user. Throws RuntimeProblem when there is none of that Id. */
export function openSession(store: Store, schema: Schema, userId: string): Session {
  const describe = schema.object('User');
  const user = describe && store.load(describe, [userId]).get(userId);
  if (!user) throw new RuntimeProblem('INVALID_USER', `there is no user with the Id ${userId}`);
  const zone = timeZone(String(user.get('TimeZoneSidKey')));
  const locale = String(user.get('LocaleSidKey'));
  return { userId, user, zone, locale, format: localeFormat(languageTag(locale), zone.name) };
}

export function calendarOf(session: Session, now: number, fiscal: FiscalCalendar): Calendar {
  return {
    today: session.zone.dayAt(now),
    firstDayOfWeek: SUNDAY_FIRST.has(session.locale) ? 1 : 2,
    fiscal,
  };
}
