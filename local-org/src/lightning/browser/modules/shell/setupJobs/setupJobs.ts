import { LightningElement, api } from 'lwc';
import { fetchOnce } from 'platform/dataService';
import { errorText } from 'platform/errors';
import { queryString, request } from 'platform/http';
import { objectInfoPlan } from 'platform/metadata';
import type { Column, ObjectInfo } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import ConfirmModal from 'shell/confirmModal';
import { text } from 'shell/strings';
import { showToast } from 'shell/toasts';

interface JobRows {
  readonly objectApiName: string;
  readonly columns: readonly Column[];
  readonly records: readonly RecordRepresentation[];
  /** Ids of the jobs that the user may end. */
  readonly endable: readonly string[];
  readonly nextPageToken: string | null;
}

interface PageTexts {
  readonly title: string;
  readonly iconName: string;
  readonly empty: string;
  readonly emptyHint: string;
  /** The row's action: its label, the question, the button's label and what is said when it is done. */
  readonly end: string;
  readonly endTitle: string;
  readonly endQuestion: string;
  readonly ended: string;
}

const pages: Readonly<Record<string, PageTexts>> = {
  AsyncApexJobs: {
    title: text.apexJobs,
    iconName: 'standard:apex',
    empty: text.noApexJobs,
    emptyHint: text.noApexJobsHint,
    end: text.abortJob,
    endTitle: text.abortJobTitle,
    endQuestion: text.abortJobQuestion,
    ended: text.jobAborted,
  },
  ScheduledJobs: {
    title: text.scheduledJobs,
    iconName: 'standard:today',
    empty: text.noScheduledJobs,
    emptyHint: text.noScheduledJobsHint,
    end: text.deleteSchedule,
    endTitle: text.deleteScheduleTitle,
    endQuestion: text.deleteScheduleQuestion,
    ended: text.scheduleDeleted,
  },
};
const pageStep = 50;

/** Setup's Apex Jobs and Scheduled Jobs: as they stood when the page was opened or refreshed. */
export default class SetupJobs extends LightningElement {
  @api pageName = '';

  strings = text;
  rows?: JobRows;
  objectInfo?: ObjectInfo;
  errorMessage = '';
  pageSize = pageStep;

  connectedCallback(): void {
    document.title = `${this.texts.title} | ${text.productName}`;
    void this.load();
  }

  async load(): Promise<void> {
    try {
      const rows = await request<JobRows>(
        'GET',
        `/local-org/setup/${this.pageName}${queryString({ pageSize: this.pageSize })}`,
      );
      this.objectInfo = await fetchOnce(objectInfoPlan(rows.objectApiName));
      this.rows = rows;
      this.errorMessage = '';
    } catch (error) {
      this.errorMessage = errorText(error);
    }
  }

  get texts(): PageTexts {
    return pages[this.pageName] as PageTexts;
  }

  get isEmpty(): boolean {
    return this.rows?.records.length === 0;
  }

  get hasMore(): boolean {
    return this.rows?.nextPageToken != null;
  }

  get summary(): string {
    return this.rows ? text.itemCount(this.rows.records.length, this.hasMore) : '';
  }

  /** No row has actions: then there is no column for them either. */
  get actions() {
    return (this.rows?.endable ?? []).length > 0 ? [{ name: 'end', label: this.texts.end }] : [];
  }

  handleRefresh(): void {
    void this.load();
  }

  handleMore(): void {
    this.pageSize += pageStep;
    void this.load();
  }

  handleAction(event: CustomEvent<{ record: RecordRepresentation }>): void {
    void this.end(event.detail.record.id);
  }

  async end(id: string): Promise<void> {
    const { end, endTitle, endQuestion, ended } = this.texts;
    const confirmed = (await ConfirmModal.open({
      size: 'small',
      label: endTitle,
      question: endQuestion,
      confirmLabel: end,
    })) as boolean | undefined;
    if (confirmed !== true) return;
    try {
      await request('DELETE', `/local-org/setup/jobs/${id}`);
      showToast(ended);
    } catch (error) {
      showToast(text.somethingWrong, 'error', errorText(error));
    }
    await this.load();
  }
}
