/**
 * Apex values as text, for work that outlives its transaction: the platform serialises a job when it is enqueued and makes
 * it anew when it runs, without transient fields. References are kept: an object that is reached twice is one object again.
 */
import { SObjectRecord } from '../../schema/record.ts';
import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexDouble } from '../../values/ApexDouble.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import { Decimal } from '../../values/Decimal.ts';
import type { LibraryClass } from '../library/define.ts';
import { typeByName } from '../library/Type.ts';
import type { ApexType, TypeSymbol } from '../types/symbols.ts';
import { ApexEnum, libraryEnum } from './ApexEnum.ts';
import { ApexList } from './ApexList.ts';
import { ApexMap } from './ApexMap.ts';
import { ApexSet } from './ApexSet.ts';
import { describeOf } from './data.ts';
import { SObjectFieldToken, SObjectTypeToken } from './describe.ts';
import { ApexException, exceptionClass, makeException } from './errors.ts';
import { execution } from './Execution.ts';
import type { ApexObject } from './Program.ts';
import { typeToken, TypeToken } from './typing.ts';

/** A value in a node: plain, or `[tag, …]`. `['ref', n]` is the nth node. */
type Written = null | boolean | number | string | readonly Written[];

/** Something with an identity. */
type Node =
  | readonly ['list' | 'set', string, readonly Written[]]
  | readonly ['map', string, readonly (readonly [Written, Written])[]]
  | readonly ['array', readonly Written[]]
  | readonly ['record', string, readonly (readonly [string, Written])[], RecordFacts]
  | readonly ['object', string, readonly (readonly [string, Written])[]]
  | readonly ['library', string, readonly Written[]];

/** How instances of library classes are kept, by class. */
const forms = new Map<string, NonNullable<LibraryClass['state']>>();
export function setStateForm(className: string, form: NonNullable<LibraryClass['state']>): void {
  forms.set(className, form);
}

interface RecordFacts {
  readonly related: readonly (readonly [string, Written])[];
  readonly retrieved: readonly string[] | null;
  readonly shape: readonly string[] | null;
}

/**
 * Text of a value and of all that it reaches.
 *
 * @throws SerializationException for a library object that holds something of its transaction
 */
export function serializeState(value: unknown): string {
  const writer = new Writer();
  const root = writer.write(value);
  return JSON.stringify({ root, nodes: writer.nodes });
}

/** The value of a text by serializeState. Classes that are gone since then are a TypeException. */
export function deserializeState(text: string): unknown {
  const { root, nodes } = JSON.parse(text) as { readonly root: Written; readonly nodes: readonly Node[] };
  return new Reader(nodes).read(root);
}

class Writer {
  readonly nodes: Node[] = [];
  readonly #places = new Map<object, number>();

  write(value: unknown): Written {
    if (value === null || value === undefined) return null;
    if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
    if (typeof value === 'bigint') return ['long', String(value)];
    if (value instanceof Decimal) return ['decimal', value.toString()];
    if (value instanceof ApexDouble) return ['double', String(value.value)];
    if (value instanceof ApexDate) return ['date', value.days];
    if (value instanceof ApexDatetime) return ['datetime', value.milliseconds];
    if (value instanceof ApexTime) return ['time', value.milliseconds];
    if (value instanceof ApexBlob) return ['blob', value.toBase64()];
    if (value instanceof ApexEnum) return ['enum', execution().program.typeOf(value).name, value.name];
    if (value instanceof TypeToken) return ['type', value.apexType.name];
    if (value instanceof SObjectTypeToken) return ['sobjectType', value.describe.name];
    if (value instanceof SObjectFieldToken) return ['field', value.object.name, value.field.name];
    return ['ref', this.#node(value)];
  }

  #node(value: object): number {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    const place = this.nodes.length;
    this.#places.set(value, place);
    // Kept free, for what the value reaches may lead back to it.
    this.nodes.push(['array', []]);
    this.nodes[place] = this.#contents(value);
    return place;
  }

  #contents(value: object): Node {
    if (Array.isArray(value)) return ['array', value.map((item) => this.write(item))];
    if (value instanceof ApexList) return ['list', value.type.name, value.items.map((item) => this.write(item))];
    if (value instanceof ApexSet) return ['set', value.type.name, [...value.values()].map((item) => this.write(item))];
    if (value instanceof ApexMap)
      return [
        'map',
        value.type.name,
        [...value.entries()].map(([key, item]) => [this.write(key), this.write(item)] as const),
      ];
    if (value instanceof SObjectRecord) return this.#record(value);
    const type = (value as Partial<ApexObject>).$type;
    if (!type || (type.symbol.isLibrary && !(value instanceof ApexException))) {
      const { fullName } = execution().program.typeOf(value).symbol;
      const form = forms.get(fullName);
      if (form) return ['library', fullName, form.write(value as never).map((item) => this.write(item))];
      throw makeException('SerializationException', `Not Serializable: ${fullName}`);
    }
    const left = transientNames(type.symbol);
    if (value instanceof ApexException) for (const name of FACTS_OF_EXCEPTIONS) left.add(name);
    const fields = Object.entries(value)
      .filter(([name]) => !left.has(name))
      .map(([name, item]) => [name, this.write(item)] as const);
    return ['object', type.name, fields];
  }

  #record(record: SObjectRecord): Node {
    const pairs = (entries: Iterable<readonly [string, unknown]>): (readonly [string, Written])[] =>
      [...entries].map(([name, item]) => [name, this.write(item)] as const);
    return [
      'record',
      record.describe.name,
      pairs(record.values),
      {
        related: pairs(record.related),
        retrieved: record.retrieved && [...record.retrieved],
        shape: record.shape,
      },
    ];
  }
}

