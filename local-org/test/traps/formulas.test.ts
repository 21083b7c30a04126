/**
 * Formula fields of records in memory are computed on demand.
 * Source: Apex Reference Guide, "Formula Class", "FormulaRecalcResult Class", "FormulaRecalcFieldError Class".
 */
import { test } from 'node:test';
import { metadata } from '../project/temporaryProject.ts';
import { assertPasses } from './trap.ts';

const formula = (object: string, name: string, text: string): readonly [string, string] => [
  `force-app/main/objects/${object}/fields/${name}.field-meta.xml`,
  metadata(
    'CustomField',
    `<fullName>${name}</fullName><label>${name}</label><type>Number</type><precision>18</precision><scale>2</scale><formula>${text}</formula>`,
  ),
];

void test('formulas are recalculated on new and on queried records', () =>
  assertPasses(
    {
      files: Object.fromEntries([
        formula('Parent__c', 'Double__c', 'Size__c * 2'),
        formula('Parent__c', 'Part__c', '100 / Size__c'),
        formula('Child__c', 'Of_Parent__c', 'Parent__r.Size__c + 1'),
      ]),
      apex: {
        RecalculateTest: `@IsTest private class RecalculateTest {
  @IsTest static void newRecordsCostNoQuery() {
    Parent__c made = new Parent__c(Name = 'P', Size__c = 4);
    List<FormulaRecalcResult> results = Formula.recalculateFormulas(new List<Parent__c>{ made });
    Assert.isTrue(results[0].isSuccess());
    Assert.areEqual(8, made.Double__c);
    Assert.areEqual(25, results[0].getSObject().get('Part__c'));
    Assert.areEqual(0, Limits.getQueries());
  }
  @IsTest static void whatIsMissingIsLoaded() {
    Parent__c saved = new Parent__c(Name = 'P', Size__c = 5);
    insert saved;
    Parent__c queried = [SELECT Name FROM Parent__c];
    Integer before = Limits.getQueries();
    List<FormulaRecalcResult> results = Formula.recalculateFormulas(new List<Parent__c>{ queried });
    Assert.areEqual(10, queried.Double__c);
    Assert.areEqual(before + 1, Limits.getQueries());
    queried.Size__c = 6;
    results = Formula.recalculateFormulas(new List<Parent__c>{ queried });
    Assert.areEqual(12, queried.Double__c);
    Assert.areEqual(before + 1, Limits.getQueries());
  }
  @IsTest static void parentsCountAsTheyAreInMemory() {
    Parent__c saved = new Parent__c(Name = 'P', Size__c = 5);
    insert saved;
    Child__c child = new Child__c(Parent__c = saved.Id);
    List<FormulaRecalcResult> results = Formula.recalculateFormulas(new List<Child__c>{ child });
    Assert.areEqual(6, child.Of_Parent__c);
    child = new Child__c(Parent__r = new Parent__c(Size__c = 1));
    results = Formula.recalculateFormulas(new List<Child__c>{ child });
    Assert.areEqual(2, child.Of_Parent__c);
  }
  @IsTest static void whatCanNotBeComputedIsTold() {
    Parent__c made = new Parent__c(Name = 'P', Size__c = 0);
    List<FormulaRecalcResult> results = Formula.recalculateFormulas(new List<Parent__c>{ made });
    Assert.isFalse(results[0].isSuccess());
    Assert.areEqual(1, results[0].getErrors().size());
    FormulaRecalcFieldError error = results[0].getErrors()[0];
    Assert.areEqual('Part', error.getFieldName());
    Assert.areEqual('Division by zero', error.getFieldError());
    Assert.isNull(made.Part__c);
    Assert.areEqual(0, made.Double__c);
  }
}`,
      },
    },
    4,
  ));
