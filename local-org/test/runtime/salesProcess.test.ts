/** Orders, product schedules, opportunity teams and splits (Object Reference, of each object). */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { DmlFailure } from '../../src/runtime/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { OrgRuntime } from '../../src/runtime/OrgRuntime.ts';
import type { Transaction } from '../../src/runtime/types.ts';
import type { SObjectRecord } from '../../src/schema/record.ts';
import { planProject } from '../schema/planProject.ts';
import { date, decimal, dml, insert, query, record } from './helpers.ts';

const plain = openOrg({ project: loadProject(planProject()) });
const org = openOrg({
  project: loadProject(
    planProject({
      'config/project-scratch-def.json': JSON.stringify({
        features: ['ProductsAndSchedules'],
        settings: {
          opportunitySettings: {
            enableOpportunityTeam: true,
            doesAutoAddSplitOwnerAsOpportunityTeamMember: true,
          },
        },
      }),
    }),
  ),
});
after(() => {
  plain.close();
  org.close();
});
const inOrg = <T>(where: OrgRuntime, run: (transaction: Transaction) => T): T =>
  where.transaction({ userId: where.administratorId }, (transaction) => run(transaction));
const fails = (where: OrgRuntime, run: (transaction: Transaction) => unknown, pattern: RegExp): void =>
  assert.throws(
    () => inOrg(where, run),
    (error) => error instanceof DmlFailure && pattern.test(error.message),
  );

/** A price of 100 for a product. */
function price(where: OrgRuntime, transaction: Transaction, facts: Readonly<Record<string, unknown>> = {}): string {
  const [product = ''] = insert(transaction, record(where, 'Product2', { Name: 'P', IsActive: true, ...facts }));
  const [book] = query(transaction, 'SELECT Id FROM Pricebook2 WHERE IsStandard = TRUE') as { Id: string }[];
  const entry = record(where, 'PricebookEntry', {
    Product2Id: product,
    Pricebook2Id: book?.Id,
    UnitPrice: decimal('100'),
    IsActive: true,
  });
  return insert(transaction, entry)[0] ?? '';
}
const deal = (transaction: Transaction, facts: Readonly<Record<string, unknown>> = {}): string =>
  insert(
    transaction,
    record(org, 'Opportunity', { Name: 'D', StageName: 'Prospecting', CloseDate: date('2026-03-31'), ...facts }),
  )[0] ?? '';
const line = (transaction: Transaction, opportunity: string, entry: string): string =>
  insert(
    transaction,
    record(org, 'OpportunityLineItem', {
      OpportunityId: opportunity,
      PricebookEntryId: entry,
      Quantity: decimal('3'),
      UnitPrice: decimal('100'),
    }),
  )[0] ?? '';

void test('an order’s amount is the sum of its products, and a draft with products can be activated', () => {
  inOrg(plain, (transaction) => {
    const entry = price(plain, transaction);
    const [account = ''] = insert(transaction, record(plain, 'Account', { Name: 'A' }));
    const [order = ''] = insert(
      transaction,
      record(plain, 'Order', { AccountId: account, EffectiveDate: date('2026-01-01'), Status: 'Draft' }),
    );
    const item = (quantity: string): SObjectRecord =>
      record(plain, 'OrderItem', {
        OrderId: order,
        PricebookEntryId: entry,
        Quantity: decimal(quantity),
        UnitPrice: decimal('90'),
      });
    const [first = ''] = insert(transaction, item('2'), item('1'));
    assert.deepEqual(query(transaction, 'SELECT TotalAmount, StatusCode FROM Order'), [
      { TotalAmount: '270.00', StatusCode: 'Draft' },
    ]);
    dml(transaction, 'delete', [record(plain, 'OrderItem', { Id: first })]);
    dml(transaction, 'update', [record(plain, 'Order', { Id: order, Status: 'Activated' })]);
    assert.deepEqual(query(transaction, 'SELECT TotalAmount, StatusCode, ActivatedById FROM Order'), [
      { TotalAmount: '90.00', StatusCode: 'Activated', ActivatedById: plain.administratorId },
    ]);
    assert.deepEqual(query(transaction, 'SELECT ListPrice, TotalPrice FROM OrderItem'), [
      { ListPrice: '100.00', TotalPrice: '90.00' },
    ]);
  });
  const order = (transaction: Transaction, status: string): string =>
    insert(transaction, record(plain, 'Order', { EffectiveDate: date('2026-01-01'), Status: status }))[0] ?? '';
  fails(plain, (transaction) => order(transaction, 'Activated'), /FAILED_ACTIVATION/);
  fails(
    plain,
    (transaction) => {
      const id = order(transaction, 'Draft');
      dml(transaction, 'update', [record(plain, 'Order', { Id: id, Status: 'Activated' })]);
    },
    /at least one product/,
  );
});

