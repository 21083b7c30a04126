import { LightningElement, api } from 'lwc';
import { apiNameOf, apiNamesOf } from 'platform/dataService';
import { sectionOf } from 'platform/sections';
import type { LayoutSection } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { text } from 'shell/strings';

/** `lightning-record-form`: view and edit a record with its layout's fields or given ones. */
export default class RecordForm extends LightningElement {
  @api recordId?: string;
  @api layoutType?: string;
  @api mode?: 'view' | 'edit' | 'readonly';
  @api columns: number | string = 1;
  @api density?: string;
  @api recordTypeId?: string;

  strings = text;
  objectName = '';
  names: readonly string[] = [];

  @api get objectApiName(): unknown {
    return this.objectName;
  }

  set objectApiName(name: unknown) {
    this.objectName = apiNameOf(name) ?? '';
  }

  @api get fields(): unknown {
    return this.names;
  }

  set fields(fields: unknown) {
    this.names = apiNamesOf(fields).map((name) => name.split('.').at(-1) ?? '');
  }

  get givenSections(): readonly LayoutSection[] | undefined {
    return this.names.length === 0
      ? undefined
      : [
          sectionOf(
            'fields',
            '',
            this.names.map((field) => ({ field, behavior: 'none' as const })),
            Number(this.columns),
          ),
        ];
  }

  get isEditing(): boolean {
    return !this.recordId || this.mode === 'edit';
  }

  get isReadOnly(): boolean {
    return this.mode === 'readonly';
  }

  handleCancel(): void {
    this.dispatchEvent(new CustomEvent('cancel'));
  }

  async handleSave(): Promise<void> {
    const form = this.template?.querySelector<HTMLElement & { save(): Promise<RecordRepresentation | undefined> }>(
      'shell-record-form',
    );
    const record = await form?.save();
    if (record) this.dispatchEvent(new CustomEvent('success', { detail: record }));
  }
}
