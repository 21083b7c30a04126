/** Damaged and generated queries and searches against an org with a few rows, in user and in system mode. */
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { OrgRuntime } from '../../src/runtime/OrgRuntime.ts';
import { LimitExceeded, RuntimeProblem } from '../../src/runtime/errors.ts';
import { QueryError } from '../../src/soql/errors.ts';
import { recordToJson } from '../../src/runtime/json.ts';
import { date, decimal, insert, record } from '../runtime/helpers.ts';
import { mutate, vocabularyOf } from './mutate.ts';
import type { Random } from './random.ts';
import { load, PIPELINE } from './sources.ts';
import { accepted, defect, describeUnexpected, refused } from './types.ts';
import type { MutantKind, Verdict } from './types.ts';

const QUERIES: readonly string[] = [
  "SELECT Id, Name, Owner.Name, Plan__r.Average__c FROM Opportunity WHERE Amount > 10.5 AND (StageName LIKE 'Pro%' OR NOT CloseDate = NEXT_N_DAYS:90) ORDER BY Amount DESC NULLS LAST, Name LIMIT 10 OFFSET 1",
  'SELECT Plan__c plan, SUM(Amount) total, COUNT(Id), MIN(CloseDate) first FROM Opportunity WHERE IsDeleted = false GROUP BY Plan__c HAVING SUM(Amount) > 1 ORDER BY SUM(Amount)',
  "SELECT Name, (SELECT Name, Amount FROM Opportunities__r WHERE IsClosed = false ORDER BY CloseDate LIMIT 3) FROM Plan__c WHERE Level__c IN ('Draft', 'Approved') AND Id NOT IN (SELECT Plan__c FROM Opportunity WHERE Amount = null)",
  'SELECT COUNT() FROM Opportunity WHERE CreatedDate >= LAST_FISCAL_QUARTER AND CloseDate < 2027-01-01 AND SystemModstamp < 2026-12-01T10:00:00Z',
  'SELECT CALENDAR_YEAR(CloseDate) year, StageName, AVG(Probability) FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate), StageName',
  "SELECT Id, What.Name, Who.Type, toLabel(Status) state FROM Task WHERE What.Type IN ('Opportunity', 'Account') WITH USER_MODE",
  "SELECT FIELDS(ALL) FROM Plan__c WHERE Key__c != 'x' AND Average__c >= 1e2 LIMIT 5",
  "SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Industry LIKE 'a_b') ALL ROWS",
  'SELECT Id, Total__c FROM Plan__c WHERE Id IN :ids AND Name = :name FOR UPDATE',
  'SELECT Subject, TYPEOF What WHEN Account THEN Industry, Name WHEN Opportunity THEN Amount, Plan__r.Name ELSE Id END FROM Task WHERE What.Type != null LIMIT 5',
  'SELECT StageName, Type, COUNT(Id) number, GROUPING(StageName) grouped FROM Opportunity GROUP BY ROLLUP(StageName, Type) HAVING COUNT(Id) > 0 ORDER BY GROUPING(StageName), StageName',
  'SELECT Plan__c, StageName, SUM(Amount) total FROM Opportunity GROUP BY CUBE(Plan__c, StageName) LIMIT 20',
  'FIND {("Deal One" OR pl?n* OR Deal) AND NOT (won AND "x y")} IN ALL FIELDS RETURNING Opportunity(Id, Name WHERE (Amount > 1 AND Name LIKE \'D%\') OR Amount = null ORDER BY Name DESC LIMIT 5), Account(Name LIMIT 2), Contact WITH USER_MODE LIMIT 10',
  'FIND {Deal OR "Plan*"} IN NAME FIELDS RETURNING Opportunity(Id, Name WHERE Amount > 1 ORDER BY Name LIMIT 5), Plan__c',
];
const WORDS =
  'SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT OFFSET AND OR NOT IN LIKE NULLS FIRST ASC TYPEOF WHEN THEN ELSE END ROLLUP CUBE GROUPING USING SCOPE mine UPDATE VIEW COUNT_DISTINCT MAX DISTANCE GEOLOCATION TODAY THIS_WEEK LAST_N_YEARS:3 N_DAYS_AGO:99999999 null true 5 Account.Owner.Manager.Name Parent.Parent.Parent.Parent.Parent.Parent.Name Owner Opportunities Fiscal Amount Id Name';

