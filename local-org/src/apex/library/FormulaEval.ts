/**
 * Formula.builder and FormulaEval.*: formulas evaluated on a record, or on the properties of an Apex object (Apex Reference, FormulaEval
 * Namespace). The formula room compiles them; global variables are refused when the formula is built.
 */
import { FormulaError, FormulaEvaluationError } from '../../formula/errors.ts';
import { compileFormula, type CompiledFormula } from '../../formula/compile.ts';
import type { FormulaType, FormulaValue } from '../../formula/functions.ts';
import { toFormulaValue, type FormulaFieldError } from '../../runtime/FormulaHost.ts';
import { createFacts, createField, ObjectDescription } from '../../schema/objectDescription.ts';
import { SObjectRecord } from '../../schema/record.ts';
import type { FieldDescribe, FieldType, ObjectDescribe } from '../../schema/types.ts';
import { Decimal } from '../../values/Decimal.ts';
import type { ApexEnum } from '../execution/ApexEnum.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexSet } from '../execution/ApexSet.ts';
import { readField } from '../execution/data.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import type { TypeToken } from '../execution/typing.ts';
import type { ApexType, FieldSymbol } from '../types/symbols.ts';
import { localDate, now } from './calendar.ts';
import type { SObjectTypeToken } from '../execution/describe.ts';
import type { LibraryClass } from './define.ts';

const RETURN_TYPES = ['BOOLEAN', 'DATE', 'DATETIME', 'DECIMAL', 'DOUBLE', 'ID', 'INTEGER', 'LONG', 'STRING', 'TIME'];
const GLOBALS = [
  'CUSTOMMETADATA',
  'LABEL',
  'ORGANIZATION',
  'PERMISSION',
  'PROFILE',
  'SETUP',
  'SYSTEM',
  'USER',
  'USERROLE',
];
/** What a formula may come to, by return type. */
const EXPECTED: Readonly<Record<string, FormulaType>> = {
  BOOLEAN: 'boolean',
  DATE: 'date',
  DATETIME: 'datetime',
  STRING: 'text',
  ID: 'text',
  TIME: 'time',
};
const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
  Boolean: 'boolean',
  String: 'string',
  Id: 'string',
  Integer: 'int',
  Long: 'long',
  Double: 'double',
  Decimal: 'double',
  Date: 'date',
  Datetime: 'datetime',
  Time: 'time',
};

class FormulaBuilder {
  text: string | null = null;
  type: ApexType | null = null;
  returns: string | null = null;
}

class FormulaInstance {
  readonly compiled: CompiledFormula;
  readonly returns: string;
  readonly type: ApexType;
  constructor(compiled: CompiledFormula, returns: string, type: ApexType) {
    this.compiled = compiled;
    this.returns = returns;
    this.type = type;
  }

  evaluate(context: unknown): unknown {
    const start = context ?? nullPointer();
    const environment = { today: localDate(now()), now: now().milliseconds, global: () => null };
    const values = this.compiled.references.map(({ path, field }) => readPath(start, path, field));
    try {
      return this.result(this.compiled.evaluate({ values, prior: null, isNew: false, environment }));
    } catch (error) {
      if (!(error instanceof FormulaEvaluationError)) throw error;
      throw makeException('FormulaEvaluationException', error.message);
    }
  }

  private result(value: FormulaValue): unknown {
    if (!(value instanceof Decimal)) return value;
    if (this.returns === 'INTEGER') return value.intValue();
    return this.returns === 'LONG' ? value.longValue() : value;
  }
}

/** Properties of a class as fields of an object, so that `record.Name` is a path like any other. */
function describeClass(type: ApexType): ObjectDescribe {
  const { table } = execution().program;
  const fields = new Map<string, FieldSymbol>();
  for (const ancestor of table.ancestors(type))
    for (const [key, field] of ancestor.symbol.fields) if (!field.isStatic && !fields.has(key)) fields.set(key, field);
  const described = [...fields.values()].flatMap((field) => {
    const { describe } = field.type.symbol;
    if (describe)
      return [
        createField({
          name: field.name,
          type: 'reference',
          referenceTo: [describe.name],
          relationshipName: field.name,
        }),
      ];
    const plain = FIELD_TYPES[field.type.name];
    return plain ? [createField({ name: field.name, type: plain })] : [];
  });
  return new ObjectDescription(createFacts({ name: type.name, kind: 'standard', fields: described }));
}

/** A value by its path: properties of an Apex object, then fields of records; null below a null. */
function readPath(start: unknown, path: readonly string[], field: FieldDescribe): FormulaValue {
  let current: unknown = start;
  path.forEach((name, index) => {
    if (current === null || current === undefined) return;
    if (current instanceof SObjectRecord)
      current = index === path.length - 1 ? readField(current, name) : (current.related.get(name) ?? null);
    else current = readProperty(current, name);
  });
  return toFormulaValue(field, current);
}

function readProperty(object: unknown, name: string): unknown {
  const { program } = execution();
  const found = program.table.findField(program.typeOf(object), name);
  return found ? (object as Record<string, unknown>)[found.field.javascriptName] : null;
}

