/** Every formula of a project, compiled when the org opens: fields, default values and validation rules. */
import { MetadataError, ProblemCollector } from '../project/errors.ts';
import type { Position } from '../project/types.ts';
import type { FieldDescribe, ObjectDescribe, Schema, ValidationRule } from '../schema/types.ts';
import { Decimal } from '../values/Decimal.ts';
import { compileFormula, formulaType } from './compile.ts';
import type { CompiledFormula, FormulaFrame } from './compile.ts';
import { FormulaError, FormulaEvaluationError } from './errors.ts';
import type { FormulaEnvironment, FormulaType, FormulaValue } from './functions.ts';
import { translateLookupFilter } from './lookupFilter.ts';

interface CompiledFieldFormula extends CompiledFormula {
  readonly field: FieldDescribe;
}

/** What formulas may name with `$`. */
export interface GlobalVariables {
  readonly customPermissions: ReadonlySet<string>;
}

/** Objects behind `$User.…`, `$Profile.…`, `$UserRole.…`, `$Organization.…`. */
const GLOBAL_OBJECTS: Readonly<Record<string, string>> = {
  $user: 'User',
  $profile: 'Profile',
  $userrole: 'UserRole',
  $organization: 'Organization',
};

/** A lookup filter on the record that holds the lookup. */
export interface CompiledLookupFilter {
  readonly condition: CompiledFormula;
  /** Fields of the record itself that it reads. */
  readonly sourceFields: readonly string[];
}

export class FormulaCatalog {
  readonly #schema: Schema;
  readonly #globals: GlobalVariables;
  readonly #fields = new Map<string, CompiledFieldFormula>();
  readonly #defaults = new Map<string, CompiledFormula>();
  readonly #lookupFilters = new Map<FieldDescribe, CompiledLookupFilter>();
  readonly #rules = new Map<ValidationRule, CompiledFormula>();

