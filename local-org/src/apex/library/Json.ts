/** JSON: serialize, deserialize (typed, strict, untyped), generator and parser. */
import { SObjectRecord } from '../../schema/record.ts';
import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexDate, CalendarError } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexDouble } from '../../values/ApexDouble.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import { Decimal } from '../../values/Decimal.ts';
import { fieldType } from '../types/fieldTypes.ts';
import { ApexEnum, libraryEnum } from '../execution/ApexEnum.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { heap } from '../execution/heap.ts';
import { ApexSet } from '../execution/ApexSet.ts';
import { ApexException, exceptionTypeName, makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { toText } from '../execution/text.ts';
import { toId } from '../execution/ids.ts';
import type { ApexObject } from '../execution/Program.ts';
import { TypeToken } from '../execution/typing.ts';
import type { ApexType } from '../types/symbols.ts';
import { ApexUuid } from './binary.ts';
import type { LibraryClass } from './define.ts';

// ---- writing

const SERVICE = 'v67.0';

/** JSON text of an Apex value as JSON.serialize writes it. */
export function serialize(value: unknown, suppressNulls: boolean, pretty: boolean): string {
  return pretty ? write(value, suppressNulls, '\n') : write(value, suppressNulls, '');
}

function write(value: unknown, suppress: boolean, indent: string): string {
  const inner = indent === '' ? '' : `${indent}  `;
  const object = (entries: readonly (readonly [string, unknown])[]): string => {
    const parts = entries
      .filter(([, item]) => !(suppress && item === null))
      .map(([key, item]) => `${JSON.stringify(key)}${indent === '' ? ':' : ' : '}${write(item, suppress, inner)}`);
    if (indent === '') return `{${parts.join(',')}}`;
    return parts.length === 0 ? '{ }' : `{${inner}${parts.join(`,${inner}`)}${indent}}`;
  };
  const array = (items: Iterable<unknown>): string => {
    const parts = [...items].map((item) => write(item, suppress, inner));
    return indent === '' ? `[${parts.join(',')}]` : parts.length === 0 ? '[ ]' : `[ ${parts.join(', ')} ]`;
  };
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof Decimal) return value.toString();
  if (value instanceof ApexDouble) return value.toString();
  if (value instanceof ApexDate || value instanceof ApexTime) return JSON.stringify(value.toString());
  if (value instanceof ApexDatetime) return JSON.stringify(value.toIso());
  if (value instanceof ApexBlob) return JSON.stringify(value.toBase64());
  if (value instanceof ApexEnum) return JSON.stringify(value.name);
  if (value instanceof ApexList) return array(value.items);
  if (value instanceof ApexSet) return array(value.values());
  if (value instanceof ApexMap) {
    return object([...value.entries()].map(([key, item]) => [keyText(key), item] as const));
  }
  if (value instanceof SObjectRecord) return object(recordEntries(value));
  if (value instanceof PlainObject) return object(value.entries);
  if (value instanceof ApexUuid) return JSON.stringify(value.text);
  if (value instanceof TypeToken) return JSON.stringify(value.apexType.name);
  if (value instanceof ApexException)
    return object([
      ['message', value.getmessage$()],
      ['exceptionType', exceptionTypeName(value)],
    ]);
  const type = (value as ApexObject).$type;
  if (!type || type.symbol.isLibrary) {
    const { symbol, name } = execution().program.typeOf(value);
    const form = forms.get(symbol.fullName);
    if (!form) throw makeException('JSONException', `Type is not serializable: ${name}`);
    return object(Object.entries(form.write(value as never)));
  }
  return object(
    instanceFields(type)
      .filter((field) => !field.isTransient)
      .map((field) => [field.name, (value as unknown as Record<string, unknown>)[field.javascriptName]] as const),
  );
}

