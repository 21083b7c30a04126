import { ApexDouble } from '../../values/ApexDouble.ts';
import type { ApexType } from '../types/symbols.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { ApexSet } from '../execution/ApexSet.ts';
import { SObjectRecord } from '../../schema/record.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { typeToken, TypeToken } from '../execution/typing.ts';
import { hashCodeOf } from '../execution/keys.ts';
import type { LibraryClass } from './define.ts';

/** A type by the text that Type.forName takes; null when there is none. */
export function typeByName(name: string): ApexType | null {
  const { table } = execution().program;
  const text = name.replace(/\s+/g, '');
  const array = /^(.*)\[\]$/.exec(text);
  if (array) {
    const element = typeByName(array[1] as string);
    return element ? table.list(element) : null;
  }
  const generic = /^([\w.]+)<(.*)>$/.exec(text);
  if (generic) {
    const parts = splitArguments(generic[2] as string).map(typeByName);
    const symbol = table.global(generic[1] as string);
    if (!symbol || parts.some((part) => part === null) || symbol.typeParameters.length !== parts.length) return null;
    return table.of(symbol, parts as ApexType[]);
  }
  const symbol = table.global(text);
  return symbol && symbol.typeParameters.length === 0 ? table.of(symbol) : null;
}

function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index <= text.length; index++) {
    const character = text.charAt(index);
    if (character === '<') depth++;
    else if (character === '>') depth--;
    else if ((character === ',' && depth === 0) || index === text.length) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return parts;
}

/** A new instance by the constructor without parameters. */
export function newInstance(type: ApexType): unknown {
  const { program } = execution();
  const { table } = program;
  if (table.isList(type)) return new ApexList(type);
  if (table.isSet(type)) return new ApexSet(type);
  if (table.isMap(type)) return new ApexMap(type);
  if (type.symbol.describe) return new SObjectRecord(type.symbol.describe);
  const loaded = program.classOfType(type);
  const { symbol } = type;
  if (!loaded || symbol.isAbstract || symbol.kind !== 'class') {
    const constructor = symbol.constructors.find(
      (candidate) => candidate.parameters.length === 0 && candidate.implementation,
    );
    if (constructor?.implementation && !symbol.isAbstract) return constructor.implementation();
    throw makeException('TypeException', `Type cannot be constructed: ${type.name}`);
  }
  if (
    symbol.constructors.length > 0 &&
    !symbol.constructors.some((constructor) => constructor.parameters.length === 0)
  ) {
    throw makeException('TypeException', `Class.${type.name} does not have a default constructor`);
  }
  return (new loaded() as unknown as { $i$(): unknown }).$i$();
}

export const typeClass: LibraryClass = {
  name: 'Type',
  instance: TypeToken,
  statics: {
    'Type forName(String name)': (name: string | null) => token(name === null ? null : typeByName(name)),
    'Type forName(String namespace, String name)': (namespace: string | null, name: string | null) => {
      if (name === null) return null;
      const own = execution().transaction.org.project.namespace;
      const type = typeByName(
        namespace && namespace.toLowerCase() !== own.toLowerCase() ? `${namespace}.${name}` : name,
      );
      return token(type);
    },
  },
  methods: {
    'Boolean equals(Object other)': (self: TypeToken, other: unknown) => self === other,
    'String getName()': (self: TypeToken) => self.name,
    'Integer hashCode()': (self: TypeToken) => hashCodeOf(self.apexType.name),
    'Boolean isAssignableFrom(Type source)': (self: TypeToken, source: TypeToken) => {
      const { table } = execution().program;
      return table.isAssignable((source ?? nullPointer()).apexType, self.apexType);
    },
    'Object newInstance()': (self: TypeToken) => newInstance(self.apexType),
    'String toString()': (self: TypeToken) => self.name,
  },
};

function token(type: ApexType | null): TypeToken | null {
  return type === null ? null : typeToken(type);
}

export { ApexDouble };
