/** `lightning/messageService`: messages between the components of a page, by channel. */

export interface MessageChannel {
  readonly developerName: string;
}

export interface Subscription {
  readonly id: number;
}

type Listener = (message: unknown) => void;

interface Subscriber {
  readonly channel: string;
  readonly listener: Listener;
  readonly context: MessageContextValue;
  readonly everywhere: boolean;
}

/** Scope of a subscriber that also hears messages while its page is not the active one. */
export const APPLICATION_SCOPE = Symbol('APPLICATION_SCOPE');

class MessageContextValue {
  active = true;
}

const subscribers = new Map<number, Subscriber>();
let lastId = 0;

/** A context for code that is no Lightning web component; end it with `releaseMessageContext`. */
export function createMessageContext(): MessageContextValue {
  return new MessageContextValue();
}

export function releaseMessageContext(context: MessageContextValue): void {
  context.active = false;
  for (const [id, subscriber] of subscribers) if (subscriber.context === context) subscribers.delete(id);
}

/** Hands `message` (a JSON value) to the subscribers of the channel. */
export function publish(_context: MessageContextValue, channel: MessageChannel, message?: unknown): void {
  for (const { channel: name, listener, context, everywhere } of [...subscribers.values()]) {
    if (name === channel.developerName && (context.active || everywhere)) listener(message);
  }
}

export function subscribe(
  context: MessageContextValue,
  channel: MessageChannel,
  listener: Listener,
  options: { readonly scope?: symbol } = {},
): Subscription {
  lastId += 1;
  subscribers.set(lastId, {
    channel: channel.developerName,
    listener,
    context,
    everywhere: options.scope === APPLICATION_SCOPE,
  });
  return Object.freeze({ id: lastId });
}

export function unsubscribe(subscription: Subscription | null | undefined): void {
  if (subscription) subscribers.delete(subscription.id);
}

/** Wire adapter that gives a component its context and releases it with the component. */
export class MessageContext {
  readonly #callback: (value: MessageContextValue) => void;
  #context: MessageContextValue;

  constructor(callback: (value: MessageContextValue) => void) {
    this.#callback = callback;
    this.#context = createMessageContext();
    callback(this.#context);
  }

  update(): void {}

  connect(): void {
    if (this.#context.active) return;
    this.#context = createMessageContext();
    this.#callback(this.#context);
  }

  disconnect(): void {
    releaseMessageContext(this.#context);
  }
}
