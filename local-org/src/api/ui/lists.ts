/** List views, related lists, lookups and search: everything that shows many records. */
import type { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe, RecordTypeDescribe } from '../../schema/types.ts';
import { badRequest, notFound } from './errors.ts';
import { defaultColumns } from './metadata/defaults.ts';
import { fieldAt } from './metadata/fieldNames.ts';
import type { LayoutRelatedList } from './metadata/layout.ts';
import type { ListView } from './metadata/listView.ts';
import { represent, resolveFields, selectList, withLookupNames } from './recordRepresentation.ts';
import type { RecordRepresentation } from './recordRepresentation.ts';
import { objectOfId } from './records.ts';
import { recordTypeOf, recordTypeOfRecord } from './recordTypes.ts';
import type { UiSession } from './session.ts';
import { visibleObject } from './session.ts';

export interface ListRequest {
  readonly fields?: readonly string[];
  readonly optionalFields?: readonly string[];
  /** `Name`, `-CloseDate`; the first counts, as on the platform. */
  readonly sortBy?: readonly string[];
  readonly pageSize?: number;
  /** Row that the page starts with. */
  readonly pageToken?: string;
  readonly searchTerm?: string;
}

const defaultPageSize = 50;
const maximumPageSize = 2000;

interface Page {
  readonly records: readonly RecordRepresentation[];
  readonly pageSize: number;
  readonly offset: number;
  readonly hasMore: boolean;
  readonly sortBy: readonly string[];
}

/** The largest offset that SOQL allows. */
const maximumOffset = 2000;

function page(
  session: UiSession,
  object: ObjectDescribe,
  paths: readonly string[],
  conditions: readonly string[],
  sort: readonly string[],
  request: ListRequest,
): Page {
  const pageSize = request.pageSize ?? defaultPageSize;
  const offset = Number(request.pageToken ?? 0);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > maximumPageSize)
    throw badRequest(`pageSize must be between 1 and ${maximumPageSize}.`);
  if (!Number.isInteger(offset) || offset < 0 || offset > maximumOffset)
    throw badRequest('pageToken must be one that an answer gave.');
  const sortBy = request.sortBy && request.sortBy.length > 0 ? request.sortBy : sort;
  const where = conditions.filter((condition) => condition !== '').map((condition) => `(${condition})`);
  const text = [
    `SELECT ${selectList(session, object, paths)} FROM ${object.name}`,
    ...(where.length > 0 ? [`WHERE ${where.join(' AND ')}`] : []),
    orderBy(session, object, sortBy),
    // One more than the page holds tells whether another page follows.
    `LIMIT ${pageSize + 1}`,
    ...(offset > 0 ? [`OFFSET ${offset}`] : []),
  ].join(' ');
  const { records } = session.transaction.query(text, { accessMode: 'user', sharing: 'with' });
  return {
    records: records.slice(0, pageSize).map((record) => represent(session, record, paths)),
    pageSize,
    offset,
    hasMore: records.length > pageSize,
    sortBy,
  };
}

function orderBy(session: UiSession, object: ObjectDescribe, sortBy: readonly string[]): string {
  const terms = sortBy.slice(0, 2).flatMap((term) => {
    const descending = term.startsWith('-');
    const [path] = resolveFields(session, object, [term.replace(/^[-+]/, '')], true);
    const field = path === undefined ? undefined : fieldAt(session.context.org.schema, object, path)?.field;
    if (path === undefined || !field?.sortable) return [];
    return [`${sortPath(session, object, path)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`];
  });
  return terms.length > 0 ? `ORDER BY ${terms.join(', ')}, Id` : 'ORDER BY Id';
}

/** A lookup sorts by the name that it shows. */
function sortPath(session: UiSession, object: ObjectDescribe, path: string): string {
  return withLookupNames(session, object, [path]).at(-1) ?? path;
}

function pageTokens({ records, offset, pageSize, hasMore }: Page) {
  return {
    count: records.length,
    currentPageToken: String(offset),
    nextPageToken: hasMore && offset + pageSize <= maximumOffset ? String(offset + pageSize) : null,
    previousPageToken: offset > 0 ? String(Math.max(0, offset - pageSize)) : null,
    currentPageUrl: null,
    nextPageUrl: null,
    previousPageUrl: null,
    pageSize,
  };
}

