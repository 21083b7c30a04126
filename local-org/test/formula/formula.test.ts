import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileFormula, formulaType } from '../../src/formula/compile.ts';
import { FormulaError } from '../../src/formula/errors.ts';
import type { FormulaValue } from '../../src/formula/functions.ts';
import { MetadataError } from '../../src/project/errors.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { toFormulaValue } from '../../src/runtime/FormulaHost.ts';
import { buildSchema } from '../../src/schema/buildSchema.ts';
import { ApexDate } from '../../src/values/ApexDate.ts';
import { ApexDatetime } from '../../src/values/ApexDatetime.ts';
import { Decimal } from '../../src/values/Decimal.ts';
import { fieldFile, planProject } from '../schema/planProject.ts';
import { metadata } from '../project/temporaryProject.ts';

const schema = buildSchema(loadProject(planProject()));
const object = schema.object('Plan__c') ?? assert.fail();
const environment = {
  today: ApexDate.parse('2026-11-22'),
  now: Date.UTC(2026, 10, 22, 12, 30),
  global: (): FormulaValue => null,
};
const record: Readonly<Record<string, unknown>> = {
  Name: 'Acme 2026',
  Start__c: ApexDate.parse('2026-01-31'),
  Target__c: Decimal.parse('100.50'),
  Won__c: Decimal.parse('40'),
  Status__c: 'Draft',
  Topics__c: 'Price;Service',
  'Account__r.Name': 'Acme',
  CreatedDate: ApexDatetime.parse('2026-11-20T06:00:00Z'),
};

function evaluate(
  text: string,
  options: { blanksAsZero?: boolean; prior?: Readonly<Record<string, unknown>> } = {},
): string {
  const formula = compileFormula(text, {
    schema,
    object,
    blanksAsZero: options.blanksAsZero ?? false,
    isRule: true,
    checkGlobal: () => 'text',
  });
  const read = (values: Readonly<Record<string, unknown>>): readonly FormulaValue[] =>
    formula.references.map((reference) => toFormulaValue(reference.field, values[reference.path.join('.')] ?? null));
  const value = formula.evaluate({
    values: read(record),
    prior: options.prior ? read({ ...record, ...options.prior }) : null,
    isNew: options.prior === undefined,
    environment,
  });
  return String(value);
}

const cases: readonly (readonly [string, string])[] = [
  ['1 + 2 * 3', '7'],
  ['(1 + 2) * 3', '9'],
  ['2 ^ 3 ^ 2', '512'],
  ['-2 ^ 2', '4'],
  ['7 / 2', '3.5'],
  ['0.1 + 0.2', '0.3'],
  ['10 - 4 - 3', '3'],
  ['1 / 3 * 3 < 1', 'true'],
  ['Won__c - Target__c', '-60.50'],
  ['Score__c + 1', 'null'],
  ['Account__r.Name & " " & TEXT(YEAR(Start__c))', 'Acme 2026'],
  ['"a" + "b"', 'ab'],
  ['IF(Target__c > 100, "big", "small")', 'big'],
  ['IF(Score__c > 1, "x", "y")', 'y'],
  ['CASE(Status__c, "Draft", 1, "Approved", 2, 0)', '1'],
  ['CASE(MONTH(Start__c), 1, "Jan", "other")', 'Jan'],
  ['AND(TRUE, NOT(FALSE), 1 = 1)', 'true'],
  ['OR(FALSE, ISBLANK(Score__c))', 'true'],
  ['Target__c = 100.5 && Won__c <> 40 || false', 'false'],
  ['BLANKVALUE(Score__c, 5)', '5'],
  ['NULLVALUE(Won__c, 5)', '40'],
  ['ISNULL(End__c)', 'true'],
  ['ISPICKVAL(Status__c, "Draft")', 'true'],
  ['INCLUDES(Topics__c, "Service")', 'true'],
  ['TEXT(Status__c)', 'Draft'],
  ['CONTAINS(Name, "2026")', 'true'],
  ['BEGINS(Name, "acme")', 'false'],
  ['FIND("m", Name)', '3'],
  ['FIND("m", Name, 4)', '0'],
  ['LEFT(Name, 4)', 'Acme'],
  ['RIGHT(Name, 4)', '2026'],
  ['MID(Name, 2, 3)', 'cme'],
  ['LEN(Name)', '9'],
  ['SUBSTITUTE(Name, "e", "é")', 'Acmé 2026'],
  ['UPPER(Name)', 'ACME 2026'],
  ['TRIM("  a ")', 'a'],
  ['LPAD("7", 3, "0")', '007'],
  ['REGEX("AB12", "[A-Z]{2}\\\\d+")', 'true'],
  ['VALUE("1.50") * 2', '3.00'],
  ['ROUND(2.345, 2)', '2.35'],
  ['ROUND(-2.5, 0)', '-3'],
  ['ROUND(1250, -2)', '1300'],
  ['CEILING(2.1)', '3'],
  ['CEILING(-2.1)', '-3'],
  ['FLOOR(-2.1)', '-2'],
  ['MFLOOR(-2.1)', '-3'],
  ['MOD(7, 3)', '1'],
  ['MAX(1, 3, 2)', '3'],
  ['MIN(1, 3, 2)', '1'],
  ['SQRT(16)', '4'],
  ['ABS(-4.5)', '4.5'],
  ['LOG(1000)', '3'],
  ['TODAY()', '2026-11-22'],
  ['TODAY() - Start__c', '295'],
  ['Start__c + 1', '2026-02-01'],
  ['DATE(2026, 2, 28)', '2026-02-28'],
  ['ADDMONTHS(Start__c, 1)', '2026-02-28'],
  ['ADDMONTHS(DATE(2026, 2, 28), 1)', '2026-03-31'],
  ['WEEKDAY(TODAY())', '1'],
  ['DAY(Start__c)', '31'],
  ['DATEVALUE("2026-03-04")', '2026-03-04'],
  ['DATEVALUE(CreatedDate)', '2026-11-20'],
  ['NOW() - CreatedDate', '2.27083333333333333333'],
  ['YEAR(End__c)', 'null'],
  ['End__c < Start__c', 'null'],
  ['NOT(End__c < Start__c)', 'true'],
  ['HYPERLINK("/x", "Label")', '<a href="/x" target="_blank">Label</a>'],
  ['/* words */ 1', '1'],
  ["'single'", 'single'],
  ['ISNEW()', 'true'],
];
for (const [text, expected] of cases) test(text, () => assert.equal(evaluate(text), expected));

