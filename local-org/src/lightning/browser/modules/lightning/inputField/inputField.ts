import { LightningElement, api } from 'lwc';
import { apiNameOf } from 'platform/dataService';
import { joinForm } from 'platform/formContext';
import type { FormHandle, FormState } from 'platform/formContext';

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
  /** A value that was given before the field stood in its form. */
  preset: { readonly value: unknown } | undefined;
  apiName = '';
  errors = '';
  form: FormHandle | undefined;

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
    if (this.form) this.form.enter({ [this.apiName]: value });
    else this.preset = { value };
  }

  connectedCallback(): void {
    const member = {
      fieldName: this.apiName,
      reportValidity: () => this.reportValidity(),
      focus: () => this.input?.focus(),
    };
    this.form = joinForm(
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
    if (this.preset) this.form?.enter({ [this.apiName]: this.preset.value });
    this.preset = undefined;
  }

  disconnectedCallback(): void {
    this.form?.leave();
    this.form = undefined;
  }

  get isReady(): boolean {
    return this.state?.objectInfo !== undefined;
  }

  get values(): Readonly<Record<string, unknown>> {
    return this.state?.values ?? {};
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
    this.form?.enter(event.detail.values);
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
    this.form?.reset(this.apiName);
  }

  @api clean(): void {
    this.form?.reset(this.apiName);
  }

  @api focus(): void {
    this.input?.focus();
  }
}