/** A map's key as JSON's: primitives, enums and schema tokens have one. */
function keyText(key: unknown): string {
  if (typeof key !== 'object' || key === null) return String(key);
  const type = execution().program.typeOf(key);
  if (
    type.symbol.isLibrary &&
    !(key instanceof ApexList || key instanceof ApexSet || key instanceof ApexMap || key instanceof SObjectRecord)
  )
    return toText(key);
  if (key instanceof ApexEnum) return key.name;
  throw makeException('JSONException', 'Map keys must be primitive to be serialized');
}

/** An object of entries that is written as they stand. */
class PlainObject {
  readonly entries: readonly (readonly [string, unknown])[];
  constructor(entries: readonly (readonly [string, unknown])[]) {
    this.entries = entries;
  }
}

function instanceFields(
  type: ApexType,
): { name: string; javascriptName: string; type: ApexType; isTransient: boolean; kind: string }[] {
  const fields: { name: string; javascriptName: string; type: ApexType; isTransient: boolean; kind: string }[] = [];
  for (const ancestor of execution().program.table.ancestors(type)) {
    if (ancestor.symbol.isLibrary) continue;
    for (const field of ancestor.symbol.fields.values()) {
      if (!field.isStatic)
        fields.push({
          name: field.name,
          javascriptName: field.javascriptName,
          type: field.type,
          isTransient: field.isTransient ?? false,
          kind: field.kind,
        });
    }
  }
  return fields;
}

function recordEntries(record: SObjectRecord): [string, unknown][] {
  const entries: [string, unknown][] = [];
  if (record.describe.kind === 'aggregate')
    entries.push(['attributes', new PlainObject([['type', 'AggregateResult']])]);
  else {
    const attributes: [string, unknown][] = [['type', record.describe.name]];
    if (record.id) attributes.push(['url', `/services/data/${SERVICE}/sobjects/${record.describe.name}/${record.id}`]);
    entries.push(['attributes', new PlainObject(attributes)]);
  }
  for (const [name, value] of record.values) entries.push([name, value]);
  for (const [name, value] of record.related) {
    if (Array.isArray(value)) {
      if (value.length > 0)
        entries.push([
          name,
          new PlainObject([
            ['totalSize', value.length],
            ['done', true],
            ['records', new ApexList(execution().program.table.list(execution().program.table.sobject), value)],
          ]),
        ]);
    } else {
      entries.push([name, value]);
    }
  }
  return entries;
}

// ---- reading

type Node =
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Node])[] }
  | { readonly kind: 'array'; readonly items: readonly Node[] }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' };

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;

/** Parses JSON and keeps the digits of numbers; throws JSONException with the place. */
function parse(text: string): Node {
  heap.allocate(text.length);
  let at = 0;
  const fail = (): never => {
    const before = text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    const rest = text.slice(at).trim();
    throw makeException(
      'JSONException',
      rest === ''
        ? `Unexpected end-of-input at [line:${line}, column:${column}]`
        : `Unexpected character ('${rest.charAt(0)}' (code ${rest.charCodeAt(0)})) at [line:${line}, column:${column}]`,
    );
  };
  let token: RegExpExecArray;
  const next = (): void => {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return fail();
    token = match;
    at = TOKEN.lastIndex;
  };
  const symbolIs = (symbol: string): boolean => token[1] === symbol;
  const value = (): Node => {
    const [, symbol, string, number, word] = token;
    if (string !== undefined) {
      try {
        return { kind: 'string', text: JSON.parse(string) as string };
      } catch {
        return fail();
      }
    }
    if (number !== undefined) return { kind: 'number', text: number };
    if (word !== undefined) return word === 'null' ? { kind: 'null' } : { kind: 'boolean', value: word === 'true' };
    if (symbol === '[') {
      const items: Node[] = [];
      next();
      if (symbolIs(']')) return { kind: 'array', items };
      for (;;) {
        items.push(value());
        next();
        if (symbolIs(']')) return { kind: 'array', items };
        if (!symbolIs(',')) return fail();
        next();
      }
    }
    if (symbol === '{') {
      const entries: [string, Node][] = [];
      next();
      if (symbolIs('}')) return { kind: 'object', entries };
      for (;;) {
        if (token[2] === undefined) return fail();
        const key = JSON.parse(token[2]) as string;
        next();
        if (!symbolIs(':')) return fail();
        next();
        entries.push([key, value()]);
        next();
        if (symbolIs('}')) return { kind: 'object', entries };
        if (!symbolIs(',')) return fail();
        next();
      }
    }
    return fail();
  };
  next();
  const root = value();
  if (text.slice(at).trim() !== '') fail();
  return root;
}