const FIELDS =
  'Id Name Amount CloseDate StageName Probability CreatedDate IsClosed IsDeleted Plan__c Plan__r.Name Plan__r.Total__c Plan__r.Average__c Plan__r.Level__c Plan__r.Key__c Account.Name Account.BillingAddress Account.Parent.Parent.Industry Owner.Name Owner.Profile.Name CreatedBy.Manager.Email Description Type LastActivityDate SystemModstamp FiscalQuarter Owner Plan__r Account Nmae'.split(
    ' ',
  );
const FUNCTIONS =
  'SUM AVG MIN MAX COUNT COUNT_DISTINCT CALENDAR_YEAR CALENDAR_MONTH FISCAL_QUARTER DAY_ONLY HOUR_IN_DAY WEEK_IN_YEAR TOLABEL FORMAT CONVERTCURRENCY CONVERTTIMEZONE GROUPING DISTANCE NOPE'.split(
    ' ',
  );
const VALUES =
  "'Deal' '' '%' '_\\'\\\\%' 'D%l' '001000000000000AAA' '006' null true false 5 -5 10.50 1e3 99999999999999999999999999 0.000000000000000000001 2026-12-31 0001-01-01 9999-12-31 2026-11-22T10:00:00Z 2026-11-22T10:00:00+05:30 TODAY YESTERDAY LAST_N_DAYS:7 NEXT_N_FISCAL_YEARS:2 N_WEEKS_AGO:3 LAST_N_DAYS:99999999999 USD5.5 :name :ids :missing ('Deal','Won') (1,null) ('a;b') (SELECT_Plan__c_FROM_Opportunity) (SELECT_Id_FROM_Plan__c)"
    .split(' ')
    .map((value) => value.replaceAll('_FROM_', ' FROM ').replace('SELECT_', 'SELECT '));
const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'LIKE', 'IN', 'NOT IN', 'INCLUDES', 'EXCLUDES', '<>'] as const;

/** Values and operators that fit a field, by what its name tells. */
const FITTING: readonly (readonly [RegExp, readonly string[], readonly string[]])[] = [
  [/Amount|Probability|Total|Average/, ['0', '-5', '10.50', '1e3', 'null', ':name'], ['=', '!=', '<', '>=']],
  [/CloseDate|LastActivityDate/, ['2026-12-31', 'TODAY', 'LAST_N_DAYS:7', 'null'], ['=', '!=', '<', '>']],
  [/CreatedDate|SystemModstamp/, ['2026-11-22T10:00:00Z', 'THIS_FISCAL_YEAR', 'N_WEEKS_AGO:3'], ['=', '<', '>=']],
  [/^Is/, ['true', 'false'], ['=', '!=']],
  [/^Id$|Plan__c$/, ["'001000000000000AAA'", 'null'], ['=', '!=']],
  [/^Id$|Plan__c$/, [':ids', '(null)', '(SELECT Plan__c FROM Opportunity)'], ['IN', 'NOT IN']],
  [/Name|Stage|Type|Email|Industry|Key|Level/, ["'D%l'", "''", "'%'", 'null', ':name'], ['=', '!=', 'LIKE', '<']],
];

