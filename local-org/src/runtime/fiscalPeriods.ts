/**
 * Rows of FiscalYearSettings and Period. A standard fiscal year's are made when they are first asked for; those of custom
 * fiscal years are given by clients, as an administrator gives them in Setup, and fiscal date literals follow them.
 */
import type { FiscalYearRule } from '../project/types.ts';
import type { Schema } from '../schema/types.ts';
import { StandardFiscalCalendar } from '../soql/fiscalCalendar.ts';
import type { FiscalPeriod } from '../soql/fiscalCalendar.ts';
import type { Store } from '../store/Store.ts';
import { ApexDate } from '../values/ApexDate.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { insertSystemRow } from '../store/systemRows.ts';

/** Which years an org has rows of is not documented; declared choice: so many before and after the current one. */
const YEARS_AROUND = 2;
const MONTH_NAMES = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' });

export const FISCAL_OBJECTS: ReadonlySet<string> = new Set(['FiscalYearSettings', 'Period']);

/** Makes the rows of the standard fiscal years around `today`, once. */
export function makeStandardPeriods(
  store: Store,
  schema: Schema,
  rule: FiscalYearRule,
  userId: string,
  today: ApexDate,
): void {
  const settings = schema.object('FiscalYearSettings');
  const period = schema.object('Period');
  if (!settings || !period || store.all('SELECT 1 FROM "FiscalYearSettings" LIMIT 1', []).length > 0) return;
  const stamp = new ApexDatetime(today.days * 86_400_000);
  const calendar = new StandardFiscalCalendar(rule);
  for (let offset = -YEARS_AROUND; offset <= YEARS_AROUND; offset += 1) {
    const year = calendar.range(today, 'FISCAL_YEAR', offset, offset + 1);
    const name = String(calendar.parts(year.from).year);
    const settingsId = store.nextId(settings);
    const make = (type: string, from: ApexDate, to: ApexDate, number: number, label: string): string =>
      insertSystemRow(
        store,
        period,
        {
          FiscalYearSettingsId: settingsId,
          Type: type,
          StartDate: from,
          EndDate: to.addDays(-1),
          Number: number,
          FullyQualifiedLabel: label,
          // Forecasts are by month in a new org.
          IsForecastPeriod: type === 'Month',
        },
        userId,
        stamp,
      );
    const yearId = make('Year', year.from, year.to, 1, `FY ${name}`);
    for (let quarter = 0; quarter < 4; quarter += 1)
      make(
        'Quarter',
        year.from.addMonths(3 * quarter),
        year.from.addMonths(3 * quarter + 3),
        quarter + 1,
        `Q${quarter + 1} FY ${name}`,
      );
    for (let month = 0; month < 12; month += 1) {
      const from = year.from.addMonths(month);
      make(
        'Month',
        from,
        year.from.addMonths(month + 1),
        month + 1,
        `${MONTH_NAMES.format(from.days * 86_400_000)} FY ${name}`,
      );
    }
    for (let from = year.from, week = 1; from.days < year.to.days; from = from.addDays(7), week += 1)
      make('Week', from, from.addDays(7), week, `Week ${week} FY ${name}`);
    insertSystemRow(
      store,
      settings,
      {
        Id: settingsId,
        PeriodId: yearId,
        Name: name,
        StartDate: year.from,
        EndDate: year.to.addDays(-1),
        IsStandardYear: true,
        YearType: 'Standard',
      },
      userId,
      stamp,
    );
  }
}

/** The periods of custom fiscal years; a year's number is the one in its name. */
export function readPeriods(store: Store, schema: Schema): readonly FiscalPeriod[] {
  const settings = schema.object('FiscalYearSettings');
  const period = schema.object('Period');
  if (!settings || !period) return [];
  const years = store.loadWhere(settings, '1', []);
  return [...store.loadWhere(period, '1', []).values()].flatMap((row): FiscalPeriod[] => {
    const from = row.get('StartDate');
    const to = row.get('EndDate');
    const settingsId = row.get('FiscalYearSettingsId');
    const name = typeof settingsId === 'string' ? years.get(settingsId)?.get('Name') : null;
    const year = Number((typeof name === 'string' && /\d{4}/.exec(name)?.[0]) || Number.NaN);
    if (!(from instanceof ApexDate) || !(to instanceof ApexDate) || Number.isNaN(year)) return [];
    return [{ type: String(row.get('Type')), from, to, number: Number(row.get('Number') ?? 0), year }];
  });
}
