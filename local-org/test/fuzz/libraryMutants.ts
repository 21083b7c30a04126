/**
 * Damaged texts for the parts of Apex's library that read a language of their own: XML, formulas, addresses of pages. Apex code
 * gets a result or an exception that it can catch.
 */
import { ApexCallError } from '../../src/apex/host.ts';
import { launch } from '../../src/cli/launch.ts';
import { trapProject } from '../traps/trap.ts';
import { mutate, vocabularyOf } from './mutate.ts';
import type { Random } from './random.ts';
import { accepted, defect, describeUnexpected, INTERNAL, refused } from './types.ts';
import type { MutantKind, Verdict } from './types.ts';

const PROBE = `public with sharing class Probe {
  @AuraEnabled public static String tree(String text) {
    Dom.Document document = new Dom.Document();
    document.load(text);
    Integer count = walk(document.getRootElement());
    Dom.Document again = new Dom.Document();
    again.load(document.toXmlString());
    Assert.areEqual(count, walk(again.getRootElement()), 'what is written is read as the same');
    return document.toXmlString();
  }
  static Integer walk(Dom.XmlNode node) {
    Integer count = 1 + node.getAttributeCount();
    for (Integer index = 0; index < node.getAttributeCount(); index++)
      node.getAttribute(node.getAttributeKeyAt(index), node.getAttributeKeyNsAt(index));
    for (Dom.XmlNode child : node.getChildElements()) count += walk(child);
    return count + (node.getText() == null ? 0 : 1);
  }
  @AuraEnabled public static String events(String text) {
    XmlStreamReader reader = new XmlStreamReader(text);
    String found = '';
    while (reader.hasNext()) {
      reader.next();
      found += reader.getEventType() + ' ';
      if (reader.isStartElement()) {
        found += reader.getLocalName() + ' ' + reader.getNamespace();
        for (Integer index = 0; index < reader.getAttributeCount(); index++)
          found += reader.getAttributeLocalName(index) + '=' + reader.getAttributeValueAt(index);
      }
      if (reader.isCharacters()) found += reader.getText();
    }
    return found;
  }
  @AuraEnabled public static String formula(String text) {
    List<FormulaEval.FormulaReturnType> types = new List<FormulaEval.FormulaReturnType>{ FormulaEval.FormulaReturnType.STRING,
      FormulaEval.FormulaReturnType.DECIMAL, FormulaEval.FormulaReturnType.BOOLEAN, FormulaEval.FormulaReturnType.DATE };
    String problem;
    for (FormulaEval.FormulaReturnType type : types) {
      try {
        FormulaEval.FormulaInstance made = Formula.builder().withType(Account.SObjectType).withReturnType(type).withFormula(text).build();
        Account account = new Account(Name = 'Acme', NumberOfEmployees = 5, AnnualRevenue = 12.5, Industry = 'Energy');
        return String.valueOf(made.evaluate(account)) + made.getReferencedFields();
      } catch (FormulaValidationException error) { problem = error.getMessage(); }
    }
    throw new IllegalArgumentException(problem);
  }
  @AuraEnabled public static String page(String text) {
    PageReference made = new PageReference(text);
    made.getParameters().put('added', 'a b&c');
    PageReference again = new PageReference(made.getUrl());
    Assert.areEqual('a b&c', again.getParameters().get('added'));
    return made.getUrl() + made.getAnchor() + made.getRedirect() + new Url('https://example.com').getHost() + EncodingUtil.urlDecode(EncodingUtil.urlEncode(text, 'UTF-8'), 'UTF-8');
  }
  @AuraEnabled public static String json(String text) {
    Object untyped = JSON.deserializeUntyped(text);
    JSONParser parser = JSON.createParser(text);
    Integer tokens = 0;
    while (parser.nextToken() != null) tokens++;
    return JSON.serialize(untyped) + tokens;
  }
}`;

/** Texts that are right as they stand, by the method that reads them. */
const TEXTS: readonly (readonly [method: string, texts: readonly string[]])[] = [
  ...(['tree', 'events'] as const).map(
    (method) =>
      [
        method,
        [
          '<?xml version="1.0" encoding="UTF-8"?><order id="1" xmlns="urn:a" xmlns:b="urn:b"><b:line b:no="1">Two &amp; three</b:line><!-- note --><line/></order>',
          '<a><b><![CDATA[x < y ]]></b><c d=\'e "f"\'>&#65;&#x42;&quot;</c>text</a>',
          '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><m:Get xmlns:m="urn:m"><m:Item>1</m:Item></m:Get></soap:Body></soap:Envelope>',
        ],
      ] as const,
  ),
  [
    'formula',
    [
      'IF(ISBLANK(Name), "none", Name & " (" & TEXT(NumberOfEmployees) & ")")',
      'ROUND(AnnualRevenue * 1.19, 2) - MOD(NumberOfEmployees, 3) ^ 2',
      'AND(NumberOfEmployees >= 5, OR(CONTAINS(Name, "A"), NOT(ISPICKVAL(Industry, "Energy"))))',
      'DATE(2026, 1, 31) + CASE(NumberOfEmployees, 1, 10, 5, 20, 0)',
      'Owner.Name <> Parent.Name || BEGINS(Description, "x")',
    ],
  ],
  [
    'page',
    [
      '/apex/Order?id=001000000000001AAA&tab=a%20b#top',
      '/001000000000001AAA/e?retURL=%2F',
      'https://example.com/x?y=z',
    ],
  ],
  ['json', ['{"a":[1,2.50,true,null,{"b":"c\\u0041"}],"d":"2026-01-31T10:00:00.000Z","e":-1e3}', '["x",{"y":[]}]']],
];

/** Exceptions of Apex that tell of what was read. */
const MEANT =
  /^System\.(XmlException|IllegalArgumentException|FormulaEvaluationException|JSONException|StringException|MathException|TypeException|NullPointerException|LimitException|InvalidParameterValueException|UnsupportedOperationException)$/;

export const libraryMutants: MutantKind = {
  name: 'Apex library',
  count: 400,
  open: () => {
    const { org } = launch({ source: trapProject({ apex: { Probe: PROBE } }) });
    const call = (method: string, text: string): Verdict => {
      try {
        org.transaction({ userId: org.administratorId }, (transaction) =>
          org.code?.invokeAura(transaction, 'Probe', method, { text }),
        );
        return accepted;
      } catch (error) {
        if (!(error instanceof ApexCallError)) return defect(describeUnexpected(error));
        const isMeant = error.code === 'APEX_EXCEPTION' && MEANT.test(error.exceptionType);
        return isMeant && !INTERNAL.test(error.message)
          ? refused(error.exceptionType)
          : defect(`${error.code} ${error.exceptionType}: ${error.message}\n${error.stackTrace}`);
      }
    };
    for (const [method, texts] of TEXTS)
      for (const text of texts) {
        const verdict = call(method, text);
        if (verdict.outcome !== 'accepted')
          throw new Error(`${method} should take ${text}: ${JSON.stringify(verdict)}`);
      }
    const vocabulary = new Map(TEXTS.map(([method, texts]) => [method, vocabularyOf(texts)]));
    return Promise.resolve({
      next: (random: Random) => {
        const [method, texts] = random.pick(TEXTS);
        const text = mutate(random.pick(texts), random, vocabulary.get(method) ?? []);
        return { input: `${method}: ${text}`, run: () => call(method, text) };
      },
      close: () => {
        org.close();
        return Promise.resolve();
      },
    });
  },
};
