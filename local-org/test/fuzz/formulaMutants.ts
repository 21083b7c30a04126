/** Damaged and generated formulas of fields, rules and default values: compiled and evaluated, or refused with a place. */
import { compileFormula } from '../../src/formula/compile.ts';
import { FormulaError, FormulaEvaluationError } from '../../src/formula/errors.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { toFormulaValue } from '../../src/runtime/FormulaHost.ts';
import { buildSchema } from '../../src/schema/buildSchema.ts';
import { ApexDate } from '../../src/values/ApexDate.ts';
import { ApexDatetime } from '../../src/values/ApexDatetime.ts';
import { Decimal } from '../../src/values/Decimal.ts';
import { planProject } from '../schema/planProject.ts';
import { mutate, vocabularyOf } from './mutate.ts';
import type { Random } from './random.ts';
import { accepted, defect, describeUnexpected, INTERNAL, refused } from './types.ts';
import type { MutantKind, Verdict } from './types.ts';

const FORMULAS: readonly string[] = [
  'IF(AND(Start__c <= TODAY(), OR(ISBLANK(End__c), End__c >= TODAY())), "open", TEXT(Status__c))',
  'BLANKVALUE(Won__c, 0) / Target__c * 100 - ROUND(Score__c, 1) + ABS(-2) ^ 3',
  'CASE(Status__c, "Draft", 1, "Approved", 2, 0) + LEN(TRIM(UPPER(Name))) - FIND("a", LOWER(Name))',
  'YEAR(Start__c) * 12 + MONTH(ADDMONTHS(Start__c, 1)) - DAY(DATEVALUE(CreatedDate)) + WEEKDAY(TODAY())',
  'INCLUDES(Topics__c, "Price") && NOT(ISCHANGED(Won__c)) || PRIORVALUE(Won__c) > 5',
  'SUBSTITUTE(LEFT(Account__r.Name, 3) & MID(Name, 2, 4), "a", "b") & HYPERLINK("/x", "y")',
  'NOW() - CreatedDate > 1 && REGEX(Name, "[A-Z].*") && CONTAINS(Name, "x")',
  'MOD(FLOOR(Won__c), 7) + MAX(1, 2, 3) - MIN(Target__c, CEILING(Score__c)) + SQRT(4) + LN(EXP(1)) + LOG(10)',
];
const WORDS =
  'VALUE TEXT DATE DATETIMEVALUE TIMEVALUE ISNUMBER ISNULL NULLVALUE ISPICKVAL BEGINS RIGHT LPAD RPAD REVERSE TRUNC CHR ASCII UNIXTIMESTAMP FROMUNIXTIME $User.Id $Permission.Override $Setup.Settings__c.Off__c $Profile.Name null true PI() 99999999999999999999.5 "2026-02-30" Nope__c Account__r.Owner.Name'.split(
    ' ',
  );

export const formulaMutants: MutantKind = {
  name: 'formulas',
  count: 400,
  open: () => {
    const schema = buildSchema(loadProject(planProject()));
    const object = schema.object('Plan__c');
    if (!object) throw new Error('the project has no Plan__c');
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
    const environment = {
      today: ApexDate.parse('2026-11-22'),
      now: Date.UTC(2026, 10, 22, 12, 30),
      global: () => null,
    };
    const run = (text: string, isRule: boolean, blanksAsZero: boolean): Verdict => {
      try {
        const formula = compileFormula(text, { schema, object, blanksAsZero, isRule, checkGlobal: () => 'text' });
        const read = (values: Readonly<Record<string, unknown>>) =>
          formula.references.map((reference) =>
            toFormulaValue(reference.field, values[reference.path.join('.')] ?? null),
          );
        for (const values of [record, {}])
          formula.evaluate({ values: read(values), prior: isRule ? read({}) : null, isNew: !isRule, environment });
        return accepted;
      } catch (error) {
        if (error instanceof FormulaEvaluationError) return accepted;
        if (!(error instanceof FormulaError)) return defect(describeUnexpected(error));
        if (!(error.offset >= 0 && error.offset <= text.length)) return defect(`no place: ${error.message}`);
        return INTERNAL.test(error.message) ? defect(error.message) : refused('FormulaError');
      }
    };
    for (const text of FORMULAS) {
      const verdict = run(text, true, false);
      if (verdict.outcome !== 'accepted') throw new Error(`${text} should be taken: ${JSON.stringify(verdict)}`);
    }
    const vocabulary = [...vocabularyOf(FORMULAS), ...WORDS];
    return Promise.resolve({
      next: (random: Random) => {
        const text = mutate(random.pick(FORMULAS), random, vocabulary);
        const [isRule, blanksAsZero] = [random.pick([true, false]), random.pick([true, false])];
        return { input: text, run: () => run(text, isRule, blanksAsZero) };
      },
      close: () => Promise.resolve(),
    });
  },
};
