/** What a person can do with a record anywhere in the shell: create, edit, delete. */
import { deleteRecord } from 'lightning/uiRecordApi';
import { notifyChanged } from 'platform/dataService';
import { errorText } from 'platform/errors';
import ConfirmModal from 'shell/confirmModal';
import RecordFormModal from 'shell/recordFormModal';
import { text } from 'shell/strings';
import { showToast } from 'shell/toasts';

export interface RecordTarget {
  readonly recordId: string;
  readonly objectApiName: string;
  /** Singular label of the object. */
  readonly label: string;
  readonly name: string;
}

/** Opens the form for a new record; resolves to its Id, or undefined when it was cancelled. */
export async function createInModal(
  objectApiName: string,
  label: string,
  defaults: Readonly<Record<string, unknown>> = {},
): Promise<string | undefined> {
  for (;;) {
    const result = await openForm({ objectApiName, label: text.newRecord(label), defaults });
    if (!result) return undefined;
    showToast(text.created(label, result.name));
    if (!result.another) return result.recordId;
  }
}

/** Opens the form for a record; resolves to true when it was saved. */
export async function editInModal({ recordId, objectApiName, label, name }: RecordTarget): Promise<boolean> {
  const result = await openForm({ objectApiName, recordId, label: text.editRecord(name) });
  if (!result) return false;
  showToast(text.saved(label, result.name));
  return true;
}

/** Asks and deletes; resolves to true when the record is gone. */
export async function deleteWithQuestion({ recordId, objectApiName, label, name }: RecordTarget): Promise<boolean> {
  const confirmed = (await ConfirmModal.open({
    size: 'small',
    label: text.deleteRecord(label),
    question: text.deleteQuestion(label, name),
    confirmLabel: text.delete,
  })) as boolean | undefined;
  if (confirmed !== true) return false;
  try {
    await deleteRecord(recordId);
  } catch (error) {
    showToast(text.somethingWrong, 'error', errorText(error));
    return false;
  }
  void notifyChanged([`object:${objectApiName}`]);
  showToast(text.deleted(label, name));
  return true;
}

interface FormResult {
  readonly recordId: string;
  readonly name: string;
  readonly another: boolean;
}

async function openForm(options: {
  readonly objectApiName: string;
  readonly recordId?: string;
  readonly label: string;
  readonly defaults?: Readonly<Record<string, unknown>>;
}): Promise<FormResult | undefined> {
  return (await RecordFormModal.open({ size: 'medium', ...options })) as FormResult | undefined;
}
