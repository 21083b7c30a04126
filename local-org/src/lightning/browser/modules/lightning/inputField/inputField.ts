import { LightningElement, api } from 'lwc';
import { apiNameOf } from 'platform/dataService';
import { joinForm } from 'platform/formContext';
import type { FormState } from 'platform/formContext';

interface Input extends HTMLElement {
  showError(message: string): void;
  reportValidity(): boolean;
}

/** `lightning-input-field`: the input of a field inside a `lightning-record-edit-form`. */
export default class InputField extends LightningElement {
  @api disabled = false;
  @api required = false;
  @api readOnly = false;
  @api variant?: string;

  state?: FormState;
  own: Readonly<Record<string, unknown>> | undefined;
  apiName = '';
  errors = '';
  leave: (() => void) | undefined;

  @api get fieldName(): unknown {
    return this.apiName;
  }

  set fieldName(name: unknown) {
    this.apiName = (apiNameOf(name) ?? '').split('.').at(-1) ?? '';
  }

  @api get value(): unknown {
    return this.values[this.apiName];
  }

  set value(value: unknown) {
    this.own = { ...this.own, [this.apiName]: value };
  }

  connectedCallback(): void {
    const member = {
      fieldName: this.apiName,
      reportValidity: () => this.reportValidity(),
      focus: () => this.input?.focus(),
      values: () => this.own ?? {},
    };
    this.leave = joinForm(
      this as unknown as HTMLElement,
      (state) => {
        this.state = state;
        const errors = (state.fieldErrors[this.apiName] ?? []).join(' ');
        if (errors !== this.errors) {
          this.errors = errors;
          setTimeout(() => this.input?.showError(errors), 0);
        }
      },
      member,
    );
  }

  disconnectedCallback(): void {
    this.leave?.();
  }

  get isReady(): boolean {
    return this.state?.objectInfo !== undefined;
  }

  get values(): Readonly<Record<string, unknown>> {
    return { ...this.state?.values, ...this.own };
  }

  get isRequired(): boolean {
    return this.required || this.state?.objectInfo?.fields[this.apiName]?.required === true;
  }

  get isDisabled(): boolean {
    const info = this.state?.objectInfo?.fields[this.apiName];
    const writable = this.state?.isNew ? info?.createable : info?.updateable;
    return this.disabled || this.readOnly || (writable === false && !info?.nameField && info?.dataType !== 'Address');
  }

  get input(): Input | null | undefined {
    return this.template?.querySelector('shell-field-input');
  }

  handleChange(event: CustomEvent<{ values: Readonly<Record<string, unknown>> }>): void {
    this.own = { ...this.own, ...event.detail.values };
    const value = event.detail.values[this.apiName];
    this.dispatchEvent(
      new CustomEvent('change', {
        detail: { value, checked: value === true, ...event.detail.values },
        bubbles: true,
        composed: true,
      }),
    );
  }

  @api reportValidity(): boolean {
    return this.input?.reportValidity() ?? true;
  }

  @api reset(): void {
    this.own = undefined;
  }

  @api clean(): void {
    this.own = undefined;
  }

  @api focus(): void {
    this.input?.focus();
  }
}
