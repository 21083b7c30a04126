import { LightningElement } from 'lwc';
import { joinForm } from 'platform/formContext';
import type { FormHandle } from 'platform/formContext';

/** `lightning-messages`: the errors of the form around it that belong to no field. */
export default class Messages extends LightningElement {
  messages: readonly string[] = [];
  form: FormHandle | undefined;

  connectedCallback(): void {
    this.form = joinForm(this as unknown as HTMLElement, (form) => {
      this.messages = form.messages;
    });
  }

  disconnectedCallback(): void {
    this.form?.leave();
  }

  get hasErrors(): boolean {
    return this.messages.length > 0;
  }

  get items(): readonly { key: number; text: string }[] {
    return this.messages.map((text, key) => ({ key, text }));
  }
}