test('blanks count as zero where the field says so', () => {
  assert.equal(evaluate('Score__c + 1', { blanksAsZero: true }), '1');
  assert.equal(evaluate('ISBLANK(Score__c)', { blanksAsZero: true }), 'true');
});

test('a blank number or date is neither equal to a value nor different from it; a blank text is different', () => {
  assert.equal(evaluate('Score__c = 5'), 'false');
  assert.equal(evaluate('Score__c <> 5'), 'null');
  assert.equal(evaluate('IF(Score__c <> 5, "yes", "no")'), 'no');
  assert.equal(evaluate('End__c <> TODAY()'), 'null');
  assert.equal(evaluate('Key__c <> "x"'), 'true');
  assert.equal(evaluate('Key__c <> ""'), 'false');
  assert.equal(evaluate('Score__c <> 5', { blanksAsZero: true }), 'true');
});

test('ISCHANGED and PRIORVALUE compare with the record before the save', () => {
  assert.equal(evaluate('ISCHANGED(Won__c)', { prior: { Won__c: Decimal.parse('39') } }), 'true');
  assert.equal(evaluate('ISCHANGED(Won__c)', { prior: { Won__c: Decimal.parse('40.00') } }), 'false');
  assert.equal(evaluate('PRIORVALUE(Won__c) + 1', { prior: { Won__c: Decimal.parse('39') } }), '40');
});

const errors: readonly (readonly [string, RegExp])[] = [
  ['Foo__c + 1', /Field Foo__c does not exist/],
  ['NOPE(1)', /Unknown function NOPE/],
  ['1 +', /ends too early/],
  ['(1', /Missing '\)'/],
  ['1 + "a"', /Incorrect parameter type/],
  ['IF(1, 2, 3)', /Expected Boolean, received Number/],
  ['Status__c = "Draft"', /a picklist field can only be used in certain functions/],
  ['LEFT(Name)', /Incorrect number of parameters/],
  ['Account__r.Nope', /does not exist/],
  ['1 2', /Extra 2/],
];
for (const [text, message] of errors)
  test(`refuses ${text}`, () =>
    assert.throws(
      () => evaluate(text),
      (error) => error instanceof FormulaError && message.test(error.message),
    ));

test('a wrong formula is refused with file and line when the org opens', () => {
  const open = (name: string, text: string): void =>
    void openOrg({ project: loadProject(planProject({ [name]: text })) });
  assert.throws(
    () =>
      open(
        'force-app/main/objects/Plan__c/fields/Bad__c.field-meta.xml',
        fieldFile('Number', 'Bad__c', '<formula>Targte__c + 1</formula><precision>18</precision><scale>2</scale>'),
      ),
    (error) =>
      error instanceof MetadataError &&
      /Bad__c\.field-meta\.xml:2:\d+: in the formula of Plan__c, line 1, column 1: Field Targte__c does not exist/.test(
        error.message,
      ),
  );
  assert.throws(
    () =>
      open(
        'force-app/main/objects/Plan__c/fields/Bad__c.field-meta.xml',
        fieldFile('Date', 'Bad__c', '<formula>Target__c + 1</formula>'),
      ),
    /the formula results in number, but the field holds date/,
  );
  assert.throws(
    () =>
      open(
        'force-app/main/objects/Plan__c/fields/Loop__c.field-meta.xml',
        fieldFile('Number', 'Loop__c', '<formula>Loop__c + 1</formula><precision>18</precision><scale>2</scale>'),
      ),
    /refers to itself/,
  );
  assert.throws(
    () =>
      open(
        'force-app/main/objects/Plan__c/validationRules/Bad.validationRule-meta.xml',
        metadata(
          'ValidationRule',
          '<fullName>Bad</fullName><active>true</active><errorConditionFormula>Target__c</errorConditionFormula><errorMessage>x</errorMessage>',
        ),
      ),
    /must be true or false, not number/,
  );
});

test('field types map to formula types', () =>
  assert.equal(formulaType(object.field('Target__c') ?? assert.fail()), 'number'));
