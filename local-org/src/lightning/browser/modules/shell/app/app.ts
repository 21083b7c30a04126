import { LightningElement } from 'lwc';
import { refreshEventName, refreshView } from 'lightning/refresh';
import { registerLinkProvider, LinkInfo } from 'lightning/routingService';
import { ShowToastEventName } from 'lightning/platformShowToastEvent';
import type { ToastOptions } from 'lightning/platformShowToastEvent';
import { fetchOnce } from 'platform/dataService';
import { errorText } from 'platform/errors';
import { objectInfoPlan } from 'platform/metadata';
import { fetchActionForm, fetchRecordAction } from 'platform/quickActions';
import { fetchApps } from 'platform/pages';
import type { AppFacts, TabFacts } from 'platform/pages';
import { currentPageReference, navigate, onNavigation, open, urlOf } from 'platform/router';
import type { PageReference } from 'platform/router';
import { tabUrl } from 'platform/tabs';
import { createInModal, editInModal, performAction, performForm } from 'shell/actions';
import { text } from 'shell/strings';
import { placeToasts, showEventToast, showToast } from 'shell/toasts';

interface View {
  readonly record?: boolean;
  readonly recordId?: string;
  readonly relatedListId?: string;
  readonly list?: boolean;
  readonly objectApiName?: string;
  readonly filterName?: string;
  readonly home?: boolean;
  readonly search?: boolean;
  readonly term?: string;
  readonly tab?: TabFacts;
  readonly setup?: string;
}

const rememberedApp = 'local-org:app';

/** The whole page: header, tabs, and the page that the address names. */
export default class App extends LightningElement {
  strings = text;
  apps: readonly AppFacts[] = [];
  appName = localStorage.getItem(rememberedApp) ?? '';
  page: PageReference | undefined = currentPageReference();
  ready = false;
  errorMessage = '';
  endNavigation: (() => void) | undefined;

  async connectedCallback(): Promise<void> {
    placeToasts();
    const { host } = this.template as ShadowRoot;
    // On the document: windows stand outside of this component.
    document.addEventListener(ShowToastEventName, takeToast, true);
    document.addEventListener(refreshEventName, () => void refreshView());
    // Base components (lookups, URLs) ask here for the address behind a page reference.
    registerLinkProvider(host, provideLink);
    this.endNavigation = onNavigation((page) => this.handlePage(page));
    try {
      this.apps = await fetchApps();
      this.ready = true;
      this.handlePage(this.page, false);
    } catch (error) {
      this.errorMessage = errorText(error);
    }
  }

  disconnectedCallback(): void {
    this.endNavigation?.();
  }

  get app(): AppFacts | undefined {
    return this.apps.find(({ developerName }) => developerName === this.appName) ?? this.apps[0];
  }

  /** The app whose page assignments count: the first one until somebody chooses. */
  get shownApp(): string {
    return this.app?.developerName ?? '';
  }

  get brandStyle(): string {
    return `--local-org-brand: ${this.app?.headerColor ?? '#0b5cab'}`;
  }

  /** One list page for each object: another object starts with a fresh one. */
  get keyedObject(): readonly string[] {
    return this.view.objectApiName ? [this.view.objectApiName] : [];
  }

  get view(): View {
    const { type, attributes = {}, state = {} } = this.page ?? { type: '' };
    const attribute = (name: string): string => String(attributes[name] ?? '');
    switch (type) {
      case 'standard__recordPage':
        return { record: true, recordId: attribute('recordId') };
      case 'standard__recordRelationshipPage':
        return { record: true, recordId: attribute('recordId'), relatedListId: attribute('relationshipApiName') };
      case 'standard__objectPage':
        return {
          list: true,
          objectApiName: attribute('objectApiName'),
          ...(state.filterName ? { filterName: state.filterName } : {}),
        };
      case 'standard__search':
        return { search: true, term: state.term ?? '' };
      case 'standard__namedPage':
        return attribute('pageName') === 'home' ? { home: true } : {};
      case 'localOrg__setupPage':
        return { setup: attribute('pageName') };
      case 'standard__navItemPage': {
        const tab = this.apps
          .flatMap(({ navItems }) => navItems)
          .find(({ developerName }) => developerName === attribute('apiName'));
        return tab ? { tab } : {};
      }
      default:
        return {};
    }
  }

