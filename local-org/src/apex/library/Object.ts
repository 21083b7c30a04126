import type { ApexEnum } from '../execution/ApexEnum.ts';
import { ApexIterator } from '../execution/ApexList.ts';
import { equalValues, hashCodeOf } from '../execution/keys.ts';
import { toText } from '../execution/text.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';

/** Methods that every value has. */
export const objectClass: LibraryClass = {
  name: 'Object',
  methods: {
    'String toString()': (self: unknown) => toText(self),
    'Boolean equals(Object other)': (self: { equals$Object?(other: unknown): boolean }, other: unknown) =>
      typeof self === 'object' && typeof self.equals$Object === 'function'
        ? self.equals$Object(other)
        : equalValues(self, other, false),
    'Integer hashCode()': (self: unknown) => hashCodeOf(self),
  },
};

export const enumClass: LibraryClass = {
  name: 'Enum',
  methods: {
    'String name()': (self: ApexEnum) => self.name,
    'Integer ordinal()': (self: ApexEnum) => self.ordinal,
    'String toString()': (self: ApexEnum) => self.name,
    'Boolean equals(Object other)': (self: ApexEnum, other: unknown) => self === other,
    'Integer hashCode()': (self: ApexEnum) => hashCodeOf(self.name),
  },
};

export const iteratorInterface: LibraryClass = {
  name: 'Iterator',
  kind: 'interface',
  typeParameters: ['T'],
  instance: ApexIterator,
  methods: { 'Boolean hasNext()': VIRTUAL, 'T next()': VIRTUAL },
};
export const iterableInterface: LibraryClass = {
  name: 'Iterable',
  kind: 'interface',
  typeParameters: ['T'],
  methods: { 'Iterator<T> iterator()': VIRTUAL },
};
export const comparableInterface: LibraryClass = {
  name: 'Comparable',
  kind: 'interface',
  methods: { 'Integer compareTo(Object other)': VIRTUAL },
};
export const comparatorInterface: LibraryClass = {
  name: 'Comparator',
  kind: 'interface',
  typeParameters: ['T'],
  methods: { 'Integer compare(T left, T right)': VIRTUAL },
};
export const callableInterface: LibraryClass = {
  name: 'Callable',
  kind: 'interface',
  methods: { 'Object call(String action, Map<String,Object> arguments)': VIRTUAL },
};