/** What an exception knows of the transaction that it comes from. */
const FACTS_OF_EXCEPTIONS = ['stack', 'cause', 'rows', 'inaccessible'] as const;

/** JavaScript names of the transient fields of a class and of those that it extends. */
function transientNames(symbol: TypeSymbol): Set<string> {
  const names = new Set<string>();
  for (let each: TypeSymbol | null = symbol; each; each = each.superclass?.symbol ?? null)
    for (const field of each.fields.values()) if (field.isTransient) names.add(field.javascriptName);
  return names;
}

class Reader {
  readonly #nodes: readonly Node[];
  readonly #made = new Map<number, unknown>();

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  read(written: Written): unknown {
    if (!Array.isArray(written)) return written;
    const [tag, first, second] = written as readonly Written[];
    const text = String(first);
    switch (tag) {
      case 'long':
        return BigInt(text);
      case 'decimal':
        return Decimal.parse(text);
      case 'double':
        return new ApexDouble(Number(first));
      case 'date':
        return new ApexDate(Number(first));
      case 'datetime':
        return new ApexDatetime(Number(first));
      case 'time':
        return new ApexTime(Number(first));
      case 'blob':
        return ApexBlob.fromBase64(text);
      case 'enum':
        return enumValue(text, String(second));
      case 'type':
        return typeToken(typeOf(text));
      case 'sobjectType':
        return SObjectTypeToken.of(describeOf(text));
      case 'field':
        return SObjectFieldToken.of(describeOf(text), String(second));
      case 'ref':
        return this.#node(Number(first));
    }
    throw new Error(`unknown tag in serialised state: ${String(tag)}`);
  }

  #node(place: number): unknown {
    if (this.#made.has(place)) return this.#made.get(place);
    const node = this.#nodes[place] as Node;
    const keep = <T>(value: T): T => {
      this.#made.set(place, value);
      return value;
    };
    switch (node[0]) {
      case 'array': {
        const items = keep<unknown[]>([]);
        items.push(...node[1].map((item) => this.read(item)));
        return items;
      }
      case 'list': {
        const list = keep(new ApexList(typeOf(node[1])));
        list.items.push(...node[2].map((item) => this.read(item)));
        return list;
      }
      case 'set': {
        const set = keep(new ApexSet(typeOf(node[1])));
        for (const item of node[2]) set.add(this.read(item));
        return set;
      }
      case 'map': {
        const map = keep(new ApexMap(typeOf(node[1])));
        for (const [key, item] of node[2]) map.put(this.read(key), this.read(item));
        return map;
      }
      case 'record': {
        const [, name, values, facts] = node;
        const record = keep(new SObjectRecord(describeOf(name)));
        for (const [field, value] of values) record.values.set(field, this.read(value));
        for (const [relationship, related] of facts.related)
          record.related.set(relationship, this.read(related) as SObjectRecord);
        record.retrieved = facts.retrieved && new Set(facts.retrieved);
        record.shape = facts.shape;
        return record;
      }
      case 'object': {
        const [, name, fields] = node;
        const object = keep(emptyObject(typeOf(name)));
        for (const [field, value] of fields) (object as Record<string, unknown>)[field] = this.read(value);
        return object;
      }
      case 'library': {
        const [, name, values] = node;
        const form = forms.get(name);
        if (!form) throw makeException('TypeException', `Invalid type: ${name}`);
        return keep(form.make(values.map((item) => this.read(item))));
      }
    }
  }
}

/** An instance whose constructor has not run; of exceptions, whose JavaScript class holds state of its own, a new one. */
function emptyObject(type: ApexType): object {
  const { program } = execution();
  if (type.symbol.isLibrary) return new (exceptionClass(type.symbol.fullName))();
  const loaded = program.classOfType(type);
  if (!loaded) throw makeException('TypeException', `Invalid type: ${type.name}`);
  if (program.table.isException(type)) return new loaded();
  const prototype: object = loaded.prototype as object;
  return Object.create(prototype) as object;
}

function typeOf(name: string): ApexType {
  const type = typeByName(name);
  if (!type) throw makeException('TypeException', `Invalid type: ${name}`);
  return type;
}

function enumValue(typeName: string, name: string): unknown {
  const type = typeOf(typeName);
  if (type.symbol.isLibrary) return libraryEnum(typeName, [])[`v_${name}`];
  return (execution().program.classOfType(type) as unknown as Record<string, unknown>)[`v_${name}`];
}