  /** Addresses that are actions open their window over the page that they belong to. */
  handlePage(page: PageReference | undefined, moved = true): void {
    if (page?.type === 'standard__quickAction') {
      const action = String(page.attributes?.apiName ?? '');
      const state = page.state ?? {};
      // The action's window opens over the page that is open; an address that was typed gets one below it.
      const below = moved && this.page ? this.page : pageBelow(state);
      navigate(below, true);
      void openQuickAction(action, state);
      return;
    }
    this.page = page;
    if (moved) {
      window.scrollTo(0, 0);
      this.template?.querySelector<HTMLElement>('.main')?.focus({ preventScroll: true });
    }
    const { type, attributes = {}, state = {} } = page ?? { type: '' };
    const objectApiName = String(attributes.objectApiName ?? '');
    if (type === 'standard__app') this.openApp(String(attributes.appTarget ?? ''));
    else if (type === 'standard__objectPage' && attributes.actionName === 'home')
      navigate({ type, attributes: { objectApiName, actionName: 'list' } }, true);
    else if (type === 'standard__objectPage' && attributes.actionName === 'new') void this.create(objectApiName, state);
    else if (type === 'standard__recordPage' && attributes.actionName === 'edit') {
      const recordId = String(attributes.recordId);
      navigate({ type, attributes: { ...attributes, actionName: 'view' } }, true);
      void editInModal({ recordId, objectApiName, label: objectApiName, name: '' });
    }
  }

  async create(objectApiName: string, state: Readonly<Record<string, string>>): Promise<void> {
    navigate({ type: 'standard__objectPage', attributes: { objectApiName, actionName: 'list' } }, true);
    const recordId = await createInModal(objectApiName, objectApiName, defaultValues(state));
    if (recordId)
      navigate({ type: 'standard__recordPage', attributes: { objectApiName, recordId, actionName: 'view' } });
  }

  openApp(name: string): void {
    const app = this.apps.find(({ developerName }) => developerName === name);
    if (!app) return;
    this.appName = app.developerName;
    localStorage.setItem(rememberedApp, app.developerName);
    const [first] = app.navItems;
    open(first ? tabUrl(first) : urlOf({ type: 'standard__namedPage', attributes: { pageName: 'home' } }), true);
  }

  handleApp(event: CustomEvent<{ app: string }>): void {
    this.openApp(event.detail.app);
  }

  handleSkip(event: Event): void {
    event.preventDefault();
    this.template?.querySelector<HTMLElement>('.main')?.focus();
  }

  handleHome(): void {
    navigate({ type: 'standard__namedPage', attributes: { pageName: 'home' } });
  }

  handleReload(): void {
    location.reload();
  }
}

type State = Readonly<Record<string, string>>;

/** `defaultFieldValues` of a page reference's state: `Name=A%20b,Rating__c=Hot`. */
const defaultValues = (state: State): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (state.defaultFieldValues ?? '').split(',').flatMap((pair) => {
      const [name, value] = pair.split('=');
      return name && value !== undefined ? [[name, decodeURIComponent(value)]] : [];
    }),
  );

const pageBelow = ({ recordId, objectApiName = '' }: State): PageReference =>
  recordId
    ? { type: 'standard__recordPage', attributes: { recordId, objectApiName, actionName: 'view' } }
    : { type: 'standard__namedPage', attributes: { pageName: 'home' } };

/** Opens what a `standard__quickAction` page reference names, for the record of its state or for none. */
async function openQuickAction(name: string, state: State): Promise<void> {
  const { recordId } = state;
  try {
    const action = recordId ? await fetchRecordAction(recordId, name) : undefined;
    if (action?.kind === 'screen' || action?.kind === 'headless' || action?.kind === 'refused') {
      const objectApiName = state.objectApiName ?? name.split('.')[0] ?? '';
      const { label } = await fetchOnce(objectInfoPlan(objectApiName));
      await performAction(action, { recordId: recordId ?? '', objectApiName, label, name: '' });
      return;
    }
    const form = await fetchActionForm(name, recordId);
    await performForm(form, form.kind === 'update' ? recordId : undefined, defaultValues(state));
  } catch (error) {
    showToast(text.actionFailed(name), 'error', errorText(error));
  }
}

function takeToast(event: Event): void {
  const { detail } = event as CustomEvent<ToastOptions & { readonly toast?: unknown }>;
  // Toasts of lightning/toast carry their class and are the container's own business.
  if (detail.toast) return;
  event.stopImmediatePropagation();
  showEventToast(detail);
}

function provideLink(
  event: CustomEvent<{
    stateRef: { stateType: string; attributes: Record<string, unknown> };
    callback: (error: unknown, info?: unknown) => void;
  }>,
): void {
  const { stateRef, callback } = event.detail;
  event.stopPropagation();
  try {
    const reference: PageReference = { type: stateRef.stateType, attributes: stateRef.attributes };
    callback(null, new LinkInfo(urlOf(reference), () => navigate(reference)));
  } catch (error) {
    callback(error);
  }
}
