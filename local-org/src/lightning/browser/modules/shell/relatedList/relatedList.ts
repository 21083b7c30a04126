import { LightningElement, api, wire } from 'lwc';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { getRelatedListCount, getRelatedListInfo, getRelatedListRecords } from 'lightning/uiRelatedListApi';
import { errorText } from 'platform/errors';
import type { Column, ObjectInfo } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { fetchActivityActions } from 'platform/quickActions';
import type { ActionFacts } from 'platform/quickActions';
import { navigate, urlOf } from 'platform/router';
import type { PageReference } from 'platform/router';
import { createInModal, deleteWithQuestion, editInModal, performAction } from 'shell/actions';
import { text } from 'shell/strings';

interface ListInfo {
  readonly label: string;
  readonly displayColumns: readonly Column[];
  readonly createable: boolean;
  readonly objectApiNames: readonly string[];
  readonly iconName: string;
  readonly fieldApiName: string;
}

const shownInCard = 6;
const shownOnPage = 200;
const mostCounted = 200;
/** A call that is logged has happened; the other actions are about what is to come. */
const logsCall = /LogACall$/i;

/** Records that belong to the one shown: tiles in a card beside the details, a table in the wide column or on a page of its own. */
export default class RelatedList extends LightningElement {
  @api recordId?: string;
  @api objectApiName = '';
  @api relatedListId = '';
  /** Type of the record, where its layout's columns count. */
  @api recordTypeId?: string;
  /** A table instead of tiles. */
  @api wide = false;
  /** All records instead of the first few. */
  @api full = false;

  strings = text;
  info?: ListInfo;
  objectInfo?: ObjectInfo;
  childObject: string | undefined;
  records: readonly RecordRepresentation[] = [];
  loaded = false;
  count: number | undefined;
  hasMore = false;
  errorMessage = '';
  sortBy: readonly string[] = [];
  sortedBy = '';
  maxCount = mostCounted;
  activityActions: readonly ActionFacts[] = [];

  /** Lists of activities have the actions that make them in place of New. */
  async loadActivityActions(): Promise<void> {
    const isHistory = this.childObject === 'ActivityHistory';
    if (!this.recordId || !(isHistory || this.childObject === 'OpenActivity')) return;
    try {
      const actions = await fetchActivityActions(this.recordId);
      this.activityActions = actions.filter(({ name }) => logsCall.test(name) === isHistory);
    } catch (error) {
      this.errorMessage = errorText(error);
    }
  }

  get pageSize(): number {
    return this.full ? shownOnPage : shownInCard;
  }

  @wire(getRelatedListInfo, {
    parentObjectApiName: '$objectApiName',
    relatedListId: '$relatedListId',
    recordTypeId: '$recordTypeId',
  })
  receiveInfo({ data, error }: { data?: ListInfo; error?: unknown }): void {
    if (data) {
      this.info = data;
      this.childObject = data.objectApiNames[0];
      void this.loadActivityActions();
    }
    if (error) this.errorMessage = errorText(error);
  }

  @wire(getObjectInfo, { objectApiName: '$childObject' })
  receiveObjectInfo({ data }: { data?: ObjectInfo }): void {
    if (data) this.objectInfo = data;
  }

  @wire(getRelatedListRecords, {
    parentRecordId: '$recordId',
    relatedListId: '$relatedListId',
    pageSize: '$pageSize',
    sortBy: '$sortBy',
  })
  receiveRecords({
    data,
    error,
  }: {
    data?: { records: readonly RecordRepresentation[]; nextPageToken: string | null; sortBy: readonly string[] };
    error?: unknown;
  }): void {
    if (data) {
      this.records = data.records;
      this.hasMore = data.nextPageToken !== null;
      this.sortedBy = data.sortBy[0] ?? '';
      this.loaded = true;
      this.errorMessage = '';
    }
    if (error) this.errorMessage = errorText(error);
  }

  @wire(getRelatedListCount, { parentRecordId: '$recordId', relatedListId: '$relatedListId', maxCount: '$maxCount' })
  receiveCount({ data }: { data?: { count: number } }): void {
    if (data) this.count = data.count;
  }

  get isLoading(): boolean {
    return !this.errorMessage && !(this.loaded && this.info && this.objectInfo);
  }

  get isEmpty(): boolean {
    return this.records.length === 0;
  }

  get isFull(): boolean {
    return this.wide || this.full;
  }

  get label(): string {
    return this.info?.label ?? '';
  }

