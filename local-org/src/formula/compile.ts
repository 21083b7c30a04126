/** Compiles formulas to closures: names resolved against the schema, types checked, references numbered. */
import type { FieldDescribe, ObjectDescribe, Schema } from '../schema/types.ts';
import { ApexDate } from '../values/ApexDate.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { ApexTime } from '../values/ApexTime.ts';
import { Decimal } from '../values/Decimal.ts';
import { FormulaError, FormulaEvaluationError } from './errors.ts';
import { divide, FUNCTIONS } from './functions.ts';
import type { FormulaEnvironment, FormulaType, FormulaValue } from './functions.ts';
import { parseFormula } from './parse.ts';
import type { BinaryOperator, FormulaNode } from './parse.ts';

/** What one evaluation sees. */
export interface FormulaFrame {
  /** Values of `references`, in their order. */
  readonly values: readonly FormulaValue[];
  /** Values before the save, in the same order; null when the record is new or nothing is saved. */
  readonly prior: readonly FormulaValue[] | null;
  readonly isNew: boolean;
  readonly environment: FormulaEnvironment;
}

export interface CompiledFormula {
  readonly type: FormulaType;
  /** Field paths that the formula reads, with the field at their end. */
  readonly references: readonly { readonly path: readonly string[]; readonly field: FieldDescribe }[];
  /** Global variables (`$User.Name`), for checks. */
  readonly globals: readonly (readonly string[])[];
  readonly evaluate: (frame: FormulaFrame) => FormulaValue;
}

export interface CompileOptions {
  readonly schema: Schema;
  readonly object: ObjectDescribe;
  readonly blanksAsZero: boolean;
  /** ISNEW, ISCHANGED and PRIORVALUE exist in validation rules only. */
  readonly isRule: boolean;
  /** Throws FormulaError for a global variable that doesn't exist; returns its type. */
  checkGlobal(parts: readonly string[], offset: number): FormulaType;
}

interface Compiled {
  readonly type: FormulaType;
  readonly run: (frame: FormulaFrame) => FormulaValue;
  /** Number of the reference, when the node is a field. */
  readonly reference?: number;
}

const DAY = Decimal.parse('86400000');
const TYPE_NAMES: Readonly<Record<FormulaType, string>> = {
  number: 'Number',
  text: 'Text',
  boolean: 'Boolean',
  date: 'Date',
  datetime: 'DateTime',
  time: 'Time',
  picklist: 'Picklist',
  multipicklist: 'Multipicklist',
  null: 'Null',
  any: 'any',
};
const MAXIMUM_LEVELS = 10;

/** Throws FormulaError with the offset in the text. */
export function compileFormula(text: string, options: CompileOptions): CompiledFormula {
  const compiler = new Compiler(options);
  const root = compiler.compile(parseFormula(text));
  return { type: root.type, references: compiler.references, globals: compiler.globals, evaluate: root.run };
}

/** Type of a field in formulas; null when formulas can't use it. */
export function formulaType(field: FieldDescribe): FormulaType | null {
  switch (field.type) {
    case 'int':
    case 'long':
    case 'double':
    case 'currency':
    case 'percent':
      return 'number';
    case 'boolean':
    case 'date':
    case 'datetime':
    case 'time':
    case 'picklist':
    case 'multipicklist':
      return field.type;
    case 'base64':
    case 'address':
    case 'location':
    case 'anyType':
      return null;
    default:
      return 'text';
  }
}

class Compiler {
  readonly references: { path: readonly string[]; field: FieldDescribe }[] = [];
  readonly globals: (readonly string[])[] = [];
  readonly #options: CompileOptions;
  readonly #indexes = new Map<string, number>();

  constructor(options: CompileOptions) {
    this.#options = options;
  }

  compile(node: FormulaNode): Compiled {
    switch (node.kind) {
      case 'number': {
        const value = Decimal.parse(node.text);
        return { type: 'number', run: () => value };
      }
      case 'text':
        return { type: 'text', run: () => node.value };
      case 'boolean':
        return { type: 'boolean', run: () => node.value };
      case 'null':
        return { type: 'null', run: () => null };
      case 'path':
        return this.#path(node.parts, node.offset);
      case 'unary':
        return this.#unary(node.operator, node.operand);
      case 'binary':
        return this.#binary(node);
      case 'call':
        return this.#call(node.name, node.arguments, node.offset);
    }
  }