  /** Compiles everything; throws MetadataError or ProjectError with file and line. */
  constructor(schema: Schema, globals: GlobalVariables) {
    this.#schema = schema;
    this.#globals = globals;
    const problems = new ProblemCollector();
    for (const object of schema.objects) {
      for (const field of object.fields) {
        if (field.formula !== null)
          problems.attempt(() =>
            this.#fields.set(keyOf(object, field), { ...this.#field(object, field, field.formula as string), field }),
          );
        const { lookupFilter } = field;
        if (lookupFilter !== null)
          problems.attempt(() => {
            const { formula, sourceFields } = translateLookupFilter(lookupFilter, object, field, schema);
            const condition = this.condition(formula, object, lookupFilter.position);
            this.#lookupFilters.set(field, { condition, sourceFields });
          });
        if (field.defaultValueFormula !== null)
          problems.attempt(() => this.#defaults.set(keyOf(object, field), this.#default(object, field)));
      }
      for (const rule of object.validationRules) {
        problems.attempt(() => this.#rules.set(rule, this.condition(rule.condition, object, rule.position)));
      }
    }
    problems.finish();
    this.#checkCycles();
  }

  key(object: ObjectDescribe, field: FieldDescribe): string {
    return keyOf(object, field);
  }

  /** Paths that a formula field reads, in the order of `evaluateField`'s values. */
  references(object: ObjectDescribe, field: FieldDescribe): readonly (readonly string[])[] {
    return this.#fields.get(keyOf(object, field))?.references.map((reference) => reference.path) ?? [];
  }

  /** Fields that the values of `evaluateField(key, …)` come from. */
  referencedFields(key: string): readonly FieldDescribe[] {
    return this.#fields.get(key)?.references.map((reference) => reference.field) ?? [];
  }

  /** The condition of a lookup's filter; undefined when it has none. */
  lookupFilter(field: FieldDescribe): CompiledLookupFilter | undefined {
    return this.#lookupFilters.get(field);
  }

  fieldOf(key: string): FieldDescribe | undefined {
    return this.#fields.get(key)?.field;
  }

  /** Value of a formula field on the values of its references; null when it can't be computed (#Error!). */
  evaluateField(key: string, values: readonly FormulaValue[], environment: FormulaEnvironment): FormulaValue {
    const formula = this.#formula(key);
    return conform(
      formula.field,
      guarded(() => formula.evaluate({ values, prior: null, isNew: false, environment })),
    );
  }

  /** The same, but a value that can't be computed throws FormulaEvaluationError. */
  computeField(key: string, values: readonly FormulaValue[], environment: FormulaEnvironment): FormulaValue {
    const formula = this.#formula(key);
    return conform(formula.field, formula.evaluate({ values, prior: null, isNew: false, environment }));
  }

  #formula(key: string): CompiledFieldFormula {
    const formula = this.#fields.get(key);
    if (!formula) throw new Error(`there is no formula ${key}`);
    return formula;
  }

  /**
   * A formula that is true or false: a rule's condition, entry criteria.
   * @throws MetadataError when it can't be compiled or has another type
   */
  condition(text: string, object: ObjectDescribe, position: Position): CompiledFormula {
    const compiled = this.#compile(text, object, position, true, true, false);
    if (compiled.type !== 'boolean')
      throw new MetadataError(position, `this formula must be true or false, not ${compiled.type}`);
    return compiled;
  }

  /**
   * A formula whose value goes into a field: field updates.
   * @throws MetadataError when it can't be compiled or does not suit the field
   */
  expression(text: string, object: ObjectDescribe, field: FieldDescribe, position: Position): CompiledFormula {
    const compiled = this.#compile(text, object, position, true, false, false);
    const wanted = formulaType(field);
    const suits =
      compiled.type === wanted ||
      compiled.type === 'null' ||
      compiled.type === 'any' ||
      (compiled.type === 'text' && (wanted === 'picklist' || wanted === 'multipicklist'));
    if (!suits)
      throw new MetadataError(
        position,
        `${object.name}.${field.name}: the formula results in ${compiled.type}, but the field holds ${wanted ?? field.type}`,
      );
    return compiled;
  }

  /** Value of an expression for a field, rounded to its scale. */
  valueOf(
    formula: CompiledFormula,
    field: FieldDescribe,
    value: PathReader,
    environment: FormulaEnvironment,
  ): FormulaValue {
    const values = formula.references.map((reference) => value(reference.path));
    return conform(
      field,
      guarded(() => formula.evaluate({ values, prior: null, isNew: false, environment })),
    );
  }

  /** True when the rule's condition holds. `value` and `prior` read a path on the record and on its old version. */
  ruleApplies(
    rule: ValidationRule,
    value: PathReader,
    prior: PathReader | null,
    environment: FormulaEnvironment,
  ): boolean {
    const formula = this.#rules.get(rule);
    return formula !== undefined && this.holds(formula, value, prior, prior === null, environment);
  }

  /** True when a condition holds; `isNew` is what ISNEW() answers. */
  holds(
    formula: CompiledFormula,
    value: PathReader,
    prior: PathReader | null,
    isNew: boolean,
    environment: FormulaEnvironment,
  ): boolean {
    const read = (reader: PathReader): readonly FormulaValue[] =>
      formula.references.map((reference) => reader(reference.path));
    return (
      guarded(() => formula.evaluate({ values: read(value), prior: prior && read(prior), isNew, environment })) === true
    );
  }

  /** Value of a field's default; null when it has none. */
  defaultValue(
    object: ObjectDescribe,
    field: FieldDescribe,
    value: PathReader,
    environment: FormulaEnvironment,
  ): FormulaValue {
    const formula = this.#defaults.get(keyOf(object, field));
    if (!formula) return null;
    return conform(
      field,
      guarded(() =>
        formula.evaluate({
          values: formula.references.map((reference) => value(reference.path)),
          prior: null,
          isNew: true,
          environment,
        }),
      ),
    );
  }

  /** Value of a formula that is not the catalog's own, made to fit a field. */
  conformed(field: FieldDescribe, formula: CompiledFormula, frame: FormulaFrame): FormulaValue {
    return conform(
      field,
      guarded(() => formula.evaluate(frame)),
    );
  }

  #field(object: ObjectDescribe, field: FieldDescribe, text: string): CompiledFormula {
    const position = field.position ?? { file: object.name, line: 1, column: 1 };
    const compiled = this.#compile(text, object, position, false, field.formulaTreatBlanksAsZero, true);
    const wanted = formulaType(field);
    if (wanted !== null && compiled.type !== wanted && compiled.type !== 'null' && compiled.type !== 'any') {
      throw new MetadataError(
        position,
        `${object.name}.${field.name}: the formula results in ${compiled.type}, but the field holds ${wanted}`,
      );
    }
    return compiled;
  }