function untyped(node: Node): unknown {
  const { table } = execution().program;
  switch (node.kind) {
    case 'object':
      return new ApexMap(
        table.map(table.string, table.object),
        node.entries.map(([key, value]) => [key, untyped(value)] as const),
      );
    case 'array':
      return new ApexList(table.list(table.object), node.items.map(untyped));
    case 'string':
      return node.text;
    case 'boolean':
      return node.value;
    case 'null':
      return null;
    case 'number': {
      if (/[.eE]/.test(node.text)) return Decimal.parse(node.text);
      const value = BigInt(node.text);
      if (value >= -2147483648n && value <= 2147483647n) return Number(value);
      return BigInt.asIntN(64, value) === value ? value : Decimal.fromBigInt(value);
    }
  }
}

function typed(node: Node, type: ApexType, strict: boolean): unknown {
  const { program } = execution();
  const { table } = program;
  if (node.kind === 'null') return null;
  if (type === table.object) return untyped(node);
  const illegal = (): never => {
    throw makeException('JSONException', `Illegal value for primitive ${type.name}`);
  };
  const text =
    node.kind === 'string' || node.kind === 'number' ? node.text : node.kind === 'boolean' ? String(node.value) : null;
  const converted = <T>(work: (given: string) => T): T => {
    try {
      return text === null ? illegal() : work(text);
    } catch (error) {
      if (error instanceof CalendarError || (error instanceof Error && error.name === 'DecimalError')) return illegal();
      throw error;
    }
  };
  switch (type) {
    case table.string:
      return text ?? illegal();
    case table.id:
      return toId(text ?? illegal());
    case table.boolean:
      return node.kind === 'boolean' ? node.value : text === 'true' ? true : text === 'false' ? false : illegal();
    case table.integer:
      return converted((given) =>
        /^-?\d+$/.test(given) && Number(given) <= 2147483647 && Number(given) >= -2147483648
          ? Number(given)
          : illegal(),
      );
    case table.long:
      return converted((given) => (/^-?\d+$/.test(given) ? BigInt(given) : illegal()));
    case table.decimal:
      return converted((given) => Decimal.parse(given));
    case table.double:
      return converted((given) => new ApexDouble(Decimal.parse(given).doubleValue()));
    case table.date:
      return converted((given) => ApexDate.parse(given.slice(0, 10)));
    case table.datetime:
      return converted((given) => ApexDatetime.parse(given));
    case table.time:
      return converted((given) => ApexTime.parse(given));
    case table.blob:
      return converted((given) => ApexBlob.fromBase64(given));
  }
  if (type.symbol.kind === 'enum') {
    const { symbol } = type;
    const names = [...symbol.fields.values()].filter(({ kind }) => kind === 'enumValue').map(({ name }) => name);
    const values: unknown = symbol.isLibrary ? libraryEnum(symbol.fullName, names) : program.classOfType(type);
    const found = Object.values<unknown>((values ?? {}) as Record<string, unknown>).find(
      (value) => value instanceof ApexEnum && value.name.toLowerCase() === text?.toLowerCase(),
    );
    if (!found) throw makeException('JSONException', `Illegal value for enum ${type.name}: ${text}`);
    return found;
  }
  if (table.isList(type) || table.isSet(type)) {
    if (node.kind !== 'array')
      throw makeException('JSONException', `Malformed JSON: Expected '[' at the beginning of List/Set`);
    const element = type.typeArguments[0] as ApexType;
    const items = node.items.map((item) => typed(item, element, strict));
    return table.isList(type) ? new ApexList(type, items) : new ApexSet(type, items);
  }
  if (node.kind !== 'object')
    throw makeException('JSONException', `Malformed JSON: Expected '{' at the beginning of object`);
  if (table.isMap(type)) {
    const [keyType, valueType] = type.typeArguments as [ApexType, ApexType];
    return new ApexMap(
      type,
      node.entries.map(
        ([key, value]) =>
          [typed({ kind: 'string', text: key }, keyType, strict), typed(value, valueType, strict)] as const,
      ),
    );
  }
  if (table.isSObject(type) || type.symbol.fullName === 'AggregateResult')
    return readRecord(node.entries, type, strict);
  if (type.symbol.isLibrary) return readLibraryObject(node.entries, type, strict);
  return readObject(node.entries, type, strict);
}

