/**
 * A lookup filter as a formula on the record that holds the lookup: `Account.Type equals Partner` on Contact.AccountId
 * becomes a comparison of Account.Type. Text is compared without regard to case.
 */
import { MetadataError } from '../project/errors.ts';
import type { FieldDescribe, LookupFilter, LookupFilterItem, ObjectDescribe, Schema } from '../schema/types.ts';
import { formulaType } from './compile.ts';

export interface TranslatedFilter {
  readonly formula: string;
  /** Fields of the record itself that the filter reads. */
  readonly sourceFields: readonly string[];
}

interface Operand {
  readonly text: string;
  readonly field: FieldDescribe;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  equals: '=',
  notEqual: '<>',
  lessThan: '<',
  greaterThan: '>',
  lessOrEqual: '<=',
  greaterOrEqual: '>=',
};
/** Objects that filters may name with `$`. */
const GLOBALS: Readonly<Record<string, string>> = {
  $User: 'User',
  $Profile: 'Profile',
  $UserRole: 'UserRole',
  $Organization: 'Organization',
};
const SOURCE = '$Source';

/** @throws MetadataError when an item names what does not exist, or compares what can't be compared */
export function translateLookupFilter(
  filter: LookupFilter,
  object: ObjectDescribe,
  field: FieldDescribe,
  schema: Schema,
): TranslatedFilter {
  const sourceFields = new Set<string>();
  const operand = (path: string, item: LookupFilterItem): Operand => {
    const found = resolve(path, object, field, schema);
    if (!found || formulaType(found.field) === null)
      throw new MetadataError(item.position, `the lookup filter of ${object.name}.${field.name} can't read ${path}`);
    if (path.startsWith(`${SOURCE}.`)) sourceFields.add(found.text.split('.')[0] ?? '');
    return found;
  };
  const terms = filter.items.map((item) => {
    // Record types are named in filters, not numbered.
    const byName = item.valueField === null && item.value !== '';
    const path = byName ? item.field.replace(/\.RecordTypeId$/, '.RecordType.Name') : item.field;
    const left = operand(path, item);
    return item.valueField === null
      ? compareWithText(left, item)
      : comparison(left, item.operation, comparable(operand(item.valueField, item)), item);
  });
  return { formula: combine(terms, filter), sourceFields: [...sourceFields] };
}

/** `Contact.Account.Type`, `$Source.AccountId`, `$User.Department` as formulas on the record with the lookup say it. */
function resolve(path: string, object: ObjectDescribe, field: FieldDescribe, schema: Schema): Operand | null {
  const [root = '', ...rest] = path.split('.');
  const isTarget = field.referenceTo.includes(root);
  const globalObject = GLOBALS[root];
  const start = isTarget
    ? schema.object(root)
    : root === SOURCE
      ? object
      : globalObject === undefined
        ? undefined
        : schema.object(globalObject);
  let owner = start;
  for (const part of rest.slice(0, -1)) {
    const reference = owner?.fieldByRelationship(part);
    const target = reference?.referenceTo.includes('User') ? 'User' : reference?.referenceTo[0];
    owner = target === undefined ? undefined : schema.object(target);
  }
  const last = rest.at(-1) ?? '';
  const found = owner?.field(last) ?? owner?.field(`${last}Id`);
  if (!found) return null;
  const prefix = isTarget ? [field.relationshipName ?? ''] : root === SOURCE ? [] : [root];
  return { text: [...prefix, ...rest.slice(0, -1), found.name].join('.'), field: found };
}

/** Text and picklists in lower case, everything else as it is. */
function comparable({ text, field }: Operand): string {
  const type = formulaType(field);
  if (type === 'picklist') return `LOWER(TEXT(${text}))`;
  return type === 'text' ? `LOWER(${text})` : text;
}

function comparison(left: Operand, operation: string, right: string, item: LookupFilterItem): string {
  const sign = COMPARISONS[operation];
  if (sign !== undefined) return `(${comparable(left)} ${sign} ${right})`;
  if (operation === 'startsWith') return `BEGINS(${comparable(left)}, ${right})`;
  if (operation === 'contains') return `CONTAINS(${comparable(left)}, ${right})`;
  if (operation === 'notContain') return `NOT(CONTAINS(${comparable(left)}, ${right}))`;
  throw new MetadataError(item.position, `lookup filters compare by ${operation} with values only`);
}

/** Several values stand between commas: one of them, or with negations none of them. */
function compareWithText(left: Operand, item: LookupFilterItem): string {
  if (item.value === '') {
    if (item.operation !== 'equals' && item.operation !== 'notEqual')
      throw new MetadataError(item.position, `the operation ${item.operation} needs a value`);
    const blank = formulaType(left.field) === 'boolean' ? `NOT(${left.text})` : `ISBLANK(${left.text})`;
    return item.operation === 'equals' ? blank : `NOT(${blank})`;
  }
  const negated = ['notEqual', 'notContain', 'excludes'].includes(item.operation);
  const parts = item.value.split(',').map((value) => compareOne(left, item, value.trim()));
  return parts.length === 1 ? (parts[0] ?? '') : `${negated ? 'AND' : 'OR'}(${parts.join(', ')})`;
}

function compareOne(left: Operand, item: LookupFilterItem, value: string): string {
  if (formulaType(left.field) === 'multipicklist') {
    const includes = `INCLUDES(${left.text}, ${quoted(value)})`;
    if (item.operation === 'includes' || item.operation === 'equals') return includes;
    if (item.operation === 'excludes' || item.operation === 'notEqual') return `NOT(${includes})`;
    throw new MetadataError(item.position, `multi-select picklists can't be compared by ${item.operation}`);
  }
  const operation =
    item.operation === 'includes' ? 'equals' : item.operation === 'excludes' ? 'notEqual' : item.operation;
  return comparison(left, operation, literal(left.field, value, item), item);
}

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

function literal(field: FieldDescribe, value: string, item: LookupFilterItem): string {
  switch (formulaType(field)) {
    case 'boolean':
      return /^(true|1)$/i.test(value) ? 'TRUE' : 'FALSE';
    case 'number': {
      if (Number.isNaN(Number(value))) throw new MetadataError(item.position, `${value} is no number`);
      return field.type === 'percent' ? `(${value} / 100)` : value;
    }
    case 'date':
      return `DATEVALUE(${quoted(value)})`;
    case 'datetime':
      return `DATETIMEVALUE(${quoted(value)})`;
    default:
      return quoted(value.toLowerCase());
  }
}

/** `1 AND (2 OR 3)` with the terms in place of the numbers; AND binds closer than OR, as in formulas. */
function combine(terms: readonly string[], { logic, position }: LookupFilter): string {
  if (logic === null) return `AND(${terms.join(', ')})`;
  return logic.replaceAll(/\d+|[A-Za-z]+|\S/g, (token) => {
    if (/^\d+$/.test(token)) {
      const term = terms[Number(token) - 1];
      if (term === undefined)
        throw new MetadataError(position, `the filter logic ${logic} names item ${token}; there are ${terms.length}`);
      return term;
    }
    if (/^and$/i.test(token)) return ' && ';
    if (/^or$/i.test(token)) return ' || ';
    if (/^not$/i.test(token)) return ' NOT ';
    if (token === '(' || token === ')') return token;
    throw new MetadataError(position, `the filter logic ${logic} has the unreadable part ${token}`);
  });
}
