/** `lightning/navigation`: opening pages, and knowing which one is open. */
import { currentPageReference, navigate, onNavigation, urlOf } from 'platform/router';
import type { PageReference } from 'platform/router';

const Navigate = Symbol('Navigate');
const GenerateUrl = Symbol('GenerateUrl');

type Constructor = new (...parameters: never[]) => object;

interface Navigation {
  <Base extends Constructor>(base: Base): Base;
  readonly Navigate: typeof Navigate;
  readonly GenerateUrl: typeof GenerateUrl;
}

function mixin<Base extends Constructor>(base: Base): Base {
  return class extends (base as Constructor) {
    [Navigate](reference: PageReference, replace = false): void {
      navigate(reference, replace);
    }

    async [GenerateUrl](reference: PageReference): Promise<string> {
      return urlOf(reference);
    }
  } as unknown as Base;
}

/** Gives a component the methods `this[NavigationMixin.Navigate]` and `this[NavigationMixin.GenerateUrl]`. */
export const NavigationMixin: Navigation = Object.assign(mixin, { Navigate, GenerateUrl } as const);

/** Wire adapter: the page that is open. */
export class CurrentPageReference {
  readonly #callback: (reference: PageReference | undefined) => void;
  #end: (() => void) | undefined;

  constructor(callback: (reference: PageReference | undefined) => void) {
    this.#callback = callback;
    callback(currentPageReference());
  }

  update(): void {}

  connect(): void {
    this.#callback(currentPageReference());
    this.#end = onNavigation((reference) => {
      if (reference) this.#callback(reference);
    });
  }

  disconnect(): void {
    this.#end?.();
  }
}
