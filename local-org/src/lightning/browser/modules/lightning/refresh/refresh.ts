/** `lightning/refresh`: refreshing what a view shows on demand. */
import { refreshAll } from 'platform/dataService';

export const refreshEventName = 'lightning__refreshview';

/** Asks the view around the component to refresh. */
export class RefreshEvent extends CustomEvent<undefined> {
  constructor() {
    super(refreshEventName, { bubbles: true, composed: true, cancelable: true });
  }
}

export const REFRESH_COMPLETE = 'refreshComplete';
export const REFRESH_COMPLETE_WITH_ERROR = 'refreshCompleteWithError';
export const REFRESH_ERROR = 'refreshError';

type RefreshHandler = () => Promise<unknown> | unknown;
type RefreshMethod = (refresh: Promise<string>) => void;

interface Registration {
  readonly element: unknown;
  readonly run: RefreshHandler;
}

const handlers = new Map<number, Registration>();
const containers = new Map<number, { readonly element: EventTarget; readonly listener: (event: Event) => void }>();
let lastId = 0;

/** Calls `handler` of the component whenever the view around it refreshes; returns the Id for `unregisterRefreshHandler`. */
export function registerRefreshHandler(element: unknown, handler: RefreshHandler): number {
  lastId += 1;
  handlers.set(lastId, { element, run: () => handler.call(element) });
  return lastId;
}

export function unregisterRefreshHandler(id: number): void {
  handlers.delete(id);
}

/** Makes a component a view of its own: it hears the refresh events from inside and runs the handlers there. */
export function registerRefreshContainer(element: unknown, method: RefreshMethod): number {
  lastId += 1;
  const target = hostOf(element);
  const listener = (event: Event): void => {
    event.stopPropagation();
    method.call(element, refreshView());
  };
  target.addEventListener(refreshEventName, listener);
  containers.set(lastId, { element: target, listener });
  return lastId;
}

export function unregisterRefreshContainer(id: number): void {
  const container = containers.get(id);
  container?.element.removeEventListener(refreshEventName, container.listener);
  containers.delete(id);
}

/** Runs every handler and refetches what Lightning Data Service shows; resolves to one of the REFRESH_ constants. */
export async function refreshView(): Promise<string> {
  const outcomes = await Promise.allSettled([refreshAll(), ...[...handlers.values()].map(async ({ run }) => run())]);
  return outcomes.some(({ status }) => status === 'rejected') ? REFRESH_COMPLETE_WITH_ERROR : REFRESH_COMPLETE;
}

function hostOf(element: unknown): EventTarget {
  return element as EventTarget;
}
