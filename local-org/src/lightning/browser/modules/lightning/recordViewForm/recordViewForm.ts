import { LightningElement, api, wire } from 'lwc';
import { getRecord } from 'lightning/uiRecordApi';
import { apiNameOf, fetchOnce } from 'platform/dataService';
import { FormMembers, joinFormEventName } from 'platform/formContext';
import type { FormState, JoinDetail } from 'platform/formContext';
import { objectInfoPlan } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';

/** `lightning-record-view-form`: fields of one's own choice, kept up to date. */
export default class RecordViewForm extends LightningElement {
  @api recordId?: string;
  @api density?: string;

  objectName = '';
  fields: readonly string[] | undefined;
  form = new FormMembers();
  state: FormState = {
    objectInfo: undefined,
    record: undefined,
    values: {},
    picklists: {},
    messages: [],
    fieldErrors: {},
    isNew: false,
  };

  @api get objectApiName(): unknown {
    return this.objectName;
  }

  set objectApiName(name: unknown) {
    this.objectName = apiNameOf(name) ?? '';
  }

  @wire(getRecord, { recordId: '$recordId', optionalFields: '$fields' })
  receive({ data, error }: { data?: RecordRepresentation; error?: unknown }): void {
    if (data) {
      this.update({ record: data });
      this.dispatchEvent(new CustomEvent('load', { detail: { records: { [data.id]: data } } }));
    } else if (error) this.dispatchEvent(new CustomEvent('error', { detail: error }));
  }

  connectedCallback(): void {
    this.addEventListener(joinFormEventName, this.handleJoin as EventListener);
    void this.load();
  }

  async load(): Promise<void> {
    const objectInfo = await fetchOnce(objectInfoPlan(this.objectName));
    this.update({ objectInfo });
    const names = Object.values(objectInfo.fields).flatMap(({ relationshipName, referenceToInfos }) =>
      relationshipName ? [`${relationshipName}.${referenceToInfos[0]?.nameFields[0] ?? 'Name'}`] : [],
    );
    this.fields = [...Object.keys(objectInfo.fields), ...names].map((path) => `${this.objectName}.${path}`);
  }

  update(change: Partial<FormState>): void {
    this.state = { ...this.state, ...change };
    this.form.tell(this.state);
  }

  handleJoin = (event: CustomEvent<JoinDetail>): void => {
    this.form.accept(event, this.state);
  };
}
