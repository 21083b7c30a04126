/** `lightning/uiAppsApi`: the apps that the user can open. */
import { apiNameOf, createAdapter } from 'platform/dataService';
import { queryString, request } from 'platform/http';

/** Wire adapter: navigation items of the user. */
export const getNavItems = createAdapter((configuration) => {
  const parameters = queryString({ formFactor: apiNameOf(configuration.formFactor) ?? 'Large' });
  return {
    key: `navItems${parameters}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/nav-items${parameters}`),
  };
});
