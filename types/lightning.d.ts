/** Platform modules that no npm package declares; shapes from the LWC Developer Guide and the UI API Developer Guide. */

declare module 'lightning/uiRecordApi' {
  import type { WireAdapterConstructor } from 'lwc';

  export interface FieldId {
    fieldApiName: string;
    objectApiName: string;
  }

  export interface FieldValueRepresentation {
    displayValue: string | null;
    value: unknown;
  }

  export interface RecordRepresentation {
    apiName: string;
    id: string;
    fields: Record<string, FieldValueRepresentation>;
  }

  interface GetRecordConfig {
    recordId: string | undefined;
    fields?: readonly (FieldId | string)[];
    optionalFields?: readonly (FieldId | string)[];
  }

  export const getRecord: WireAdapterConstructor<GetRecordConfig, { data?: RecordRepresentation; error?: unknown }>;
  export function getFieldValue(record: RecordRepresentation, field: FieldId | string): unknown;
  /** Has the page's data service fetch records anew that Apex has changed. */
  export function notifyRecordUpdateAvailable(records: readonly { recordId: string }[]): Promise<void>;
}

declare module 'lightning/navigation' {
  import type { LightningElement } from 'lwc';

  export interface RecordPageReference {
    type: 'standard__recordPage';
    attributes: { recordId: string; actionName: 'view'; objectApiName?: string };
  }

  const Navigate: unique symbol;
  const GenerateUrl: unique symbol;

  /** What the mixin adds to a component. */
  export interface Navigating extends LightningElement {
    [Navigate](reference: RecordPageReference): void;
    [GenerateUrl](reference: RecordPageReference): Promise<string>;
  }

  export const NavigationMixin: {
    readonly Navigate: typeof Navigate;
    readonly GenerateUrl: typeof GenerateUrl;
    (base: typeof LightningElement): new () => Navigating;
  };
}

declare module 'lightning/platformShowToastEvent' {
  export interface Toast {
    title: string;
    message?: string;
    variant?: 'info' | 'success' | 'warning' | 'error';
    mode?: 'dismissible' | 'pester' | 'sticky';
  }

  export class ShowToastEvent extends CustomEvent<Toast> {
    constructor(toast: Toast);
  }
}

declare module '@salesforce/apex' {
  /** Fetches what a wire of a cacheable Apex method holds anew. */
  export function refreshApex(wired: unknown): Promise<void>;
}

declare module '@salesforce/i18n/locale' {
  const locale: string;
  export default locale;
}

declare module '@salesforce/i18n/currency' {
  const currency: string;
  export default currency;
}

declare module '@salesforce/i18n/dir' {
  const direction: 'ltr' | 'rtl';
  export default direction;
}

declare module '@salesforce/i18n/timeZone' {
  const timeZone: string;
  export default timeZone;
}
