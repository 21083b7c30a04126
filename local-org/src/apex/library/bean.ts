/** Library classes that are bags of values: properties, with get and set methods where the platform has them. */
import { ApexList } from '../execution/ApexList.ts';
import { execution } from '../execution/Execution.ts';
import type { LibraryClass } from './define.ts';

/** An instance of such a class. */
export class Bean {
  readonly values = new Map<string, unknown>();
  get<T>(name: string): T | null {
    return (this.values.get(name) as T | undefined) ?? null;
  }
}

export interface BeanFacts {
  readonly name: string;
  readonly extends?: string;
  readonly isAbstract?: boolean;
  /** `String Subject`: property by canonical name; with `accessors`, get and set methods too. */
  readonly fields: readonly string[];
  readonly accessors?: boolean;
  /** Fields that are only reached through methods. */
  readonly hidden?: boolean;
  /** JSON.serialize writes them and JSON.deserialize makes them. */
  readonly isSerializable?: boolean;
  readonly instance?: new () => Bean;
  readonly methods?: LibraryClass['methods'];
  readonly constructors?: LibraryClass['constructors'];
  /** Types of list properties that are empty, not null, in a new object. */
  readonly lists?: Readonly<Record<string, string>>;
  readonly statics?: LibraryClass['statics'];
}

export function bean(facts: BeanFacts): LibraryClass {
  const instance = facts.instance ?? class extends Bean {};
  const methods: Record<string, (...values: never[]) => unknown> = {};
  const properties: Record<string, { get: (...values: never[]) => unknown; set: (...values: never[]) => unknown }> = {};
  for (const field of facts.fields) {
    const space = field.lastIndexOf(' ');
    const [type, name] = [field.slice(0, space), field.slice(space + 1)];
    const get = (self: Bean): unknown => self.get(name);
    const set = (self: Bean, value: unknown): void => void self.values.set(name, value);
    if (!facts.hidden) properties[field] = { get, set };
    if (facts.accessors || facts.hidden) {
      const title = name.charAt(0).toUpperCase() + name.slice(1);
      methods[`${type} ${type === 'Boolean' ? 'is' : 'get'}${title}()`] = get;
      if (type === 'Boolean') methods[`${type} get${title}()`] = get;
      methods[`void set${title}(${type} value)`] = set;
    }
  }
  return {
    name: facts.name,
    instance,
    ...(facts.extends ? { extends: facts.extends } : {}),
    ...(facts.isAbstract ? { isAbstract: true } : {}),
    constructors: facts.constructors ?? { '()': () => withLists(new instance(), facts.lists ?? {}) },
    methods: { ...methods, ...facts.methods },
    properties,
    ...(facts.statics ? { statics: facts.statics } : {}),
    ...(facts.isSerializable ? { json: jsonForm(facts.fields, instance) } : {}),
  };
}

function withLists(made: Bean, lists: Readonly<Record<string, string>>): Bean {
  for (const [name, type] of Object.entries(lists)) made.values.set(name, new ApexList(typeNamed(type)));
  return made;
}

function jsonForm(declarations: readonly string[], instance: new () => Bean): NonNullable<LibraryClass['json']> {
  const fields = Object.fromEntries(
    declarations.map((declaration) => {
      const space = declaration.lastIndexOf(' ');
      return [declaration.slice(space + 1), declaration.slice(0, space)];
    }),
  );
  return {
    fields,
    make: (values) => {
      const made = new instance();
      for (const [name, value] of values) made.values.set(name, value);
      return made;
    },
    write: (self: Bean) => Object.fromEntries(Object.keys(fields).map((name) => [name, self.get(name)])),
  };
}

export const typeNamed = (text: string): ReturnType<typeof execution>['program']['table']['object'] =>
  execution().program.table.parse(text);
