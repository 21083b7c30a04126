import { LightningElement, api, wire } from 'lwc';
import { getRelatedListsInfo } from 'lightning/uiRelatedListApi';

/** Every related list of the record's page layout. */
export default class RelatedLists extends LightningElement {
  @api recordId?: string;
  @api objectApiName = '';
  @api wide = false;

  lists: readonly { readonly relatedListId: string }[] | undefined;

  @wire(getRelatedListsInfo, { parentObjectApiName: '$objectApiName' })
  receive({ data }: { data?: { relatedLists: readonly { relatedListId: string }[] } }): void {
    if (data) this.lists = data.relatedLists;
  }

  get isLoading(): boolean {
    return this.lists === undefined;
  }
}