  #expect(node: FormulaNode, ...types: readonly FormulaType[]): Compiled {
    const compiled = this.compile(node);
    if (
      !types.includes(compiled.type) &&
      compiled.type !== 'null' &&
      compiled.type !== 'any' &&
      !types.includes('any')
    ) {
      throw new FormulaError(
        compiled.type === 'picklist' && types.includes('text')
          ? 'a picklist field can only be used in certain functions; use TEXT(), ISPICKVAL() or CASE()'
          : `Incorrect parameter type. Expected ${types.map((type) => TYPE_NAMES[type]).join(', ')}, received ${TYPE_NAMES[compiled.type]}`,
        node.offset,
      );
    }
    return compiled;
  }

  // --- fields

  #path(parts: readonly string[], offset: number): Compiled {
    if (parts[0]?.startsWith('$')) return this.#global(parts, offset);
    if (parts.length > MAXIMUM_LEVELS + 1)
      throw new FormulaError(`A formula can span ${MAXIMUM_LEVELS} relationships at the most`, offset);
    let object = this.#options.object;
    const canonical: string[] = [];
    for (const part of parts.slice(0, -1)) {
      const reference = object.fieldByRelationship(part);
      // Owner.Name means the user; Owner:User.Name is not supported.
      const targetName = reference && (reference.referenceTo.includes('User') ? 'User' : reference.referenceTo[0]);
      const target = targetName === undefined ? undefined : this.#options.schema.object(targetName);
      if (!reference || !target)
        throw new FormulaError(`Field ${parts.join('.')} does not exist. Check spelling.`, offset);
      canonical.push(reference.relationshipName ?? part);
      object = target;
    }
    const name = parts.at(-1) ?? '';
    // A lookup's bare name (Account) stands for its Id field.
    const field = object.field(name) ?? object.fieldByRelationship(name);
    if (!field) throw new FormulaError(`Field ${parts.join('.')} does not exist. Check spelling.`, offset);
    const type = formulaType(field);
    if (type === null)
      throw new FormulaError(`Field ${parts.join('.')} may not be used in this type of formula`, offset);
    canonical.push(field.name);
    const key = canonical.join('.');
    let index = this.#indexes.get(key);
    if (index === undefined) {
      index = this.references.length;
      this.references.push({ path: canonical, field });
      this.#indexes.set(key, index);
    }
    const reference = index;
    if (type === 'number' && this.#options.blanksAsZero)
      return { type, reference, run: (frame) => frame.values[reference] ?? Decimal.ZERO };
    if (type === 'boolean') return { type, reference, run: (frame) => frame.values[reference] ?? false };
    return { type, reference, run: (frame) => frame.values[reference] ?? null };
  }

  #global(parts: readonly string[], offset: number): Compiled {
    const type = this.#options.checkGlobal(parts, offset);
    this.globals.push(parts);
    return { type, run: (frame) => frame.environment.global(parts) };
  }

  // --- operators

  #unary(operator: '-' | '+' | '!', operandNode: FormulaNode): Compiled {
    if (operator === '!') {
      const operand = this.#expect(operandNode, 'boolean');
      return { type: 'boolean', run: (frame) => operand.run(frame) !== true };
    }
    const operand = this.#expect(operandNode, 'number');
    if (operator === '+') return operand;
    return { type: 'number', run: (frame) => (operand.run(frame) as Decimal | null)?.negate() ?? null };
  }

  #binary(node: FormulaNode & { readonly kind: 'binary' }): Compiled {
    const { operator, left, right, offset } = node;
    switch (operator) {
      case '&&':
      case '||':
        return this.#logic(operator === '&&' ? 'AND' : 'OR', [left, right]);
      case '&':
        return this.#concatenate(left, right);
      case '=':
      case '<>':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.#comparison(operator, left, right, offset);
      default:
        return this.#arithmetic(operator, left, right, offset);
    }
  }

  #concatenate(leftNode: FormulaNode, rightNode: FormulaNode): Compiled {
    const left = this.#expect(leftNode, 'text');
    const right = this.#expect(rightNode, 'text');
    return {
      type: 'text',
      run: (frame) => `${(left.run(frame) ?? '') as string}${(right.run(frame) ?? '') as string}`,
    };
  }

  #comparison(operator: BinaryOperator, leftNode: FormulaNode, rightNode: FormulaNode, offset: number): Compiled {
    const left = this.#expect(leftNode, 'number', 'text', 'boolean', 'date', 'datetime', 'time');
    const right = this.#expect(rightNode, 'number', 'text', 'boolean', 'date', 'datetime', 'time');
    if (left.type !== right.type && ![left.type, right.type].some((type) => type === 'null' || type === 'any')) {
      throw new FormulaError(
        `Incorrect parameter type for operator '${operator}'. Expected ${TYPE_NAMES[left.type]}, received ${TYPE_NAMES[right.type]}`,
        offset,
      );
    }
    const holds = COMPARISONS[operator] as (order: number) => boolean;
    const isEquality = operator === '=' || operator === '<>';
    const isUnknown = [left.type, right.type].every((type) => ['number', 'date', 'datetime', 'time'].includes(type));
    return {
      type: 'boolean',
      run: (frame) => {
        const leftValue = left.run(frame);
        const rightValue = right.run(frame);
        if (isEquality && (leftValue === null || rightValue === null || leftValue === '' || rightValue === '')) {
          const isEqual = (leftValue ?? '') === (rightValue ?? '');
          // A blank number or date is not different from a value: that is unknown too.
          if (!isEqual && isUnknown && operator === '<>') return null;
          return isEqual === (operator === '=');
        }
        // An order with a blank is unknown.
        if (leftValue === null || rightValue === null) return null;
        return holds(compareValues(leftValue, rightValue));
      },
    };
  }

  #arithmetic(operator: BinaryOperator, leftNode: FormulaNode, rightNode: FormulaNode, offset: number): Compiled {
    const left = this.#expect(leftNode, 'number', 'date', 'datetime', 'time', 'text');
    const right = this.#expect(rightNode, 'number', 'date', 'datetime', 'time', 'text');
    const type = arithmeticType(operator, left.type, right.type);
    if (type === null)
      throw new FormulaError(
        `Incorrect parameter type for operator '${operator}'. Expected Number, Date, DateTime, received ${TYPE_NAMES[left.type === 'number' ? right.type : left.type]}`,
        offset,
      );
    if (type === 'text')
      return { type, run: (frame) => `${(left.run(frame) ?? '') as string}${(right.run(frame) ?? '') as string}` };
    return {
      type,
      run: (frame) => {
        const leftValue = left.run(frame);
        const rightValue = right.run(frame);
        return leftValue === null || rightValue === null ? null : calculate(operator, leftValue, rightValue);
      },
    };
  }

  #logic(name: 'AND' | 'OR', nodes: readonly FormulaNode[]): Compiled {
    const items = nodes.map((node) => this.#expect(node, 'boolean'));
    return name === 'AND'
      ? { type: 'boolean', run: (frame) => items.every((item) => item.run(frame) === true) }
      : { type: 'boolean', run: (frame) => items.some((item) => item.run(frame) === true) };
  }

  // --- functions

  #call(name: string, nodes: readonly FormulaNode[], offset: number): Compiled {
    const count = (least: number, most = Number.POSITIVE_INFINITY): void => {
      if (nodes.length < least || nodes.length > most)
        throw new FormulaError(
          `Incorrect number of parameters for function '${name}()'. Expected ${least}, received ${nodes.length}`,
          offset,
        );
    };
    const [first, second, third] = nodes as readonly [FormulaNode, FormulaNode, FormulaNode];
    switch (name) {
      case 'AND':
      case 'OR':
        count(1);
        return this.#logic(name, nodes);
      case 'IF':
        count(3, 3);
        return this.#choice(this.#expect(first, 'boolean'), this.compile(second), this.compile(third), offset);
      case 'CASE':
        count(4);
        return this.#case(nodes, offset);
      case 'BLANKVALUE':
      case 'NULLVALUE': {
        count(2, 2);
        const value = this.#unzeroed(first);
        const fallback = this.compile(second);
        return {
          type: value.type === 'null' ? fallback.type : value.type,
          run: (frame) => {
            const result = value.run(frame);
            return result === null || result === '' ? fallback.run(frame) : result;
          },
        };
      }
      case 'ISBLANK':
      case 'ISNULL': {
        count(1, 1);
        const value = this.#unzeroed(first);
        return {
          type: 'boolean',
          run: (frame) => {
            const result = value.run(frame);
            return result === null || result === '';
          },
        };
      }
      case 'ISNEW':
        count(0, 0);
        this.#onlyInRules(name, offset);
        return { type: 'boolean', run: (frame) => frame.isNew };
      case 'ISCHANGED':
      case 'PRIORVALUE':
        count(1, 1);
        this.#onlyInRules(name, offset);
        return this.#prior(name, first);
      default:
        return this.#tabled(name, nodes, offset);
    }
  }

  #onlyInRules(name: string, offset: number): void {
    if (!this.#options.isRule)
      throw new FormulaError(`The ${name} function cannot be used in this type of formula`, offset);
  }

  /** A field's own value, even where blanks count as zero. */
  #unzeroed(node: FormulaNode): Compiled {
    const compiled = this.compile(node);
    const { reference } = compiled;
    return reference === undefined ? compiled : { ...compiled, run: (frame) => frame.values[reference] ?? null };
  }

  #prior(name: 'ISCHANGED' | 'PRIORVALUE', node: FormulaNode): Compiled {
    const field = this.compile(node);
    const { reference } = field;
    if (reference === undefined) throw new FormulaError(`${name} takes a field of the record`, node.offset);
    const prior = (frame: FormulaFrame): FormulaValue =>
      frame.prior === null ? (frame.values[reference] ?? null) : (frame.prior[reference] ?? null);
    if (name === 'PRIORVALUE') return { type: field.type, run: prior };
    return {
      type: 'boolean',
      run: (frame) => !frame.isNew && !equalValues(prior(frame), frame.values[reference] ?? null),
    };
  }

  #choice(condition: Compiled, then: Compiled, otherwise: Compiled, offset: number): Compiled {
    const type = then.type === 'null' ? otherwise.type : then.type;
    if (otherwise.type !== type && otherwise.type !== 'null' && type !== 'any' && otherwise.type !== 'any') {
      throw new FormulaError(
        `Incorrect parameter type for function 'IF()'. Expected ${TYPE_NAMES[type]}, received ${TYPE_NAMES[otherwise.type]}`,
        offset,
      );
    }
    return { type, run: (frame) => (condition.run(frame) === true ? then.run(frame) : otherwise.run(frame)) };
  }

  #case(nodes: readonly FormulaNode[], offset: number): Compiled {
    if (nodes.length % 2 !== 0)
      throw new FormulaError(
        `Incorrect number of parameters for function 'CASE()'. Expected ${nodes.length + 1}, received ${nodes.length}`,
        offset,
      );
    const subject = this.compile(nodes[0] as FormulaNode);
    const branches: { when: Compiled; then: Compiled }[] = [];
    for (let index = 1; index < nodes.length - 1; index += 2)
      branches.push({
        when: this.compile(nodes[index] as FormulaNode),
        then: this.compile(nodes[index + 1] as FormulaNode),
      });
    const fallback = this.compile(nodes.at(-1) as FormulaNode);
    const type =
      [...branches.map((branch) => branch.then.type), fallback.type].find((candidate) => candidate !== 'null') ??
      'null';
    return {
      type,
      run: (frame) => {
        const value = subject.run(frame);
        const branch = branches.find((candidate) => equalValues(value, candidate.when.run(frame)));
        return (branch?.then ?? fallback).run(frame);
      },
    };
  }

  #tabled(name: string, nodes: readonly FormulaNode[], offset: number): Compiled {
    const definition = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!definition) throw new FormulaError(`Unknown function ${name}. Check spelling.`, offset);
    const most = definition.repeated ? Number.POSITIVE_INFINITY : definition.parameters.length;
    if (nodes.length < definition.required || nodes.length > most) {
      throw new FormulaError(
        `Incorrect number of parameters for function '${name}()'. Expected ${definition.required}, received ${nodes.length}`,
        offset,
      );
    }
    const values = nodes.map((node, index) => {
      const parameter = definition.parameters[Math.min(index, definition.parameters.length - 1)] ?? 'any';
      return this.#expect(node, ...(typeof parameter === 'string' ? [parameter] : parameter));
    });
    const type = definition.result === 'any' ? (values[0]?.type ?? 'any') : definition.result;
    return {
      type,
      run: (frame) => {
        const evaluated = values.map((value) => value.run(frame));
        if (!definition.takesNull && evaluated.some((value) => value === null)) return null;
        return definition.evaluate(evaluated, frame.environment);
      },
    };
  }
}

