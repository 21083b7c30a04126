/**
 * Platform Cache: the partitions that the project declares, for the org and for the user's session. Values are copied in
 * and out, as the platform serialises them. Test methods have caches of their own, empty at first.
 */
import { SObjectRecord } from '../../schema/record.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { ApexSet } from '../execution/ApexSet.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import type { ApexObject } from '../execution/Program.ts';
import type { TypeToken } from '../execution/typing.ts';
import { ApexDouble } from '../../values/ApexDouble.ts';
import type { Org } from '../../runtime/types.ts';
import { typeNamed } from './bean.ts';
import { deepCloneRecord } from './collections.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';
import { newInstance } from './Type.ts';

type CacheKind = 'Org' | 'Session';

interface Entry {
  readonly value: unknown;
  /** Epoch milliseconds. */
  readonly expires: number;
}
type Partition = Map<string, Entry>;

/** Default, shortest and longest time to live in seconds ("Platform Cache Limits" of the Apex Developer Guide). */
const TIME_TO_LIVE: Readonly<Record<CacheKind, { readonly usual: number; readonly longest: number }>> = {
  Org: { usual: 86_400, longest: 172_800 },
  Session: { usual: 28_800, longest: 28_800 },
};
const SHORTEST = 300;
const LONGEST_KEY = 50;
const EXCEPTION: Readonly<Record<CacheKind, string>> = {
  Org: 'Cache.Org.OrgCacheException',
  Session: 'Cache.Session.SessionCacheException',
};

/** Caches of orgs outside of tests: they outlive transactions. */
const caches = new WeakMap<Org, Map<string, Partition>>();

export class CachePartition {
  readonly kind: CacheKind;
  /** `local.default` */
  readonly name: string;

  constructor(kind: CacheKind, name: string) {
    this.kind = kind;
    this.name = name;
  }

  /** Entries that are still alive. */
  get entries(): Partition {
    const { transaction, test, extras } = execution();
    let all = test ? (extras.get('cache') as Map<string, Partition> | undefined) : caches.get(transaction.org);
    if (!all) {
      all = new Map();
      if (test) extras.set('cache', all);
      else caches.set(transaction.org, all);
    }
    const key = this.kind === 'Org' ? `Org ${this.name}` : `Session ${transaction.userId} ${this.name}`;
    let partition = all.get(key);
    if (!partition) all.set(key, (partition = new Map<string, Entry>()));
    for (const [name, entry] of partition) if (entry.expires <= transaction.now()) partition.delete(name);
    return partition;
  }

  put(key: string | null, value: unknown, seconds: number | null): void {
    const { usual, longest } = TIME_TO_LIVE[this.kind];
    const alive = seconds ?? usual;
    if (alive < SHORTEST || alive > longest)
      throw makeException(
        'Cache.InvalidParamException',
        `Time to live must be from ${SHORTEST} to ${longest} seconds, not ${alive}`,
      );
    if (value === null) throw makeException(EXCEPTION[this.kind], 'A null value can’t be cached');
    this.entries.set(this.key(key), { value: copied(value), expires: execution().transaction.now() + alive * 1000 });
  }

  get(key: string | null): unknown {
    return copied(this.entries.get(this.key(key))?.value ?? null);
  }

  /** The cached value, or what the builder loads, which is cached from then on. */
  load(builder: TypeToken, key: string | null): unknown {
    const name = builderKey(builder, key);
    const { entries } = this;
    const found = entries.get(name);
    if (found) return copied(found.value);
    const instance = newInstance(builder.apexType) as ApexObject & { doload$String?(key: string | null): unknown };
    if (typeof instance.doload$String !== 'function')
      throw makeException(
        'Cache.InvalidCacheBuilderException',
        `${builder.apexType.name} must implement Cache.CacheBuilder`,
      );
    const value = instance.doload$String(key);
    if (value !== null && value !== undefined)
      entries.set(name, {
        value: copied(value),
        expires: execution().transaction.now() + TIME_TO_LIVE[this.kind].usual * 1000,
      });
    return value ?? null;
  }

