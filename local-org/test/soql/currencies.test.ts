/**
 * Amounts in several currencies.
 * Sources: SOQL and SOSL Reference, "convertCurrency()" and "FORMAT()"; Salesforce Help, "About Advanced Currency Management".
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { QueryError } from '../../src/soql/errors.ts';
import { date, decimal, dml, insert, query, record } from '../runtime/helpers.ts';
import { multiCurrencyProject, rates } from '../support/currencies.ts';

const org = openOrg({ project: loadProject(multiCurrencyProject(true)), clock: () => Date.UTC(2026, 10, 22, 12) });
after(() => org.close());

const ids = org.transaction({ userId: org.administratorId }, (transaction) => {
  // 1 USD buys 0.9 EUR, and 0.5 EUR from 2026-07-01 on; 150 JPY.
  rates(org, transaction, { EUR: '0.9', JPY: '150' }, [['EUR', '2026-07-01', '0.5']]);
  const accounts = insert(
    transaction,
    record(org, 'Account', { Name: 'Dollar', AnnualRevenue: decimal('1000') }),
    record(org, 'Account', { Name: 'Euro', AnnualRevenue: decimal('1000'), CurrencyIsoCode: 'EUR' }),
    record(org, 'Account', { Name: 'Yen', AnnualRevenue: decimal('1000'), CurrencyIsoCode: 'JPY' }),
    record(org, 'Account', { Name: 'None' }),
  );
  const deal = (name: string, amount: string, code: string, close: string): ReturnType<typeof record> =>
    record(org, 'Opportunity', {
      Name: name,
      StageName: 'Prospecting',
      Amount: decimal(amount),
      CloseDate: date(close),
      AccountId: accounts[0],
      CurrencyIsoCode: code,
    });
  return insert(
    transaction,
    deal('early', '90', 'EUR', '2026-06-30'),
    deal('late', '90', 'EUR', '2026-07-01'),
    deal('dollar', '120', 'USD', '2026-07-01'),
  );
});

const ask = (text: string): ReturnType<typeof query> =>
  org.transaction({ userId: org.administratorId }, (transaction) => query(transaction, text));
const refused = (text: string, pattern: RegExp): void =>
  assert.throws(
    () => ask(text),
    (error) => error instanceof QueryError && pattern.test(error.message),
  );

void test('a new record has the currency of its user', () => {
  assert.deepEqual(ask("SELECT CurrencyIsoCode FROM Account WHERE Name = 'Dollar'"), [{ CurrencyIsoCode: 'USD' }]);
});

void test('convertCurrency answers in the user’s currency, by the static rate of accounts', () => {
  assert.deepEqual(ask('SELECT Name, convertCurrency(AnnualRevenue) FROM Account ORDER BY Name'), [
    { Name: 'Dollar', AnnualRevenue: '1000' },
    { Name: 'Euro', AnnualRevenue: '1111.11' },
    { Name: 'None', AnnualRevenue: null },
    { Name: 'Yen', AnnualRevenue: '6.67' },
  ]);
});

void test('opportunities are converted by the rate of their close date', () => {
  assert.deepEqual(ask('SELECT Name, Amount, convertCurrency(Amount) worth FROM Opportunity ORDER BY Name'), [
    { Name: 'dollar', Amount: '120.00', worth: '120.00' },
    { Name: 'early', Amount: '90.00', worth: '100.00' },
    { Name: 'late', Amount: '90.00', worth: '180.00' },
  ]);
});

void test('amounts are ordered by what they are worth', () => {
  assert.deepEqual(
    ask('SELECT Name FROM Opportunity ORDER BY Amount'),
    ['early', 'dollar', 'late'].map((Name) => ({ Name })),
  );
});

void test('a number is compared with the amount as it stands, an amount with ISO code with what it is worth', () => {
  assert.equal(ask('SELECT Id FROM Opportunity WHERE Amount = 90').length, 2);
  assert.deepEqual(ask('SELECT Name FROM Opportunity WHERE Amount = USD100'), [{ Name: 'early' }]);
  assert.deepEqual(ask('SELECT Name FROM Opportunity WHERE Amount > USD119.99 ORDER BY Name'), [
    { Name: 'dollar' },
    { Name: 'late' },
  ]);
  assert.deepEqual(ask('SELECT Name FROM Opportunity WHERE Amount IN (USD100, EUR60) ORDER BY Name'), [
    { Name: 'dollar' },
    { Name: 'early' },
  ]);
});

void test('aggregates are in the corporate currency', () => {
  assert.deepEqual(ask('SELECT SUM(Amount) s, MIN(Amount) a, MAX(Amount) b, COUNT(Amount) c FROM Opportunity'), [
    { s: '400.00', a: '100.00', b: '180.00', c: 3 },
  ]);
  assert.deepEqual(
    ask(
      'SELECT CurrencyIsoCode code, SUM(Amount) s FROM Opportunity GROUP BY CurrencyIsoCode HAVING SUM(Amount) > 200',
    ),
    [{ code: 'EUR', s: '280.00' }],
  );
  assert.deepEqual(ask('SELECT AVG(Amount) a FROM Opportunity'), [{ a: '133.3333333333' }]);
});

void test('a total is rounded once', () => {
  org.transaction({ userId: org.administratorId }, (transaction) => {
    insert(
      transaction,
      ...['a', 'b', 'c'].map((Name) =>
        record(org, 'Lead', { LastName: Name, Company: 'x', AnnualRevenue: decimal('0.05'), CurrencyIsoCode: 'EUR' }),
      ),
    );
  });
  // 3 · 0.05 / 0.9 = 0.1666…, and not 3 · 0.06
  assert.deepEqual(ask('SELECT SUM(AnnualRevenue) s FROM Lead'), [{ s: '0.17' }]);
});

void test('FORMAT shows the code, and the worth for the user in parentheses', () => {
  assert.deepEqual(
    ask(
      "SELECT FORMAT(Amount) a, FORMAT(convertCurrency(Amount)) b, FORMAT(CloseDate) c, FORMAT(Probability) d FROM Opportunity WHERE Name = 'late'",
    ),
    [{ a: 'EUR 90.00 (USD 180.00)', b: 'USD 180.00', c: '7/1/2026', d: '10%' }],
  );
  assert.deepEqual(ask('SELECT FORMAT(MIN(CloseDate)) a, FORMAT(SUM(Amount)) b FROM Opportunity'), [
    { a: '6/30/2026', b: 'USD 400.00' },
  ]);
});

void test('what is not allowed is refused', () => {
  refused('SELECT Id FROM Opportunity WHERE convertCurrency(Amount) > 5', /convertCurrency/);
  refused('SELECT Id FROM Opportunity ORDER BY convertCurrency(Amount)', /convertCurrency/);
  refused('SELECT SUM(convertCurrency(Amount)) FROM Opportunity', /convertCurrency/);
  refused('SELECT Name, MAX(Amount) FROM Opportunity GROUP BY Name HAVING MAX(Amount) > USD10000', /USD10000/);
  refused('SELECT Id FROM Opportunity WHERE Amount IN (USD5, 6)', /ISO codes/);
  refused('SELECT Id FROM Opportunity WHERE Amount > GBP5', /GBP/);
  refused('SELECT Id FROM Opportunity WHERE Probability > USD5', /USD5/);
});

void test('parents’ amounts are in the parents’ currency', () => {
  assert.deepEqual(ask("SELECT convertCurrency(Account.AnnualRevenue) FROM Opportunity WHERE Name = 'late'"), [
    { Account: { AnnualRevenue: '1000' } },
  ]);
});

void test('rates that a rollback takes back don’t stay', () => {
  assert.throws(() =>
    org.transaction({ userId: org.administratorId }, (transaction) => {
      rates(org, transaction, { GBP: '0.8' }, []);
      dml(transaction, 'insert', [record(org, 'Account', { Name: 'Pound', CurrencyIsoCode: 'GBP' })]);
      throw new Error('back');
    }),
  );
  assert.throws(
    () =>
      org.transaction({ userId: org.administratorId }, (transaction) =>
        insert(transaction, record(org, 'Account', { Name: 'Pound', CurrencyIsoCode: 'GBP' })),
      ),
    /bad value for restricted picklist field: GBP/,
  );
  assert.equal(ids.length, 3);
});