  get title(): string {
    return this.count === undefined
      ? this.label
      : `${this.label} (${this.count}${this.count >= mostCounted ? '+' : ''})`;
  }

  get iconName(): string {
    return this.info?.iconName ?? '';
  }

  get linked(): boolean {
    return !this.full;
  }

  get columns(): readonly Column[] {
    return this.info?.displayColumns ?? [];
  }

  get canCreate(): boolean {
    return this.info?.createable === true;
  }

  get actions() {
    return [
      ...(this.objectInfo?.updateable ? [{ name: 'edit', label: text.edit }] : []),
      ...(this.objectInfo?.deletable ? [{ name: 'delete', label: text.delete }] : []),
    ];
  }

  get showsFooter(): boolean {
    return !this.full && this.hasMore;
  }

  get viewAllLabel(): string {
    return text.viewAllOf(this.label);
  }

  get nameField(): string {
    return this.objectInfo?.nameFields[0] ?? 'Name';
  }

  get page(): PageReference {
    return {
      type: 'standard__recordRelationshipPage',
      attributes: {
        recordId: this.recordId,
        objectApiName: this.objectApiName,
        relationshipApiName: this.relatedListId,
        actionName: 'view',
      },
    };
  }

  get pageUrl(): string {
    return urlOf(this.page);
  }

  /** Rows of history have no name, and no page that a link could open. */
  get hasPages(): boolean {
    return (this.objectInfo?.nameFields.length ?? 0) > 0;
  }

  get tiles() {
    const [first] = this.columns;
    const nameShown = this.columns.some(({ fieldApiName }) => fieldApiName === this.nameField);
    return this.records.map((record) => {
      const title =
        nameShown || !first ? record.fields[this.nameField]?.value : this.textOf(record, first.fieldApiName);
      const name = String(title ?? record.fields[this.nameField]?.value ?? record.id);
      return {
        id: record.id,
        record,
        name,
        url: urlOf(this.recordPage(record.id)),
        actionsLabel: text.rowActions(name),
        facts: this.columns
          .filter(({ fieldApiName }) => fieldApiName !== (nameShown ? this.nameField : first?.fieldApiName))
          // What has no page of its own is shown whole.
          .slice(0, this.hasPages ? 3 : undefined)
          .map(({ fieldApiName, label }) => ({
            field: fieldApiName,
            label: `${label.replace(/ ID$/, '')}:`,
            labelKey: `${fieldApiName}-label`,
            valueKey: fieldApiName,
          })),
      };
    });
  }

  textOf(record: RecordRepresentation, path: string): unknown {
    const [step = '', field] = path.split('.');
    const representation = record.fields[step];
    return field === undefined
      ? (representation?.displayValue ?? representation?.value)
      : (representation?.value as RecordRepresentation | null)?.fields[field]?.value;
  }

  recordPage(recordId: string): PageReference {
    return {
      type: 'standard__recordPage',
      attributes: { recordId, objectApiName: this.childObject, actionName: 'view' },
    };
  }

  handleTile(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate(this.recordPage((event.currentTarget as HTMLElement).dataset.id ?? ''));
  }

  handlePage(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate(this.page);
  }

  handleSort(event: CustomEvent<{ sortedBy: string }>): void {
    this.sortBy = [event.detail.sortedBy];
  }

  handleActivity(event: Event): void {
    const { name } = (event.currentTarget as HTMLElement).dataset;
    const action = this.activityActions.find((candidate) => candidate.name === name);
    if (action)
      void performAction(action, {
        recordId: this.recordId ?? '',
        objectApiName: this.objectApiName,
        label: '',
        name: '',
      });
  }

  handleNew(): void {
    if (!this.childObject || !this.info) return;
    void createInModal(this.childObject, this.objectInfo?.label ?? '', { [this.info.fieldApiName]: this.recordId });
  }

  handleTileAction(event: CustomEvent<{ value: string }>): void {
    const { id } = (event.currentTarget as HTMLElement).dataset;
    const record = this.records.find((candidate) => candidate.id === id);
    if (record) this.act(event.detail.value, record);
  }

  handleRowAction(event: CustomEvent<{ action: string; record: RecordRepresentation }>): void {
    this.act(event.detail.action, event.detail.record);
  }

  act(action: string, record: RecordRepresentation): void {
    const target = {
      recordId: record.id,
      objectApiName: this.childObject ?? '',
      label: this.objectInfo?.label ?? '',
      name: String(record.fields[this.nameField]?.value ?? ''),
    };
    if (action === 'edit') void editInModal(target);
    else void deleteWithQuestion(target);
  }
}
