import { execution } from '../execution/Execution.ts';
import { languageTag, localeFormat } from '../../values/LocaleFormat.ts';
import type { LocaleFormat } from '../../values/LocaleFormat.ts';
import { userField, userTimeZone } from './timeZone.ts';

/** Locale of the acting user as an IETF tag: en-US. */
export function userLocale(): string {
  return languageTag(userField('LocaleSidKey') ?? execution().transaction.org.project.orgShape.locale);
}

/** How the acting user reads days, times and numbers. */
export function userFormat(): LocaleFormat {
  return localeFormat(userLocale(), userTimeZone());
}

/** First day of the user's week: 0 Sunday, 1 Monday. */
export function firstDayOfWeek(): number {
  const locale = new Intl.Locale(userLocale()) as Intl.Locale & { getWeekInfo?(): { firstDay: number } };
  return (locale.getWeekInfo?.().firstDay ?? 7) % 7;
}
