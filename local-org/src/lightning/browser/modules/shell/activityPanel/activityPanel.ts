import { LightningElement, api, wire } from 'lwc';
import { getObjectInfo } from 'lightning/uiObjectInfoApi';
import { getRelatedListRecords } from 'lightning/uiRelatedListApi';
import { environment } from 'platform/environment';
import { errorText } from 'platform/errors';
import type { ObjectInfo } from 'platform/metadata';
import { fetchActivityActions } from 'platform/quickActions';
import type { ActionFacts } from 'platform/quickActions';
import type { RecordRepresentation } from 'platform/records';
import { navigate, urlOf } from 'platform/router';
import type { PageReference } from 'platform/router';
import { performAction } from 'shell/actions';
import { text } from 'shell/strings';

interface Activities {
  readonly records: readonly RecordRepresentation[];
  readonly nextPageToken: string | null;
}

interface Month {
  /** `2026-11`, '' without a date. */
  readonly key: string;
  readonly records: RecordRepresentation[];
}

const fieldNames = [
  'Subject',
  'ActivityDate',
  'StartDateTime',
  'Status',
  'Priority',
  'IsTask',
  'ActivitySubtype',
  'Description',
  'Location',
  'Who.Name',
  'What.Name',
  'Owner.Name',
];
const shownAtFirst = 20;
const icons: Readonly<Record<string, readonly [icon: string, className: string]>> = {
  call: ['standard:log_a_call', 'slds-timeline__item_call'],
  task: ['standard:task', 'slds-timeline__item_task'],
  event: ['standard:event', 'slds-timeline__item_event'],
};

/** The activity panel: actions that make tasks and events of the record, and its activities from what is to come back to what is done. */
export default class ActivityPanel extends LightningElement {
  @api objectApiName = '';

  strings = text;
  _recordId = '';
  actions: readonly ActionFacts[] = [];
  open?: Activities;
  past?: Activities;
  objectInfo?: ObjectInfo;
  errorMessage = '';
  shown = shownAtFirst;
  expanded: readonly string[] = [];
  activityObject = 'OpenActivity';

  @api get recordId(): string {
    return this._recordId;
  }

  set recordId(recordId: string) {
    this._recordId = recordId;
    void this.loadActions();
  }

  async loadActions(): Promise<void> {
    try {
      this.actions = await fetchActivityActions(this._recordId);
    } catch (error) {
      this.errorMessage = errorText(error);
    }
  }

  openFields = fieldNames.map((name) => `OpenActivity.${name}`);
  pastFields = fieldNames.map((name) => `ActivityHistory.${name}`);

  @wire(getObjectInfo, { objectApiName: '$activityObject' })
  receiveObjectInfo({ data }: { data?: ObjectInfo }): void {
    if (data) this.objectInfo = data;
  }

  @wire(getRelatedListRecords, {
    parentRecordId: '$recordId',
    relatedListId: 'OpenActivities',
    optionalFields: '$openFields',
    sortBy: 'ActivityDate',
    pageSize: '$shown',
  })
  receiveOpen({ data, error }: { data?: Activities; error?: unknown }): void {
    if (data) this.open = data;
    if (error) this.errorMessage = errorText(error);
  }

  @wire(getRelatedListRecords, {
    parentRecordId: '$recordId',
    relatedListId: 'ActivityHistories',
    optionalFields: '$pastFields',
    sortBy: '-ActivityDate',
    pageSize: '$shown',
  })
  receivePast({ data, error }: { data?: Activities; error?: unknown }): void {
    if (data) this.past = data;
    if (error) this.errorMessage = errorText(error);
  }

  get isLoading(): boolean {
    return !(this.open && this.past && this.objectInfo);
  }

  get hasMore(): boolean {
    return this.open?.nextPageToken != null || this.past?.nextPageToken != null;
  }

