import { LightningElement, api } from 'lwc';
import { createRecord, updateRecord } from 'lightning/uiRecordApi';
import { fetchOnce } from 'platform/dataService';
import { errorText, sortErrors } from 'platform/errors';
import { request } from 'platform/http';
import { createDefaultsPlan, layoutPlan, objectInfoPlan, picklistsPlan } from 'platform/metadata';
import type {
  LayoutItem,
  LayoutRepresentation,
  LayoutSection,
  ObjectInfo,
  PicklistFieldValues,
} from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { text } from 'shell/strings';

interface FieldElement extends HTMLElement {
  showError(message: string): void;
  reportValidity(): boolean;
}

interface Cell {
  readonly key: string;
  readonly field: string | null;
  readonly label: string;
  readonly editable: boolean;
  readonly required: boolean;
}

interface SectionView {
  readonly id: string;
  readonly heading: string;
  readonly useHeading: boolean;
  readonly className: string;
  readonly columns: readonly { readonly key: string; readonly cells: readonly Cell[] }[];
}

type Values = Record<string, unknown>;

/**
 * The form of a record from its page layout, or from given sections. `save` resolves to the saved record, or to
 * undefined after it showed what is wrong: at the field where a message belongs to one, on top otherwise.
 */
export default class RecordForm extends LightningElement {
  @api objectApiName = '';
  /** Absent for a new record. */
  @api recordId?: string;
  /** Record type of a new record; the user's default one otherwise. */
  @api recordTypeId?: string;
  /** Values that the form starts with, in place of the record's. */
  @api defaults: Readonly<Values> = {};
  /** Sections other than the layout's, in the UI API's shape. */
  @api givenSections?: readonly LayoutSection[];
  /** Field that gets the focus. */
  @api focusField = '';

  strings = text;
  isLoading = true;
  loadError = '';
  objectInfo?: ObjectInfo;
  layout?: LayoutRepresentation;
  record?: RecordRepresentation;
  picklists: Readonly<Record<string, PicklistFieldValues>> = {};
  values: Values = {};
  changed: Values = {};
  messages: readonly { key: number; text: string }[] = [];
  failedFields: readonly { field: string; label: string }[] = [];
  focusPending = false;

  async connectedCallback(): Promise<void> {
    try {
      await this.load();
    } catch (error) {
      this.loadError = errorText(error);
    }
    this.isLoading = false;
    this.focusPending = true;
  }

  async load(): Promise<void> {
    const { objectApiName, recordId } = this;
    const [objectInfo, record] = await Promise.all([
      fetchOnce(objectInfoPlan(objectApiName)),
      recordId
        ? request<RecordRepresentation>(
            'GET',
            `/ui-api/records/${recordId}?layoutTypes=Full&optionalFields=${encodeURIComponent(this.sectionFields().join(','))}`,
          )
        : fetchOnce(createDefaultsPlan(objectApiName, this.givenRecordTypeId)).then(({ record: defaults }) => defaults),
    ]);
    // The record's type decides which layout the form has and which values its picklists offer.
    const [layout, { picklistFieldValues }] = await Promise.all([
      this.givenSections
        ? { sections: this.givenSections, excludedButtons: [] }
        : fetchOnce(layoutPlan(objectApiName, 'Full', recordId ? 'Edit' : 'Create', record.recordTypeId)),
      fetchOnce(picklistsPlan(objectApiName, record.recordTypeId)),
    ]);
    this.objectInfo = objectInfo;
    this.layout = layout;
    this.picklists = picklistFieldValues;
    this.record = record;
    const current = Object.fromEntries(
      Object.entries(record.fields)
        .filter(([, { value }]) => typeof value !== 'object' || value === null)
        .map(([name, { value }]) => [name, value]),
    );
    const { RecordTypeId: _type, ...defaults } = this.defaults;
    // The form's own values say of which type the record is; of the master one nothing is saved.
    this.values = { ...current, ...defaults };
    // A new record is saved with everything that it shows.
    this.changed = recordId
      ? { ...defaults }
      : Object.fromEntries(
          Object.entries(this.values).filter(([, value]) => value !== null && value !== undefined && value !== ''),
        );
  }

  /** The type that `recordTypeId` or the values to start with name. */
  get givenRecordTypeId(): string | undefined {
    const { RecordTypeId } = this.defaults;
    return this.recordTypeId ?? (typeof RecordTypeId === 'string' ? RecordTypeId : undefined);
  }

  sectionFields(): readonly string[] {
    return (this.givenSections ?? []).flatMap(({ layoutRows }) =>
      layoutRows.flatMap(({ layoutItems }) =>
        layoutItems.flatMap(({ layoutComponents }) =>
          layoutComponents.flatMap(({ apiName }) => (apiName ? [`${this.objectApiName}.${apiName}`] : [])),
        ),
      ),
    );
  }

