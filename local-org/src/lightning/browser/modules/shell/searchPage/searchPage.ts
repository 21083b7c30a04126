import { LightningElement, api } from 'lwc';
import { fetchOnce } from 'platform/dataService';
import { errorText } from 'platform/errors';
import { queryString, request } from 'platform/http';
import { objectInfoPlan } from 'platform/metadata';
import type { Column, ObjectInfo } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { text } from 'shell/strings';

interface Group {
  readonly objectApiName: string;
  readonly label: string;
  readonly iconName: string;
  readonly columns: readonly Column[];
  readonly records: readonly RecordRepresentation[];
  readonly hasMore: boolean;
}

const shownOfEach = 25;

/** Records of every searchable object that match what was typed into the header. */
export default class SearchPage extends LightningElement {
  _term = '';
  isLoading = true;
  message = '';
  hint = '';
  groups: readonly (Group & { readonly title: string; readonly objectInfo: ObjectInfo })[] = [];

  @api get term(): string {
    return this._term;
  }

  set term(term: string) {
    this._term = term ?? '';
    void this.search();
  }

  get heading(): string {
    return text.searchResults(this._term);
  }

  async search(): Promise<void> {
    const term = this._term;
    this.isLoading = true;
    this.message = '';
    this.hint = '';
    document.title = `${text.searchResults(term)} | ${text.productName}`;
    try {
      const { groups } = await request<{ groups: readonly Group[] }>(
        'GET',
        `/local-org/search${queryString({ q: term, size: shownOfEach })}`,
      );
      const infos = await Promise.all(groups.map(({ objectApiName }) => fetchOnce(objectInfoPlan(objectApiName))));
      if (term !== this._term) return;
      this.groups = groups.map((group, index) => ({
        ...group,
        title: `${group.label} (${text.itemCount(group.records.length, group.hasMore)})`,
        objectInfo: infos[index] as ObjectInfo,
      }));
      if (groups.length === 0) {
        this.message = text.noSearchResults(term);
        this.hint = text.noSearchResultsHint;
      }
    } catch (error) {
      this.message = errorText(error);
    }
    this.isLoading = false;
  }
}
