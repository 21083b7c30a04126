/**
 * The data service: one cache for everything that wires show. An entry carries tags (record Ids, `object:Account`);
 * a change of one of them refetches the entry when somebody shows it and forgets it otherwise. Results are frozen,
 * and subscribers hear of an entry only when its data really changed.
 */
import { deepFreeze, stableJson } from 'platform/http';

export interface WireResult<T = unknown> {
  readonly data: T | undefined;
  readonly error: unknown;
}

/** What an adapter wants for a configuration. */
export interface Plan<T = unknown> {
  /** Equal keys share one entry. */
  readonly key: string;
  /** Tags that are known beforehand. */
  readonly tags: readonly string[];
  readonly fetch: () => Promise<T>;
  /** Further tags that the data tells: the Ids of the records in a list. */
  readonly tagsOf?: (data: T) => readonly string[];
}

type Subscriber = () => void;

/** One cached answer. */
export class Entry<T = unknown> {
  data: T | undefined = undefined;
  error: unknown = undefined;
  readonly subscribers = new Set<Subscriber>();
  readonly #plan: Plan<T>;
  #tags: ReadonlySet<string>;
  #loading: Promise<void> | undefined = undefined;
  /** Raised by every demand for fresh data; a load that started before it runs again. */
  #wanted = 0;

  constructor(plan: Plan<T>) {
    this.#plan = plan;
    this.#tags = new Set(plan.tags);
  }

  get settled(): boolean {
    return this.data !== undefined || this.error !== undefined;
  }

  get loading(): boolean {
    return this.#loading !== undefined;
  }

  hasTag(tags: ReadonlySet<string>): boolean {
    for (const tag of this.#tags) if (tags.has(tag)) return true;
    return false;
  }

  /** Loads when there is nothing yet. */
  load(): Promise<void> {
    return this.settled && !this.#loading ? Promise.resolve() : (this.#loading ??= this.#run());
  }

  /** Loads again; resolves when data that are newer than this call have arrived. */
  refresh(): Promise<void> {
    this.#wanted += 1;
    return (this.#loading ??= this.#run());
  }

  async #run(): Promise<void> {
    // Give way once, so that everything that is asked for in one tick is asked for together.
    await Promise.resolve();
    for (;;) {
      const wanted = this.#wanted;
      try {
        const data = await this.#plan.fetch();
        if (wanted === this.#wanted) {
          this.#settle(data, undefined);
          return;
        }
      } catch (error) {
        if (wanted === this.#wanted) {
          this.#settle(undefined, error ?? new Error('Unknown error'));
          return;
        }
      }
    }
  }

  #settle(data: T | undefined, error: unknown): void {
    this.#loading = undefined;
    const unchanged =
      error === undefined &&
      this.error === undefined &&
      this.data !== undefined &&
      stableJson(this.data) === stableJson(data);
    if (!unchanged) {
      this.data = deepFreeze(data);
      this.error = error;
      if (data !== undefined) this.#tags = new Set([...this.#plan.tags, ...(this.#plan.tagsOf?.(data) ?? [])]);
    }
    // Subscribers know themselves whether it is news: one of them may have waited for this load.
    for (const subscriber of [...this.subscribers]) subscriber();
  }
}

const cache = new Map<string, Entry>();

/** The entry of a plan, made when it does not exist. */
export function entryOf<T>(plan: Plan<T>): Entry<T> {
  let entry = cache.get(plan.key);
  if (!entry) {
    entry = new Entry(plan as Plan);
    cache.set(plan.key, entry);
  }
  return entry as Entry<T>;
}

/** Data of a plan, from the cache or the server. Throws what the server answered. */
export async function fetchOnce<T>(plan: Plan<T>): Promise<T> {
  const entry = entryOf(plan);
  await entry.load();
  if (entry.error !== undefined) {
    const { error } = entry;
    if (entry.subscribers.size === 0) cache.delete(plan.key);
    throw error;
  }
  return entry.data as T;
}

let pending: { tags: Set<string>; done: Promise<void> } | undefined;

/**
 * Tells the cache that records changed. Calls of one moment (the answer to a save and the server's broadcast of the
 * same save) become one round of refetching.
 */
export function notifyChanged(tags: Iterable<string>): Promise<void> {
  if (!pending) {
    const batch = { tags: new Set<string>(), done: Promise.resolve() };
    batch.done = new Promise<void>((resolve) => setTimeout(resolve, 15)).then(async () => {
      pending = undefined;
      await refetch(batch.tags);
    });
    pending = batch;
  }
  for (const tag of tags) pending.tags.add(tag);
  return pending.done;
}

