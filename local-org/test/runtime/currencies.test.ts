/** What several currencies change when records are saved. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { DmlFailure, RuntimeProblem } from '../../src/runtime/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { Transaction } from '../../src/runtime/types.ts';
import { metadata } from '../project/temporaryProject.ts';
import { fieldFile } from '../schema/planProject.ts';
import { date, decimal, dml, insert, query, record } from './helpers.ts';
import { multiCurrencyProject, rates } from '../support/currencies.ts';

const ROOT = 'force-app/main/objects';
const AMOUNT = '<precision>18</precision><scale>2</scale>';
const BUDGET = {
  [`${ROOT}/Budget__c/Budget__c.object-meta.xml`]: metadata(
    'CustomObject',
    '<label>Budget</label><pluralLabel>Budgets</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel><deploymentStatus>Deployed</deploymentStatus>',
  ),
  [`${ROOT}/Budget__c/fields/Limit__c.field-meta.xml`]: fieldFile('Currency', 'Limit__c', AMOUNT),
  [`${ROOT}/Budget__c/fields/Spent__c.field-meta.xml`]: fieldFile(
    'Summary',
    'Spent__c',
    '<summarizedField>Cost__c.Amount__c</summarizedField><summaryForeignKey>Cost__c.Budget__c</summaryForeignKey><summaryOperation>sum</summaryOperation>',
  ),
  [`${ROOT}/Budget__c/fields/Largest__c.field-meta.xml`]: fieldFile(
    'Summary',
    'Largest__c',
    '<summarizedField>Cost__c.Amount__c</summarizedField><summaryForeignKey>Cost__c.Budget__c</summaryForeignKey><summaryOperation>max</summaryOperation>',
  ),
  [`${ROOT}/Cost__c/Cost__c.object-meta.xml`]: metadata(
    'CustomObject',
    '<label>Cost</label><pluralLabel>Costs</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><sharingModel>ControlledByParent</sharingModel><deploymentStatus>Deployed</deploymentStatus>',
  ),
  [`${ROOT}/Cost__c/fields/Budget__c.field-meta.xml`]: fieldFile(
    'MasterDetail',
    'Budget__c',
    '<referenceTo>Budget__c</referenceTo><relationshipName>Costs</relationshipName><relationshipOrder>0</relationshipOrder>',
  ),
  [`${ROOT}/Cost__c/fields/Amount__c.field-meta.xml`]: fieldFile('Currency', 'Amount__c', AMOUNT),
  [`${ROOT}/Cost__c/fields/Left__c.field-meta.xml`]: fieldFile(
    'Currency',
    'Left__c',
    `<formula>Budget__r.Limit__c - Amount__c</formula>${AMOUNT}`,
  ),
  [`${ROOT}/Cost__c/validationRules/Within_Limit.validationRule-meta.xml`]: metadata(
    'ValidationRule',
    '<fullName>Within_Limit</fullName><active>true</active><errorConditionFormula>Amount__c &gt; Budget__r.Limit__c</errorConditionFormula><errorMessage>Too much.</errorMessage>',
  ),
};
const org = openOrg({ project: loadProject(multiCurrencyProject(true, BUDGET)) });
after(() => org.close());
const work = <T>(run: (transaction: Transaction) => T): T =>
  org.transaction({ userId: org.administratorId }, (transaction) => run(transaction));
work((transaction) => rates(org, transaction, { EUR: '0.5', JPY: '100' }, [['EUR', '2026-07-01', '0.8']]));
const fails = (run: (transaction: Transaction) => unknown, pattern: RegExp): void =>
  assert.throws(
    () => work(run),
    (error) => error instanceof DmlFailure && pattern.test(error.message),
  );

void test('roll-up summaries are in the currency of their record and follow it when it changes', () => {
  work((transaction) => {
    const [budget = ''] = insert(transaction, record(org, 'Budget__c', { Name: 'B', Limit__c: decimal('1000') }));
    insert(
      transaction,
      record(org, 'Cost__c', { Name: 'a', Budget__c: budget, Amount__c: decimal('10') }),
      record(org, 'Cost__c', { Name: 'b', Budget__c: budget, Amount__c: decimal('10'), CurrencyIsoCode: 'EUR' }),
    );
    assert.deepEqual(query(transaction, 'SELECT Spent__c, Largest__c FROM Budget__c'), [
      { Spent__c: '30.00', Largest__c: '20.00' },
    ]);
    dml(transaction, 'update', [record(org, 'Budget__c', { Id: budget, CurrencyIsoCode: 'EUR' })]);
    // What was typed in stays as it is; what is summed up is converted.
    assert.deepEqual(query(transaction, 'SELECT Limit__c, Spent__c, Largest__c FROM Budget__c'), [
      { Limit__c: '1000.00', Spent__c: '15.00', Largest__c: '10.00' },
    ]);
  });
});

void test('formulas convert the amounts of other records to the currency of their own', () => {
  work((transaction) => {
    const [budget = ''] = insert(transaction, record(org, 'Budget__c', { Name: 'F', Limit__c: decimal('100') }));
    insert(
      transaction,
      record(org, 'Cost__c', { Name: 'f', Budget__c: budget, Amount__c: decimal('10'), CurrencyIsoCode: 'EUR' }),
    );
    // 100 USD are 50 EUR.
    assert.deepEqual(query(transaction, "SELECT Left__c FROM Cost__c WHERE Name = 'f'"), [{ Left__c: '40.00' }]);
  });
  fails((transaction) => {
    const [budget = ''] = insert(transaction, record(org, 'Budget__c', { Name: 'G', Limit__c: decimal('100') }));
    insert(
      transaction,
      record(org, 'Cost__c', { Name: 'g', Budget__c: budget, Amount__c: decimal('51'), CurrencyIsoCode: 'EUR' }),
    );
  }, /Too much/);
});

void test('campaigns count opportunities by dated rates and the campaigns below by static ones', () => {
  work((transaction) => {
    const [parent = ''] = insert(transaction, record(org, 'Campaign', { Name: 'Parent' }));
    const [child = ''] = insert(
      transaction,
      record(org, 'Campaign', { Name: 'Child', ParentId: parent, CurrencyIsoCode: 'EUR' }),
    );
    insert(
      transaction,
      record(org, 'Opportunity', {
        Name: 'O',
        StageName: 'Prospecting',
        CloseDate: date('2026-08-01'),
        Amount: decimal('100'),
        CampaignId: child,
      }),
    );
    assert.deepEqual(
      query(transaction, 'SELECT AmountAllOpportunities, HierarchyAmountAllOpportunities FROM Campaign ORDER BY Name'),
      [
        { AmountAllOpportunities: '80.00', HierarchyAmountAllOpportunities: '80.00' },
        { AmountAllOpportunities: '0.00', HierarchyAmountAllOpportunities: '160.00' },
      ],
    );
  });
});

void test('a line item has the opportunity’s currency, and so must its price', () => {
  const deal = (transaction: Transaction, code: string): string =>
    insert(
      transaction,
      record(org, 'Opportunity', {
        Name: 'D',
        StageName: 'Prospecting',
        CloseDate: date('2026-08-01'),
        CurrencyIsoCode: code,
      }),
    )[0] ?? '';
  const prices = (transaction: Transaction): readonly string[] => {
    const [product = ''] = insert(transaction, record(org, 'Product2', { Name: 'P', IsActive: true }));
    const [book] = query(transaction, 'SELECT Id FROM Pricebook2 WHERE IsStandard = TRUE') as { Id: string }[];
    return insert(
      transaction,
      ...['USD', 'EUR'].map((CurrencyIsoCode) =>
        record(org, 'PricebookEntry', {
          Product2Id: product,
          Pricebook2Id: book?.Id,
          UnitPrice: decimal('5'),
          IsActive: true,
          CurrencyIsoCode,
        }),
      ),
    );
  };
  const line = (opportunity: string, price: string | undefined): ReturnType<typeof record> =>
    record(org, 'OpportunityLineItem', {
      OpportunityId: opportunity,
      PricebookEntryId: price,
      Quantity: decimal('2'),
      UnitPrice: decimal('5'),
    });
  work((transaction) => {
    const [, euro] = prices(transaction);
    insert(transaction, line(deal(transaction, 'EUR'), euro));
    assert.deepEqual(
      query(transaction, 'SELECT CurrencyIsoCode, convertCurrency(TotalPrice) FROM OpportunityLineItem'),
      [{ CurrencyIsoCode: 'EUR', TotalPrice: '12.50' }],
    );
  });
  fails((transaction) => {
    const [dollar] = prices(transaction);
    insert(transaction, line(deal(transaction, 'EUR'), dollar));
  }, /does not match the currency of the opportunity/);
  fails((transaction) => {
    const [opportunity] = query(transaction, "SELECT Id FROM Opportunity WHERE CurrencyIsoCode = 'EUR'") as {
      Id: string;
    }[];
    dml(transaction, 'update', [record(org, 'Opportunity', { Id: opportunity?.Id, CurrencyIsoCode: 'USD' })]);
  }, /products with prices in another currency/);
});

void test('rates say until when they hold', () => {
  work((transaction) => {
    rates(org, transaction, {}, [
      ['JPY', '2026-01-01', '110'],
      ['JPY', '2026-03-01', '120'],
    ]);
    assert.deepEqual(
      query(
        transaction,
        "SELECT StartDate, NextStartDate FROM DatedConversionRate WHERE IsoCode = 'JPY' ORDER BY StartDate",
      ),
      [
        { StartDate: '2026-01-01', NextStartDate: '2026-03-01' },
        { StartDate: '2026-03-01', NextStartDate: null },
      ],
    );
  });
  fails((transaction) => rates(org, transaction, {}, [['JPY', '2026-03-01', '130']]), /DUPLICATE_VALUE/);
  fails((transaction) => rates(org, transaction, { CHF: '0' }, []), /greater than zero/);
  fails((transaction) => rates(org, transaction, { XXQ: '1' }, []), /restricted picklist/);
});

void test('Apex may not write currencies: Apex Developer Guide, "sObjects That Don’t Support DML Operations"', () => {
  assert.throws(
    () =>
      work((transaction) =>
        dml(transaction, 'insert', [record(org, 'CurrencyType', { IsoCode: 'CHF', ConversionRate: decimal('1') })]),
      ),
    (error) =>
      error instanceof RuntimeProblem && /DML operation Insert not allowed on CurrencyType/.test(error.message),
  );
});