  /** Picklist defaults and Boolean literals are formulas too; standard fields' defaults are plain words. */
  #default(object: ObjectDescribe, field: FieldDescribe): CompiledFormula {
    const position = field.position ?? { file: object.name, line: 1, column: 1 };
    return this.#compile(field.defaultValueFormula as string, object, position, false, false, false);
  }

  #compile(
    text: string,
    object: ObjectDescribe,
    position: Position,
    isRule: boolean,
    blanksAsZero: boolean,
    isField: boolean,
  ): CompiledFormula {
    try {
      return compileFormula(text, {
        schema: this.#schema,
        object,
        blanksAsZero: blanksAsZero && (isField || isRule) && !isRule,
        isRule,
        checkGlobal: (parts, offset) => this.#checkGlobal(parts, offset),
      });
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      const before = text.slice(0, error.offset).split('\n');
      throw new MetadataError(
        position,
        `in the formula of ${object.name}, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${error.message}`,
      );
    }
  }

  #checkGlobal(parts: readonly string[], offset: number): FormulaType {
    const [root = '', name = '', third, fourth] = parts;
    const fail = (): never => {
      throw new FormulaError(`Field ${parts.join('.')} does not exist. Check spelling.`, offset);
    };
    const objectName = GLOBAL_OBJECTS[root.toLowerCase()];
    if (objectName !== undefined) {
      const field = this.#schema.object(objectName)?.field(name);
      return field && parts.length === 2 ? (formulaType(field) ?? fail()) : fail();
    }
    if (root.toLowerCase() === '$permission')
      return this.#globals.customPermissions.has(name.toLowerCase()) ? 'boolean' : fail();
    if (root.toLowerCase() === '$setup') {
      const field = this.#schema.object(name)?.field(third ?? '');
      return field ? (formulaType(field) ?? fail()) : fail();
    }
    if (root.toLowerCase() === '$custommetadata') {
      const object = this.#schema.object(name);
      const field = object?.field(fourth ?? '');
      const exists = this.#schema.customMetadataRecords.some(
        (record) =>
          record.objectName === object?.name && record.developerName.toLowerCase() === (third ?? '').toLowerCase(),
      );
      return field && exists ? (formulaType(field) ?? fail()) : fail();
    }
    throw new FormulaError(`the local org does not support ${root} in formulas`, offset);
  }

  /** A formula may read other formulas, but not itself. */
  #checkCycles(): void {
    for (const object of this.#schema.objects) {
      for (const field of object.fields) if (field.formula !== null) this.#visit(object, field, []);
    }
  }

  #visit(object: ObjectDescribe, field: FieldDescribe, trail: readonly string[]): void {
    const key = keyOf(object, field);
    if (trail.includes(key))
      throw new MetadataError(
        field.position ?? { file: object.name, line: 1, column: 1 },
        `the formula ${key} refers to itself: ${[...trail, key].join(' → ')}`,
      );
    for (const reference of this.#fields.get(key)?.references ?? []) {
      if (reference.field.formula === null) continue;
      let owner = object;
      for (const part of reference.path.slice(0, -1)) {
        const lookup = owner.fieldByRelationship(part);
        const target =
          lookup && this.#schema.object(lookup.referenceTo.includes('User') ? 'User' : (lookup.referenceTo[0] ?? ''));
        if (!target) return;
        owner = target;
      }
      this.#visit(owner, reference.field, [...trail, key]);
    }
  }
}

/** Reads a path on a record. */
export type PathReader = (path: readonly string[]) => FormulaValue;

function keyOf(object: ObjectDescribe, field: FieldDescribe): string {
  return `${object.name}.${field.name}`;
}

function guarded(evaluate: () => FormulaValue): FormulaValue {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof FormulaEvaluationError) return null;
    throw error;
  }
}

/** Rounds numbers to the field's scale, drops empty text; a checkbox is never blank. */
function conform(field: FieldDescribe, value: FormulaValue): FormulaValue {
  if (field.type === 'boolean') return value === true;
  if (value === '') return null;
  if (!(value instanceof Decimal) || field.type === 'string' || field.type === 'int') return value;
  // A percent formula's value is a fraction until it leaves the formula room, so it keeps two digits more.
  return value.setScale(field.type === 'percent' ? field.scale + 2 : field.scale, 'HALF_UP');
}