type JsonForm = NonNullable<LibraryClass['json']>;
const forms = new Map<string, JsonForm>();
/** Says how instances of a library class are made of JSON and written; the library's installation does. */
export function setJsonForm(className: string, form: JsonForm): void {
  forms.set(className, form);
}

function readLibraryObject(entries: readonly (readonly [string, Node])[], type: ApexType, strict: boolean): object {
  const reader = forms.get(type.symbol.fullName);
  if (!reader) throw makeException('JSONException', `Type is not deserializable: ${type.name}`);
  const { table } = execution().program;
  const values = new Map<string, unknown>();
  for (const [key, value] of entries) {
    const fieldType = reader.fields[key];
    if (fieldType !== undefined) values.set(key, typed(value, table.parse(fieldType), strict));
  }
  return reader.make(values);
}

/** Objects whose Ids are names. */
const NAMED_BY_ID: ReadonlySet<string> = new Set(['EntityDefinition', 'FieldDefinition']);

function readRecord(entries: readonly (readonly [string, Node])[], type: ApexType, strict: boolean): SObjectRecord {
  const { program } = execution();
  const { table } = program;
  const attributes = entries.find(([key]) => key === 'attributes')?.[1];
  const named = attributes?.kind === 'object' ? attributes.entries.find(([key]) => key === 'type')?.[1] : undefined;
  const name =
    type === table.sobject ? (named?.kind === 'string' ? named.text : null) : (type.symbol.describe?.name ?? null);
  const isAggregate = type.symbol.fullName === 'AggregateResult' && entries.length === 0;
  const describe = table.schema.object(isAggregate ? type.name : (name ?? ''));
  if (!describe) throw makeException('JSONException', `Cannot deserialize JSON as abstract type: ${type.name}`);
  const record = new SObjectRecord(describe);
  for (const [key, node] of entries) {
    if (key === 'attributes') continue;
    const field = describe.field(key);
    if (field) {
      const value = typed(
        node,
        field.name === 'Id' && NAMED_BY_ID.has(describe.name) ? table.string : fieldType(table, field),
        strict,
      );
      record.values.set(field.name, value === '' ? null : value);
      continue;
    }
    const reference = describe.fieldByRelationship(key);
    const parent = reference && table.sobjectSymbol(reference.referenceTo[0] ?? '');
    if (reference?.relationshipName && parent) {
      record.related.set(
        reference.relationshipName,
        typed(
          node,
          reference.referenceTo.length === 1 ? table.of(parent) : table.sobject,
          strict,
        ) as SObjectRecord | null,
      );
      continue;
    }
    const child = describe.childRelationship(key);
    const childSymbol = child && table.sobjectSymbol(child.childObject);
    if (child?.relationshipName && childSymbol && (node.kind === 'object' || node.kind === 'array')) {
      const rows = node.kind === 'array' ? node : node.entries.find(([name_]) => name_ === 'records')?.[1];
      if (rows?.kind === 'array')
        record.related.set(
          child.relationshipName,
          rows.items.map((row) => typed(row, table.of(childSymbol), strict)) as SObjectRecord[],
        );
      continue;
    }
    throw makeException('JSONException', `No such column '${key}' on sobject of type ${describe.name}`);
  }
  return record;
}

