import { api } from 'lwc';
import { closeActionScreenEventName } from 'lightning/actions';
import LightningModal from 'lightning/modal';
import { text } from 'shell/strings';

/** The window of a screen action: its component, until it or the person closes it. */
export default class ActionModal extends LightningModal {
  @api component: unknown;
  @api recordId = '';
  @api objectApiName = '';

  strings = text;
  failure = '';
  hasPanel = false;

  /** A component without a lightning-quick-action-panel is the window's content. */
  get contentClass(): string {
    return this.hasPanel ? 'panel' : 'slds-modal__content slds-modal__content_headless slds-p-around_medium';
  }

  /** The body of a panel has made itself known to the window. */
  handlePanel(): void {
    this.hasPanel = true;
  }

  get properties(): Readonly<Record<string, unknown>> {
    return { recordId: this.recordId, objectApiName: this.objectApiName };
  }

  get failureTitle(): string {
    return text.actionFailed(this.label ?? '');
  }

  connectedCallback(): void {
    const { host } = this.template as unknown as { host: HTMLElement };
    host.addEventListener(closeActionScreenEventName, (event) => {
      event.stopPropagation();
      this.close();
    });
  }

  errorCallback(error: Error, stack: string): void {
    console.error(error, stack);
    this.component = undefined;
    this.failure = error.message;
  }

  handleClose(): void {
    this.close();
  }
}