  /** What is to come, then what is done, month by month. */
  get groups() {
    const open = this.open?.records ?? [];
    const months: Month[] = [];
    for (const record of this.past?.records ?? []) {
      const key = String(record.fields.ActivityDate?.value ?? '').slice(0, 7);
      const last = months.at(-1);
      if (last?.key === key) last.records.push(record);
      else months.push({ key, records: [record] });
    }
    const none: readonly Month[] = months.length > 0 ? [] : [{ key: 'past', records: [] }];
    return [
      {
        key: 'open',
        label: text.upcoming,
        note: open.length === 0 ? text.noUpcoming : '',
        entries: open.map((record) => this.entryOf(record, true)),
      },
      ...[...months, ...none].map(({ key, records }) => ({
        key: `month-${key}`,
        label: key === 'past' ? text.past : monthLabel(key),
        note: records.length === 0 ? text.noPast : '',
        entries: records.map((record) => this.entryOf(record, false)),
      })),
    ];
  }

  entryOf(record: RecordRepresentation, isOpen: boolean) {
    const { fields, id } = record;
    const isTask = fields.IsTask?.value === true;
    const kind = fields.ActivitySubtype?.value === 'Call' ? 'call' : isTask ? 'task' : 'event';
    const [iconName = '', className = ''] = icons[kind] ?? [];
    const date = fields.ActivityDate;
    const start = isTask ? undefined : fields.StartDateTime?.displayValue;
    const isExpanded = this.expanded.includes(id);
    const subject = String(fields.Subject?.displayValue ?? fields.Subject?.value ?? id);
    const names = ['Who', 'What', 'Owner'].flatMap((name) => fields[name]?.displayValue ?? []);
    return {
      id,
      subject,
      iconName,
      className: `slds-timeline__item_expandable ${className}${isExpanded ? ' slds-is-open' : ''}`,
      url: urlOf(pageOf(id, isTask)),
      object: isTask ? 'Task' : 'Event',
      date: start ?? date?.displayValue ?? (isOpen ? text.noDate : ''),
      isOverdue: isOpen && isTask && typeof date?.value === 'string' && date.value < today(),
      isExpanded,
      expanded: String(isExpanded),
      toggleLabel: text.showDetails(subject),
      summary: [...names, ...(isTask ? [fields.Status?.displayValue ?? fields.Status?.value] : [])]
        .filter((part) => part)
        .join(' • '),
      facts: ['Priority', 'Location', 'Description'].flatMap((name) => {
        const value = fields[name]?.displayValue ?? fields[name]?.value;
        return typeof value === 'string' && value !== ''
          ? [{ name, key: `${name}-value`, label: this.objectInfo?.fields[name]?.label ?? name, value }]
          : [];
      }),
    };
  }

  handleToggle(event: Event): void {
    const { id = '' } = (event.currentTarget as HTMLElement).dataset;
    this.expanded = this.expanded.includes(id) ? this.expanded.filter((one) => one !== id) : [...this.expanded, id];
  }

  handleOpen(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { id = '', object } = (event.currentTarget as HTMLElement).dataset;
    navigate(pageOf(id, object === 'Task'));
  }

  handleAction(event: Event): void {
    const { name } = (event.currentTarget as HTMLElement).dataset;
    const action = this.actions.find((candidate) => candidate.name === name);
    if (action)
      void performAction(action, { recordId: this.recordId, objectApiName: this.objectApiName, label: '', name: '' });
  }

  handleMore(): void {
    this.shown += shownAtFirst;
  }
}

const pageOf = (recordId: string, isTask: boolean): PageReference => ({
  type: 'standard__recordPage',
  attributes: { recordId, objectApiName: isTask ? 'Task' : 'Event', actionName: 'view' },
});

/** `2026-11` in the user's language. */
function monthLabel(key: string): string {
  const [year, month] = key.split('-').map(Number);
  if (!year || !month) return text.noDate;
  const names = new Intl.DateTimeFormat(String(environment.i18n.locale), { year: 'numeric', month: 'long' });
  return names.format(new Date(year, month - 1, 1));
}

/** Today in the user's time zone, as dates of the API are written. */
const today = (): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: String(environment.i18n.timeZone) }).format(new Date());