function readObject(entries: readonly (readonly [string, Node])[], type: ApexType, strict: boolean): unknown {
  const loaded = execution().program.classOfType(type);
  if (!loaded || type.symbol.isAbstract || type.symbol.kind === 'interface')
    throw makeException('JSONException', `Cannot deserialize JSON as abstract type: ${type.name}`);
  const object = new loaded() as unknown as Record<string, unknown>;
  const fields = new Map(instanceFields(type).map((field) => [field.name.toLowerCase(), field]));
  for (const [key, node] of entries) {
    const field = fields.get(key.toLowerCase());
    if (!field) {
      if (strict) throw makeException('JSONException', `Unknown field: ${type.name}.${key}`);
      continue;
    }
    object[field.javascriptName] = typed(node, field.type, strict);
  }
  return object;
}

function argumentIsNull(): never {
  throw makeException('NullPointerException', 'Argument cannot be null.');
}

/** JSON.deserialize: the first character must fit the type, whatever follows. */
function read(text: string | null, type: TypeToken | null, strict: boolean): unknown {
  const source = text ?? argumentIsNull();
  const { apexType } = type ?? argumentIsNull();
  const { table } = execution().program;
  const first = source.trimStart().charAt(0);
  if ((table.isList(apexType) || table.isSet(apexType)) && first !== '[' && first !== 'n')
    throw makeException('JSONException', "Malformed JSON: Expected '[' at the beginning of List/Set");
  if (table.isMap(apexType) && first !== '{' && first !== 'n')
    throw makeException('JSONException', "Malformed JSON: Expected '{' at the beginning of object");
  return typed(parse(source), apexType, strict);
}

/** A JavaScript value as the Apex type, for parameters that come from outside. */
export function fromJson(value: unknown, type: ApexType): unknown {
  return typed(parse(JSON.stringify(value ?? null)), type, false);
}

// ---- generator and parser

class Generator {
  readonly parts: string[] = [];
  readonly pretty: boolean;
  private readonly stack: { kind: 'array' | 'object'; count: number }[] = [];
  private afterName = false;
  closed = false;
  constructor(pretty: boolean) {
    this.pretty = pretty;
  }
  private indent(): string {
    return this.pretty ? `\n${'  '.repeat(this.stack.length)}` : '';
  }
  private before(): void {
    const top = this.stack[this.stack.length - 1];
    if (this.afterName) this.afterName = false;
    else if (top) {
      if (top.count++ > 0) this.parts.push(this.pretty && top.kind === 'array' ? ', ' : ',');
      if (top.kind === 'object') this.parts.push(this.indent());
    }
  }
  name(name: string): void {
    this.before();
    this.parts.push(`${JSON.stringify(name)}${this.pretty ? ' : ' : ':'}`);
    this.afterName = true;
  }
  value(value: unknown): void {
    this.before();
    this.parts.push(serialize(value, false, false));
  }
  open(kind: 'array' | 'object'): void {
    this.before();
    this.parts.push(kind === 'array' ? (this.pretty ? '[ ' : '[') : '{');
    this.stack.push({ kind, count: 0 });
  }
  close(kind: 'array' | 'object'): void {
    const top = this.stack.pop();
    if (top?.kind !== kind)
      throw makeException('JSONException', `Current context not ${kind === 'array' ? 'an ARRAY' : 'an object'}`);
    this.parts.push(kind === 'array' ? (this.pretty ? ' ]' : ']') : `${top.count > 0 ? this.indent() : ''}}`);
  }
}

