import { LightningElement, api } from 'lwc';
import type { Column, ObjectInfo } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { text } from 'shell/strings';

export interface RowAction {
  readonly name: string;
  readonly label: string;
}

/** “Account ID” reads “Account” over the accounts' names. */
const labelOf = ({ fieldApiName, label }: Column): string =>
  fieldApiName === 'Id' ? label : label.replace(/ ID$/, '');
const numeric = /^(currency|percent|double|int|long)$/i;

/** Records in a table: values as the user reads them, sortable columns, a menu in each row. */
export default class DataTable extends LightningElement {
  @api label = '';
  @api columns: readonly Column[] = [];
  @api records: readonly RecordRepresentation[] = [];
  @api objectInfo?: ObjectInfo;
  @api actions: readonly RowAction[] = [];
  /** Ids of the rows that have the actions; without it, all of them. */
  @api actionIds?: readonly string[];
  /** Long texts go on in the next line instead of being cut off. */
  @api wraps = false;
  /** `Name` or `-Name`; '' when the columns cannot be sorted by. */
  @api sortedBy = '';
  @api sortable = false;

  strings = text;
  scrollerTab = '0';

  get nameField(): string {
    return this.objectInfo?.nameFields[0] ?? 'Name';
  }

  get tableClass(): string {
    return `slds-table slds-table_bordered slds-table_header-fixed_none table${this.wraps ? ' table_wraps' : ''}`;
  }

  get hasActions(): boolean {
    return this.actions.length > 0;
  }

  get heads() {
    const field = this.sortedBy.replace(/^-/, '');
    const descending = this.sortedBy.startsWith('-');
    return this.columns.map((column) => {
      const isSorted = field !== '' && field === column.fieldApiName;
      const label = labelOf(column);
      return {
        field: column.fieldApiName,
        label,
        sortable: this.sortable && column.sortable,
        sortLabel: text.sortBy(label),
        sortIcon: isSorted ? (descending ? 'utility:arrowdown' : 'utility:arrowup') : undefined,
        ariaSort: isSorted ? (descending ? 'descending' : 'ascending') : undefined,
        className: numeric.test(column.dataType) ? 'number' : '',
      };
    });
  }

  get rows() {
    return this.records.map((record) => ({
      id: record.id,
      record,
      actionsLabel: text.rowActions(String(record.fields[this.nameField]?.value ?? record.id)),
      hasActions: this.actionIds === undefined || this.actionIds.includes(record.id),
      cells: this.columns.map((column) => ({
        field: column.fieldApiName,
        label: labelOf(column),
        isName: column.fieldApiName === this.nameField,
        className: numeric.test(column.dataType) ? 'number' : '',
      })),
    }));
  }

  handleSort(event: Event): void {
    const { field = '' } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(
      new CustomEvent('sort', { detail: { sortedBy: this.sortedBy === field ? `-${field}` : field } }),
    );
  }

  handleAction(event: CustomEvent<{ value: string }>): void {
    const { id } = (event.currentTarget as HTMLElement).dataset;
    const record = this.records.find((candidate) => candidate.id === id);
    if (record) this.dispatchEvent(new CustomEvent('rowaction', { detail: { action: event.detail.value, record } }));
  }
}