async function refetch(tags: ReadonlySet<string>): Promise<void> {
  const loads: Promise<void>[] = [];
  for (const [key, entry] of cache) {
    if (!entry.hasTag(tags)) continue;
    if (entry.subscribers.size > 0) loads.push(entry.refresh());
    else cache.delete(key);
  }
  await Promise.all(loads);
}

/** Refetches everything of Lightning Data Service that is on screen. */
export async function refreshAll(): Promise<void> {
  const loads: Promise<void>[] = [];
  for (const [key, entry] of cache) {
    if (key.startsWith('apex:')) continue;
    if (entry.subscribers.size > 0) loads.push(entry.refresh());
    else cache.delete(key);
  }
  await Promise.all(loads);
}

/** Non-enumerable mark on every result that a wire hands out. Functions pass LWC's read-only proxies as they are. */
const entryMark = Symbol('entry');

/** `refreshApex` and its relatives: reloads what a wire was given; resolves when the wire has the new data. */
export function refreshWired(result: unknown): Promise<void> {
  const mark =
    typeof result === 'object' && result !== null ? (result as Record<symbol, unknown>)[entryMark] : undefined;
  return typeof mark === 'function' ? (mark as () => Entry)().refresh() : Promise.resolve();
}

function resultOf<T>(entry: Entry, data: T | undefined, error: unknown): WireResult<T> {
  const result: WireResult<T> = { data, error };
  Object.defineProperty(result, entryMark, { value: () => entry });
  return result;
}

type DataCallback = (result: WireResult) => void;
export type WireConfiguration = Readonly<Record<string, unknown>>;

export interface WireAdapter {
  update(configuration: WireConfiguration): void;
  connect(): void;
  disconnect(): void;
}

/** What `@wire` takes: an adapter that gives results with data of this type. */
export type WireAdapterClass<T> = new (callback: (result: WireResult<T>) => void) => WireAdapter;

/**
 * Makes a wire adapter.
 * @param plan what to fetch; undefined while a required parameter is missing, then the wire stays as it was
 * @param select what this configuration sees of the entry's data
 */
export function createAdapter<T>(
  plan: (configuration: WireConfiguration) => Plan<T> | undefined,
  select: (data: T, configuration: WireConfiguration) => unknown = (data) => data,
): WireAdapterClass<T> {
  const Adapter = class implements WireAdapter {
    readonly #callback: DataCallback;
    #entry: Entry<T> | undefined;
    #key: string | undefined;
    #configuration: WireConfiguration = {};
    #connected = false;
    #emitted: string | undefined;
    readonly #push = (): void => {
      const entry = this.#entry;
      if (!entry?.settled) return;
      const data = entry.data === undefined ? undefined : select(entry.data, this.#configuration);
      // A wider fetch for another component is no news to this one.
      const text = stableJson([data, entry.error]);
      if (text === this.#emitted) return;
      this.#emitted = text;
      this.#callback(resultOf(entry as Entry, deepFreeze(data), entry.error));
    };

    constructor(callback: DataCallback) {
      this.#callback = callback;
      callback({ data: undefined, error: undefined });
    }

    update(configuration: WireConfiguration): void {
      const wanted = plan(configuration);
      if (!wanted) return;
      const key = `${wanted.key} ${stableJson(configuration)}`;
      if (key === this.#key) return;
      this.#key = key;
      this.#configuration = configuration;
      this.#entry?.subscribers.delete(this.#push);
      this.#entry = entryOf(wanted);
      this.#emitted = undefined;
      if (this.#connected) this.#subscribe();
    }

    connect(): void {
      this.#connected = true;
      if (this.#entry) this.#subscribe();
    }

    disconnect(): void {
      this.#connected = false;
      this.#entry?.subscribers.delete(this.#push);
    }

    #subscribe(): void {
      const entry = this.#entry;
      if (!entry) return;
      entry.subscribers.add(this.#push);
      // While it loads, what is there may lack the fields that this configuration added.
      if (!entry.loading) this.#push();
      void entry.load();
    }
  };
  return Adapter as unknown as WireAdapterClass<T>;
}

/** Name of an object or field given as a text or as an import of `@salesforce/schema`. */
export function apiNameOf(reference: unknown): string | undefined {
  if (typeof reference === 'string') return reference === '' ? undefined : reference;
  if (typeof reference !== 'object' || reference === null) return undefined;
  const { objectApiName, fieldApiName } = reference as { objectApiName?: string; fieldApiName?: string };
  if (fieldApiName !== undefined) return `${objectApiName}.${fieldApiName}`;
  return objectApiName;
}

/** Names in a list or in one value, `[]` for nothing. */
export function apiNamesOf(references: unknown): readonly string[] {
  const list = Array.isArray(references)
    ? references
    : references === undefined || references === null
      ? []
      : [references];
  return list.map(apiNameOf).filter((name) => name !== undefined);
}
