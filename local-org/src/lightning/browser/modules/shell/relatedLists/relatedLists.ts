import { LightningElement, api, wire } from 'lwc';
import { getRecord } from 'lightning/uiRecordApi';
import { getRelatedListsInfo } from 'lightning/uiRelatedListApi';
import { masterRecordTypeId } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';

/** Every related list of the record's page layout. */
export default class RelatedLists extends LightningElement {
  @api recordId?: string;
  @api objectApiName = '';
  @api wide = false;

  lists: readonly { readonly relatedListId: string }[] | undefined;

  /** The layout that holds the lists follows the record's type. */
  recordTypeId: string | undefined;
  layoutTypes = ['Compact'];

  @wire(getRecord, { recordId: '$recordId', layoutTypes: '$layoutTypes' })
  receiveRecord({ data }: { data?: RecordRepresentation }): void {
    if (data) this.recordTypeId = data.recordTypeId ?? masterRecordTypeId;
  }

  /** Undefined until the record's type is known. */
  get parentObject(): string | undefined {
    return this.recordTypeId && this.objectApiName;
  }

  @wire(getRelatedListsInfo, { parentObjectApiName: '$parentObject', recordTypeId: '$recordTypeId' })
  receive({ data }: { data?: { relatedLists: readonly { relatedListId: string }[] } }): void {
    if (data) this.lists = data.relatedLists;
  }

  get isLoading(): boolean {
    return this.lists === undefined;
  }
}