  remove(key: string): boolean {
    return this.entries.delete(key);
  }

  /** Keys are alphanumeric, at most 50 characters; a name before them (`local.default.key`) must be this partition's. */
  key(text: string | null): string {
    const given = text ?? nullPointer();
    const key = given.startsWith(`${this.name}.`) ? given.slice(this.name.length + 1) : given;
    if (!/^[A-Za-z0-9]+$/.test(key) || key.length > LONGEST_KEY)
      throw makeException(
        'Cache.InvalidParamException',
        `Invalid cache key "${given}": keys are alphanumeric and have at most ${LONGEST_KEY} characters`,
      );
    return key;
  }
}
export class OrgPartition extends CachePartition {}
export class SessionPartition extends CachePartition {}

function builderKey(builder: TypeToken, key: string | null): string {
  return `${(builder ?? nullPointer()).apexType.name.replaceAll('.', '')}${key ?? nullPointer()}`;
}

/** A copy that shares nothing with the value: collections, records and objects of the project's classes. */
function copied(value: unknown): unknown {
  const made = new Map<object, unknown>();
  const copy = (item: unknown): unknown => {
    if (typeof item !== 'object' || item === null) return item;
    const known = made.get(item);
    if (known !== undefined) return known;
    const remember = <T extends object>(fresh: T): T => {
      made.set(item, fresh);
      return fresh;
    };
    if (item instanceof SObjectRecord) return remember(deepCloneRecord(item, true));
    if (item instanceof ApexList) {
      const list = remember(new ApexList(item.type));
      for (const element of item.items) list.items.push(copy(element));
      return list;
    }
    if (item instanceof ApexSet)
      return remember(
        new ApexSet(
          item.type,
          [...item.values()].map((element) => copy(element)),
        ),
      );
    if (item instanceof ApexMap) {
      const map = remember(new ApexMap(item.type));
      for (const [name, element] of item.entries()) map.put(copy(name), copy(element));
      return map;
    }
    const type = (item as Partial<ApexObject>).$type;
    if (!type || type.symbol.isLibrary || type.symbol.kind === 'enum') return item;
    const object = remember(Object.create(Object.getPrototypeOf(item) as object) as Record<string, unknown>);
    for (const [name, element] of Object.entries(item)) object[name] = copy(element);
    return object;
  };
  return copy(value);
}

/** `local.default` and `default` both name the project's partition. */
function partitionNamed(kind: CacheKind, given: string | null): CachePartition {
  const text = given ?? nullPointer();
  const name = text.replace(/^local\./i, '');
  const { project } = execution().transaction.org;
  const component = project.component('PlatformCachePartition', name);
  if (!component) throw makeException(EXCEPTION[kind], `There is no Platform Cache partition ${text}`);
  return new (kind === 'Org' ? OrgPartition : SessionPartition)(kind, `local.${component.fullName}`);
}

/** The partition that the project marks as default. */
function defaultPartition(kind: CacheKind): CachePartition {
  const found = execution()
    .transaction.org.project.ofType('PlatformCachePartition')
    .find((component) => component.root.boolean('isDefaultPartition', false));
  if (!found) throw makeException(EXCEPTION[kind], 'The org has no default Platform Cache partition');
  return partitionNamed(kind, found.fullName);
}

/** `local.partition.key` names a partition; a key alone means the default one. */
function placeOf(kind: CacheKind, key: string): readonly [CachePartition, string] {
  const parts = (key ?? nullPointer()).split('.');
  return parts.length === 3
    ? [partitionNamed(kind, parts.slice(0, 2).join('.')), parts[2] as string]
    : [defaultPartition(kind), key];
}

type Methods = NonNullable<LibraryClass['methods']>;