/** Every list view of an object that the user may open. */
export function listInfos(session: UiSession, object: ObjectDescribe) {
  const lists = session.context.metadata.listViews(object).map((view) => ({
    apiName: view.apiName,
    label: view.label,
    listUiUrl: null,
    objectApiName: object.name,
    id: `${object.name}.${view.apiName}`,
  }));
  return {
    count: lists.length,
    currentPageToken: '0',
    currentPageUrl: null,
    lists,
    nextPageToken: null,
    nextPageUrl: null,
    objectApiName: object.name,
    pageSize: lists.length,
    previousPageToken: null,
    previousPageUrl: null,
    queryString: null,
    recentListsOnly: false,
  };
}

function listView(session: UiSession, object: ObjectDescribe, apiName: string): ListView {
  const view = session.context.metadata
    .listViews(object)
    .find((candidate) => candidate.apiName.toLowerCase() === apiName.toLowerCase());
  if (!view) throw notFound();
  return view;
}

/** Column facts for a table. */
function displayColumn(session: UiSession, object: ObjectDescribe, path: string) {
  const found = fieldAt(session.context.org.schema, object, path);
  if (!found || !session.access.field(found.object, found.field).readable) return [];
  const label = path.includes('.') ? relationshipLabel(session, object, path, found.field.label) : found.field.label;
  return [{ fieldApiName: path, label, lookupId: null, sortable: found.field.sortable, dataType: found.field.type }];
}

/** `Account.Name` reads “Account Name”, `Owner.Alias` “Owner Alias”. */
function relationshipLabel(session: UiSession, object: ObjectDescribe, path: string, own: string): string {
  const reference = object.fieldByRelationship(path.split('.')[0] ?? '');
  if (!reference) return own;
  const base = reference.label.replace(/ ID$/, '');
  const parent = session.context.org.schema.object(
    reference.referenceTo.includes('User') ? 'User' : (reference.referenceTo[0] ?? ''),
  );
  const field = path.slice(path.indexOf('.') + 1);
  // The owner's name is the owner; an account's name is the account name.
  if (field === parent?.nameField?.name) return parent.name === 'User' || base === 'Name' ? base : `${base} Name`;
  return own.startsWith(base) ? own : `${base} ${own.replace(new RegExp(`^${parent?.label ?? ''} `), '')}`;
}

export function listInfo(session: UiSession, object: ObjectDescribe, apiName: string) {
  const view = listView(session, object, apiName);
  return {
    cloneable: false,
    createable: session.access.object(object).createable,
    deletable: false,
    displayColumns: view.columns.flatMap((path) => displayColumn(session, object, path)),
    eTag: `${object.name}.${view.apiName}`,
    filterLogicString: null,
    filteredByInfo: view.filters.map(({ field, operator, values }) => ({
      fieldApiName: field,
      label: fieldAt(session.context.org.schema, object, field)?.field.label ?? field,
      operandLabels: values,
      operator,
    })),
    label: view.label,
    listReference: { id: null, listViewApiName: view.apiName, objectApiName: object.name, type: 'listView' },
    objectApiNames: [object.name],
    orderedByInfo: [{ fieldApiName: defaultSort(session, object)[0], isAscending: true, label: null }],
    updateable: false,
    visibility: 'Public',
    scope: { apiName: view.mine ? 'mine' : 'everything', label: view.mine ? 'My' : 'All' },
  };
}

const defaultSort = (_session: UiSession, object: ObjectDescribe): readonly string[] => [
  object.nameField?.sortable ? object.nameField.name : 'Id',
];

