import { LightningElement, api } from 'lwc';
import type { FieldInfo, ObjectInfo, PicklistFieldValues } from 'platform/metadata';
import { text } from 'shell/strings';

type Values = Readonly<Record<string, unknown>>;

interface Control extends HTMLElement {
  reportValidity?: () => boolean;
  checkValidity?: () => boolean;
  setCustomValidity?: (message: string) => void;
  setCustomValidityForField?: (message: string, field: string) => void;
}

const inputTypes: Readonly<Record<string, string>> = {
  Email: 'email',
  Phone: 'tel',
  Url: 'text',
  Date: 'date',
  DateTime: 'datetime',
  Time: 'time',
};
const addressParts: Readonly<Record<string, string>> = {
  Street: 'street',
  City: 'city',
  State: 'province',
  PostalCode: 'postalCode',
  Country: 'country',
};

/**
 * The input for a field, by its type. Fires `fieldchange` with `{ values }`: the API names and raw values that changed
 * (several for an address or a person's name).
 */
export default class FieldInput extends LightningElement {
  @api objectInfo?: ObjectInfo;
  @api field = '';
  /** Raw values of the record's fields by API name. */
  @api values: Values = {};
  @api picklists: Readonly<Record<string, PicklistFieldValues>> = {};
  @api required = false;
  @api disabled = false;
  /** Label other than the field's own. */
  @api fieldLabel = '';

  strings = text;

  get info(): FieldInfo | undefined {
    return this.objectInfo?.fields[this.field];
  }

  get objectApiName(): string {
    return this.objectInfo?.apiName ?? '';
  }

  get label(): string {
    return this.fieldLabel || this.lookupLabel || this.info?.label || this.field;
  }

  /** “Account ID” reads “Account” at an input. */
  get lookupLabel(): string {
    return this.isLookup ? (this.info?.label ?? '').replace(/ ID$/, '') : '';
  }

  get help(): string | undefined {
    return this.info?.inlineHelpText ?? undefined;
  }

  get value(): unknown {
    return this.values[this.field] ?? undefined;
  }

  get dataType(): string {
    return this.info?.dataType ?? 'String';
  }

  get isAddress(): boolean {
    return this.dataType === 'Address';
  }

  get address(): Values {
    return Object.fromEntries(
      Object.entries(addressParts).map(([part, name]) => [name, this.values[this.addressPrefix + part] ?? '']),
    );
  }

  get addressPrefix(): string {
    return this.field.replace(/Address$/, '');
  }

  get isPersonName(): boolean {
    return this.info?.nameField === true && this.objectInfo?.fields.LastName?.compoundFieldName === this.field;
  }

  get personParts(): readonly string[] {
    return ['salutation', 'firstName', 'lastName'].filter(
      (part) => this.objectInfo?.fields[part.charAt(0).toUpperCase() + part.slice(1)],
    );
  }

  get person(): Values {
    return { firstName: this.values.FirstName, lastName: this.values.LastName, salutation: this.values.Salutation };
  }

  get isLookup(): boolean {
    return this.info?.reference === true;
  }

  /** A polymorphic owner is looked up among users. */
  get targetObject(): string {
    const targets = this.info?.referenceToInfos.map(({ apiName }) => apiName) ?? [];
    return targets.includes('User') ? 'User' : (targets[0] ?? '');
  }

  get isPicklist(): boolean {
    return this.dataType === 'Picklist';
  }

  /** A picklist that other texts can be typed into, such as the subject of a task. */
  get isComboBox(): boolean {
    return this.dataType === 'ComboBox';
  }

  get comboText(): string {
    return typeof this.value === 'string' ? this.value : '';
  }

  get suggestions() {
    return this.choices(this.field, this.values).map(({ label, value }) => ({
      type: 'option-inline',
      text: label,
      value,
    }));
  }

  get isMultiPicklist(): boolean {
    return this.dataType === 'MultiPicklist';
  }

  get options(): readonly { label: string; value: string }[] {
    const name = this.isPersonName ? 'Salutation' : this.field;
    const values = this.choices(name, this.values).map(({ label, value }) => ({ label, value }));
    const current = this.value;
    // A value that is no longer active stays selectable on the record that has it.
    const inactive =
      this.isPicklist && typeof current === 'string' && current !== '' && !values.some(({ value }) => value === current)
        ? [{ label: current, value: current }]
        : [];
    return this.isPicklist && !this.required
      ? [{ label: text.none, value: '' }, ...inactive, ...values]
      : [...inactive, ...values];
  }

  /** Values that can be chosen: of a dependent picklist, those for the controlling field's value. */
  choices(name: string, values: Values): PicklistFieldValues['values'] {
    const picklist = this.picklists[name];
    const controller = this.objectInfo?.fields[name]?.controllerName;
    if (!picklist || !controller) return picklist?.values ?? [];
    const controlling =
      values[controller] ?? (this.objectInfo?.fields[controller]?.dataType === 'Boolean' ? false : '');
    const index = picklist.controllerValues[String(controlling)];
    return index === undefined ? [] : picklist.values.filter(({ validFor }) => validFor.includes(index));
  }

