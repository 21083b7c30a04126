/** `lightning/uiLayoutApi`: page layouts. */
import { apiNameOf, createAdapter } from 'platform/dataService';
import { queryString, request } from 'platform/http';

/** Wire adapter: sections, rows and items of an object's page layout. */
export const getLayout = createAdapter((configuration) => {
  const object = apiNameOf(configuration.objectApiName);
  if (object === undefined) return undefined;
  const parameters = queryString({
    layoutType: apiNameOf(configuration.layoutType),
    mode: apiNameOf(configuration.mode),
    recordTypeId: apiNameOf(configuration.recordTypeId),
    formFactor: apiNameOf(configuration.formFactor),
  });
  return {
    key: `layout:${object}${parameters}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/layout/${object}${parameters}`),
  };
});