void test('a plain org has no schedules, teams and splits', () => {
  for (const name of ['OpportunityLineItemSchedule', 'OpportunityTeamMember', 'OpportunitySplit'])
    assert.equal(plain.schema.object(name), undefined);
  assert.equal(plain.schema.object('Product2')?.field('CanUseRevenueSchedule'), undefined);
});

void test('schedules decide their product’s price and quantity, and with them the opportunity’s amount', () => {
  inOrg(org, (transaction) => {
    const opportunity = deal(transaction);
    const item = line(
      transaction,
      opportunity,
      price(org, transaction, { CanUseRevenueSchedule: true, CanUseQuantitySchedule: true }),
    );
    const schedule = (type: string, facts: Readonly<Record<string, unknown>>): SObjectRecord =>
      record(org, 'OpportunityLineItemSchedule', {
        OpportunityLineItemId: item,
        Type: type,
        ScheduleDate: date('2026-04-01'),
        ...facts,
      });
    const read = `SELECT Quantity, TotalPrice, UnitPrice, HasRevenueSchedule, HasQuantitySchedule, Opportunity.Amount FROM OpportunityLineItem WHERE Id = '${item}'`;
    insert(
      transaction,
      schedule('Quantity', { Quantity: decimal('4') }),
      schedule('Quantity', { Quantity: decimal('6') }),
    );
    assert.deepEqual(query(transaction, read), [
      {
        Quantity: '10.00',
        TotalPrice: '1000.00',
        UnitPrice: '100.00',
        HasRevenueSchedule: false,
        HasQuantitySchedule: true,
        Opportunity: { Amount: '1000.00' },
      },
    ]);
    const [revenue = ''] = insert(transaction, schedule('Revenue', { Revenue: decimal('700') }));
    // What schedules decide is not written by users.
    dml(transaction, 'update', [
      record(org, 'OpportunityLineItem', { Id: item, Quantity: decimal('1'), TotalPrice: decimal('1') }),
    ]);
    assert.deepEqual(query(transaction, read), [
      {
        Quantity: '10.00',
        TotalPrice: '700.00',
        UnitPrice: '70.00',
        HasRevenueSchedule: true,
        HasQuantitySchedule: true,
        Opportunity: { Amount: '700.00' },
      },
    ]);
    dml(transaction, 'delete', [record(org, 'OpportunityLineItemSchedule', { Id: revenue })]);
    assert.deepEqual(query(transaction, `SELECT HasRevenueSchedule FROM OpportunityLineItem WHERE Id = '${item}'`), [
      { HasRevenueSchedule: false },
    ]);
  });
});

void test('a product with a default schedule brings it along; one without permission takes none', () => {
  inOrg(org, (transaction) => {
    const entry = price(org, transaction, {
      CanUseRevenueSchedule: true,
      RevenueScheduleType: 'Divide',
      RevenueInstallmentPeriod: 'Monthly',
      NumberOfRevenueInstallments: 7,
    });
    const item = line(transaction, deal(transaction), entry);
    const made = query(
      transaction,
      `SELECT ScheduleDate, Revenue FROM OpportunityLineItemSchedule WHERE OpportunityLineItemId = '${item}' ORDER BY ScheduleDate`,
    );
    assert.equal(made.length, 7);
    assert.deepEqual(
      [made[0], made[1], made[6]],
      [
        { ScheduleDate: '2026-03-31', Revenue: '42.85' },
        { ScheduleDate: '2026-04-30', Revenue: '42.85' },
        { ScheduleDate: '2026-09-30', Revenue: '42.90' },
      ],
    );
  });
  fails(
    org,
    (transaction) =>
      insert(
        transaction,
        record(org, 'OpportunityLineItemSchedule', {
          OpportunityLineItemId: line(transaction, deal(transaction), price(org, transaction)),
          Type: 'Revenue',
          Revenue: decimal('1'),
          ScheduleDate: date('2026-01-01'),
        }),
      ),
    /CanUseRevenueSchedule/,
  );
});

