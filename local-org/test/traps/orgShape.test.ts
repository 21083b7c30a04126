/**
 * Trap 12: the scratch org definition shapes the org.
 * Source: Salesforce DX Developer Guide, "Build Your Own Scratch Org Definition File" and "Scratch Org Features".
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { launch } from '../../src/cli/launch.ts';
import { MetadataError, ProjectError } from '../../src/project/errors.ts';
import { StoreError } from '../../src/store/errors.ts';
import { assertPasses, trapProject } from './trap.ts';

const DEFINITION = 'config/project-scratch-def.json';
const definition = (content: unknown): Readonly<Record<string, string>> => ({ [DEFINITION]: JSON.stringify(content) });

void test('language, country and fiscal year come from the definition', () =>
  assertPasses(
    {
      files: definition({ orgName: 'Shape', edition: 'Developer', language: 'de', country: 'DE' }),
      apex: {
        ShapeTest: `@IsTest private class ShapeTest {
  @IsTest static void shape() {
    Assert.areEqual('de', UserInfo.getLanguage());
    Assert.areEqual('de_DE', UserInfo.getLocale());
    Assert.areEqual('Shape', UserInfo.getOrganizationName());
    Assert.areEqual('EUR', UserInfo.getDefaultCurrency());
    Assert.isFalse(UserInfo.isMultiCurrencyOrganization());
    Assert.isFalse(Schema.SObjectType.Account.fields.getMap().containsKey('CurrencyIsoCode'));
  }
}`,
      },
    },
    1,
  ));

void test('a feature or setting that the local org does not have is refused by name', () => {
  for (const [content, name] of [
    [{ features: ['StateAndCountryPicklist'] }, 'StateAndCountryPicklist'],
    [{ settings: { currencySettings: { enableCurrencyEffectiveDates: true } } }, 'enableMultiCurrency'],
    [{ settings: { accountSettings: { enableRelateContactToMultipleAccounts: true } } }, 'MultipleAccounts'],
  ] as const) {
    const source = trapProject({ apex: {}, files: definition(content) });
    assert.throws(
      () => launch({ source }),
      (error) =>
        (error instanceof MetadataError || error instanceof ProjectError) &&
        error.message.includes(DEFINITION) &&
        error.message.includes(name),
    );
  }
});

/** Apex Reference, UserInfo; Object Reference, "CurrencyIsoCode". */
void test('with MultiCurrency, amounts have currencies, and the same code finds out', () =>
  assertPasses(
    {
      files: definition({ features: ['multicurrency'] }),
      apex: {
        CurrencyTest: `@IsTest private class CurrencyTest {
  @IsTest static void currencies() {
    Assert.isTrue(UserInfo.isMultiCurrencyOrganization());
    Assert.areEqual('USD', UserInfo.getDefaultCurrency());
    SObjectField field = Schema.SObjectType.Account.fields.getMap().get('CurrencyIsoCode');
    Assert.areEqual('USD', field.getDescribe().getPicklistValues()[0].getValue());
    Account made = new Account(Name = 'A', AnnualRevenue = 10);
    insert made;
    SObject read = Database.query('SELECT CurrencyIsoCode, convertCurrency(AnnualRevenue) worth FROM Account');
    Assert.areEqual('USD', read.get('CurrencyIsoCode'));
    Assert.areEqual(10, read.get('worth'));
    Assert.areEqual(1, [SELECT COUNT() FROM CurrencyType WHERE IsCorporate = true]);
    Assert.areEqual(0, [SELECT COUNT() FROM DatedConversionRate], 'the object is there, rates have no dates here');
    try {
      insert new Account(Name = 'B', CurrencyIsoCode = 'EUR');
      Assert.fail('the euro is no active currency');
    } catch (DmlException e) {
      Assert.areEqual(StatusCode.INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST, e.getDmlType(0));
    }
  }
}`,
      },
    },
    1,
  ));

void test('another definition can be named, and data of another shape are refused', () => {
  const source = trapProject({
    apex: {},
    files: { 'config/several.json': JSON.stringify({ features: ['MultiCurrency'] }) },
  });
  const data = path.join(source, 'data');
  const several = { source, data, definition: path.join(source, 'config/several.json') };
  const { org } = launch(several);
  assert.ok(org.schema.object('CurrencyType'));
  org.close();
  assert.throws(
    () => launch({ source, data }),
    (error) => error instanceof StoreError && error.code === 'OTHER_SHAPE' && /--reset/.test(error.message),
  );
  launch(several).org.close();
  assert.throws(() => launch({ source, definition: path.join(source, 'config/none.json') }), /no such scratch org/);
});

/** Apex Reference, Date.format(), Datetime.format(), Decimal.format(), Date.parse(): as the user's locale has it. */
void test('a German org writes and reads days and numbers as Germans do', () =>
  assertPasses(
    {
      files: definition({ country: 'DE', language: 'de' }),
      apex: {
        GermanTest: `@IsTest private class GermanTest {
  @IsTest static void formats() {
    Assert.areEqual('02.09.2026', Date.newInstance(2026, 9, 2).format());
    Assert.areEqual(Date.newInstance(2026, 9, 2), Date.parse('02.09.2026'));
    Assert.areEqual('02.09.2026, 15:04', Datetime.newInstance(2026, 9, 2, 15, 4, 0).format());
    Assert.areEqual('1.234.567,5', (1234567.5).format());
    Assert.areEqual('1.234', (1234).format());
    Assert.areEqual(Date.newInstance(2026, 11, 16), Date.newInstance(2026, 11, 22).toStartOfWeek(), 'weeks start on Monday');
    insert new Opportunity(Name = 'O', StageName = 'Prospecting', CloseDate = Date.newInstance(2026, 9, 2), Amount = 1234.5);
    SObject read = [SELECT FORMAT(Amount) total, FORMAT(CloseDate) shown FROM Opportunity];
    Assert.areEqual('1.234,50\u00a0€', read.get('total'));
    Assert.areEqual('02.09.2026', read.get('shown'));
  }
}`,
      },
    },
    1,
  ));