const partitionMethods: Methods = {
  'Boolean contains(String key)': (self: CachePartition, key: string) => self.entries.has(self.key(key)),
  'Object get(String key)': (self: CachePartition, key: string) => self.get(key),
  'Object get(Type cacheBuilder, String key)': (self: CachePartition, builder: TypeToken, key: string) =>
    self.load(builder, key),
  'Set<String> getKeys()': (self: CachePartition) => new ApexSet(typeNamed('Set<String>'), [...self.entries.keys()]),
  'Integer getNumKeys()': (self: CachePartition) => self.entries.size,
  'String getName()': (self: CachePartition) => self.name,
  'Double getCapacity()': () => new ApexDouble(0),
  'Boolean isAvailable()': () => true,
  'void put(String key, Object value)': (self: CachePartition, key: string, value: unknown) =>
    self.put(key, value, null),
  'void put(String key, Object value, Integer ttlSecs)': (
    self: CachePartition,
    key: string,
    value: unknown,
    seconds: number,
  ) => self.put(key, value, seconds),
  'void put(String key, Object value, Integer ttlSecs, Cache.Visibility visibility, Boolean immutable)': (
    self: CachePartition,
    key: string,
    value: unknown,
    seconds: number,
  ) => self.put(key, value, seconds),
  'Boolean remove(String key)': (self: CachePartition, key: string) => self.remove(self.key(key)),
  'Boolean remove(Type cacheBuilder, String key)': (self: CachePartition, builder: TypeToken, key: string) =>
    self.remove(builderKey(builder, key)),
};

const cacheStatics = (kind: CacheKind): NonNullable<LibraryClass['statics']> => ({
  [`Cache.${kind}Partition getPartition(String name)`]: (name: string) => partitionNamed(kind, name),
  'Boolean contains(String key)': (key: string) => {
    const [partition, name] = placeOf(kind, key);
    return partition.entries.has(partition.key(name));
  },
  'Object get(String key)': (key: string) => {
    const [partition, name] = placeOf(kind, key);
    return partition.get(name);
  },
  'Object get(Type cacheBuilder, String key)': (builder: TypeToken, key: string) => {
    const [partition, name] = placeOf(kind, key);
    return partition.load(builder, name);
  },
  'Set<String> getKeys()': () => new ApexSet(typeNamed('Set<String>'), [...defaultPartition(kind).entries.keys()]),
  'void put(String key, Object value)': (key: string, value: unknown) => {
    const [partition, name] = placeOf(kind, key);
    partition.put(name, value, null);
  },
  'void put(String key, Object value, Integer ttlSecs)': (key: string, value: unknown, seconds: number) => {
    const [partition, name] = placeOf(kind, key);
    partition.put(name, value, seconds);
  },
  'Boolean remove(String key)': (key: string) => {
    const [partition, name] = placeOf(kind, key);
    return partition.remove(partition.key(name));
  },
});

export const cacheExceptionNames = [
  'Cache.Org.OrgCacheException',
  'Cache.Session.SessionCacheException',
  'Cache.InvalidParamException',
  'Cache.InvalidCacheBuilderException',
] as const;

export const cacheClasses: readonly LibraryClass[] = [
  { name: 'Cache.CacheBuilder', kind: 'interface', methods: { 'Object doLoad(String key)': VIRTUAL } },
  // There is one namespace, so that ALL sees no more than NAMESPACE.
  { name: 'Cache.Visibility', kind: 'enum', values: ['ALL', 'NAMESPACE'] },
  { name: 'Cache.Partition', isAbstract: true, instance: CachePartition, methods: partitionMethods },
  { name: 'Cache.OrgPartition', extends: 'Cache.Partition', instance: OrgPartition },
  { name: 'Cache.SessionPartition', extends: 'Cache.Partition', instance: SessionPartition },
  { name: 'Cache.Org', statics: cacheStatics('Org') },
  { name: 'Cache.Session', statics: cacheStatics('Session') },
];