function build({ text, type, returns }: FormulaBuilder): FormulaInstance {
  const { schema } = execution().program.table;
  const invalid = (message: string): never => {
    throw makeException('FormulaValidationException', message);
  };
  if (text === null) return invalid('A formula is required');
  if (type === null) return invalid('A context type is required');
  if (returns === null) return invalid('A return type is required');
  try {
    const compiled = compileFormula(text, {
      schema,
      object: type.symbol.describe ?? describeClass(type),
      blanksAsZero: false,
      isRule: false,
      checkGlobal: (parts, offset) => {
        throw new FormulaError(`The local org knows no global variables here: ${parts.join('.')}`, offset);
      },
    });
    const expected = EXPECTED[returns] ?? 'number';
    if (compiled.type !== expected && compiled.type !== 'null' && compiled.type !== 'any')
      return invalid(
        `Formula result is data type (${compiled.type}), incompatible with expected data type (${expected}).`,
      );
    return new FormulaInstance(compiled, returns, type);
  } catch (error) {
    if (error instanceof FormulaError) return invalid(error.message);
    throw error;
  }
}

class RecalcResult {
  readonly record: SObjectRecord;
  readonly errors: readonly FormulaFieldError[];
  constructor(record: SObjectRecord, errors: readonly FormulaFieldError[]) {
    this.record = record;
    this.errors = errors;
  }
}

class RecalcFieldError {
  readonly error: FormulaFieldError;
  constructor(error: FormulaFieldError) {
    this.error = error;
  }
}

/** Formula.recalculateFormulas (Apex Reference Guide, "Formula Class"). */
function recalculate(given: ApexList | null): ApexList {
  const records = (given ?? nullPointer()).items.map((item) => (item ?? nullPointer()) as SObjectRecord);
  for (const record of records)
    if (record.retrieved) {
      const formulas = record.describe.fields.filter((field) => field.formula !== null);
      record.retrieved = new Set([...record.retrieved, ...formulas.map((field) => field.name)]);
    }
  const errors = execution().transaction.recalculateFormulas(records);
  return new ApexList(
    execution().program.table.parse('List<FormulaRecalcResult>'),
    records.map((record, index) => new RecalcResult(record, errors[index] ?? [])),
  );
}

const chained =
  (set: (self: FormulaBuilder, value: never) => void) =>
  (self: FormulaBuilder, value: never): FormulaBuilder => {
    set(self, value ?? nullPointer());
    return self;
  };

export const formulaClasses: readonly LibraryClass[] = [
  {
    name: 'Formula',
    statics: {
      'FormulaEval.FormulaBuilder builder()': () => new FormulaBuilder(),
      'List<FormulaRecalcResult> recalculateFormulas(List<SObject> records)': recalculate,
    },
  },
  {
    name: 'FormulaRecalcResult',
    instance: RecalcResult,
    methods: {
      'List<FormulaRecalcFieldError> getErrors()': (self: RecalcResult) =>
        new ApexList(
          execution().program.table.parse('List<FormulaRecalcFieldError>'),
          self.errors.map((error) => new RecalcFieldError(error)),
        ),
      'SObject getSObject()': (self: RecalcResult) => self.record,
      'Boolean isSuccess()': (self: RecalcResult) => self.errors.length === 0,
    },
  },
  {
    name: 'FormulaRecalcFieldError',
    instance: RecalcFieldError,
    methods: {
      'String getFieldError()': (self: RecalcFieldError) => self.error.message,
      // The Apex Reference Guide shows `divide` for divide__c.
      'String getFieldName()': (self: RecalcFieldError) => self.error.fieldName.replace(/__c$/, ''),
    },
  },
  { name: 'FormulaEval.FormulaReturnType', kind: 'enum', values: RETURN_TYPES },
  { name: 'FormulaEval.FormulaGlobal', kind: 'enum', values: GLOBALS },
  {
    name: 'FormulaEval.FormulaBuilder',
    instance: FormulaBuilder,
    methods: {
      'FormulaEval.FormulaBuilder withFormula(String text)': chained((self, text: string) => (self.text = text)),
      'FormulaEval.FormulaBuilder withType(Type contextType)': chained(
        (self, token: TypeToken) => (self.type = token.apexType),
      ),
      'FormulaEval.FormulaBuilder withType(Schema.SObjectType contextType)': chained(
        (self, token: SObjectTypeToken) => {
          const { table } = execution().program;
          self.type = table.of(table.sobjectSymbol(token.describe.name) ?? table.sobject.symbol);
        },
      ),
      'FormulaEval.FormulaBuilder withReturnType(FormulaEval.FormulaReturnType returnType)': chained(
        (self, type: ApexEnum) => (self.returns = type.name),
      ),
      'FormulaEval.FormulaBuilder withGlobalVariables(List<FormulaEval.FormulaGlobal> globals)': chained(
        (_self, globals: ApexList) => globals,
      ),
      'FormulaEval.FormulaInstance build()': build,
    },
  },
  {
    name: 'FormulaEval.FormulaInstance',
    instance: FormulaInstance,
    methods: {
      'Object evaluate(Object context)': (self: FormulaInstance, context: unknown) => self.evaluate(context),
      'Set<String> getReferencedFields()': (self: FormulaInstance) =>
        new ApexSet(
          execution().program.table.parse('Set<String>'),
          self.compiled.references.map(({ path }) => path.join('.')),
        ),
    },
  },
];
