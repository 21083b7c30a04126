import { LightningElement, api, wire } from 'lwc';
import { getListInfoByName, getListInfosByObjectName, getListRecordsByName } from 'lightning/uiListsApi';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { refreshWired } from 'platform/dataService';
import { errorStatus, errorText } from 'platform/errors';
import type { Column, ObjectInfo } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { navigate } from 'platform/router';
import { createInModal, deleteWithQuestion, editInModal } from 'shell/actions';
import { text } from 'shell/strings';

interface ListRecords {
  readonly records: readonly RecordRepresentation[];
  readonly nextPageToken: string | null;
  readonly sortBy: readonly string[];
}

const pageStep = 50;
const rememberedKey = (objectApiName: string): string => `local-org:list:${objectApiName}`;

/** An object's home: its list views with search, sort, paging, New and the row actions. */
export default class ListPage extends LightningElement {
  @api objectApiName = '';

  strings = text;
  chosen = '';
  notFound = false;
  objectInfo?: ObjectInfo;
  views: readonly { readonly apiName: string; readonly label: string }[] = [];
  info?: { readonly label: string; readonly displayColumns: readonly Column[] };
  list?: ListRecords;
  wiredList: unknown;
  errorMessage = '';
  searchTerm = '';
  effectiveSearch: string | undefined;
  sortBy: readonly string[] | undefined = [];
  pageSize = pageStep;
  searchTimer: ReturnType<typeof setTimeout> | undefined;

  /** List view of the address; without one, the list that was open last, then the first. */
  @api get filterName(): string {
    return this.chosen;
  }

  set filterName(name: string | undefined) {
    this.chosen = name ?? '';
  }

  get listViewApiName(): string | undefined {
    if (this.views.length === 0) return undefined;
    const remembered = sessionStorage.getItem(rememberedKey(this.objectApiName));
    const known = [this.chosen, remembered].find((name) => this.views.some(({ apiName }) => apiName === name));
    return known ?? this.views[0]?.apiName;
  }

  @wire(getObjectInfo, { objectApiName: '$objectApiName' })
  receiveObjectInfo({ data, error }: { data?: ObjectInfo; error?: unknown }): void {
    if (data) {
      this.objectInfo = data;
      document.title = `${data.labelPlural} | ${text.productName}`;
    }
    if (error) this.fail(error);
  }

  @wire(getListInfosByObjectName, { objectApiName: '$objectApiName' })
  receiveViews({
    data,
    error,
  }: {
    data?: { lists: readonly { apiName: string; label: string }[] };
    error?: unknown;
  }): void {
    if (data) this.views = data.lists;
    if (error) this.fail(error);
  }

  @wire(getListInfoByName, { objectApiName: '$objectApiName', listViewApiName: '$listViewApiName' })
  receiveInfo({ data, error }: { data?: { label: string; displayColumns: readonly Column[] }; error?: unknown }): void {
    if (data) this.info = data;
    if (error) this.fail(error);
  }

  @wire(getListRecordsByName, {
    objectApiName: '$objectApiName',
    listViewApiName: '$listViewApiName',
    pageSize: '$pageSize',
    sortBy: '$sortBy',
    searchTerm: '$effectiveSearch',
  })
  receiveRecords(result: { data?: ListRecords; error?: unknown }): void {
    this.wiredList = result;
    if (result.data) {
      this.list = result.data;
      this.errorMessage = '';
    }
    if (result.error) this.fail(result.error);
  }

  fail(error: unknown): void {
    if (errorStatus(error) === 404) this.notFound = true;
    else this.errorMessage = errorText(error);
  }

  get objectLabel(): string {
    return this.objectInfo?.labelPlural ?? '';
  }

  get label(): string {
    return this.info?.label ?? '';
  }

  get iconName(): string {
    return this.objectInfo?.themeInfo.iconName ?? '';
  }

  get hasListViews(): boolean {
    return this.views.length > 1;
  }

  get listViews() {
    return this.views.map((view) => ({ ...view, checked: view.apiName === this.listViewApiName }));
  }

  get isLoading(): boolean {
    return !this.errorMessage && !(this.list && this.info && this.objectInfo);
  }

  get records(): readonly RecordRepresentation[] {
    return this.list?.records ?? [];
  }

  get columns(): readonly Column[] {
    return this.info?.displayColumns ?? [];
  }

  get isEmpty(): boolean {
    return this.records.length === 0;
  }

  get emptyHint(): string {
    return this.effectiveSearch ? text.emptySearch(this.effectiveSearch) : text.emptyListHint(this.objectLabel);
  }

  get hasMore(): boolean {
    return this.list?.nextPageToken != null;
  }

  get sortedBy(): string {
    return this.list?.sortBy[0] ?? '';
  }

  get summary(): string {
    if (!this.list) return '';
    const field = this.sortedBy.replace(/^-/, '');
    const column = this.columns.find(({ fieldApiName }) => fieldApiName === field);
    return [
      text.itemCount(this.records.length, this.hasMore),
      ...(column ? [text.sortedBy(column.label.replace(/ ID$/, ''))] : []),
    ].join(' • ');
  }

  get canCreate(): boolean {
    return this.objectInfo?.createable === true;
  }

  get canCreateHere(): boolean {
    return this.canCreate && !this.effectiveSearch;
  }

  get newLabel(): string {
    return text.newRecord(this.objectInfo?.label ?? '');
  }

  get actions() {
    return [
      ...(this.objectInfo?.updateable ? [{ name: 'edit', label: text.edit }] : []),
      ...(this.objectInfo?.deletable ? [{ name: 'delete', label: text.delete }] : []),
    ];
  }

  handleListView(event: CustomEvent<{ value: string }>): void {
    const filterName = event.detail.value;
    sessionStorage.setItem(rememberedKey(this.objectApiName), filterName);
    this.list = undefined;
    this.info = undefined;
    this.sortBy = [];
    this.pageSize = pageStep;
    navigate({
      type: 'standard__objectPage',
      attributes: { objectApiName: this.objectApiName, actionName: 'list' },
      state: { filterName },
    });
  }

  handleSearch(event: CustomEvent<{ value: string }>): void {
    this.searchTerm = event.detail.value;
    clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => {
      this.effectiveSearch = this.searchTerm.trim() === '' ? undefined : this.searchTerm.trim();
      this.pageSize = pageStep;
    }, 250);
  }

  handleSort(event: CustomEvent<{ sortedBy: string }>): void {
    this.sortBy = [event.detail.sortedBy];
  }

  handleMore(): void {
    this.pageSize += pageStep;
  }

  handleRefresh(): void {
    this.errorMessage = '';
    void refreshWired(this.wiredList);
  }

  async handleNew(): Promise<void> {
    const recordId = await createInModal(this.objectApiName, this.objectInfo?.label ?? '');
    if (recordId)
      navigate({
        type: 'standard__recordPage',
        attributes: { objectApiName: this.objectApiName, recordId, actionName: 'view' },
      });
  }

  handleRowAction(event: CustomEvent<{ action: string; record: RecordRepresentation }>): void {
    const { action, record } = event.detail;
    const target = {
      recordId: record.id,
      objectApiName: this.objectApiName,
      label: this.objectInfo?.label ?? '',
      name: String(record.fields[this.objectInfo?.nameFields[0] ?? 'Name']?.value ?? ''),
    };
    if (action === 'edit') void editInModal(target);
    else void deleteWithQuestion(target);
  }
}
