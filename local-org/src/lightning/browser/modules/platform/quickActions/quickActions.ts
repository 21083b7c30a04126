/** Quick actions as the server describes them: which a record has, and the forms that they open. */
import { queryString, request } from 'platform/http';
import type { SectionField } from 'platform/sections';

export interface ActionFacts {
  readonly name: string;
  readonly label: string;
  readonly kind: 'edit' | 'delete' | 'clone' | 'create' | 'update' | 'screen' | 'headless' | 'refused';
  /** Lightning web component of a `screen` or `headless` action. */
  readonly component?: string;
  /** Why a `refused` action does not run, and where the metadata names it. */
  readonly reason?: string;
  readonly place?: string;
}

export interface ActionForm {
  readonly name: string;
  readonly label: string;
  readonly kind: 'create' | 'update';
  readonly objectApiName: string;
  readonly recordTypeId: string | null;
  readonly successMessage: string | null;
  readonly columns: readonly (readonly SectionField[])[];
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** The actions of a record in their order; of `names` only when a page has actions of its own. */
export async function fetchRecordActions(
  recordId: string,
  names?: readonly string[] | null,
): Promise<readonly ActionFacts[]> {
  const { actions } = await request<{ actions: readonly ActionFacts[] }>(
    'GET',
    `/local-org/actions/record/${recordId}${queryString({ names })}`,
  );
  return actions;
}

/** The actions that make activities of a record: log a call, new task, new event. */
export async function fetchActivityActions(recordId: string): Promise<readonly ActionFacts[]> {
  const { actions } = await request<{ actions: readonly ActionFacts[] }>(
    'GET',
    `/local-org/actions/activities/${recordId}`,
  );
  return actions;
}

/** One action by the name that a page reference gives it; undefined when the record does not have it. */
export async function fetchRecordAction(recordId: string, name: string): Promise<ActionFacts | undefined> {
  const [action] = await fetchRecordActions(recordId, [name]);
  return action;
}

/** The form of an action, with what it starts with for the record. Rejects with 404. */
export const fetchActionForm = (name: string, recordId?: string): Promise<ActionForm> =>
  request('GET', `/local-org/actions/form/${encodeURIComponent(name)}${queryString({ recordId })}`);
