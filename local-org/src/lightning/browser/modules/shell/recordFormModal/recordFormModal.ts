import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import type { LayoutSection } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { text } from 'shell/strings';

interface Form extends HTMLElement {
  save(): Promise<RecordRepresentation | undefined>;
}

/** New and Edit in a window; closes with `{ recordId, name, another }`, or undefined when cancelled. */
export default class RecordFormModal extends LightningModal {
  @api objectApiName = '';
  @api recordId?: string;
  @api defaults: Readonly<Record<string, unknown>> = {};
  /** Sections other than the layout's. */
  @api givenSections?: readonly LayoutSection[];
  /** One record only: no Save & New. */
  @api single = false;

  strings = text;
  isSaving = false;

  get currentDefaults(): Readonly<Record<string, unknown>> {
    return this.defaults;
  }

  get offersAnother(): boolean {
    return !this.recordId && !this.single;
  }

  get saveLabel(): string {
    return this.isSaving ? text.saving : text.save;
  }

  handleCancel(): void {
    this.close();
  }

  handleSave(): void {
    void this.save(false);
  }

  handleSaveAndNew(): void {
    void this.save(true);
  }

  /** Ctrl+Enter (Cmd+Enter) saves from anywhere in the form. */
  handleKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.handleSave();
  }

  async save(another: boolean): Promise<void> {
    if (this.isSaving) return;
    this.isSaving = true;
    const record = await this.template?.querySelector<Form>('shell-record-form')?.save();
    this.isSaving = false;
    if (!record) return;
    const name = Object.values(record.fields).length > 0 ? nameOf(record) : '';
    this.close({ recordId: record.id, name, another });
  }
}

const nameOf = ({ fields, id }: RecordRepresentation): string =>
  (['Name', 'Subject', 'CaseNumber', 'ContractNumber']
    .map((name) => fields[name]?.value)
    .find((value) => typeof value === 'string') as string | undefined) ?? id;
