/** Types at run time: instanceof, casts and System.Type tokens. */
import { SObjectRecord } from '../../schema/record.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexDouble } from '../../values/ApexDouble.ts';
import { Decimal } from '../../values/Decimal.ts';
import type { ApexType } from '../types/symbols.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import { ApexList } from './ApexList.ts';
import { ApexMap } from './ApexMap.ts';
import { ApexSet } from './ApexSet.ts';
import { makeException, qualifiedName } from './errors.ts';
import { execution } from './Execution.ts';
import { fullId } from './ids.ts';

/** Numbers are instances of every wider type; a Decimal counts as a Double too, a Date as a Datetime. */
const NUMBERS: Readonly<Record<string, number>> = { Integer: 1, Long: 2, Double: 3, Decimal: 3 };

/** A System.Type value. */
export class TypeToken {
  readonly apexType: ApexType;
  constructor(apexType: ApexType) {
    this.apexType = apexType;
  }
  /** What getName says: classes of the System namespace with it, built-in value types without. */
  get name(): string {
    const { symbol, typeArguments, name } = this.apexType;
    return typeArguments.length > 0 ? name : qualifiedName(symbol);
  }
  toString(): string {
    return this.name;
  }
}

const tokens = new WeakMap<ApexType, TypeToken>();
export function typeToken(type: ApexType): TypeToken {
  let token = tokens.get(type);
  if (!token) {
    token = new TypeToken(type);
    tokens.set(type, token);
  }
  return token;
}

const verdicts = new WeakMap<ApexType, Map<ApexType, boolean>>();

/** Whether a run-time type is the type or one below it; collections by their element types. */
function isSubtype(table: TypeTable, actual: ApexType, type: ApexType): boolean {
  if (actual === type || type === table.object) return true;
  let known = verdicts.get(actual);
  if (!known) verdicts.set(actual, (known = new Map<ApexType, boolean>()));
  let verdict = known.get(type);
  if (verdict === undefined) {
    verdict = actual.symbol.kind !== 'primitive' && table.isAssignable(actual, type);
    known.set(type, verdict);
  }
  return verdict;
}

export function instanceOf(value: unknown, type: ApexType): boolean {
  if (value === null || value === undefined) return false;
  const { program } = execution();
  if (type === program.table.id) return typeof value === 'string' && fullId(value) !== null;
  const actual = program.typeOf(value);
  const rank = NUMBERS[type.name];
  if (rank !== undefined) return (NUMBERS[actual.name] ?? Infinity) <= rank;
  if (value instanceof ApexDate && type === program.table.datetime) return true;
  if (
    value instanceof ApexList &&
    value.type !== type &&
    type.symbol === value.type.symbol &&
    value.items.length > 0 &&
    value.items[0] instanceof SObjectRecord
  ) {
    // Lists of SObject hold one object's records in practice; a query gives List<SObject> that is a List<Account> too.
    return value.items.every((item) => instanceOf(item, type.typeArguments[0] as ApexType));
  }
  return isSubtype(program.table, actual, type);
}

/** A checked cast; numbers widen. Throws TypeException. */
export function castValue(value: unknown, type: ApexType): unknown {
  if (value === null || value === undefined) return null;
  const { program } = execution();
  const { table } = program;
  if (typeof value === 'string') {
    if (type === table.id) {
      const id = fullId(value);
      if (id === null) throw makeException('StringException', `Invalid id: ${value}`);
      return id;
    }
    if (type === table.string || type === table.object) return value;
  }
  if (typeof value === 'number') {
    if (type === table.decimal) return new Decimal(BigInt(value), 0);
    if (type === table.double) return new ApexDouble(value);
    if (type === table.long) return BigInt(value);
  }
  if (typeof value === 'bigint') {
    if (type === table.decimal) return Decimal.fromBigInt(value);
    if (type === table.double) return new ApexDouble(Number(value));
  }
  if (value instanceof ApexDate && type === table.datetime) return new ApexDatetime(value.days * 86_400_000);
  if (value instanceof Decimal && type === table.double) return new ApexDouble(value.doubleValue());
  if (value instanceof ApexDouble && type === table.decimal) return Decimal.fromNumber(value.value);
  const isCollection =
    (value instanceof ApexList || value instanceof ApexSet || value instanceof ApexMap) &&
    type.symbol === value.type.symbol;
  if (isCollection && table.isCastable(value.type, type)) return value;
  if (instanceOf(value, type)) return value;
  throw makeException(
    'TypeException',
    `Invalid conversion from runtime type ${program.typeOf(value).name} to ${type.name}`,
  );
}
