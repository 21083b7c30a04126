import { LightningElement, api } from 'lwc';
import { createRecord, updateRecord } from 'lightning/uiRecordApi';
import { apiNameOf, fetchOnce } from 'platform/dataService';
import { sortErrors } from 'platform/errors';
import { FormMembers, joinFormEventName } from 'platform/formContext';
import type { FormState, JoinDetail } from 'platform/formContext';
import { request } from 'platform/http';
import { createDefaultsPlan, objectInfoPlan, picklistsPlan } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';

type Values = Readonly<Record<string, unknown>>;

/** `lightning-record-edit-form`: fields of one's own choice, saved together. Fires load, submit, success, error. */
export default class RecordEditForm extends LightningElement {
  @api recordId?: string;
  @api recordTypeId?: string;
  @api density?: string;
  @api layoutType?: string;

  objectName = '';
  /** The record's values, or those that a new record starts with. */
  initial: Values = {};
  /** What people entered. */
  entered: Values = {};
  form = new FormMembers();
  state: FormState = {
    objectInfo: undefined,
    record: undefined,
    values: {},
    picklists: {},
    messages: [],
    fieldErrors: {},
    isNew: true,
  };

  @api get objectApiName(): unknown {
    return this.objectName;
  }

  set objectApiName(name: unknown) {
    this.objectName = apiNameOf(name) ?? '';
  }

  connectedCallback(): void {
    this.addEventListener(joinFormEventName, this.handleJoin as EventListener);
    void this.load();
  }

  async load(): Promise<void> {
    try {
      const objectInfo = await fetchOnce(objectInfoPlan(this.objectName));
      const fields = Object.keys(objectInfo.fields).map((name) => `${this.objectName}.${name}`);
      const names = Object.values(objectInfo.fields).flatMap(({ relationshipName, referenceToInfos }) =>
        relationshipName
          ? [`${this.objectName}.${relationshipName}.${referenceToInfos[0]?.nameFields[0] ?? 'Name'}`]
          : [],
      );
      const record = this.recordId
        ? await request<RecordRepresentation>(
            'GET',
            `/ui-api/records/${this.recordId}?optionalFields=${encodeURIComponent([...fields, ...names].join(','))}`,
          )
        : (await fetchOnce(createDefaultsPlan(this.objectName, this.recordTypeId))).record;
      const { picklistFieldValues } = await fetchOnce(picklistsPlan(this.objectName, record.recordTypeId));
      const values = Object.fromEntries(
        Object.entries(record.fields)
          .filter(([, { value }]) => typeof value !== 'object' || value === null)
          .map(([name, { value }]) => [name, value]),
      );
      this.initial = values;
      this.update({ objectInfo, record, values: this.values, picklists: picklistFieldValues, isNew: !this.recordId });
      this.dispatchEvent(
        new CustomEvent('load', {
          detail: {
            objectInfos: { [this.objectName]: objectInfo },
            records: record.id ? { [record.id]: record } : {},
            record,
            picklistValues: picklistFieldValues,
          },
        }),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  update(change: Partial<FormState>): void {
    this.state = { ...this.state, ...change };
    this.form.tell(this.state);
  }

  handleJoin = (event: CustomEvent<JoinDetail>): void => {
    this.form.accept(event, this.state, {
      enter: (values) => this.enter(values),
      reset: (fieldName) => this.reset(fieldName),
    });
  };

  get values(): Values {
    return { ...this.initial, ...this.entered };
  }

  enter(values: Values): void {
    this.entered = { ...this.entered, ...values };
    this.update({ values: this.values });
  }

  reset(fieldName: string): void {
    const { [fieldName]: _value, ...others } = this.entered;
    this.entered = others;
    this.update({ values: this.values });
  }

  handleSubmit(event: Event): void {
    event.preventDefault();
    event.stopPropagation();
    this.submitFromUser();
  }

  get fields(): Values {
    const initial = this.state.isNew
      ? Object.fromEntries(
          Object.entries(this.initial).filter(
            ([name, value]) =>
              value !== null &&
              value !== '' &&
              (name === 'RecordTypeId' || this.form.members.some(({ fieldName }) => fieldName === name)),
          ),
        )
      : {};
    return { ...initial, ...this.entered };
  }

  submitFromUser(): void {
    const invalid = this.form.members.filter((member) => !member.reportValidity());
    if (invalid.length > 0) {
      invalid[0]?.focus();
      return;
    }
    const event = new CustomEvent('submit', { detail: { fields: { ...this.fields } }, cancelable: true });
    if (this.dispatchEvent(event)) void this.save(event.detail.fields);
  }

  /** Saves, with other values where `fields` gives them. */
  @api submit(fields?: Values): void {
    void this.save(fields ?? this.fields);
  }

  async save(fields: Values): Promise<void> {
    this.update({ messages: [], fieldErrors: {} });
    try {
      const record = this.recordId
        ? await updateRecord({ fields: { ...fields, Id: this.recordId } })
        : await createRecord({ apiName: this.objectName, fields });
      // What was entered is the record's now.
      this.initial = this.values;
      this.entered = {};
      this.dispatchEvent(new CustomEvent('success', { detail: record }));
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    const { messages, fields } = sortErrors(error);
    const known = new Set(this.form.members.map(({ fieldName }) => fieldName));
    const elsewhere = Object.entries(fields)
      .filter(([name]) => !known.has(name))
      .flatMap(([, list]) => list);
    this.update({ messages: [...messages, ...elsewhere], fieldErrors: fields });
    const body = (error as { body?: { message?: string; output?: unknown } }).body;
    this.dispatchEvent(
      new CustomEvent('error', {
        detail: {
          message: body?.message ?? messages[0] ?? '',
          detail: messages.join(' '),
          output: body?.output ?? { errors: [], fieldErrors: {} },
        },
      }),
    );
  }
}