const COMPARISONS: Partial<Record<BinaryOperator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function compareValues(left: FormulaValue, right: FormulaValue): number {
  if (left instanceof Decimal && right instanceof Decimal) return left.compare(right);
  if (left instanceof ApexDate && right instanceof ApexDate) return left.compare(right);
  if (left instanceof ApexDatetime && right instanceof ApexDatetime) return left.compare(right);
  if (left instanceof ApexTime && right instanceof ApexTime) return left.compare(right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  const [leftText, rightText] = [String(left), String(right)];
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}

function equalValues(left: FormulaValue, right: FormulaValue): boolean {
  if (left === null || right === null || left === '' || right === '') return (left ?? '') === (right ?? '');
  return compareValues(left, right) === 0;
}

function arithmeticType(operator: BinaryOperator, left: FormulaType, right: FormulaType): FormulaType | null {
  const first = left === 'null' ? right : left;
  const second = right === 'null' ? left : right;
  if (first === 'any' || second === 'any') return first === 'any' ? second : first;
  if (first === 'number' && second === 'number') return 'number';
  if (operator === '+') {
    if (first === 'text' && second === 'text') return 'text';
    if (second === 'number' && (first === 'date' || first === 'datetime' || first === 'time')) return first;
    if (first === 'number' && (second === 'date' || second === 'datetime' || second === 'time')) return second;
  }
  if (operator === '-') {
    if (first === second && (first === 'date' || first === 'datetime' || first === 'time')) return 'number';
    if (second === 'number' && (first === 'date' || first === 'datetime' || first === 'time')) return first;
  }
  return null;
}

function calculate(operator: BinaryOperator, left: FormulaValue, right: FormulaValue): FormulaValue {
  if (left instanceof Decimal && right instanceof Decimal) return calculateNumbers(operator, left, right);
  if (left instanceof Decimal && operator === '+') return calculate('+', right, left);
  if (left instanceof ApexDate) {
    if (right instanceof ApexDate) return Decimal.fromBigInt(BigInt(left.days - right.days));
    const days = Math.trunc((right as Decimal).doubleValue());
    return left.addDays(operator === '+' ? days : -days);
  }
  if (left instanceof ApexDatetime) {
    if (right instanceof ApexDatetime)
      return divide(Decimal.fromBigInt(BigInt(left.milliseconds - right.milliseconds)), DAY);
    const milliseconds = Number((right as Decimal).multiply(DAY).round('HALF_UP'));
    return new ApexDatetime(left.milliseconds + (operator === '+' ? milliseconds : -milliseconds));
  }
  if (left instanceof ApexTime) {
    if (right instanceof ApexTime) return Decimal.fromBigInt(BigInt(left.milliseconds - right.milliseconds));
    const milliseconds = Math.trunc((right as Decimal).doubleValue());
    return left.add(operator === '+' ? milliseconds : -milliseconds);
  }
  throw new FormulaEvaluationError(`can't calculate ${operator}`);
}

function calculateNumbers(operator: BinaryOperator, left: Decimal, right: Decimal): Decimal {
  switch (operator) {
    case '+':
      return left.add(right);
    case '-':
      return left.subtract(right);
    case '*':
      return left.multiply(right);
    case '/':
      return divide(left, right);
    default: {
      const exponent = right.stripTrailingZeros();
      if (exponent.scale <= 0 && exponent.abs().doubleValue() <= 999) {
        const count = Math.trunc(exponent.doubleValue());
        return count >= 0 ? left.power(count) : divide(Decimal.ONE, left.power(-count));
      }
      const result = Math.pow(left.doubleValue(), right.doubleValue());
      if (!Number.isFinite(result)) throw new FormulaEvaluationError('the result is not a number');
      return Decimal.fromNumber(result);
    }
  }
}
