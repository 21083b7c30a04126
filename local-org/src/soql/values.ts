/** Right-hand sides of comparisons: literals and binds as SQL parameters of a field's storage. */
import type { SQLInputValue } from 'node:sqlite';
import type { FieldDescribe } from '../schema/types.ts';
import { SObjectRecord } from '../schema/record.ts';
import { fold } from '../store/folding.ts';
import { normalizeId } from '../store/ids.ts';
import { ApexDate, CalendarError } from '../values/ApexDate.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { ApexDouble } from '../values/ApexDouble.ts';
import { ApexTime } from '../values/ApexTime.ts';
import { Decimal } from '../values/Decimal.ts';
import type { Value } from './ast.ts';
import { dateLiteralRange } from './dateLiterals.ts';
import type { Calendar, DayRange } from './dateLiterals.ts';
import { QueryError } from './errors.ts';
import type { SqlValue } from './scope.ts';

/** What one execution supplies: binds and the user's calendar. */
export interface ExecutionContext {
  readonly binds: ReadonlyMap<string, unknown>;
  readonly calendar: Calendar;
  /** Instant at which a day starts in the user's time zone, in epoch milliseconds. */
  startOfDay(date: ApexDate): number;
  readonly userId: string;
}

export type Parameter = (context: ExecutionContext) => SQLInputValue;

