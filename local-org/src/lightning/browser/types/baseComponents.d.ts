/** Declarations of those base components that the shell uses as classes or functions. */

declare module 'lightning/modal' {
  import { LightningElement } from 'lwc';
  export default class LightningModal extends LightningElement {
    size: 'small' | 'medium' | 'large' | 'full';
    label: string;
    disableClose: boolean;
    /** Opens the window; resolves to what `close` was given, or undefined. */
    static open(
      options: { readonly label: string; readonly size?: string } & Readonly<Record<string, unknown>>,
    ): Promise<unknown>;
    close(result?: unknown): void;
  }
}

declare module 'lightning/alert' {
  export default class LightningAlert {
    static open(options: { readonly label: string; readonly message: string; readonly theme?: string }): Promise<void>;
  }
}

declare module 'lightning/toast' {
  const Toast: {
    show(options: {
      readonly label: string;
      readonly message?: string;
      readonly messageLinks?: Readonly<Record<string, { readonly url: string; readonly label: string }>>;
      readonly variant: string;
      readonly mode: string;
    }): void;
  };
  export default Toast;
}

declare module 'lightning/toastContainer' {
  const ToastContainer: { instance(): { maxToasts: number; toastPosition: string } };
  export default ToastContainer;
}

declare module 'lightning/routingService' {
  export class LinkInfo {
    constructor(url: string, dispatcher: () => void);
  }
  export function registerLinkProvider(element: Element, provider: (event: never) => void): void;
}