const FIELD_WRITERS = [
  'Blob',
  'Boolean',
  'Date',
  'Datetime:DateTime',
  'Id',
  'Decimal:Number',
  'Double:Number',
  'Integer:Number',
  'Long:Number',
  'Object',
  'String',
  'Time',
];
const generatorMethods: NonNullable<LibraryClass['methods']> = {
  'void close()': (self: Generator) => void (self.closed = true),
  'String getAsString()': (self: Generator) => self.parts.join(''),
  'Boolean isClosed()': (self: Generator) => self.closed,
  'void writeEndArray()': (self: Generator) => self.close('array'),
  'void writeEndObject()': (self: Generator) => self.close('object'),
  'void writeFieldName(String name)': (self: Generator, name: string) => self.name(name),
  'void writeNull()': (self: Generator) => self.value(null),
  'void writeNullField(String name)': (self: Generator, name: string) => {
    self.name(name);
    self.value(null);
  },
  'void writeStartArray()': (self: Generator) => self.open('array'),
  'void writeStartObject()': (self: Generator) => self.open('object'),
  ...Object.fromEntries(
    FIELD_WRITERS.flatMap((entry) => {
      const [type, name = type] = entry.split(':');
      return [
        [`void write${name}(${type} value)`, (self: Generator, value: unknown) => self.value(value)],
        [
          `void write${name}Field(String name, ${type} value)`,
          (self: Generator, field: string, value: unknown) => {
            self.name(field);
            self.value(value);
          },
        ],
      ];
    }),
  ),
};

const TOKENS = [
  'END_ARRAY',
  'END_OBJECT',
  'FIELD_NAME',
  'NOT_AVAILABLE',
  'START_ARRAY',
  'START_OBJECT',
  'VALUE_EMBEDDED_OBJECT',
  'VALUE_FALSE',
  'VALUE_NULL',
  'VALUE_NUMBER_FLOAT',
  'VALUE_NUMBER_INT',
  'VALUE_STRING',
  'VALUE_TRUE',
];
interface Step {
  readonly token: string;
  readonly text: string | null;
  readonly name: string | null;
  readonly node: Node | null;
  /** Index behind the value that starts here. */
  end: number;
}

class JsonParser {
  readonly steps: Step[] = [];
  index = -1;
  cleared: Step | null = null;
  constructor(text: string) {
    this.flatten(parse(text), null);
  }
  private flatten(node: Node, name: string | null): void {
    const push = (token: string, text: string | null, given: Node | null = null): Step => {
      const step: Step = { token, text, name, node: given, end: this.steps.length + 1 };
      this.steps.push(step);
      return step;
    };
    switch (node.kind) {
      case 'object': {
        const start = push('START_OBJECT', '{', node);
        for (const [key, value] of node.entries) {
          this.steps.push({ token: 'FIELD_NAME', text: key, name: key, node: null, end: this.steps.length + 1 });
          this.flatten(value, key);
        }
        push('END_OBJECT', '}');
        start.end = this.steps.length;
        return;
      }
      case 'array': {
        const start = push('START_ARRAY', '[', node);
        for (const item of node.items) this.flatten(item, null);
        push('END_ARRAY', ']');
        start.end = this.steps.length;
        return;
      }
      case 'string':
        push('VALUE_STRING', node.text, node);
        return;
      case 'number':
        push(/[.eE]/.test(node.text) ? 'VALUE_NUMBER_FLOAT' : 'VALUE_NUMBER_INT', node.text, node);
        return;
      case 'boolean':
        push(node.value ? 'VALUE_TRUE' : 'VALUE_FALSE', String(node.value), node);
        return;
      case 'null':
        push('VALUE_NULL', 'null', node);
    }
  }
  get current(): Step | null {
    return this.steps[this.index] ?? null;
  }
}

let tokenValue: (name: string) => unknown = () => null;
/** Says how a JSONToken value is found; the library does when it is installed. */
export function setTokenSource(source: (name: string) => unknown): void {
  tokenValue = source;
}

