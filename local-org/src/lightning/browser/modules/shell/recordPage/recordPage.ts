import { LightningElement, api, wire } from 'lwc';
import { getRecord } from 'lightning/uiRecordApi';
import { errorStatus, errorText } from 'platform/errors';
import { fetchRecordPage } from 'platform/pages';
import type { PageFacts } from 'platform/pages';
import { navigate } from 'platform/router';
import { text } from 'shell/strings';

/** A record's page, or one of its related lists on a page of its own. */
export default class RecordPage extends LightningElement {
  @api app = '';
  /** Shows this related list instead of the page. */
  @api relatedListId?: string;

  strings = text;
  _recordId = '';
  shownId: string | undefined;
  objectApiName: string | undefined;
  page: PageFacts | undefined;
  notFound = false;
  errorMessage = '';
  idFields: readonly string[] | undefined;

  @api get recordId(): string {
    return this._recordId;
  }

  set recordId(recordId: string) {
    if (recordId === this._recordId) return;
    this._recordId = recordId;
    void this.load();
  }

  /** Notices when the record is deleted, here or elsewhere, or hidden. */
  @wire(getRecord, { recordId: '$shownId', optionalFields: '$idFields' })
  receive({ error }: { error?: unknown }): void {
    if (error && errorStatus(error) === 404) this.notFound = true;
  }

  async load(): Promise<void> {
    const recordId = this._recordId;
    this.page = undefined;
    this.notFound = false;
    this.errorMessage = '';
    // The app is set in the same round as the Id, after it.
    await Promise.resolve();
    try {
      const { objectApiName, page } = await fetchRecordPage(recordId, this.app);
      if (recordId !== this._recordId) return;
      this.objectApiName = objectApiName;
      this.idFields = [`${objectApiName}.Id`];
      this.shownId = recordId;
      this.page = page;
    } catch (error) {
      if ([400, 404].includes(errorStatus(error))) this.notFound = true;
      else this.errorMessage = errorText(error);
    }
  }

  get showsRelatedList(): boolean {
    return this.relatedListId !== undefined && this.page !== undefined;
  }

  handleHome(): void {
    navigate({ type: 'standard__namedPage', attributes: { pageName: 'home' } });
  }

  handleRetry(): void {
    void this.load();
  }
}
