/** Columns of a query, without its rows: the answer to `/query?q=…&columns=true`. */
import type { FieldType, Schema } from '../schema/types.ts';
import type { Expression } from '../soql/ast.ts';
import { describeQuery } from '../soql/describeQuery.ts';
import { parseQuery } from '../soql/parse.ts';
import type { QueryDescription, SelectedField } from '../soql/types.ts';

export interface ColumnJson {
  readonly aggregate: boolean;
  readonly apexType: string;
  readonly booleanType: boolean;
  readonly columnName: string;
  readonly custom: boolean;
  readonly displayName: string;
  readonly foreignKeyName: null;
  readonly insertable: boolean;
  readonly joinColumns: ColumnJson[];
  readonly numberType: boolean;
  readonly textType: boolean;
  readonly updatable: boolean;
}

/** Apex type by field type, where it is not String. */
const APEX_TYPES: Partial<Record<FieldType, string>> = {
  id: 'Id',
  reference: 'Id',
  boolean: 'Boolean',
  int: 'Integer',
  long: 'Long',
  double: 'Double',
  currency: 'Decimal',
  percent: 'Decimal',
  date: 'Date',
  datetime: 'Datetime',
  time: 'Time',
  base64: 'Blob',
  address: 'Address',
  location: 'Location',
};
const NUMBERS: ReadonlySet<string> = new Set(['Integer', 'Long', 'Double', 'Decimal']);

/**
 * Describes what a query selects; fields of a parent and of a child list stand in the `joinColumns` of one column.
 *
 * @param text SOQL
 * @throws QueryError with Salesforce's code and message
 */
export function queryColumns(text: string, schema: Schema): Record<string, unknown> {
  const description = describeQuery(text, schema);
  const query = parseQuery(text);
  const expressions = query.select.flatMap((item) => (item.kind === 'expression' ? [item.expression] : []));
  return {
    columnMetadata: columnsOf(description, description.kind === 'records' ? [] : expressions),
    entityName: description.object.name,
    groupBy: query.groupBy.length > 0,
    idSelected: description.fields.some(({ name }) => name === 'Id'),
    keyPrefix: description.object.keyPrefix,
  };
}

function columnsOf(description: QueryDescription, expressions: readonly Expression[]): ColumnJson[] {
  const columns: ColumnJson[] = [];
  description.fields.forEach((selected, index) => {
    const expression = expressions[index];
    if (expression?.kind === 'function') {
      columns.push({ ...column(selected.name, selected), aggregate: true, displayName: callText(expression) });
    } else if (description.kind === 'records') {
      addPath(columns, selected.name.split('.'), selected);
    } else {
      columns.push(column(selected.name, selected));
    }
  });
  const lists = description.children.map(({ relationshipName, description: child }) => ({
    ...join(relationshipName),
    aggregate: true,
    joinColumns: columnsOf(child, []),
  }));
  return [...columns, ...lists];
}

/** Adds a field by its path: parents become columns whose `joinColumns` hold what was selected of them. */
function addPath(columns: ColumnJson[], [first = '', ...rest]: readonly string[], selected: SelectedField): void {
  if (rest.length === 0) {
    columns.push(column(first, selected));
    return;
  }
  let parent = columns.find(({ columnName }) => columnName === first);
  if (!parent) {
    parent = join(first);
    columns.push(parent);
  }
  addPath(parent.joinColumns, rest, selected);
}

function column(name: string, { type, field }: SelectedField): ColumnJson {
  const apexType = APEX_TYPES[type] ?? 'String';
  return {
    aggregate: false,
    apexType,
    booleanType: apexType === 'Boolean',
    columnName: name,
    custom: field?.custom ?? false,
    displayName: name,
    foreignKeyName: null,
    insertable: field?.createable ?? false,
    joinColumns: [],
    numberType: NUMBERS.has(apexType),
    textType: apexType === 'String',
    updatable: field?.updateable ?? false,
  };
}

function join(name: string): ColumnJson {
  return {
    ...column(name, { name, type: 'reference', field: null }),
    custom: name.endsWith('__r'),
  };
}

/** A function call as the platform names its column, for example `count(Id)`. */
function callText(expression: Expression): string {
  if (expression.kind === 'field') {
    return expression.path.parts.join('.');
  }
  const { name, argument } = expression;
  return `${name.toLowerCase()}(${argument ? callText(argument) : ''})`;
}
