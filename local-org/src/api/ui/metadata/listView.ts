/** List views: the ListView metadata of the project, compiled to SOQL conditions. */
import { MetadataError } from '../../../project/errors.ts';
import type { MetadataComponent, MetadataElement, Position } from '../../../project/types.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from '../../../schema/types.ts';
import { defaultColumns } from './defaults.ts';
import { fieldAt, fieldPathOf } from './fieldNames.ts';

export interface ListFilter {
  readonly field: string;
  readonly operator: string;
  readonly values: readonly string[];
}

export interface ListView {
  readonly objectName: string;
  readonly apiName: string;
  readonly label: string;
  readonly columns: readonly string[];
  readonly mine: boolean;
  readonly filters: readonly ListFilter[];
  /** SOQL condition of the filters, without the scope; '' for none. */
  readonly condition: string;
  /** True for the lists that every object has. */
  readonly standard: boolean;
}

const scopes = [
  'Everything',
  'Mine',
  'MineAndMyGroups',
  'Queue',
  'Delegated',
  'MyTerritory',
  'MyTeamTerritory',
  'Team',
  'SalesTeam',
  'AssignedToMe',
] as const;
const operators = [
  'equals',
  'notEqual',
  'lessThan',
  'greaterThan',
  'lessOrEqual',
  'greaterOrEqual',
  'contains',
  'notContain',
  'startsWith',
  'includes',
  'excludes',
  'within',
] as const;
type Operator = (typeof operators)[number];

/** Reads a ListView component. Throws MetadataError on what the local org does not know. */
export function readListView(component: MetadataComponent, schema: Schema): ListView {
  const { root, fullName } = component;
  const [objectName = '', name = ''] = fullName.split('.');
  const object = schema.object(objectName);
  if (!object)
    throw new MetadataError(root.position, `the list view belongs to the object ${objectName}, which does not exist`);
  root.ignore('the file’s own name counts', 'fullName');
  const label = root.requiredString('label');
  const scope = root.oneOf('filterScope', scopes) ?? 'Everything';
  if (scope !== 'Everything' && scope !== 'Mine') {
    throw new MetadataError(
      root.child('filterScope')?.position ?? root.position,
      `the filter scope ${scope} is not supported; use Everything or Mine`,
    );
  }
  if (scope === 'Mine' && !object.field('OwnerId'))
    throw new MetadataError(
      root.position,
      `${object.name} has no owner, so there is nothing for the filter scope Mine`,
    );
  const columns = root.children('columns').map((column) => fieldPathOf(schema, object, column.text, column.position));
  const filters = root.children('filters').map((element) => readFilter(element, object, schema));
  const conditions = filters.map(({ soql }) => soql);
  const logic = root.child('booleanFilter');
  root.ignore('lists are visible to everybody who sees the object', 'sharedTo', 'visibility');
  root.ignore('the list follows the org’s language', 'language');
  root.ignore('divisions are not supported', 'division');
  root.finish();
  return {
    objectName: object.name,
    apiName: name,
    label,
    columns: columns.length > 0 ? columns : defaultColumns(object),
    mine: scope === 'Mine',
    filters: filters.map(({ filter }) => filter),
    condition: logic ? combine(logic.text, conditions, logic.position) : conditions.join(' AND '),
    standard: false,
  };
}

/** Lists that every object has when metadata defines none: all records, and the user's own. */
export function standardListViews(object: ObjectDescribe): readonly ListView[] {
  const list = (apiName: string, label: string, mine: boolean): ListView => ({
    objectName: object.name,
    apiName,
    label,
    columns: defaultColumns(object),
    mine,
    filters: [],
    condition: '',
    standard: true,
  });
  const plain = object.name.replace(/__c$/, '').replaceAll('_', '');
  return [
    list(
      object.custom ? 'All' : `All${plain === 'Opportunity' ? 'Opportunities' : `${plain}s`}`,
      `All ${object.labelPlural}`,
      false,
    ),
    ...(object.field('OwnerId') && object.kind !== 'customSetting'
      ? [
          list(
            object.custom ? 'Mine' : `My${plain === 'Opportunity' ? 'Opportunities' : `${plain}s`}`,
            `My ${object.labelPlural}`,
            true,
          ),
        ]
      : []),
  ];
}

/** `1 AND (2 OR 3)` with the conditions in place of their numbers. */
function combine(logic: string, conditions: readonly string[], position: Position): string {
  if (!/^(\s|\d+|\(|\)|AND|OR|NOT)+$/i.test(logic))
    throw new MetadataError(
      position,
      `the filter logic “${logic}” may hold numbers, AND, OR, NOT and parentheses only`,
    );
  return logic.replace(/\d+/g, (number) => {
    const condition = conditions[Number(number) - 1];
    if (condition === undefined)
      throw new MetadataError(position, `the filter logic names filter ${number}, but there are ${conditions.length}`);
    return `(${condition})`;
  });
}

