import { LightningElement, api } from 'lwc';
import { apiNameOf } from 'platform/dataService';
import { joinForm } from 'platform/formContext';
import type { FormHandle, FormState } from 'platform/formContext';

/** `lightning-output-field`: label and value of a field inside a record form. */
export default class OutputField extends LightningElement {
  @api variant?: string;
  @api fieldClass?: string;

  state?: FormState;
  apiName = '';
  form: FormHandle | undefined;

  @api get fieldName(): unknown {
    return this.apiName;
  }

  set fieldName(name: unknown) {
    this.apiName = (apiNameOf(name) ?? '').split('.').at(-1) ?? '';
  }

  connectedCallback(): void {
    this.form = joinForm(this as unknown as HTMLElement, (state) => {
      this.state = state;
    });
  }

  disconnectedCallback(): void {
    this.form?.leave();
  }

  get isReady(): boolean {
    return this.state?.record !== undefined;
  }

  get showsLabel(): boolean {
    return this.variant !== 'label-hidden';
  }

  get label(): string {
    return (this.state?.objectInfo?.fields[this.apiName]?.label ?? '').replace(/ ID$/, '');
  }
}