/** A query that the grammar takes, with fields, functions, operators and values in any company. */
function generated(random: Random): string {
  const list = (item: () => string, most: number): string[] => Array.from({ length: 1 + random.below(most) }, item);
  const field = (): string => random.pick(FIELDS);
  const item = (): string => {
    const choice = random.below(8);
    if (choice > 0) return field();
    if (random.below(3) > 0)
      return random.pick([
        'SUM(Amount)',
        'COUNT(Id) total',
        'MAX(CloseDate)',
        'CALENDAR_YEAR(CloseDate)',
        'toLabel(StageName) stage',
        'MIN(Name)',
        'AVG(Plan__r.Total__c)',
      ]);
    return `${random.pick(FUNCTIONS)}(${random.below(12) === 0 ? '' : field()})${random.pick(['', '', ' total', ' Name'])}`;
  };
  const fitting = (): string => {
    const [names, values, operators] = random.pick(FITTING);
    return `${random.pick(FIELDS.filter((name) => names.test(name)))} ${random.pick(operators)} ${random.pick(values)}`;
  };
  const comparison = (): string =>
    random.below(4) > 0
      ? fitting()
      : `${random.pick(['', '', '', 'NOT '])}${random.below(6) === 0 ? item().replace(/ \w+$/, '') : field()} ${random.pick(OPERATORS)} ${random.pick(VALUES)}`;
  const conditions = (): string => list(comparison, 3).join(random.pick([' AND ', ' OR ']));
  const some = (odds: number, clause: () => string): string => (random.below(odds) === 0 ? clause() : '');
  const selected = list(item, 3);
  const grouped = selected.some((text) => text.includes('(')) && random.below(3) > 0;
  const parts = [
    `SELECT ${random.pick([selected.join(', '), selected.join(', '), selected.join(', '), 'COUNT()', 'FIELDS(ALL)', `Id, (SELECT ${field()} FROM ${random.pick(['OpportunityLineItems', 'Tasks', 'OpportunityContactRoles', 'Histories'])} ${some(2, () => `LIMIT ${random.below(3)}`)})`])}`,
    `FROM Opportunity${some(8, () => ' o')}`,
    some(10, () => 'USING SCOPE mine'),
    some(2, () => `WHERE ${conditions()}`),
    some(8, () => `WITH ${random.pick(['USER_MODE', 'SYSTEM_MODE', 'SECURITY_ENFORCED'])}`),
    grouped
      ? `GROUP BY ${
          selected
            .filter((text) => !/^(SUM|AVG|MIN|MAX|COUNT)/.test(text))
            .map((text) => text.replace(/ \w+$/, ''))
            .join(', ') || field()
        }`
      : some(12, () => `GROUP BY ${list(item, 2).join(', ')}`),
    grouped
      ? some(
          2,
          () =>
            `HAVING ${random.pick(['SUM(Amount) > 1', 'COUNT(Id) >= 1 AND MAX(CloseDate) > 2020-01-01', conditions()])}`,
        )
      : '',
    some(
      3,
      () =>
        `ORDER BY ${list(item, 2)
          .map((text) => `${text.replace(/ \w+$/, '')}${random.pick(['', ' DESC', ' ASC NULLS LAST'])}`)
          .join(', ')}`,
    ),
    some(4, () => `LIMIT ${random.pick(['0', '1', '200', '99999999999', ':ids', ':name'])}`),
    some(8, () => `OFFSET ${random.pick(['0', '1', '2001', '99999999999'])}`),
    some(12, () => random.pick(['FOR UPDATE', 'FOR VIEW', 'ALL ROWS'])),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Runs one text; nothing a query does may change a row. */
function run(org: OrgRuntime, text: string, accessMode: 'user' | 'system'): Verdict {
  const binds = new Map<string, unknown>([
    ['ids', []],
    ['name', 'Plan'],
  ]);
  try {
    org.transaction({ userId: org.administratorId }, (transaction) => {
      const options = { accessMode, sharing: 'with', binds } as const;
      if (/^\s*find/i.test(text))
        transaction
          .search(text, options)
          .flat()
          .map((found) => recordToJson(found));
      else transaction.query(text, options).records.map((found) => recordToJson(found));
    });
    return accepted;
  } catch (error) {
    if (error instanceof QueryError) {
      const isPlaced = error.offset >= 0 && error.offset <= text.length && error.problem !== '';
      return isPlaced ? refused(error.code) : defect(`no place: ${error.message} (offset ${error.offset})`);
    }
    if (error instanceof LimitExceeded || error instanceof RuntimeProblem) return refused(error.code);
    return defect(describeUnexpected(error));
  }
}

export const soqlMutants: MutantKind = {
  name: 'SOQL and SOSL',
  count: 900,
  open: () => {
    const org = openOrg({ project: load(PIPELINE), clock: () => Date.UTC(2026, 10, 22, 12) });
    org.transaction({ userId: org.administratorId }, (transaction) => {
      const [plan] = insert(transaction, record(org, 'Plan__c', { Name: 'Plan', Total__c: decimal('30') }));
      const values = { Name: 'Deal', StageName: 'Prospecting', CloseDate: date('2026-12-31'), Plan__c: plan };
      insert(
        transaction,
        record(org, 'Opportunity', { ...values, Amount: decimal('10.5') }),
        record(org, 'Opportunity', values),
      );
    });
    for (const text of QUERIES) {
      const verdict = run(org, text, 'system');
      if (verdict.outcome !== 'accepted') throw new Error(`${text} should be accepted: ${JSON.stringify(verdict)}`);
    }
    const vocabulary = [...vocabularyOf(QUERIES), ...WORDS.split(' ')];
    return Promise.resolve({
      next: (random: Random) => {
        const text = random.below(2) === 0 ? generated(random) : mutate(random.pick(QUERIES), random, vocabulary);
        const mode = random.pick(['user', 'system'] as const);
        return { input: `${mode} mode: ${text}`, run: () => run(org, text, mode) };
      },
      close: () => {
        org.close();
        return Promise.resolve();
      },
    });
  },
};
