/** How input fields, output fields and messages find the form that they stand in. */
import type { ObjectInfo, PicklistFieldValues } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';

/** What a form tells its members. */
export interface FormState {
  readonly objectInfo: ObjectInfo | undefined;
  readonly record: RecordRepresentation | undefined;
  /** The record's values, and over them what people entered. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly picklists: Readonly<Record<string, PicklistFieldValues>>;
  readonly messages: readonly string[];
  readonly fieldErrors: Readonly<Record<string, readonly string[]>>;
  readonly isNew: boolean;
}

/** A member that takes part in saving. */
export interface FormMember {
  readonly fieldName: string;
  reportValidity(): boolean;
  focus(): void;
}

export interface JoinDetail {
  readonly listener: (state: FormState) => void;
  readonly member: FormMember | undefined;
  /** Set by the form that hears the event. */
  form: FormHandle | undefined;
}

/** What a member can do with its form. */
export interface FormHandle {
  /** Enters values: all members see them, for one field's choice decides what another one offers. */
  enter(values: Readonly<Record<string, unknown>>): void;
  /** Takes back what was entered for a field. */
  reset(fieldName: string): void;
  leave(): void;
}

export const joinFormEventName = 'localorg_joinform';

/** Asks the form around `element` for its state, now and on every change; undefined where there is no form. */
export function joinForm(
  element: HTMLElement,
  listener: (state: FormState) => void,
  member?: FormMember,
): FormHandle | undefined {
  const detail: JoinDetail = { listener, member, form: undefined };
  element.dispatchEvent(new CustomEvent(joinFormEventName, { bubbles: true, composed: true, detail }));
  return detail.form;
}

/** Members of one form. */
export class FormMembers {
  readonly #listeners = new Set<(state: FormState) => void>();
  readonly #members = new Set<FormMember>();

  get members(): readonly FormMember[] {
    return [...this.#members];
  }

  /** Answers a member's event; `entry` is what a form that can be filled in does with entries. */
  accept(event: CustomEvent<JoinDetail>, state: FormState, entry?: Pick<FormHandle, 'enter' | 'reset'>): void {
    event.stopPropagation();
    const { detail } = event;
    this.#listeners.add(detail.listener);
    if (detail.member) this.#members.add(detail.member);
    detail.form = {
      enter: (values) => entry?.enter(values),
      reset: (fieldName) => entry?.reset(fieldName),
      leave: () => {
        this.#listeners.delete(detail.listener);
        if (detail.member) this.#members.delete(detail.member);
      },
    };
    detail.listener(state);
  }

  tell(state: FormState): void {
    for (const listener of [...this.#listeners]) listener(state);
  }
}