function readFilter(
  element: MetadataElement,
  object: ObjectDescribe,
  schema: Schema,
): { readonly filter: ListFilter; readonly soql: string } {
  const fieldElement = element.child('field');
  const operator = element.oneOf('operation', operators);
  const text = element.string('value') ?? '';
  element.finish();
  if (!fieldElement || operator === undefined)
    throw new MetadataError(element.position, 'a filter needs the elements field and operation');
  const path = fieldPathOf(schema, object, fieldElement.text, fieldElement.position);
  const field = fieldAt(schema, object, path)?.field;
  if (!field) throw new MetadataError(fieldElement.position, `${object.name} has no field ${fieldElement.text}`);
  const values = splitValues(text);
  return {
    filter: { field: path, operator, values },
    soql: conditionOf(path, field, operator, values, element.position),
  };
}

/** Values are separated by commas; quotes keep a comma in a value. */
function splitValues(text: string): readonly string[] {
  const values = [...text.matchAll(/"((?:[^"]|"")*)"|([^,]+)/g)].map(([, quoted, plain]) =>
    quoted !== undefined ? quoted.replaceAll('""', '"') : (plain ?? '').trim(),
  );
  return values.length > 0 ? values : [''];
}

const comparison: Partial<Record<Operator, string>> = {
  equals: '=',
  notEqual: '!=',
  lessThan: '<',
  greaterThan: '>',
  lessOrEqual: '<=',
  greaterOrEqual: '>=',
};
const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/'/g, "\\'");
const quoted = (text: string): string => `'${escaped(text)}'`;
const likeText = (text: string): string => escaped(text).replace(/[%_]/g, '\\\\$&');
const dateLiteral =
  /^(TODAY|YESTERDAY|TOMORROW|(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR|90_DAYS)|(LAST|NEXT)_N_(DAYS|WEEKS|MONTHS|QUARTERS|YEARS|FISCAL_QUARTERS|FISCAL_YEARS):\d+|N_(DAYS|WEEKS|MONTHS|QUARTERS|YEARS|FISCAL_QUARTERS|FISCAL_YEARS)_AGO:\d+)$/;

function conditionOf(
  path: string,
  field: FieldDescribe,
  operator: Operator,
  values: readonly string[],
  position: Position,
): string {
  const refuse = (what: string): never => {
    throw new MetadataError(position, `${what} is not supported in the filter on ${path}`);
  };
  if (operator === 'within') return refuse('the operation within');
  if (operator === 'includes' || operator === 'excludes') {
    if (field.type !== 'multipicklist') {
      // On a plain picklist these read as “one of” and “none of”.
      return `${path} ${operator === 'includes' ? 'IN' : 'NOT IN'} (${values.map(quoted).join(', ')})`;
    }
    return `${path} ${operator.toUpperCase()} (${values.map(quoted).join(', ')})`;
  }
  if (operator === 'contains' || operator === 'startsWith' || operator === 'notContain') {
    if (field.type === 'id' || field.type === 'reference') return refuse(`the operation ${operator}`);
    const likes = values.map((value) => `${path} LIKE '${operator === 'startsWith' ? '' : '%'}${likeText(value)}%'`);
    return operator === 'notContain' ? `(NOT (${likes.join(' OR ')}))` : `(${likes.join(' OR ')})`;
  }
  const sign = comparison[operator] ?? '=';
  const parts = values.map((value) => `${path} ${sign} ${literalOf(value, field, refuse)}`);
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(operator === 'notEqual' ? ' AND ' : ' OR ')})`;
}

function literalOf(value: string, field: FieldDescribe, refuse: (what: string) => never): string {
  if (value === '') return 'NULL';
  if (field.type === 'boolean') {
    if (/^(1|true)$/i.test(value)) return 'TRUE';
    if (/^(0|false)$/i.test(value)) return 'FALSE';
    return refuse(`the value ${value}`);
  }
  if (field.type === 'date' || field.type === 'datetime') {
    const literal = value.toUpperCase().replaceAll(' ', '_');
    if (dateLiteral.test(literal)) return literal;
    const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(value);
    const iso = american
      ? `${american[3]}-${american[1]?.padStart(2, '0')}-${american[2]?.padStart(2, '0')}`
      : value.slice(0, 10);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return refuse(`the value ${value}`);
    return field.type === 'date' ? iso : `${iso}T00:00:00Z`;
  }
  if (['int', 'long', 'double', 'currency', 'percent'].includes(field.type)) {
    const number = value.replace(/[^\d.eE+-]/g, '');
    return number === '' || Number.isNaN(Number(number)) ? refuse(`the value ${value}`) : number;
  }
  return quoted(value);
}
