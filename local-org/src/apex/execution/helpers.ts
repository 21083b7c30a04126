/** Functions that emitted code calls, by the names it uses. Their arguments have the types that the analysis gave them. */
import { SObjectRecord } from '../../schema/record.ts';
import type { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexDate, CalendarError } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexDouble } from '../../values/ApexDouble.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import { Decimal, DecimalError } from '../../values/Decimal.ts';
import type { SharingMode } from '../../runtime/types.ts';
import type { ApexType } from '../types/symbols.ts';
import { ApexEnum, libraryEnum } from './ApexEnum.ts';
import { ApexList } from './ApexList.ts';
import { ApexMap } from './ApexMap.ts';
import { ApexSet } from './ApexSet.ts';
import * as data from './data.ts';
import { ApexException, exceptionClass, makeException, nullPointer, UncatchableError } from './errors.ts';
import { execution, type CallSite } from './Execution.ts';
import { heap } from './heap.ts';
import { asDecimal, equalValues } from './keys.ts';
import { toText } from './text.ts';
import { enqueueFuture } from '../library/async.ts';
import { QueryLocator } from '../library/Database.ts';
import { fieldSetNamed } from '../library/Schema.ts';
import { fullId, toId } from './ids.ts';
import { toApexError } from './translate.ts';
import { instanceOf, typeToken, castValue } from './typing.ts';

/** Loop turns between two looks at the clock. */
const TURNS_PER_CHECK = 200_000;
let turns = TURNS_PER_CHECK;

function checkTime(): void {
  turns = TURNS_PER_CHECK;
  const running = execution();
  const allowed = running.transaction.limits.allowed('cpuTime');
  if (performance.now() - running.startedAt > allowed) {
    throw new UncatchableError('LIMIT_EXCEEDED', 'System.LimitException', 'Apex CPU time limit exceeded');
  }
}

function divideByZero(): never {
  throw makeException('MathException', 'Divide by 0');
}

const compareNumbers = (left: number | bigint, right: number | bigint): number =>
  left < right ? -1 : left > right ? 1 : 0;