function readCurrent(self: JsonParser, type: ApexType, strict: boolean): unknown {
  const step = self.current;
  if (!step?.node) throw makeException('JSONException', 'There is no value at the current token');
  self.index = step.end - 1;
  return typed(step.node, type, strict);
}
const scalar =
  (type: (table: ReturnType<typeof execution>['program']['table']) => ApexType) =>
  (self: JsonParser): unknown =>
    typed(self.current?.node ?? nullPointer(), type(execution().program.table), false);

export const jsonClasses: readonly LibraryClass[] = [
  {
    name: 'JSON',
    statics: {
      'String serialize(Object value)': (value: unknown) => serialize(value, false, false),
      'String serialize(Object value, Boolean suppressNulls)': (value: unknown, suppress: boolean) =>
        serialize(value, suppress, false),
      'String serializePretty(Object value)': (value: unknown) => serialize(value, false, true),
      'String serializePretty(Object value, Boolean suppressNulls)': (value: unknown, suppress: boolean) =>
        serialize(value, suppress, true),
      'Object deserialize(String text, Type apexType)': (text: string, type: TypeToken) => read(text, type, false),
      'Object deserializeStrict(String text, Type apexType)': (text: string, type: TypeToken) => read(text, type, true),
      'Object deserializeUntyped(String text)': (text: string) => untyped(parse(text ?? argumentIsNull())),
      'JSONGenerator createGenerator(Boolean pretty)': (pretty: boolean) => new Generator(pretty),
      'JSONParser createParser(String text)': (text: string) => new JsonParser(text ?? nullPointer()),
    },
  },
  { name: 'JSONGenerator', instance: Generator, methods: generatorMethods },
  { name: 'JSONToken', kind: 'enum', values: TOKENS },
  {
    name: 'JSONParser',
    instance: JsonParser,
    methods: {
      'void clearCurrentToken()': (self: JsonParser) => {
        self.cleared = self.current;
        self.steps.splice(self.index, 1);
        self.index--;
      },
      'Blob getBlobValue()': scalar((table) => table.blob),
      'Boolean getBooleanValue()': scalar((table) => table.boolean),
      'String getCurrentName()': (self: JsonParser) => self.current?.name ?? null,
      'JSONToken getCurrentToken()': (self: JsonParser) => (self.current ? tokenValue(self.current.token) : null),
      'Datetime getDatetimeValue()': scalar((table) => table.datetime),
      'Date getDateValue()': scalar((table) => table.date),
      'Decimal getDecimalValue()': scalar((table) => table.decimal),
      'Double getDoubleValue()': scalar((table) => table.double),
      'Id getIdValue()': scalar((table) => table.id),
      'Integer getIntegerValue()': scalar((table) => table.integer),
      'JSONToken getLastClearedToken()': (self: JsonParser) => (self.cleared ? tokenValue(self.cleared.token) : null),
      'Long getLongValue()': scalar((table) => table.long),
      'String getText()': (self: JsonParser) => self.current?.text ?? null,
      'Time getTimeValue()': scalar((table) => table.time),
      'Boolean hasCurrentToken()': (self: JsonParser) => self.current !== null,
      'JSONToken nextToken()': (self: JsonParser) => {
        if (self.index < self.steps.length) self.index++;
        return self.current ? tokenValue(self.current.token) : null;
      },
      'JSONToken nextValue()': (self: JsonParser) => {
        do self.index++;
        while (self.current?.token === 'FIELD_NAME');
        return self.current ? tokenValue(self.current.token) : null;
      },
      'Object readValueAs(Type apexType)': (self: JsonParser, type: TypeToken) =>
        readCurrent(self, type.apexType, false),
      'Object readValueAsStrict(Type apexType)': (self: JsonParser, type: TypeToken) =>
        readCurrent(self, type.apexType, true),
      'void skipChildren()': (self: JsonParser) => {
        if (self.current) self.index = Math.max(self.index, self.current.end - 1);
      },
    },
  },
];
