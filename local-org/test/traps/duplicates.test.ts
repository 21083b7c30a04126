/**
 * Duplicate rules from Apex. Source: Salesforce Help, "Duplicate Rules" and "Matching Rules"; Apex Reference Guide,
 * "DMLOptions.DuplicateRuleHeader".
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { metadata } from '../project/temporaryProject.ts';
import { assertPasses, trapProject } from './trap.ts';

const ROOT = 'force-app/main';
const NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"';
const item = (name: string, method = 'Exact', blanks = 'NullNotAllowed'): string =>
  `<matchingRuleItems><blankValueBehavior>${blanks}</blankValueBehavior><fieldName>${name}</fieldName><matchingMethod>${method}</matchingMethod></matchingRuleItems>`;
const matching = (...items: readonly string[]): string =>
  metadata(
    'MatchingRules',
    `<matchingRules><fullName>Same</fullName><booleanFilter>1 AND (2 OR 3)</booleanFilter><label>Same</label>${items.join('')}<ruleStatus>Active</ruleStatus></matchingRules>
     <matchingRules><fullName>Named</fullName><label>Named</label>${item('Name')}<ruleStatus>Active</ruleStatus></matchingRules>`,
  );
const rule = (name: string, order: number, insert: string, update: string, rest = ''): string =>
  metadata(
    'DuplicateRule',
    `<actionOnInsert>${insert}</actionOnInsert><actionOnUpdate>${update}</actionOnUpdate><alertText>${name} again?</alertText><duplicateRuleFilter ${NIL}/><duplicateRuleMatchRules><matchRuleSObjectType>Parent__c</matchRuleSObjectType><matchingRule>${name}</matchingRule><objectMapping ${NIL}/></duplicateRuleMatchRules><isActive>true</isActive><masterLabel>${name}</masterLabel>${rest}<securityOption>EnforceSharingRules</securityOption><sortOrder>${order}</sortOrder>`,
  );
const FILES = {
  [`${ROOT}/matchingRules/Parent__c.matchingRule-meta.xml`]: matching(item('Name'), item('Size__c'), item('Secret__c')),
  [`${ROOT}/duplicateRules/Parent__c.Same.duplicateRule-meta.xml`]: rule('Same', 1, 'Block', 'Allow'),
  [`${ROOT}/duplicateRules/Parent__c.Named.duplicateRule-meta.xml`]: rule(
    'Named',
    2,
    'Allow',
    'Allow',
    '<operationsOnInsert>Alert</operationsOnInsert><operationsOnInsert>Report</operationsOnInsert><operationsOnUpdate>Alert</operationsOnUpdate>',
  ),
};

void test('rules block, or alert until the caller says to save', () =>
  assertPasses(
    {
      files: FILES,
      apex: {
        DuplicateTest: `@IsTest private class DuplicateTest {
  static Database.DMLOptions allow() {
    Database.DMLOptions options = new Database.DMLOptions();
    options.OptAllOrNone = false;
    options.DuplicateRuleHeader.allowSave = true;
    return options;
  }
  @IsTest static void alerts() {
    insert as system new Parent__c(Name = 'One');
    try { insert as system new Parent__c(Name = 'ONE'); Assert.fail(); }
    catch (DmlException error) {
      Assert.areEqual(StatusCode.DUPLICATES_DETECTED, error.getDmlType(0));
      Assert.areEqual('Named again?', error.getDmlMessage(0));
    }
    Parent__c second = new Parent__c(Name = 'one');
    Assert.isTrue(Database.insert(second, allow(), AccessLevel.SYSTEM_MODE).isSuccess());
    // An edit of other fields does not ask again; one of the name does.
    update as system new Parent__c(Id = second.Id, Size__c = 3);
    Parent__c third = new Parent__c(Name = 'Three');
    insert as system third;
    third.Name = 'One';
    Assert.isFalse(Database.update(third, false, AccessLevel.SYSTEM_MODE).isSuccess());
  }
  @IsTest static void blocks() {
    insert as system new Parent__c(Name = 'Two', Size__c = 7);
    Database.SaveResult result = Database.insert(new Parent__c(Name = 'Two', Size__c = 7), allow(), AccessLevel.SYSTEM_MODE);
    Assert.isFalse(result.isSuccess());
    Assert.areEqual('Same again?', result.getErrors()[0].getMessage());
    Assert.isTrue(Database.insert(new Parent__c(Name = 'Two', Size__c = 8), allow(), AccessLevel.SYSTEM_MODE).isSuccess());
    Parent__c lenient = new Parent__c(Name = 'Two', Size__c = 9);
    lenient.setOptions(allow());
    insert as system lenient;
  }
  @IsTest static void hiddenRecordsDoNotCount() {
    insert as system new Parent__c(Name = 'Secret one');
    System.runAs(People.reader('reader')) {
      insert as user new Parent__c(Name = 'Secret one');
    }
  }
}`,
      },
    },
    3,
  ));

void test('fuzzy methods, standard matching rules and conditions are refused with file and line', () => {
  const open = (files: Readonly<Record<string, string>>): void =>
    openOrg({ project: loadProject(trapProject({ apex: {}, files: { ...FILES, ...files } })) }).close();
  const [matchingFile, ruleFile] = Object.keys(FILES) as [string, string];
  assert.throws(
    () => open({ [matchingFile]: matching(item('Name', 'CompanyName'), item('Size__c'), item('Secret__c')) }),
    /matchingRule-meta\.xml:\d+:\d+: the matching rule Same compares by the method CompanyName/,
  );
  assert.throws(
    () => open({ [ruleFile]: rule('Standard_Account_Match_Rule_v1_0', 1, 'Block', 'Block') }),
    /duplicateRule-meta\.xml:\d+:\d+: the project has no matching rule Standard_Account_Match_Rule_v1_0/,
  );
  assert.throws(
    () =>
      open({
        [ruleFile]: rule('Same', 1, 'Block', 'Block').replace(
          `<duplicateRuleFilter ${NIL}/>`,
          '<duplicateRuleFilter><booleanFilter>1</booleanFilter></duplicateRuleFilter>',
        ),
      }),
    /conditions of duplicate rules/,
  );
});
