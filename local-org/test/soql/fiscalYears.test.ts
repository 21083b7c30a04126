/** Fiscal years: SOQL and SOSL Reference, "Date Formats and Date Literals" and "Date Functions"; Object Reference, Period. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { OrgRuntime } from '../../src/runtime/OrgRuntime.ts';
import { QueryError } from '../../src/soql/errors.ts';
import { planProject } from '../schema/planProject.ts';
import { date, dml, insert, query, record } from '../runtime/helpers.ts';

const made: OrgRuntime[] = [];
after(() => {
  for (const org of made) org.close();
});
/** Today is Sunday 2026-11-22. */
function orgWith(companySettings: unknown, country = 'US'): OrgRuntime {
  const org = openOrg({
    project: loadProject(
      planProject({ 'config/project-scratch-def.json': JSON.stringify({ country, settings: { companySettings } }) }),
    ),
    clock: () => Date.UTC(2026, 10, 22, 20),
  });
  made.push(org);
  org.transaction({ userId: org.administratorId }, (transaction) =>
    insert(
      transaction,
      ...['2026-03-31', '2026-04-01', '2026-10-01', '2026-12-31', '2027-03-31', '2027-04-01'].map((day) =>
        record(org, 'Opportunity', { Name: day, StageName: 'Prospecting', CloseDate: date(day) }),
      ),
    ),
  );
  return org;
}
const ask = (org: OrgRuntime, text: string): unknown[] =>
  org.transaction({ userId: org.administratorId }, (transaction) => query(transaction, text));
const names = (org: OrgRuntime, condition: string): unknown[] =>
  ask(org, `SELECT Name FROM Opportunity WHERE ${condition} ORDER BY Name`).map(
    (row) => (row as { Name: string }).Name,
  );

void test('a fiscal year from April is named after the month it starts or ends in', () => {
  for (const [fiscalYearNameBasedOn, year] of [
    ['startingMonth', 2026],
    ['endingMonth', 2027],
  ] as const) {
    const org = orgWith({ fiscalYear: { startMonth: 'April', fiscalYearNameBasedOn } });
    assert.deepEqual(ask(org, "SELECT FiscalYear, FiscalQuarter, Fiscal FROM Opportunity WHERE Name = '2026-10-01'"), [
      { FiscalYear: year, FiscalQuarter: 3, Fiscal: `${year} 3` },
    ]);
    assert.deepEqual(
      ask(
        org,
        'SELECT FISCAL_YEAR(CloseDate) y, COUNT(Id) n FROM Opportunity GROUP BY FISCAL_YEAR(CloseDate) ORDER BY FISCAL_YEAR(CloseDate)',
      ),
      [
        { y: year - 1, n: 1 },
        { y: year, n: 4 },
        { y: year + 1, n: 1 },
      ],
    );
    assert.deepEqual(ask(org, 'SELECT UsesStartDateAsFiscalYearName, FiscalYearStartMonth FROM Organization'), [
      { UsesStartDateAsFiscalYearName: year === 2026, FiscalYearStartMonth: 4 },
    ]);
    assert.deepEqual(
      ask(
        org,
        `SELECT Type, StartDate, EndDate, Number FROM Period WHERE FiscalYearSettings.Name = '${year}' AND Type IN ('Quarter', 'Year') ORDER BY Type DESC, StartDate LIMIT 2`,
      ).length,
      2,
    );
    assert.deepEqual(
      ask(org, `SELECT StartDate, EndDate FROM Period WHERE FiscalYearSettings.Name = '${year}' AND Type = 'Year'`),
      [{ StartDate: '2026-04-01', EndDate: '2027-03-31' }],
    );
    assert.deepEqual(names(org, 'CloseDate = THIS_FISCAL_QUARTER'), ['2026-10-01', '2026-12-31']);
  }
});

void test('fiscal literals follow the periods of custom fiscal years', () => {
  const org = orgWith({ enableCustomFiscalYear: true });
  assert.throws(
    () => names(org, 'CloseDate = THIS_FISCAL_YEAR'),
    (error) => error instanceof QueryError && /no custom fiscal year is defined/.test(error.message),
  );
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const client = { fromClient: true };
    const [year] = dml(
      transaction,
      'insert',
      [
        record(org, 'FiscalYearSettings', {
          Name: 'FY 2026',
          StartDate: date('2026-04-01'),
          EndDate: date('2026-12-30'),
        }),
      ],
      client,
    );
    const period = (type: string, from: string, to: string): ReturnType<typeof record> =>
      record(org, 'Period', {
        FiscalYearSettingsId: year?.id,
        Type: type,
        StartDate: date(from),
        EndDate: date(to),
        Number: 1,
      });
    dml(
      transaction,
      'insert',
      [period('Year', '2026-04-01', '2026-12-30'), period('Quarter', '2026-09-28', '2026-12-30')],
      client,
    );
  });
  assert.deepEqual(names(org, 'CloseDate = THIS_FISCAL_YEAR'), ['2026-04-01', '2026-10-01']);
  assert.deepEqual(names(org, 'CloseDate = THIS_FISCAL_QUARTER'), ['2026-10-01']);
  assert.throws(
    () => ask(org, 'SELECT FISCAL_YEAR(CloseDate) y FROM Opportunity GROUP BY FISCAL_YEAR(CloseDate)'),
    QueryError,
  );
});

void test('weeks start on the first day of the locale’s week', () => {
  const days = ['2026-11-16', '2026-11-22', '2026-11-23', '2026-11-28'];
  for (const [country, expected] of [
    ['US', days.slice(1)],
    ['DE', days.slice(0, 2)],
  ] as const) {
    const org = orgWith({}, country);
    org.transaction({ userId: org.administratorId }, (transaction) =>
      insert(
        transaction,
        ...days.map((day) => record(org, 'Opportunity', { Name: day, StageName: 'Prospecting', CloseDate: date(day) })),
      ),
    );
    assert.deepEqual(names(org, 'CloseDate = THIS_WEEK'), expected);
  }
});
