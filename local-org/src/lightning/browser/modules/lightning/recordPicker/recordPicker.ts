import { LightningElement, api } from 'lwc';
import { fetchOnce } from 'platform/dataService';
import { queryString, request } from 'platform/http';
import { objectInfoPlan } from 'platform/metadata';
import type { ObjectInfo } from 'platform/metadata';
import { fetchRecordTitle } from 'platform/records';
import type { RecordRepresentation } from 'platform/records';
import { text } from 'shell/strings';

interface Box extends HTMLElement {
  focusAndOpenDropdownIfNotEmpty(): void;
  setCustomValidity(message: string): void;
  reportValidity(): boolean;
  checkValidity(): boolean;
}

interface Item {
  readonly type: 'option-card' | 'option-inline';
  readonly text: string;
  readonly subText?: string;
  readonly iconName: string;
  readonly iconSize: string;
  readonly value: string;
}

/** `lightning-record-picker`: finds a record by typing a part of its name. Fires `change` with `{ recordId }`. */
export default class RecordPicker extends LightningElement {
  @api label = '';
  @api objectApiName = '';
  @api placeholder?: string;
  @api required = false;
  @api disabled = false;
  @api fieldLevelHelp?: string;
  @api variant?: string;
  @api messageWhenValueMissing = text.required;
  /** Object and field of a lookup whose target this is; for forms. */
  @api lookupObject?: string;
  @api lookupField?: string;
  /** Values of fields that the lookup's filter depends on: `AccountId=001…,Type__c=New`. */
  @api lookupBindings?: string;

  objectInfo?: ObjectInfo;
  items: readonly Item[] = [];
  inputText = '';
  isSearching = false;
  pill: { readonly label: string; readonly iconName: string; readonly iconSize: string } | null = null;
  recordId: string | null = null;
  search = 0;

  @api get value(): string | null {
    return this.recordId;
  }

  set value(value: string | null | undefined) {
    const next = value || null;
    if (next === this.recordId) return;
    this.recordId = next;
    void this.showSelected();
  }

  get boxPlaceholder(): string {
    return this.placeholder ?? text.opensRecord(this.objectInfo?.labelPlural ?? '');
  }

  get nameField(): string {
    return this.objectInfo?.nameFields[0] ?? 'Name';
  }

  async connectedCallback(): Promise<void> {
    this.objectInfo = await fetchOnce(objectInfoPlan(this.objectApiName));
    await this.showSelected();
  }

  async showSelected(): Promise<void> {
    const { recordId, objectInfo } = this;
    if (!objectInfo) return;
    if (!recordId) {
      this.pill = null;
      return;
    }
    const iconName = objectInfo.themeInfo.iconName;
    this.pill = { label: '…', iconName, iconSize: 'small' };
    try {
      // A lookup of several objects may point to any of them.
      const { title, iconName: own } = await fetchRecordTitle(recordId);
      if (this.recordId === recordId) this.pill = { label: title, iconName: own, iconSize: 'small' };
    } catch {
      this.pill = { label: recordId, iconName, iconSize: 'small' };
    }
  }

  handleFocus(): void {
    if (this.items.length > 0 || this.pill) return;
    // The list opens by itself when it has arrived, as it does for somebody who types.
    void this.find('').then(() =>
      setTimeout(() => this.template?.activeElement && this.box?.focusAndOpenDropdownIfNotEmpty(), 0),
    );
  }

  handleText(event: CustomEvent<{ text: string }>): void {
    this.inputText = event.detail.text;
    void this.find(event.detail.text);
  }

  async find(typed: string): Promise<void> {
    this.search += 1;
    const { search } = this;
    // A pause in typing, so that not every letter is a request.
    if (typed !== '') await new Promise((resolve) => setTimeout(resolve, 150));
    if (search !== this.search) return;
    this.isSearching = true;
    const target = this.objectApiName;
    const path =
      this.lookupObject && this.lookupField
        ? `/ui-api/lookups/${this.lookupObject}/${this.lookupField}/${target}`
        : `/local-org/lookup/${target}`;
    try {
      const { records } = await request<{ records: readonly RecordRepresentation[] }>(
        'GET',
        path + queryString({ q: typed, pageSize: 10, dependentFieldBindings: this.lookupBindings }),
      );
      if (search === this.search) this.items = records.map((record) => this.itemOf(record));
    } catch {
      this.items = [];
    }
    if (search === this.search) this.isSearching = false;
  }

  itemOf(record: RecordRepresentation): Item {
    const iconName = this.objectInfo?.themeInfo.iconName ?? '';
    const secondary = Object.entries(record.fields)
      .filter(([name, { value }]) => name !== this.nameField && !name.endsWith('Id') && value !== null)
      .map(([, { value, displayValue }]) => displayValue ?? (typeof value === 'string' ? value : null))
      .find((value) => value !== null && value !== undefined && !/^[a-zA-Z0-9]{18}$/.test(value));
    return {
      type: 'option-card',
      text: String(record.fields[this.nameField]?.value ?? record.id),
      ...(secondary ? { subText: secondary } : {}),
      iconName,
      iconSize: 'small',
      value: record.id,
    };
  }

  handleSelect(event: CustomEvent<{ value: string }>): void {
    event.stopPropagation();
    const { value } = event.detail;
    const chosen = this.items.find((item) => item.value === value);
    if (!chosen) return;
    this.recordId = value;
    this.pill = { label: chosen.text, iconName: chosen.iconName, iconSize: 'small' };
    this.inputText = '';
    this.items = [];
    this.emit();
  }

  handleRemove(event: Event): void {
    event.stopPropagation();
    this.clearSelection();
    this.emit();
    // The input has the focus already: what can be chosen instead comes without a key.
    this.handleFocus();
  }

  emit(): void {
    this.box?.setCustomValidity('');
    this.dispatchEvent(new CustomEvent('change', { detail: { recordId: this.recordId } }));
  }

  get box(): Box | null | undefined {
    return this.template?.querySelector<Box>('.box');
  }

  @api clearSelection(): void {
    this.recordId = null;
    this.pill = null;
    this.inputText = '';
  }

  @api focus(): void {
    this.box?.focus();
  }

  @api blur(): void {
    this.box?.blur();
  }

  @api setCustomValidity(message: string): void {
    this.box?.setCustomValidity(message);
  }

  @api reportValidity(): boolean {
    return this.box?.reportValidity() ?? true;
  }

  @api checkValidity(): boolean {
    return this.box?.checkValidity() ?? true;
  }
}
