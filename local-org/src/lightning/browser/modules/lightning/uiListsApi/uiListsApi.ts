/** `lightning/uiListsApi`: list views. */
import { apiNameOf, apiNamesOf, createAdapter } from 'platform/dataService';
import { queryString, request } from 'platform/http';
import type { Column } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';

interface ListRecords {
  readonly records: readonly RecordRepresentation[];
  readonly nextPageToken: string | null;
  readonly sortBy: readonly string[];
}

interface ListInfo {
  readonly label: string;
  readonly displayColumns: readonly Column[];
}

interface ListInfos {
  readonly lists: readonly { readonly apiName: string; readonly label: string }[];
}

/** Wire adapter: label, columns and filter of a list view. */
export const getListInfoByName = createAdapter<ListInfo>((configuration) => {
  const object = apiNameOf(configuration.objectApiName);
  const listView = apiNameOf(configuration.listViewApiName);
  if (object === undefined || listView === undefined) return undefined;
  return {
    key: `listInfo:${object}:${listView}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/list-info/${object}/${listView}`),
  };
});

/** Wire adapter: the list views of an object. */
export const getListInfosByObjectName = createAdapter<ListInfos>((configuration) => {
  const object = apiNameOf(configuration.objectApiName);
  if (object === undefined) return undefined;
  const parameters = queryString({
    pageSize: configuration.pageSize as number | undefined,
    q: configuration.q as string | undefined,
  });
  return {
    key: `listInfos:${object}${parameters}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/list-info/${object}${parameters}`),
  };
});

/** Wire adapter: records of a list view. */
export const getListRecordsByName = createAdapter<ListRecords>((configuration) => {
  const object = apiNameOf(configuration.objectApiName);
  const listView = apiNameOf(configuration.listViewApiName);
  if (object === undefined || listView === undefined) return undefined;
  const body = {
    fields: apiNamesOf(configuration.fields),
    optionalFields: apiNamesOf(configuration.optionalFields),
    sortBy: apiNamesOf(configuration.sortBy),
    pageSize: configuration.pageSize,
    pageToken: configuration.pageToken,
    searchTerm: configuration.searchTerm,
    where: configuration.where,
  };
  return {
    key: `listRecords:${object}:${listView}:${JSON.stringify(body)}`,
    tags: [`object:${object}`],
    fetch: () => request('POST', `/ui-api/list-records/${object}/${listView}`, body),
    tagsOf: ({ records }) => records.map(({ id }) => id),
  };
});
