/** What a person can do with a record anywhere in the shell: create, edit, clone, delete, and its quick actions. */
import { createElement } from 'lwc';
import { deleteRecord } from 'lightning/uiRecordApi';
import { componentConstructor } from 'platform/components';
import { fetchOnce, notifyChanged } from 'platform/dataService';
import { errorText } from 'platform/errors';
import { request } from 'platform/http';
import { createDefaultsPlan, masterRecordTypeId, objectInfoPlan, recordTypesPlan } from 'platform/metadata';
import type { LayoutSection } from 'platform/metadata';
import { fetchActionForm } from 'platform/quickActions';
import type { ActionFacts, ActionForm } from 'platform/quickActions';
import type { RecordRepresentation } from 'platform/records';
import { navigate, onNavigation } from 'platform/router';
import { sectionOfColumns } from 'platform/sections';
import ActionModal from 'shell/actionModal';
import AlertModal from 'lightning/alert';
import ConfirmModal from 'shell/confirmModal';
import RecordFormModal from 'shell/recordFormModal';
import RecordTypeModal from 'shell/recordTypeModal';
import { text } from 'shell/strings';
import { showToast } from 'shell/toasts';

export interface RecordTarget {
  readonly recordId: string;
  readonly objectApiName: string;
  /** Singular label of the object. */
  readonly label: string;
  readonly name: string;
}

/** Opens the form for a new record, after the choice of its record type; resolves to its Id, or undefined when it was cancelled. */
export async function createInModal(
  objectApiName: string,
  label: string,
  defaults: Readonly<Record<string, unknown>> = {},
): Promise<string | undefined> {
  for (;;) {
    const recordTypeId = defaults.RecordTypeId ?? (await chooseRecordType(objectApiName, label));
    if (recordTypeId === undefined) return undefined;
    const result = await openForm({
      objectApiName,
      label: text.newRecord(label),
      defaults: { ...defaults, RecordTypeId: recordTypeId },
    });
    if (!result) return undefined;
    showToast(text.created(label, result.name));
    if (!result.another) return result.recordId;
  }
}

/** The record type of a new record: asks when the user has several; undefined when that was cancelled. */
async function chooseRecordType(objectApiName: string, label: string): Promise<string | undefined> {
  const { choices, defaultRecordTypeId } = await fetchOnce(recordTypesPlan(objectApiName));
  if (choices.length < 2) return defaultRecordTypeId;
  return (await RecordTypeModal.open({
    size: 'small',
    label: text.newRecord(label),
    choices,
    chosen: defaultRecordTypeId,
  })) as string | undefined;
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

/** Opens the form for a new record with the values of another one. */
async function cloneInModal({ recordId, objectApiName, label }: RecordTarget): Promise<void> {
  // What can be created and stands on the form is what is cloned.
  const { fields, recordTypeId } = await request<RecordRepresentation>(
    'GET',
    `/ui-api/records/${recordId}?layoutTypes=Full`,
  );
  const { record } = await fetchOnce(createDefaultsPlan(objectApiName, recordTypeId));
  const objectInfo = await fetchOnce(objectInfoPlan(objectApiName));
  const values = Object.fromEntries(
    Object.entries(fields).flatMap(([name, { value }]) =>
      objectInfo.fields[name]?.createable === true && name in record.fields ? [[name, value]] : [],
    ),
  );
  // A clone is of the type of what it was cloned from.
  const defaults = { ...values, RecordTypeId: recordTypeId ?? masterRecordTypeId };
  openRecord(objectApiName, await createInModal(objectApiName, label, defaults));
}

function openRecord(objectApiName: string, recordId: string | undefined): void {
  if (recordId) navigate({ type: 'standard__recordPage', attributes: { objectApiName, recordId, actionName: 'view' } });
}

type Performer = (action: ActionFacts, target: RecordTarget) => Promise<unknown>;

const performers: Readonly<Record<ActionFacts['kind'], Performer>> = {
  edit: (_action, target) => editInModal(target),
  clone: (_action, target) => cloneInModal(target),
  delete: async (_action, target) => {
    if (await deleteWithQuestion(target))
      navigate(
        { type: 'standard__objectPage', attributes: { objectApiName: target.objectApiName, actionName: 'list' } },
        true,
      );
  },
  create: async ({ name }, { recordId }) => performForm(await fetchActionForm(name, recordId)),
  update: async ({ name }, { recordId }) => performForm(await fetchActionForm(name, recordId), recordId),
  screen: async ({ component = '', label }, { recordId, objectApiName }) =>
    ActionModal.open({
      size: 'small',
      label,
      recordId,
      objectApiName,
      component: await componentConstructor(component),
    }),
  headless: ({ component = '' }, target) => invokeHeadless(component, target),
  refused: ({ label, reason = '', place = '' }) =>
    AlertModal.open({ label: text.actionRefused(label), message: [reason, place].join(' — '), theme: 'warning' }),
};

/** Takes an action on a record; what goes wrong is shown as a toast. */
export async function performAction(action: ActionFacts, target: RecordTarget): Promise<void> {
  try {
    await performers[action.kind](action, target);
  } catch (error) {
    showToast(text.actionFailed(action.label), 'error', errorText(error));
  }
}

/** Opens the form of a quick action; `extra` are values that a page reference adds. */
export async function performForm(
  { name, label, objectApiName, successMessage, columns, defaults, recordTypeId }: ActionForm,
  recordId?: string,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const result = await openForm({
    objectApiName,
    ...(recordId === undefined ? {} : { recordId }),
    label,
    defaults: { ...(recordTypeId === null ? {} : { RecordTypeId: recordTypeId }), ...defaults, ...extra },
    ...(columns.flat().length > 0 ? { givenSections: [sectionOfColumns(name, '', columns)] } : {}),
    single: true,
  });
  if (!result) return;
  const info = await fetchOnce(objectInfoPlan(objectApiName));
  const standard = recordId === undefined ? text.created(info.label, result.name) : text.saved(info.label, result.name);
  showToast(successMessage ?? standard);
}

interface HeadlessElement extends HTMLElement {
  invoke?: () => unknown;
}

/** Headless components stay on the page, unseen, until it changes; while one works it is not invoked again. */
const headless = new Map<string, { readonly element: HeadlessElement; running: boolean }>();

async function invokeHeadless(component: string, { recordId, objectApiName }: RecordTarget): Promise<void> {
  const key = `${component} ${recordId}`;
  let action = headless.get(key);
  if (!action) {
    const constructor = await componentConstructor(component);
    const element: HeadlessElement = createElement('c-headless-action', {
      is: constructor as Parameters<typeof createElement>[1]['is'],
    });
    Object.assign(element, { recordId, objectApiName });
    element.hidden = true;
    document.body.append(element);
    action = { element, running: false };
    headless.set(key, action);
  }
  if (action.running) return;
  if (typeof action.element.invoke !== 'function')
    throw new Error(`${component} has no method invoke; a headless action needs "@api invoke()".`);
  action.running = true;
  try {
    await action.element.invoke();
  } finally {
    action.running = false;
  }
}

onNavigation(() => {
  for (const [key, { element, running }] of headless) {
    if (running) continue;
    element.remove();
    headless.delete(key);
  }
});

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
  readonly givenSections?: readonly LayoutSection[];
  /** Without Save & New. */
  readonly single?: boolean;
}): Promise<FormResult | undefined> {
  return (await RecordFormModal.open({ size: 'medium', ...options })) as FormResult | undefined;
}
