/** Addresses of tabs, and which tab a page belongs to. */
import type { TabFacts } from 'platform/pages';
import { urlOf } from 'platform/router';
import type { PageReference } from 'platform/router';

/** Address that a tab opens. */
export function tabUrl(tab: TabFacts): string {
  if (tab.itemType === 'home') return urlOf({ type: 'standard__namedPage', attributes: { pageName: 'home' } });
  if (tab.objectApiName)
    return urlOf({
      type: 'standard__objectPage',
      attributes: { objectApiName: tab.objectApiName, actionName: 'list' },
    });
  return urlOf({ type: 'standard__navItemPage', attributes: { apiName: tab.developerName } });
}

/** Is this tab the one for the page that is open? */
export function isCurrentTab(tab: TabFacts, page: PageReference | undefined): boolean {
  const attributes = page?.attributes ?? {};
  if (tab.itemType === 'home') return page?.type === 'standard__namedPage' && attributes.pageName === 'home';
  if (tab.objectApiName) return attributes.objectApiName === tab.objectApiName;
  return page?.type === 'standard__navItemPage' && attributes.apiName === tab.developerName;
}