export function listRecords(session: UiSession, object: ObjectDescribe, apiName: string, request: ListRequest) {
  const view = listView(session, object, apiName);
  const columns = resolveFields(session, object, view.columns, false);
  const paths = withLookupNames(session, object, [...new Set([...columns, ...extraPaths(session, object, request)])]);
  const conditions = [
    view.condition,
    view.mine ? `OwnerId = '${session.user.id}'` : '',
    searchCondition(session, object, columns, request.searchTerm),
  ];
  const result = page(session, object, paths, conditions, defaultSort(session, object), request);
  return {
    ...pageTokens(result),
    fields: paths.map((path) => `${object.name}.${path}`),
    listInfoETag: `${object.name}.${view.apiName}`,
    listReference: { id: null, listViewApiName: view.apiName, objectApiName: object.name, type: 'listView' },
    optionalFields: [],
    records: result.records,
    searchTerm: request.searchTerm ?? null,
    sortBy: result.sortBy,
    where: null,
  };
}

const extraPaths = (
  session: UiSession,
  object: ObjectDescribe,
  { fields = [], optionalFields = [] }: ListRequest,
): readonly string[] => [
  ...resolveFields(session, object, fields, true),
  ...resolveFields(session, object, optionalFields, false),
];

const likeText = (text: string): string => text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/[%_]/g, '\\\\$&');
const searchable = new Set(['string', 'email', 'phone', 'url', 'picklist', 'combobox']);

/** The search box of a list looks into the text columns that it shows, and into the names of lookups. */
function searchCondition(
  session: UiSession,
  object: ObjectDescribe,
  columns: readonly string[],
  term: string | undefined,
): string {
  const text = term?.trim() ?? '';
  if (text === '') return '';
  const paths = withLookupNames(session, object, [...new Set([...columns, object.nameField?.name ?? 'Name'])]).filter(
    (path) => {
      const field = fieldAt(session.context.org.schema, object, path)?.field;
      return field && searchable.has(field.type) && field.filterable;
    },
  );
  return paths.map((path) => `${path} LIKE '%${likeText(text)}%'`).join(' OR ');
}

/** The related lists on an object's layout that the user may see. */
function relatedLists(
  session: UiSession,
  object: ObjectDescribe,
  recordType: RecordTypeDescribe | null,
): readonly LayoutRelatedList[] {
  const { metadata, org } = session.context;
  return metadata.layout(object, session.user.profileName, recordType).relatedLists.filter(({ childObject }) => {
    const child = org.schema.object(childObject);
    return child && session.access.object(child).queryable;
  });
}

/** A related list by its Id; one that the layout does not hold is made from the relationship. */
function relatedList(
  session: UiSession,
  parent: ObjectDescribe,
  relatedListId: string,
  recordType: RecordTypeDescribe | null,
): { readonly list: LayoutRelatedList; readonly child: ObjectDescribe } {
  const relationship = parent.childRelationship(relatedListId);
  if (!relationship?.relationshipName) throw badRequest(`${relatedListId} is no related list of ${parent.name}.`);
  const child = visibleObject(session, relationship.childObject);
  const list = relatedLists(session, parent, recordType).find(
    (candidate) => candidate.relatedListId === relationship.relationshipName,
  ) ?? {
    relatedListId: relationship.relationshipName,
    childObject: child.name,
    field: relationship.field,
    columns: [],
    sort: null,
    excludedButtons: [],
  };
  return { list, child };
}

/** Columns of a related list; without any in the layout, those of the child's lists but the way back. */
function relatedColumns(list: LayoutRelatedList, child: ObjectDescribe): readonly string[] {
  if (list.columns.length > 0) return list.columns;
  const back = child.field(list.field)?.relationshipName;
  return defaultColumns(child).filter((path) => path !== list.field && !path.startsWith(`${back}.`));
}

/** @param recordTypeId of the parent record; missing: the master one */
export function relatedListInfos(session: UiSession, parent: ObjectDescribe, recordTypeId?: string) {
  return {
    eTag: parent.name,
    parentObjectApiName: parent.name,
    parentRecordTypeId: recordTypeId ?? null,
    relatedLists: relatedLists(session, parent, recordTypeOf(session, parent, recordTypeId)).map((list) => {
      const child = visibleObject(session, list.childObject);
      return {
        entityLabel: child.label,
        entityLabelPlural: child.labelPlural,
        fieldApiName: list.field,
        keyPrefix: child.keyPrefix,
        label: relatedLabel(parent, list, child),
        objectApiName: child.name,
        relatedListId: list.relatedListId,
        relatedListInfoUrl: null,
        themeInfo: { color: null, iconName: session.context.metadata.icon(child), iconUrl: null },
      };
    }),
  };
}