/** Thrown inside parameters; the planner adds text and offset. */
class ValueProblem extends Error {
  readonly code: 'INVALID_FIELD' | 'INVALID_QUERY_FILTER_OPERATOR';
  constructor(code: ValueProblem['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Wraps a parameter so that its problems carry the place in the query. */
function located(text: string, offset: number, parameter: Parameter): Parameter {
  return (context) => {
    try {
      return parameter(context);
    } catch (error) {
      if (error instanceof ValueProblem) throw new QueryError(error.code, error.message, text, offset);
      throw error;
    }
  };
}

/** Value of a bind; throws when there is none of that name. */
export function bindValue(context: ExecutionContext, name: string, text: string, offset: number): unknown {
  const value = context.binds.get(name);
  if (value === undefined && !context.binds.has(name))
    throw new QueryError('UNKNOWN_BIND', `Variable does not exist: ${name}`, text, offset);
  return value ?? null;
}

/** The single value as parameter for a comparison with `left`. `rounding`: which neighbour stands in for digits beyond the field's scale. */
export function valueParameter(left: SqlValue, value: Value, text: string): Parameter {
  const { field } = left;
  const encodeOne = (raw: unknown, context: ExecutionContext): SQLInputValue => encodeComparable(left, raw, context);
  switch (value.kind) {
    case 'bind':
      return located(text, value.offset, (context) =>
        encodeOne(bindValue(context, value.name, text, value.offset), context),
      );
    case 'dateLiteral':
      throw mistyped(left, value, text);
    case 'list':
    case 'query':
      throw new QueryError(
        'MALFORMED_QUERY',
        'a list can only stand after IN, NOT IN, INCLUDES or EXCLUDES',
        text,
        value.offset,
      );
    default: {
      const literal = literalValue(value, text);
      checkLiteral(left, field, value, text);
      return located(text, value.offset, (context) => encodeOne(literal, context));
    }
  }
}

/** Items of IN as one JSON parameter. */
export function listParameter(left: SqlValue, value: Value, text: string): Parameter {
  if (value.kind === 'bind') {
    return located(text, value.offset, (context) =>
      jsonList(
        iterate(bindValue(context, value.name, text, value.offset)).map((item) =>
          encodeComparable(left, item, context),
        ),
      ),
    );
  }
  if (value.kind !== 'list')
    throw new QueryError('MALFORMED_QUERY', 'IN needs a list, a bind or a subquery', text, value.offset);
  const items = value.items.map((item) => valueParameter(left, item, text));
  return (context) => jsonList(items.map((item) => item(context)));
}

/** Items of a right-hand side as they were given: texts and bound values. */
export function rawValues(value: Value, context: ExecutionContext, text: string): readonly unknown[] {
  switch (value.kind) {
    case 'string':
      return [value.value];
    case 'bind':
      return iterate(bindValue(context, value.name, text, value.offset));
    case 'list':
      return value.items.flatMap((item) => rawValues(item, context, text));
    default:
      return [];
  }
}

/** Raw items of a bind: an iterable's, or the value alone. A map stands for its keys. */
export function iterate(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (typeof value === 'string' || value instanceof SObjectRecord) return [value];
  if (value instanceof Map) return [...value.keys()];
  if (typeof value === 'object' && Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  return [value];
}

/** True for a bind whose value is a collection. */
export function isBoundList(value: Value, binds: ReadonlyMap<string, unknown> | null): boolean {
  return value.kind === 'bind' && Array.isArray(binds?.get(value.name));
}

/** True when a list holds null, which IN then matches too. */
export function listHoldsNull(value: Value, binds: ReadonlyMap<string, unknown> | null): boolean {
  if (value.kind === 'bind')
    return (
      binds !== null &&
      binds.get(value.name) !== null &&
      iterate(binds.get(value.name)).some((item) => item === null || item === undefined)
    );
  return (
    value.kind === 'list' &&
    value.items.some(
      (item) => item.kind === 'null' || (item.kind === 'bind' && (binds?.get(item.name) ?? null) === null),
    )
  );
}

/** JSON whose integers keep all their digits. */
function jsonList(items: readonly SQLInputValue[]): string {
  return `[${items
    .filter((item) => item !== null)
    .map((item) => (typeof item === 'bigint' ? String(item) : JSON.stringify(item)))
    .join(',')}]`;
}

/** A date literal where a range makes no sense: on a field of another type, or behind LIKE. */
function mistyped(left: SqlValue, value: Value, text: string): QueryError {
  return new QueryError(
    'INVALID_FIELD',
    `value of filter criterion for field '${left.field?.name ?? 'expression'}' must be of type ${left.field?.type ?? left.storage}`,
    text,
    value.offset,
  );
}

function literalValue(value: Value, text: string): unknown {
  try {
    return parsedLiteral(value);
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    throw new QueryError('MALFORMED_QUERY', error.message, text, value.offset);
  }
}

function parsedLiteral(value: Value): unknown {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'number':
      return Decimal.parse(value.text.replace(/^\+/, ''));
    case 'boolean':
      return value.value;
    case 'date':
      return ApexDate.parse(value.text);
    case 'datetime':
      return ApexDatetime.parse(value.text);
    default:
      return null;
  }
}

const EXPECTED_LITERALS: Partial<
  Record<SqlValue['storage'], { readonly kinds: readonly Value['kind'][]; readonly type: string }>
> = {
  boolean: { kinds: ['boolean'], type: 'boolean' },
  integer: { kinds: ['number'], type: 'int' },
  long: { kinds: ['number'], type: 'long' },
  decimal: { kinds: ['number'], type: 'double' },
  date: { kinds: ['date'], type: 'date' },
  datetime: { kinds: ['datetime'], type: 'dateTime' },
  text: { kinds: ['string'], type: 'string' },
  longText: { kinds: ['string'], type: 'string' },
  id: { kinds: ['string'], type: 'id' },
};

function checkLiteral(left: SqlValue, field: FieldDescribe | null, value: Value, text: string): void {
  const expected = EXPECTED_LITERALS[left.storage];
  if (!expected || value.kind === 'null' || expected.kinds.includes(value.kind)) return;
  const type =
    left.storage === 'decimal' && field ? field.type : left.storage === 'text' && field ? field.type : expected.type;
  const quoting =
    value.kind === 'string'
      ? ' and should not be enclosed in quotes'
      : expected.kinds.includes('string')
        ? ' and should be enclosed in quotes'
        : '';
  throw new QueryError(
    'INVALID_FIELD',
    `value of filter criterion for field '${field?.name ?? 'expression'}' must be of type ${type}${quoting}`,
    text,
    value.offset,
  );
}

/** Encodes a value for comparison with `left`; null stays null. Throws ValueProblem on a value of another type. */
function encodeComparable(left: SqlValue, raw: unknown, context: ExecutionContext): SQLInputValue {
  if (raw === null || raw === undefined) return null;
  const name = left.field?.name ?? 'expression';
  const value = raw instanceof SObjectRecord ? raw.id : raw instanceof ApexDouble ? Decimal.fromNumber(raw.value) : raw;
  switch (left.storage) {
    case 'id': {
      if (value === null) return null;
      const id = typeof value === 'string' ? (value.trim() === '' ? '' : normalizeId(value.trim())) : null;
      if (id === null)
        throw new ValueProblem(
          'INVALID_QUERY_FILTER_OPERATOR',
          `invalid ID field: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
        );
      return id === '' ? null : id;
    }
    case 'text':
    case 'longText': {
      const asCompared = (text: string): string => (left.field?.caseSensitive === true ? text : fold(text));
      if (typeof value === 'string') return value === '' ? null : asCompared(value);
      if (
        value instanceof Decimal ||
        typeof value === 'number' ||
        typeof value === 'bigint' ||
        typeof value === 'boolean'
      )
        return asCompared(String(value));
      break;
    }
    case 'boolean':
      if (typeof value === 'boolean') return value ? 1 : 0;
      break;
    case 'integer':
    case 'long':
    case 'decimal': {
      const decimal =
        value instanceof Decimal
          ? value
          : typeof value === 'bigint'
            ? Decimal.fromBigInt(value)
            : typeof value === 'number'
              ? Decimal.fromNumber(value)
              : null;
      if (decimal) return unscaledAt(decimal, left.scale);
      break;
    }
    case 'date':
      if (value instanceof ApexDate) return value.days;
      if (value instanceof ApexDatetime) return value.utcDate.days;
      break;
    case 'datetime':
      if (value instanceof ApexDatetime) return value.milliseconds;
      if (value instanceof ApexDate) return context.startOfDay(value);
      break;
    case 'time':
      if (value instanceof ApexTime) return value.milliseconds;
      break;
    default:
  }
  throw new ValueProblem(
    'INVALID_FIELD',
    `value of filter criterion for field '${name}' must be of type ${left.field?.type ?? left.storage}`,
  );
}

/** Largest integer that the database holds. */
const LARGEST_INTEGER = 2n ** 63n - 1n;

/**
 * Exact integer, or a double that orders right and equals nothing: for more digits than the scale has the one between two
 * integers, for a number that no field can hold itself.
 */
function unscaledAt(value: Decimal, scale: number): bigint | number {
  const exact = value.setScale(scale, 'DOWN');
  if (exact.unscaled > LARGEST_INTEGER || exact.unscaled < -LARGEST_INTEGER) return Number(exact.unscaled);
  return exact.equals(value) ? exact.unscaled : Number(exact.unscaled) + 0.5 * value.signum();
}

/** Days since 1970-01-01 of 0001-01-01 and of 9999-12-31. */
const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;

/** Start (included) and end (excluded) of a date literal, encoded for the field. */
export function dateLiteralParameters(
  left: SqlValue,
  value: Value & { readonly kind: 'dateLiteral' },
  text: string,
): { readonly from: Parameter; readonly to: Parameter } {
  if (left.storage !== 'date' && left.storage !== 'datetime') {
    throw mistyped(left, value, text);
  }
  const encode = (date: ApexDate, context: ExecutionContext): SQLInputValue => {
    if (!(date.days >= FIRST_DAY && date.days <= LAST_DAY))
      throw new QueryError(
        'NUMBER_OUTSIDE_VALID_RANGE',
        `${value.name}:${value.count} lies outside of the years 1 to 9999`,
        text,
        value.offset,
      );
    return left.storage === 'date' ? date.days : context.startOfDay(date);
  };
  const rangeOf = (context: ExecutionContext): DayRange => {
    const range = dateLiteralRange(value.name, value.count, context.calendar);
    if (!range)
      throw new QueryError(
        'MALFORMED_QUERY',
        `${value.name}: no custom fiscal year is defined for this time`,
        text,
        value.offset,
      );
    return range;
  };
  return {
    from: (context) => encode(rangeOf(context).from, context),
    to: (context) => encode(rangeOf(context).to, context),
  };
}
