import { LightningElement, api, wire } from 'lwc';
import { getRecord } from 'lightning/uiRecordApi';
import { fetchOnce } from 'platform/dataService';
import { layoutPlan, objectInfoPlan } from 'platform/metadata';
import type { LayoutRepresentation, ObjectInfo } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { navigate } from 'platform/router';
import { deleteWithQuestion, editInModal } from 'shell/actions';
import type { RecordTarget } from 'shell/actions';
import { text } from 'shell/strings';

/** The highlights panel: icon, name, the compact layout's fields, and what one can do with the record. */
export default class Highlights extends LightningElement {
  @api recordId?: string;
  @api objectApiName = '';

  strings = text;
  record?: RecordRepresentation;
  objectInfo?: ObjectInfo;
  layout?: LayoutRepresentation;
  excludedButtons: readonly string[] = [];
  layoutTypes = ['Compact'];

  @wire(getRecord, { recordId: '$recordId', layoutTypes: '$layoutTypes' })
  receive({ data }: { data?: RecordRepresentation }): void {
    if (!data) return;
    this.record = data;
    document.title = `${this.name} | ${text.productName}`;
  }

  async connectedCallback(): Promise<void> {
    const [objectInfo, layout] = await Promise.all([
      fetchOnce(objectInfoPlan(this.objectApiName)),
      fetchOnce(layoutPlan(this.objectApiName, 'Compact', 'View')),
    ]);
    this.objectInfo = objectInfo;
    this.layout = layout;
    this.excludedButtons = layout.excludedButtons;
  }

  get isLoading(): boolean {
    return !(this.record && this.objectInfo && this.layout);
  }

  get iconName(): string {
    return this.objectInfo?.themeInfo.iconName ?? '';
  }

  get objectLabel(): string {
    return this.objectInfo?.label ?? '';
  }

  get nameField(): string {
    return this.objectInfo?.nameFields[0] ?? 'Name';
  }

  get name(): string {
    return String(this.record?.fields[this.nameField]?.value ?? '');
  }

  get canEdit(): boolean {
    return this.objectInfo?.updateable === true && !this.excludedButtons.includes('Edit');
  }

  get canDelete(): boolean {
    return this.objectInfo?.deletable === true && !this.excludedButtons.includes('Delete');
  }

  get hasActions(): boolean {
    return this.canEdit || this.canDelete;
  }

  get facts(): readonly { field: string; label: string }[] {
    const items = (this.layout?.sections ?? []).flatMap(({ layoutRows }) =>
      layoutRows.flatMap(({ layoutItems }) => layoutItems),
    );
    return items.flatMap(({ label, layoutComponents }) => {
      const field = layoutComponents[0]?.apiName;
      return field && field !== this.nameField ? [{ field, label: label.replace(/ ID$/, '') }] : [];
    });
  }

  get target(): RecordTarget {
    return {
      recordId: this.recordId ?? '',
      objectApiName: this.objectApiName,
      label: this.objectLabel,
      name: this.name,
    };
  }

  handleMenu(event: CustomEvent<{ value: string }>): void {
    if (event.detail.value === 'edit') this.handleEdit();
    else void this.handleDelete();
  }

  handleEdit(): void {
    void editInModal(this.target);
  }

  async handleDelete(): Promise<void> {
    if (await deleteWithQuestion(this.target))
      navigate(
        { type: 'standard__objectPage', attributes: { objectApiName: this.objectApiName, actionName: 'list' } },
        true,
      );
  }
}
