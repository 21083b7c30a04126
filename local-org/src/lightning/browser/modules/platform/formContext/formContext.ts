/** How input fields, output fields and messages find the form that they stand in. */
import type { ObjectInfo, PicklistFieldValues } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';

/** What a form tells its members. */
export interface FormState {
  readonly objectInfo: ObjectInfo | undefined;
  readonly record: RecordRepresentation | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  readonly picklists: Readonly<Record<string, PicklistFieldValues>>;
  readonly messages: readonly string[];
  readonly fieldErrors: Readonly<Record<string, readonly string[]>>;
  readonly isNew: boolean;
}

/** A member that takes part in saving. */
export interface FormMember {
  /** Values that differ from the record, by API name. */
  values(): Readonly<Record<string, unknown>>;
  readonly fieldName: string;
  reportValidity(): boolean;
  focus(): void;
}

export interface JoinDetail {
  readonly listener: (state: FormState) => void;
  readonly member: FormMember | undefined;
  /** Set by the form that hears the event: leaves it again. */
  leave: (() => void) | undefined;
}

export const joinFormEventName = 'localorg_joinform';

/** Asks the form around `element` for its state, now and on every change. Returns the function that leaves the form. */
export function joinForm(element: HTMLElement, listener: (state: FormState) => void, member?: FormMember): () => void {
  const detail: JoinDetail = { listener, member, leave: undefined };
  element.dispatchEvent(new CustomEvent(joinFormEventName, { bubbles: true, composed: true, detail }));
  return () => detail.leave?.();
}

/** Members of one form. */
export class FormMembers {
  readonly #listeners = new Set<(state: FormState) => void>();
  readonly #members = new Set<FormMember>();

  get members(): readonly FormMember[] {
    return [...this.#members];
  }

  /** Answers a member's event. */
  accept(event: CustomEvent<JoinDetail>, state: FormState): void {
    event.stopPropagation();
    const { detail } = event;
    this.#listeners.add(detail.listener);
    if (detail.member) this.#members.add(detail.member);
    detail.leave = () => {
      this.#listeners.delete(detail.listener);
      if (detail.member) this.#members.delete(detail.member);
    };
    detail.listener(state);
  }

  tell(state: FormState): void {
    for (const listener of [...this.#listeners]) listener(state);
  }
}