  /** Values of the fields that the search of a filtered lookup depends on. */
  get lookupBindings(): string {
    const fields = this.info?.filteredLookupInfo?.controllingFields ?? [];
    return fields.map((name) => `${name}=${String(this.values[name] ?? '')}`).join(',');
  }

  get picklistValue(): unknown {
    return this.value ?? (this.required ? undefined : '');
  }

  get multiValue(): readonly string[] {
    return typeof this.value === 'string' && this.value !== '' ? this.value.split(';') : [];
  }

  get isCheckbox(): boolean {
    return this.dataType === 'Boolean';
  }

  get isChecked(): boolean {
    return this.value === true;
  }

  get isRichText(): boolean {
    return this.dataType === 'TextArea' && this.info?.htmlFormatted === true;
  }

  get isTextArea(): boolean {
    return this.dataType === 'TextArea';
  }

  get isNumber(): boolean {
    return /^(Currency|Double|Int|Long|Percent)$/.test(this.dataType);
  }

  get step(): string {
    const scale = this.info?.scale ?? 0;
    return scale > 0 ? `0.${'0'.repeat(scale - 1)}1` : '1';
  }

  get formatter(): string {
    return this.dataType === 'Currency' ? 'currency' : this.dataType === 'Percent' ? 'percent-fixed' : 'decimal';
  }

  get inputType(): string {
    return inputTypes[this.dataType] ?? 'text';
  }

  get maxLength(): number | undefined {
    return this.info && this.info.length > 0 ? this.info.length : undefined;
  }

  get control(): Control | null | undefined {
    return this.template?.querySelector('.control');
  }

  handleDetailValue(event: CustomEvent<{ value?: unknown; recordId?: string | null }>): void {
    event.stopPropagation();
    const value = this.isLookup ? event.detail.recordId : event.detail.value;
    this.emit({ [this.field]: value === '' || value === undefined ? null : value });
  }

  handleComboText(event: CustomEvent<{ text: string }>): void {
    event.stopPropagation();
    this.emit({ [this.field]: event.detail.text === '' ? null : event.detail.text });
  }

  handleNumber(event: CustomEvent<{ value: string }>): void {
    event.stopPropagation();
    const { value } = event.detail;
    this.emit({ [this.field]: value === '' || value === null || value === undefined ? null : Number(value) });
  }

  handleMulti(event: CustomEvent<{ value: readonly string[] }>): void {
    event.stopPropagation();
    this.emit({ [this.field]: event.detail.value.length > 0 ? event.detail.value.join(';') : null });
  }

  handleChecked(event: CustomEvent<{ checked: boolean }>): void {
    event.stopPropagation();
    this.emit({ [this.field]: event.detail.checked });
  }

  handleAddress(event: CustomEvent<Readonly<Record<string, string>>>): void {
    event.stopPropagation();
    this.emit(
      Object.fromEntries(
        Object.entries(addressParts).map(([part, name]) => [this.addressPrefix + part, event.detail[name] || null]),
      ),
    );
  }

  handleName(event: CustomEvent<Readonly<Record<string, string>>>): void {
    event.stopPropagation();
    const { firstName, lastName, salutation } = event.detail;
    this.emit({
      FirstName: firstName || null,
      LastName: lastName || null,
      ...(this.personParts.includes('salutation') ? { Salutation: salutation || null } : {}),
    });
  }

  emit(values: Values): void {
    this.showError('');
    const detail = { values: { ...values, ...this.cleared(values) } };
    this.dispatchEvent(new CustomEvent('fieldchange', { detail }));
  }

  /** Values of dependent picklists that no longer suit are taken away, at every level. */
  cleared(changed: Values): Values {
    const next = { ...this.values, ...changed };
    const cleared: Record<string, null> = {};
    const visit = (controller: string): void => {
      for (const info of Object.values(this.objectInfo?.fields ?? {})) {
        const value = next[info.apiName] ?? null;
        if (info.controllerName !== controller || value === null) continue;
        const given = info.dataType === 'MultiPicklist' && typeof value === 'string' ? value.split(';') : [value];
        const allowed = this.choices(info.apiName, next).map((choice) => choice.value);
        if (given.every((one) => allowed.includes(String(one)))) continue;
        next[info.apiName] = null;
        cleared[info.apiName] = null;
        visit(info.apiName);
      }
    };
    for (const name of Object.keys(changed)) visit(name);
    return cleared;
  }

  /** Shows a message at the input, or takes it away with ''. */
  @api showError(message: string): void {
    const { control } = this;
    if (this.isAddress) control?.setCustomValidityForField?.(message, 'street');
    else if (this.isPersonName) control?.setCustomValidityForField?.(message, 'lastName');
    else control?.setCustomValidity?.(message);
    if (message !== '' || this._hadError) control?.reportValidity?.();
    this._hadError = message !== '';
  }

  _hadError = false;

  /** Shows what is wrong with the entry; true when nothing is. */
  @api reportValidity(): boolean {
    return this.control?.reportValidity?.() ?? true;
  }

  @api focus(): void {
    this.control?.focus();
  }
}