/** A second lookup from the same object is told apart by the lookup's label. */
function relatedLabel(parent: ObjectDescribe, list: LayoutRelatedList, child: ObjectDescribe): string {
  const siblings = parent.childRelationships.filter(
    ({ childObject, relationshipName }) => childObject === child.name && relationshipName !== null,
  );
  return siblings.length > 1
    ? `${child.labelPlural} (${child.field(list.field)?.label ?? list.field})`
    : child.labelPlural;
}

/** Order of a related list that the layout leaves open: history begins with the newest. */
function relatedSort(list: LayoutRelatedList, child: ObjectDescribe): NonNullable<LayoutRelatedList['sort']> {
  return (
    list.sort ??
    (child.kind === 'history'
      ? { field: 'CreatedDate', ascending: false }
      : { field: child.nameField?.sortable ? child.nameField.name : 'Id', ascending: true })
  );
}

/** @param recordTypeId of the parent record; missing: the master one */
export function relatedListInfo(
  session: UiSession,
  parent: ObjectDescribe,
  relatedListId: string,
  recordTypeId?: string,
) {
  const { list, child } = relatedList(session, parent, relatedListId, recordTypeOf(session, parent, recordTypeId));
  return {
    cloneable: false,
    createable: session.access.object(child).createable && !list.excludedButtons.includes('New'),
    deletable: session.access.object(child).deletable,
    displayColumns: relatedColumns(list, child).flatMap((path) => displayColumn(session, child, path)),
    eTag: `${parent.name}.${relatedListId}`,
    fieldApiName: list.field,
    filteredByInfo: [],
    label: relatedLabel(parent, list, child),
    listReference: {
      inContextOfRecordId: null,
      parentObjectApiName: parent.name,
      recordTypeId: recordTypeId ?? null,
      relatedListId: list.relatedListId,
      type: 'relatedList',
    },
    objectApiNames: [child.name],
    orderedByInfo: [
      {
        fieldApiName: relatedSort(list, child).field,
        isAscending: relatedSort(list, child).ascending,
        label: null,
      },
    ],
    iconName: session.context.metadata.icon(child),
    updateable: session.access.object(child).updateable,
    visibility: 'Public',
  };
}

export function relatedListRecords(session: UiSession, parentId: string, relatedListId: string, request: ListRequest) {
  const parent = objectOfId(session, parentId);
  const recordType = recordTypeOfRecord(session, parent, parentId);
  const { list, child } = relatedList(session, parent, relatedListId, recordType);
  const requested = [...(request.fields ?? []), ...(request.optionalFields ?? [])];
  const columns =
    requested.length > 0
      ? extraPaths(session, child, request)
      : resolveFields(session, child, relatedColumns(list, child), false);
  const paths = withLookupNames(session, child, columns);
  const { field, ascending } = relatedSort(list, child);
  const sort = [`${ascending ? '' : '-'}${field}`];
  const result = page(session, child, paths, [`${list.field} = '${parentId}'`], sort, request);
  return {
    ...pageTokens(result),
    fields: paths.map((path) => `${child.name}.${path}`),
    childObjectApiName: child.name,
    listInfoETag: `${parent.name}.${relatedListId}`,
    listReference: {
      inContextOfRecordId: parentId,
      parentObjectApiName: parent.name,
      recordTypeId: null,
      relatedListId: list.relatedListId,
      type: 'relatedList',
    },
    optionalFields: [],
    records: result.records,
    sortBy: result.sortBy,
  };
}

export function relatedListCount(session: UiSession, parentId: string, relatedListId: string, maxCount: number) {
  const parent = objectOfId(session, parentId);
  const recordType = recordTypeOfRecord(session, parent, parentId);
  const { list, child } = relatedList(session, parent, relatedListId, recordType);
  const { records } = session.transaction.query(
    `SELECT Id FROM ${child.name} WHERE ${list.field} = '${parentId}' LIMIT ${maxCount + 1}`,
    { accessMode: 'user', sharing: 'with' },
  );
  return {
    count: Math.min(records.length, maxCount),
    hasMore: records.length > maxCount,
    childObjectApiName: child.name,
    listReference: {
      inContextOfRecordId: parentId,
      parentObjectApiName: parent.name,
      recordTypeId: null,
      relatedListId: list.relatedListId,
      type: 'relatedList',
    },
  };
}

