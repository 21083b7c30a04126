/** Lightning pages as the server describes them. */
import { fetchOnce } from 'platform/dataService';
import { environment } from 'platform/environment';
import { queryString, request } from 'platform/http';
import type { SectionField } from 'platform/sections';

export interface VisibilityRule {
  readonly logic: string | null;
  readonly criteria: readonly { readonly left: string; readonly operator: string; readonly right: string }[];
}

export interface PageNodeFacts {
  readonly key: string;
  readonly kind: string;
  readonly visibility: VisibilityRule | null;
  readonly name?: string;
  readonly label?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly relatedListId?: string;
  readonly tabs?: readonly { readonly label: string; readonly items: readonly PageNodeFacts[] }[];
  readonly sections?: readonly { readonly label: string; readonly items: readonly PageNodeFacts[] }[];
  readonly active?: number;
  readonly columns?: readonly (readonly SectionField[])[];
  readonly html?: string;
  readonly objectName?: string;
  readonly listView?: string;
  readonly actionNames?: readonly string[] | null;
  readonly visibleActions?: number;
  readonly reason?: string;
  readonly place?: string;
}

export interface PageFacts {
  readonly name: string;
  readonly label: string;
  readonly rows: readonly {
    readonly columns: readonly { readonly width: number; readonly items: readonly PageNodeFacts[] }[];
  }[];
}

/** The page that a record opens with, and the record's object. */
export function fetchRecordPage(
  recordId: string,
  app: string,
): Promise<{ readonly objectApiName: string; readonly page: PageFacts }> {
  return request(
    'GET',
    `/local-org/pages/record/${recordId}${queryString({ app, formFactor: environment.formFactor })}`,
  );
}

/** A page by its name. Rejects with 404. */
export async function fetchPage(name: string): Promise<PageFacts> {
  const { page } = await fetchOnce<{ page: PageFacts }>({
    key: `page:${name}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/local-org/pages/page/${encodeURIComponent(name)}`),
  });
  return page;
}

/** The project's home page, null when it has none. */
export async function fetchHomePage(): Promise<PageFacts | null> {
  const { page } = await fetchOnce<{ page: PageFacts | null }>({
    key: 'page:home',
    tags: ['metadata'],
    fetch: () => request('GET', '/local-org/pages/home'),
  });
  return page;
}

export interface TabFacts {
  readonly developerName: string;
  readonly label: string;
  readonly iconName: string;
  readonly itemType: string;
  readonly objectApiName: string | null;
  readonly target: string;
}

export interface AppFacts {
  readonly developerName: string;
  readonly label: string;
  readonly description: string;
  readonly headerColor: string | null;
  readonly navItems: readonly TabFacts[];
}

/** Every app of the org. */
export async function fetchApps(): Promise<readonly AppFacts[]> {
  const { apps } = await fetchOnce<{ apps: readonly AppFacts[] }>({
    key: 'apps',
    tags: ['metadata'],
    fetch: () => request('GET', '/ui-api/apps'),
  });
  return apps;
}