/** Negative, zero, positive; NaN when one side is null, so that every comparison is false. */
function compare(left: unknown, right: unknown): number {
  if (left === null || right === null || left === undefined || right === undefined) return NaN;
  if (typeof left === 'number' && typeof right === 'number') return compareNumbers(left, right);
  if (typeof left === 'bigint' && typeof right === 'bigint') return compareNumbers(left, right);
  if (typeof left === 'string') {
    const [a, b] = [left.toLowerCase(), (right as string).toLowerCase()];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (left instanceof Decimal && right instanceof Decimal) return left.compare(right);
  if (left instanceof ApexDouble && right instanceof ApexDouble) return left.compare(right);
  if (left instanceof ApexDate && right instanceof ApexDate) return left.compare(right);
  if (left instanceof ApexTime && right instanceof ApexTime) return left.compare(right);
  const instant = (value: unknown): number | null =>
    value instanceof ApexDatetime ? value.milliseconds : value instanceof ApexDate ? value.days * 86_400_000 : null;
  const [a, b] = [instant(left), instant(right)];
  if (a !== null && b !== null) return compareNumbers(a, b);
  const [x, y] = [asDecimal(left as Decimal), asDecimal(right as Decimal)];
  return x !== null && y !== null ? x.compare(y) : NaN;
}

const orNull =
  <A, B>(convert: (value: A) => B) =>
  (value: A | null): B | null =>
    value === null ? null : convert(value);
const wrapInteger = (value: bigint): number => Number(BigInt.asIntN(32, value));
const truncate = (value: ApexDouble): bigint => (Number.isFinite(value.value) ? BigInt(Math.trunc(value.value)) : 0n);

function caught(error: unknown): ApexException {
  const found = toApexError(error);
  if (found instanceof ApexException) return found;
  execution().aborting = true;
  throw found;
}

function initException(exception: ApexException, first?: unknown, second?: unknown): void {
  if (first instanceof ApexException) {
    exception.apexCause = first;
    exception.apexMessage ??= first.getmessage$();
  } else if (typeof first === 'string') {
    exception.apexMessage = first;
  }
  if (second instanceof ApexException) exception.apexCause = second;
}
// A project exception without constructors is made by `$i$` of its own; library exceptions by this.
Object.defineProperty(ApexException.prototype, '$i$', {
  value(this: ApexException, ...values: unknown[]) {
    initException(this, ...values);
    return this;
  },
  configurable: true,
});

interface IteratorLike {
  hasnext$(): boolean;
  next$(): unknown;
}

function iterate(source: unknown): IteratorLike {
  if (source === null || source === undefined) return nullPointer();
  const iterator = (source as { iterator$(): IteratorLike | null }).iterator$();
  if (!(source instanceof ApexSet)) return iterator ?? nullPointer();
  const size = source.size;
  const inner = iterator as IteratorLike;
  return {
    hasnext$: () => {
      if (source.size !== size)
        throw makeException('FinalException', 'Cannot modify a collection while it is being iterated.');
      return inner.hasnext$();
    },
    next$: () => inner.next$(),
  };
}

function* chunks(list: ApexList): Iterable<ApexList> {
  for (let start = 0; start < list.items.length; start += 200)
    yield new ApexList(list.type, list.items.slice(start, start + 200));
}

function addDays(value: ApexDate | ApexDatetime | ApexTime, days: number): ApexDate | ApexDatetime | ApexTime {
  if (value instanceof ApexDate) return value.addDays(Math.trunc(days));
  if (value instanceof ApexDatetime) return new ApexDatetime(value.milliseconds + Math.round(days * 86_400_000));
  return value.add(Math.round(days * 86_400_000));
}

export const helpers = {
  $List: ApexList,
  $Set: ApexSet,
  $Map: ApexMap,
  $Double: ApexDouble,
  $decimal: (text: string) => Decimal.parse(text),
  $imul: Math.imul,
  $text: toText,
  $heap: heap,
  /** Text or binary data that a library function made. */
  $made: <T extends string | ApexBlob | null>(value: T): T => {
    if (value !== null) heap.allocate(typeof value === 'string' ? value.length : value.size);
    return value;
  },
  /** Text to which `added` was appended in place. */
  $appended: (text: string, added: string): string => {
    heap.allocate(added.length);
    return text + added;
  },
  $equal: equalValues,
  $same: (left: unknown, right: unknown): boolean =>
    left === right ||
    (typeof left !== 'object' ||
    left === null ||
    left instanceof Decimal ||
    left instanceof ApexDouble ||
    left instanceof ApexDate ||
    left instanceof ApexDatetime ||
    left instanceof ApexTime
      ? typeof left !== 'string' && equalValues(left, right, false)
      : false),
  $equalText: (left: string | null, right: string | null): boolean =>
    left === right ||
    (left !== null && right !== null && left.length === right.length && left.toLowerCase() === right.toLowerCase()),
  $equalIds: (left: string | null, right: string | null): boolean =>
    left === right || (left !== null && right !== null && (fullId(left) ?? left) === (fullId(right) ?? right)),
  $compare: compare,
  $compareIntegers: (left: number | null, right: number | null, operator: string): boolean => {
    if (left === null || right === null) return false;
    return operator === '<'
      ? left < right
      : operator === '>'
        ? left > right
        : operator === '<='
          ? left <= right
          : left >= right;
  },
  $solid: (value: unknown): unknown => value ?? nullPointer(),
  $argument: (value: unknown): unknown => {
    if (value === null || value === undefined) throw makeException('NullPointerException', 'Argument cannot be null.');
    return value;
  },
  $turn: (): void => {
    if (--turns < 0) checkTime();
  },
  $divideIntegers: (left: number, right: number): number => (right === 0 ? divideByZero() : (left / right) | 0),
  $divideLongs: (left: bigint, right: bigint): bigint =>
    right === 0n ? divideByZero() : BigInt.asIntN(64, left / right),
  $divideDoubles: (left: number, right: number): number => (right === 0 ? divideByZero() : left / right),
  $divideDecimals: (left: Decimal, right: Decimal): Decimal =>
    right.unscaled === 0n ? divideByZero() : left.divide(right),
  $asLong: (value: bigint): bigint => BigInt.asIntN(64, value),
  $shiftLong: (left: bigint, right: bigint | number, operator: string): bigint => {
    const by = BigInt(right) & 63n;
    if (operator === '<<') return BigInt.asIntN(64, left << by);
    return operator === '>>' ? left >> by : BigInt.asIntN(64, BigInt.asUintN(64, left) >> by);
  },
  $plainNumber: (value: number | bigint | Decimal | ApexDouble): number =>
    typeof value === 'number'
      ? value
      : typeof value === 'bigint'
        ? Number(value)
        : value instanceof Decimal
          ? value.doubleValue()
          : value.value,
  $integerToLong: orNull((value: number) => BigInt(value)),
  $integerToDouble: orNull((value: number) => new ApexDouble(value)),
  $integerToDecimal: orNull((value: number) => new Decimal(BigInt(value), 0)),
  $longToInteger: orNull((value: bigint) => wrapInteger(value)),
  $longToDouble: orNull((value: bigint) => new ApexDouble(Number(value))),
  $longToDecimal: orNull((value: bigint) => new Decimal(value, 0)),
  $doubleToInteger: orNull((value: ApexDouble) => wrapInteger(truncate(value))),
  $doubleToLong: orNull((value: ApexDouble) => BigInt.asIntN(64, truncate(value))),
  $doubleToDecimal: orNull((value: ApexDouble) => Decimal.fromNumber(value.value)),
  $decimalToInteger: orNull((value: Decimal) => value.intValue()),
  $decimalToLong: orNull((value: Decimal) => value.longValue()),
  $decimalToDouble: orNull((value: Decimal) => new ApexDouble(value.doubleValue())),
  $toId: toId,
  $dateToDatetime: orNull((value: ApexDate) => new ApexDatetime(value.days * 86_400_000)),
  $addDays: addDays,
  $instanceOf: instanceOf,
  $cast: castValue,
  $typeToken: typeToken,
  $newArray: (type: ApexType, size: number) => new ApexList(type, new Array<unknown>(size).fill(null)),
  $setItem: (list: ApexList, index: number, value: unknown): void => list.set(index, value),
  $iterate: iterate,
  $chunks: chunks,
  $caught: caught,
  $aborting: (): boolean => execution().aborting,
  $exceptionClass: exceptionClass,
  $libraryClass: (name: string): unknown => {
    const base = libraryBases.get(name);
    if (!base) throw new Error(`Library class ${name} can't be extended`);
    return base;
  },
  $initException: initException,
  $enum: (type: ApexType, names: readonly string[]) => ({
    $type: type,
    ...Object.fromEntries(names.map((name, ordinal) => [`v_${name}`, new ApexEnum(name, ordinal, type)])),
  }),
  $cloneObject: <T extends object>(value: T): T =>
    Object.assign(Object.create(Object.getPrototypeOf(value) as object) as T, value),
  $libraryEnum: (name: string) => {
    const symbol = execution0(name);
    return libraryEnum(name, symbol);
  },
  $enumValues: (values: Record<string, unknown>, type: ApexType) =>
    new ApexList(
      type,
      Object.values(values).filter((value) => value instanceof ApexEnum),
    ),
  $enumValueOf: (values: Record<string, unknown>, typeName: string, text: string | null): unknown => {
    const key = (text ?? nullPointer()).toLowerCase();
    const found = Object.values(values).find((value) => value instanceof ApexEnum && value.name.toLowerCase() === key);
    if (!found) throw makeException('NoSuchElementException', `No enum constant ${typeName}.${text}`);
    return found;
  },
  $define: (): void => {},
  $opened: (): void => {},
  $field: data.readField,
  $fieldOfPath: (record: SObjectRecord | null, name: string): unknown =>
    record === null ? null : data.readField(record, name),
  $put: data.writeField,
  $parent: data.readParent,
  $parentOfPath: (record: SObjectRecord | null, name: string): unknown =>
    record === null ? null : data.readParent(record, name),
  $putParent: data.writeParent,
  $children: data.readChildren,
  $newRecord: data.newRecord,
  $fieldError: data.fieldError,
  $query: data.query,
  $locator: (site: CallSite, text: string, binds: readonly unknown[]) => QueryLocator.ofInline(site, text, binds),
  $count: data.count,
  $search: data.search,
  $single: data.single,
  $singleOrNull: data.singleOrNull,
  $dml: data.dmlStatement,
  $runAs: data.runAs,
  $sobjectType: data.sobjectType,
  $sobjectField: data.sobjectField,
  $describeObject: data.describeObject,
  $describeField: data.describeField,
  $label: (name: string): string => execution().program.labels.get(name) ?? name,
  $settings: data.settings,
  $enterSharing: (sharing: SharingMode): SharingMode | null => {
    const running = execution();
    const before = running.sharing;
    running.sharing = sharing;
    return before;
  },
  $leaveSharing: (before: SharingMode | null): void => {
    execution().sharing = before;
  },
  /** Code that the compiler refused, in a project that is run in parts. */
  $refused: (problem: string): never => {
    throw new UncatchableError('REFUSED', 'Not supported by the local org', problem);
  },
  $future: enqueueFuture,
  $fieldSet: fieldSetNamed,
};

const libraryBases = new Map<string, unknown>();
/** Registers the JavaScript class of a library class that Apex classes may extend. */
export function registerLibraryBase(name: string, base: unknown): void {
  libraryBases.set(name, base);
}

const enumValues = new Map<string, readonly string[]>();
/** Names of a library enum's values; registered when the library is installed. */
export function registerLibraryEnum(name: string, values: readonly string[]): void {
  enumValues.set(name, values);
}
function execution0(name: string): readonly string[] {
  const values = enumValues.get(name);
  if (!values) throw new Error(`Library enum ${name} is not registered`);
  return values;
}

export { compare as compareValues, DecimalError, CalendarError };
