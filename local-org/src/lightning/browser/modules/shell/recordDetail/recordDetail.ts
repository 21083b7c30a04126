import { LightningElement, api, wire } from 'lwc';
import { getRecord } from 'lightning/uiRecordApi';
import { fetchOnce } from 'platform/dataService';
import { errorText } from 'platform/errors';
import { layoutPlan, objectInfoPlan } from 'platform/metadata';
import type { LayoutItem, LayoutSection, ObjectInfo } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { text } from 'shell/strings';
import { showToast } from 'shell/toasts';

interface Form extends HTMLElement {
  save(): Promise<RecordRepresentation | undefined>;
}

/** A record's fields as its page layout (or a field section) has them, with editing in place. */
export default class RecordDetail extends LightningElement {
  @api recordId?: string;
  @api objectApiName = '';
  @api givenSections?: readonly LayoutSection[];
  @api readOnly = false;

  strings = text;
  objectInfo?: ObjectInfo;
  layoutSections: readonly LayoutSection[] = [];
  optionalFields: readonly string[] | undefined;
  record?: RecordRepresentation;
  errorMessage = '';
  isEditing = false;
  isSaving = false;
  focusField = '';
  closed: readonly string[] = [];
  layoutTypes = ['Full'];

  @wire(getRecord, { recordId: '$recordId', layoutTypes: '$layoutTypes', optionalFields: '$optionalFields' })
  receive({ data, error }: { data?: RecordRepresentation; error?: unknown }): void {
    if (data) {
      this.record = data;
      this.errorMessage = '';
      void this.loadLayout(data.recordTypeId);
    } else if (error) this.errorMessage = errorText(error);
  }

  async connectedCallback(): Promise<void> {
    try {
      const objectInfo = await fetchOnce(objectInfoPlan(this.objectApiName));
      this.objectInfo = objectInfo;
      if (this.givenSections) {
        this.layoutSections = this.givenSections;
        const names = this.givenSections.flatMap(({ layoutRows }) =>
          layoutRows.flatMap(({ layoutItems }) =>
            layoutItems.flatMap(({ layoutComponents }) => layoutComponents.flatMap(({ apiName }) => apiName ?? [])),
          ),
        );
        const lookups = names.flatMap((name) => {
          const info = objectInfo.fields[name];
          return info?.relationshipName
            ? [`${info.relationshipName}.${info.referenceToInfos[0]?.nameFields[0] ?? 'Name'}`]
            : [];
        });
        this.optionalFields = [...names, ...lookups].map((name) => `${this.objectApiName}.${name}`);
      } else this.optionalFields = [];
    } catch (error) {
      this.errorMessage = errorText(error);
    }
  }

  /** The layout follows the record's type. */
  async loadLayout(recordTypeId: string | null): Promise<void> {
    if (this.givenSections) return;
    try {
      const { sections } = await fetchOnce(layoutPlan(this.objectApiName, 'Full', 'View', recordTypeId));
      if (this.record?.recordTypeId === recordTypeId) this.layoutSections = sections;
    } catch (error) {
      this.errorMessage = errorText(error);
    }
  }

  get isLoading(): boolean {
    return !this.errorMessage && !(this.record && this.objectInfo && this.layoutSections.length > 0);
  }

  get canEdit(): boolean {
    return !this.readOnly && this.objectInfo?.updateable === true;
  }

  get sections() {
    return this.layoutSections.map((section) => {
      const isOpen = !this.closed.includes(section.id);
      return {
        id: section.id,
        heading: section.heading,
        useHeading: section.useHeading && section.heading !== '',
        isOpen,
        expanded: String(isOpen),
        icon: isOpen ? 'utility:switch' : 'utility:chevronright',
        className: section.columns > 1 ? 'columns columns_2' : 'columns',
        columns: Array.from({ length: section.columns }, (_column, index) => ({
          key: `${section.id}-${index}`,
          cells: section.layoutRows.map(({ layoutItems }, row) => this.cellOf(layoutItems[index], String(row))),
        })),
      };
    });
  }

  cellOf(item: LayoutItem | undefined, key: string) {
    const field = item?.layoutComponents[0]?.apiName ?? null;
    const info = field === null ? undefined : this.objectInfo?.fields[field];
    if (!info) return { key, field: null, className: 'cell cell_empty' };
    const label = (item?.label || info.label).replace(/ ID$/, '');
    const isCompound = Object.values(this.objectInfo?.fields ?? {}).some(
      ({ compoundFieldName }) => compoundFieldName === field,
    );
    return {
      key,
      field,
      label,
      help: info.inlineHelpText,
      className: 'cell',
      editable: this.canEdit && item?.editableForUpdate === true && (info.updateable || isCompound),
      editLabel: text.editField(label),
    };
  }

  get saveLabel(): string {
    return this.isSaving ? text.saving : text.save;
  }

  handleToggle(event: Event): void {
    const { section = '' } = (event.currentTarget as HTMLElement).dataset;
    this.closed = this.closed.includes(section)
      ? this.closed.filter((id) => id !== section)
      : [...this.closed, section];
  }

  handleEdit(event: Event): void {
    this.startEditing((event.currentTarget as HTMLElement).dataset.field ?? '');
  }

  handleDoubleClick(event: Event): void {
    const { field } = (event.currentTarget as HTMLElement).dataset;
    if (this.canEdit && field) this.startEditing(field);
  }

  startEditing(field: string): void {
    this.focusField = field;
    this.isEditing = true;
  }

  handleCancel(): void {
    this.stopEditing();
  }

  /** The form gives way; the focus returns to the pencil that opened it. */
  stopEditing(): void {
    this.isEditing = false;
    setTimeout(
      () =>
        this.template?.querySelector<HTMLElement>(`lightning-button-icon[data-field="${this.focusField}"]`)?.focus(),
      60,
    );
  }

  handleKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void this.handleSave();
    // Escape closes an open list of the field first.
    if (event.key === 'Escape' && !event.defaultPrevented) this.stopEditing();
  }

  async handleSave(): Promise<void> {
    if (this.isSaving) return;
    this.isSaving = true;
    const saved = await this.template?.querySelector<Form>('shell-record-form')?.save();
    this.isSaving = false;
    if (!saved) return;
    showToast(text.changed);
    this.stopEditing();
  }
}