/** The record that a lookup is on, as far as its page knows it. */
export interface LookupSource {
  readonly record: SObjectRecord;
  readonly fieldName: string;
}

/** Records that a lookup can point to, by what was typed; with `source` those that its required filter lets through. */
export function lookupRecords(
  session: UiSession,
  target: ObjectDescribe,
  query: string,
  pageSize: number,
  offset: number,
  source: LookupSource | null = null,
) {
  const name = target.nameField?.name ?? 'Id';
  const columns = resolveFields(session, target, session.context.metadata.searchColumns(target).slice(0, 3), false);
  const paths = withLookupNames(session, target, [...new Set([name, ...columns])]);
  const active = target.name === 'User' ? 'IsActive = TRUE' : '';
  const text = query.trim();
  const match = text === '' ? '' : `${name} LIKE '%${likeText(text)}%'`;
  const conditions = [match, active];
  if (source?.record.describe.field(source.fieldName)?.lookupFilter?.optional === false)
    conditions.push(filteredIds(session, target, conditions, source));
  const result = page(session, target, paths, conditions, [name], { pageSize, pageToken: String(offset) });
  return { ...pageTokens(result), records: result.records };
}

/** A condition for those of the first records (by name) that pass the filter: the same check as on save. */
function filteredIds(
  session: UiSession,
  target: ObjectDescribe,
  conditions: readonly string[],
  { record, fieldName }: LookupSource,
): string {
  const where = conditions.filter((condition) => condition !== '').map((condition) => `(${condition})`);
  const { records } = session.transaction.query(
    `SELECT Id FROM ${target.name}${where.length > 0 ? ` WHERE ${where.join(' AND ')}` : ''} ORDER BY ${target.nameField?.name ?? 'Id'} LIMIT ${maximumOffset}`,
    { accessMode: 'user', sharing: 'with' },
  );
  const passing = records.flatMap(({ id }) => {
    record.values.set(fieldName, id);
    return session.transaction.passesLookupFilter(record, fieldName) ? [`'${id ?? ''}'`] : [];
  });
  return passing.length === 0 ? 'Id = NULL' : `Id IN (${passing.join(', ')})`;
}

/** Records of an object that has no list views, with the columns that a page chooses, in its order. */
export function tableRecords(
  session: UiSession,
  object: ObjectDescribe,
  columns: readonly string[],
  condition: string,
  request: ListRequest,
) {
  const paths = resolveFields(session, object, columns, false);
  const result = page(session, object, paths, [condition], defaultSort(session, object), request);
  return {
    ...pageTokens(result),
    objectApiName: object.name,
    displayColumns: paths.flatMap((path) => displayColumn(session, object, path)),
    records: result.records,
    sortBy: result.sortBy,
  };
}

const searchGroupSize = 5;

/** Records of any of these objects whose name (or e-mail, phone) holds the text. */
export function searchRecords(
  session: UiSession,
  objects: readonly ObjectDescribe[],
  query: string,
  groupSize = searchGroupSize,
) {
  return objects.flatMap((object) => {
    const columns = resolveFields(session, object, session.context.metadata.searchColumns(object), false);
    const paths = withLookupNames(session, object, columns);
    const condition = searchCondition(
      session,
      object,
      columns.filter((path) => !path.includes('.')),
      query,
    );
    const { records, hasMore } = page(session, object, paths, [condition], defaultSort(session, object), {
      pageSize: groupSize,
    });
    if (records.length === 0) return [];
    return [
      {
        objectApiName: object.name,
        label: object.labelPlural,
        iconName: session.context.metadata.icon(object),
        nameField: object.nameField?.name ?? 'Id',
        columns: columns.flatMap((path) => displayColumn(session, object, path)),
        records,
        hasMore,
      },
    ];
  });
}
