/** `lightning/uiRelatedListApi`: the related lists of a record. */
import { apiNameOf, apiNamesOf, createAdapter } from 'platform/dataService';
import { queryString, request } from 'platform/http';
import type { Column } from 'platform/metadata';
import { normalizedId } from 'platform/records';
import type { RecordRepresentation } from 'platform/records';

interface RelatedListRecords {
  readonly records: readonly RecordRepresentation[];
  readonly listReference: { readonly parentObjectApiName: string; readonly relatedListId: string };
  readonly nextPageToken: string | null;
  readonly sortBy: readonly string[];
  readonly childObjectApiName?: string;
}

interface RelatedListInfo {
  readonly label: string;
  readonly displayColumns: readonly Column[];
  readonly createable: boolean;
  readonly objectApiNames: readonly string[];
  readonly iconName: string;
  readonly fieldApiName: string;
}

interface RelatedListInfos {
  readonly relatedLists: readonly {
    readonly relatedListId: string;
    readonly label: string;
    readonly objectApiName: string;
  }[];
}

/** Lists of activities show tasks and events. */
const activityLists: ReadonlySet<string> = new Set(['OpenActivity', 'ActivityHistory']);

/** What a list of an object's records follows. */
function objectTags(childObjectApiName: string | undefined): readonly string[] {
  if (childObjectApiName === undefined) return [];
  return activityLists.has(childObjectApiName) ? ['object:Task', 'object:Event'] : [`object:${childObjectApiName}`];
}

/** Wire adapter: records of one related list. */
export const getRelatedListRecords = createAdapter<RelatedListRecords>((configuration) => {
  const parentId = normalizedId(configuration.parentRecordId);
  const relatedListId = apiNameOf(configuration.relatedListId);
  if (parentId === undefined || relatedListId === undefined) return undefined;
  const body = {
    fields: apiNamesOf(configuration.fields),
    optionalFields: apiNamesOf(configuration.optionalFields),
    sortBy: apiNamesOf(configuration.sortBy),
    ...(configuration.pageSize === undefined ? {} : { pageSize: configuration.pageSize }),
    ...(configuration.pageToken === undefined ? {} : { pageToken: String(configuration.pageToken) }),
    ...(configuration.where === undefined ? {} : { where: configuration.where }),
  };
  return {
    key: `relatedList:${parentId}:${relatedListId}:${JSON.stringify(body)}`,
    tags: [parentId],
    fetch: () => request('POST', `/ui-api/related-list-records/${parentId}/${relatedListId}`, body),
    tagsOf: (data) => [...objectTags(data.childObjectApiName), ...data.records.map(({ id }) => id)],
  };
});

/** Wire adapter: how many records a related list has. */
export const getRelatedListCount = createAdapter<{ readonly count: number; readonly childObjectApiName?: string }>(
  (configuration) => {
    const parentId = normalizedId(configuration.parentRecordId);
    const relatedListId = apiNameOf(configuration.relatedListId);
    if (parentId === undefined || relatedListId === undefined) return undefined;
    const parameters = queryString({ maxCount: configuration.maxCount as number | undefined });
    return {
      key: `relatedListCount:${parentId}:${relatedListId}${parameters}`,
      tags: [parentId],
      fetch: () => request('GET', `/ui-api/related-list-count/${parentId}/${relatedListId}${parameters}`),
      tagsOf: ({ childObjectApiName }) => objectTags(childObjectApiName),
    };
  },
);

/** Wire adapter: the related lists of an object's layout. */
export const getRelatedListsInfo = createAdapter<RelatedListInfos>((configuration) => {
  const object = apiNameOf(configuration.parentObjectApiName);
  if (object === undefined) return undefined;
  const parameters = queryString({ recordTypeId: apiNameOf(configuration.recordTypeId) });
  return {
    key: `relatedLists:${object}${parameters}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/related-list-info/${object}${parameters}`),
  };
});

/** Wire adapter: columns and labels of one related list. */
export const getRelatedListInfo = createAdapter<RelatedListInfo>((configuration) => {
  const object = apiNameOf(configuration.parentObjectApiName);
  const relatedListId = apiNameOf(configuration.relatedListId);
  if (object === undefined || relatedListId === undefined) return undefined;
  const parameters = queryString({ recordTypeId: apiNameOf(configuration.recordTypeId) });
  return {
    key: `relatedListInfo:${object}:${relatedListId}${parameters}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/related-list-info/${object}/${relatedListId}${parameters}`),
  };
});
