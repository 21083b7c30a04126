import { execution } from '../execution/Execution.ts';
import { userField } from './timeZone.ts';

/** Locale of the acting user as an IETF tag: en-US. */
export function userLocale(): string {
  return (userField('LocaleSidKey') ?? execution().transaction.org.project.orgShape.locale).replace(/_/g, '-');
}

/** First day of the user's week: 0 Sunday, 1 Monday. */
export function firstDayOfWeek(): number {
  const locale = new Intl.Locale(userLocale()) as Intl.Locale & { getWeekInfo?(): { firstDay: number } };
  return (locale.getWeekInfo?.().firstDay ?? 7) % 7;
}
