/** Addresses of the shell: page references to URLs and back, as Lightning Experience has them. */

export interface PageReference {
  readonly type: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly state?: Readonly<Record<string, string>>;
}

type Attributes = Readonly<Record<string, string | undefined>>;
type State = Readonly<Record<string, string | undefined>>;

interface Route {
  readonly type: string;
  readonly pattern: RegExp;
  /** Page reference of a path that matches. */
  readonly reference: (
    match: readonly (string | undefined)[],
    state: State,
  ) => { readonly attributes: Record<string, string>; readonly state?: State };
  /** Path for attributes, or undefined when this route is not the one for them. */
  readonly path: (attributes: Attributes, state: State) => { readonly path: string; readonly state: State } | undefined;
}

const encode = (value: string | undefined): string => encodeURIComponent(value ?? '');

/** First match wins, in both directions. */
const routes: readonly Route[] = [
  {
    type: 'standard__objectPage',
    pattern: /^\/lightning\/o\/(\w+)\/(list|home|new)$/,
    reference: ([, objectApiName = '', action = '']) => ({ attributes: { objectApiName, actionName: action } }),
    path: ({ objectApiName, actionName = 'list' }, state) => ({
      path: `/lightning/o/${encode(objectApiName)}/${encode(actionName)}`,
      state,
    }),
  },
  {
    type: 'standard__recordRelationshipPage',
    pattern: /^\/lightning\/r\/(?:(\w+)\/)?(\w{15,18})\/related\/(\w+)\/view$/,
    reference: ([, objectApiName = '', recordId = '', relationshipApiName = '']) => ({
      attributes: { objectApiName, recordId, relationshipApiName, actionName: 'view' },
    }),
    path: ({ objectApiName, recordId, relationshipApiName, actionName = 'view' }, state) => ({
      path: `/lightning/r/${objectApiName ? `${encode(objectApiName)}/` : ''}${encode(recordId)}/related/${encode(relationshipApiName)}/${encode(actionName)}`,
      state,
    }),
  },
  {
    type: 'standard__recordPage',
    pattern: /^\/lightning\/r\/(?:(\w+)\/)?(\w{15,18})\/(view|edit|clone)$/,
    reference: ([, objectApiName = '', recordId = '', actionName = '']) => ({
      attributes: { objectApiName, recordId, actionName },
    }),
    path: ({ objectApiName, recordId, actionName = 'view' }, state) => ({
      path: `/lightning/r/${objectApiName ? `${encode(objectApiName)}/` : ''}${encode(recordId)}/${encode(actionName)}`,
      state,
    }),
  },
  {
    type: 'standard__navItemPage',
    pattern: /^\/lightning\/n\/(\w+)$/,
    reference: ([, apiName = '']) => ({ attributes: { apiName } }),
    path: ({ apiName }, state) => ({ path: `/lightning/n/${encode(apiName)}`, state }),
  },
  {
    type: 'standard__namedPage',
    pattern: /^\/lightning\/page\/(\w+)$/,
    reference: ([, pageName = '']) => ({ attributes: { pageName } }),
    path: ({ pageName }, state) => ({ path: `/lightning/page/${encode(pageName)}`, state }),
  },
  {
    type: 'standard__app',
    pattern: /^\/lightning\/app\/(\w+)$/,
    reference: ([, appTarget = '']) => ({ attributes: { appTarget } }),
    path: ({ appTarget }, state) => ({
      path: `/lightning/app/${encode(appTarget?.replace(/^standard__|^c__/, ''))}`,
      state,
    }),
  },
  {
    type: 'standard__quickAction',
    pattern: /^\/lightning\/action\/quick\/([\w.]+)$/,
    reference: ([, apiName = '']) => ({ attributes: { apiName } }),
    path: ({ apiName }, state) => ({ path: `/lightning/action/quick/${encode(apiName)}`, state }),
  },
  {
    type: 'localOrg__setupPage',
    pattern: /^\/lightning\/setup\/(\w+)\/home$/,
    reference: ([, pageName = '']) => ({ attributes: { pageName } }),
    path: ({ pageName }, state) => ({ path: `/lightning/setup/${encode(pageName)}/home`, state }),
  },
  {
    type: 'standard__search',
    pattern: /^\/lightning\/search$/,
    reference: () => ({ attributes: {} }),
    path: (_attributes, state) => ({ path: '/lightning/search', state }),
  },
];

/** Page reference of an address of this site; undefined when no page has it. */
export function pageReferenceOf(url: string): PageReference | undefined {
  const { pathname, searchParams } = new URL(url, location.origin);
  const state = Object.fromEntries(searchParams);
  if (pathname === '/' || pathname === '/lightning' || pathname === '/lightning/')
    return { type: 'standard__namedPage', attributes: { pageName: 'home' }, state };
  for (const { type, pattern, reference } of routes) {
    const match = pattern.exec(pathname);
    if (match)
      return {
        type,
        ...reference(
          [...match].map((part) => (part === undefined ? undefined : decodeURIComponent(part))),
          state,
        ),
        state,
      };
  }
  return undefined;
}

/**
 * Address of a page reference.
 * @throws TypeError for a type that does not exist here, naming it
 */
export function urlOf(reference: PageReference): string {
  const attributes = (reference.attributes ?? {}) as Attributes;
  const state = reference.state ?? {};
  if (reference.type === 'standard__webPage') return String(attributes.url ?? '');
  const found = routes.find(({ type }) => type === reference.type)?.path(attributes, state);
  if (!found) throw new TypeError(`Page references of type ${reference.type} are not supported by the local org.`);
  const entries = Object.entries(found.state).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== null,
  );
  const search = new URLSearchParams(entries).toString();
  return search === '' ? found.path : `${found.path}?${search}`;
}

type Listener = (reference: PageReference | undefined) => void;

const listeners = new Set<Listener>();
let current = pageReferenceOf(location.href);

export function currentPageReference(): PageReference | undefined {
  return current;
}

/** Calls `listener` when the page changes; returns the function that ends it. */
export function onNavigation(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Opens a page; with `replace`, the one before is not kept in the history. Web pages open in a tab of their own. */
export function navigate(reference: PageReference, replace = false): void {
  const url = urlOf(reference);
  if (reference.type === 'standard__webPage') {
    const target = new URL(url, location.origin);
    if (!/^(https?|mailto|tel):$/.test(target.protocol)) throw new TypeError(`The address ${url} cannot be opened.`);
    if (target.origin !== location.origin || !target.pathname.startsWith('/lightning')) {
      window.open(target.href, '_blank', 'noopener');
      return;
    }
  }
  open(url, replace);
}

/** Opens an address of this site. */
export function open(url: string, replace = false): void {
  history[replace ? 'replaceState' : 'pushState']({}, '', url);
  settle();
}

function settle(): void {
  current = pageReferenceOf(location.href);
  for (const listener of [...listeners]) listener(current);
}

window.addEventListener('popstate', settle);