  renderedCallback(): void {
    if (!this.focusPending || this.isLoading) return;
    this.focusPending = false;
    const inputs = this.inputs();
    const wanted =
      inputs.find((input) => input.dataset.field === this.focusField) ?? (this.recordId ? undefined : inputs[0]);
    // After the window has settled: it focuses its own first element. Somebody who is quicker keeps the focus.
    if (wanted) setTimeout(() => this.template?.activeElement || wanted.focus(), 120);
  }

  inputs(): FieldElement[] {
    return [...(this.template?.querySelectorAll<FieldElement>('shell-field-input') ?? [])];
  }

  get sections(): readonly SectionView[] {
    return (this.layout?.sections ?? [])
      .map((section) => ({
        id: section.id,
        heading: section.heading,
        useHeading: section.useHeading && section.heading !== '',
        className: section.columns > 1 ? 'columns columns_2' : 'columns',
        columns: Array.from({ length: section.columns }, (_column, index) => ({
          key: `${section.id}-${index}`,
          cells: section.layoutRows
            .map(({ layoutItems }, row) => this.cellOf(layoutItems[index], `${row}`))
            .filter((cell) => cell.field !== null || section.columns > 1),
        })),
      }))
      .filter(({ columns }) =>
        columns.some(({ cells }) => cells.some(({ editable }) => editable || this.recordId !== undefined)),
      );
  }

  cellOf(item: LayoutItem | undefined, key: string): Cell {
    const field = item?.layoutComponents[0]?.apiName ?? null;
    const info = field === null ? undefined : this.objectInfo?.fields[field];
    const isCompound =
      info !== undefined &&
      Object.values(this.objectInfo?.fields ?? {}).some(({ compoundFieldName }) => compoundFieldName === field);
    const permitted = isCompound || (this.recordId ? info?.updateable : info?.createable) === true;
    const editable =
      field !== null && permitted && (this.recordId ? item?.editableForUpdate : item?.editableForNew) === true;
    const label = (item?.label || info?.label || '').replace(/ ID$/, '');
    // On a new record there is nothing to read in a field that nobody can fill.
    if (!editable && !this.recordId) return { key, field: null, label: '', editable: false, required: false };
    return {
      key,
      field,
      label,
      editable,
      required: (item?.required ?? false) || (editable && info?.required === true && !isCompound),
    };
  }

  get hasErrors(): boolean {
    return this.messages.length + this.failedFields.length > 0;
  }

  @api get isDirty(): boolean {
    return Object.keys(this.changed).length > 0;
  }

  handleChange(event: CustomEvent<{ values: Values }>): void {
    this.values = { ...this.values, ...event.detail.values };
    this.changed = { ...this.changed, ...event.detail.values };
  }

  handleFailedField(event: Event): void {
    const { field } = (event.currentTarget as HTMLElement).dataset;
    this.inputs()
      .find((input) => input.dataset.field === field)
      ?.focus();
  }

  /** Saves; undefined when the form shows what has to be corrected. */
  @api async save(): Promise<RecordRepresentation | undefined> {
    this.showErrors([], {});
    const invalid = this.inputs().filter((input) => !input.reportValidity());
    if (invalid.length > 0) {
      invalid[0]?.focus();
      return undefined;
    }
    try {
      if (!this.recordId) return await createRecord({ apiName: this.objectApiName, fields: this.changed });
      return await updateRecord({ fields: { Id: this.recordId, ...this.changed } });
    } catch (error) {
      const { messages, fields } = sortErrors(error);
      this.showErrors(messages, fields);
      return undefined;
    }
  }

  showErrors(messages: readonly string[], fields: Readonly<Record<string, readonly string[]>>): void {
    const shown = this.inputs();
    const inputOf = (name: string): FieldElement | undefined =>
      shown.find(
        (input) =>
          input.dataset.field === name || input.dataset.field === this.objectInfo?.fields[name]?.compoundFieldName,
      );
    const elsewhere = Object.entries(fields)
      .filter(([name]) => !inputOf(name))
      .flatMap(([name, list]) => list.map((message) => `${this.objectInfo?.fields[name]?.label ?? name}: ${message}`));
    this.messages = [...messages, ...elsewhere].map((message, key) => ({ key, text: message }));
    this.failedFields = Object.keys(fields)
      .filter(inputOf)
      .map((field) => ({ field, label: (this.objectInfo?.fields[field]?.label ?? field).replace(/ ID$/, '') }));
    for (const input of shown) input.showError('');
    for (const [name, list] of Object.entries(fields)) inputOf(name)?.showError(list.join(' '));
    if (this.hasErrors) setTimeout(() => this.template?.querySelector<HTMLElement>('.errors')?.focus(), 0);
  }
}