function someone(transaction: Transaction, alias: string): string {
  const [profile] = query(transaction, "SELECT Id FROM Profile WHERE Name = 'Standard User'") as { Id: string }[];
  const made = record(org, 'User', {
    Alias: alias,
    LastName: alias,
    Username: `${alias}@example.com`,
    Email: `${alias}@example.com`,
    ProfileId: profile?.Id,
    TimeZoneSidKey: 'UTC',
    LocaleSidKey: 'en_US',
    LanguageLocaleKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
  });
  return transaction.runAs(org.administratorId, () => insert(transaction, made)[0] ?? '');
}

void test('the owner has what others are not given; amounts follow the opportunity; owners hand over', () => {
  inOrg(org, (transaction) => {
    const seller = someone(transaction, 'seller');
    const opportunity = deal(transaction, { Amount: decimal('1000') });
    const [revenue] = query(transaction, "SELECT Id FROM OpportunitySplitType WHERE DeveloperName = 'Revenue'") as {
      Id: string;
    }[];
    const splits = (): unknown =>
      query(
        transaction,
        `SELECT SplitOwner.Alias, SplitPercentage, SplitAmount FROM OpportunitySplit WHERE OpportunityId = '${opportunity}' ORDER BY SplitOwner.Alias`,
      );
    assert.deepEqual(splits(), [
      { SplitOwner: { Alias: 'aadmin' }, SplitPercentage: '100.00', SplitAmount: '1000.00' },
    ]);
    const [given = ''] = insert(
      transaction,
      record(org, 'OpportunitySplit', {
        OpportunityId: opportunity,
        SplitTypeId: revenue?.Id,
        SplitOwnerId: seller,
        SplitPercentage: decimal('30'),
      }),
    );
    dml(transaction, 'update', [record(org, 'Opportunity', { Id: opportunity, Amount: decimal('500') })]);
    assert.deepEqual(splits(), [
      { SplitOwner: { Alias: 'aadmin' }, SplitPercentage: '70.00', SplitAmount: '350.00' },
      { SplitOwner: { Alias: 'seller' }, SplitPercentage: '30.00', SplitAmount: '150.00' },
    ]);
    assert.deepEqual(
      query(transaction, `SELECT UserId FROM OpportunityTeamMember WHERE OpportunityId = '${opportunity}'`),
      [{ UserId: seller }],
    );
    dml(transaction, 'delete', [record(org, 'OpportunitySplit', { Id: given })]);
    dml(transaction, 'update', [record(org, 'Opportunity', { Id: opportunity, OwnerId: seller })]);
    assert.deepEqual(splits(), [{ SplitOwner: { Alias: 'seller' }, SplitPercentage: '100.00', SplitAmount: '500.00' }]);
  });
  fails(
    org,
    (transaction) => {
      const opportunity = deal(transaction);
      const [revenue] = query(transaction, "SELECT Id FROM OpportunitySplitType WHERE DeveloperName = 'Revenue'") as {
        Id: string;
      }[];
      const half = (alias: string): SObjectRecord =>
        record(org, 'OpportunitySplit', {
          OpportunityId: opportunity,
          SplitTypeId: revenue?.Id,
          SplitOwnerId: someone(transaction, alias),
          SplitPercentage: decimal('60'),
        });
      insert(transaction, half('one'), half('two'));
    },
    /more than 100/,
  );
});

void test('team members see the opportunity by a share with the row cause Team', () => {
  inOrg(org, (transaction) => {
    const member = someone(transaction, 'member');
    const opportunity = deal(transaction);
    const [made = ''] = insert(
      transaction,
      record(org, 'OpportunityTeamMember', {
        OpportunityId: opportunity,
        UserId: member,
        OpportunityAccessLevel: 'Edit',
      }),
    );
    const shares = `SELECT OpportunityAccessLevel FROM OpportunityShare WHERE UserOrGroupId = '${member}' AND RowCause = 'Team'`;
    assert.deepEqual(query(transaction, shares), [{ OpportunityAccessLevel: 'Edit' }]);
    dml(transaction, 'delete', [record(org, 'OpportunityTeamMember', { Id: made })]);
    assert.deepEqual(query(transaction, shares), []);
  });
});
