import { LightningElement, api } from 'lwc';
import LOCALE from '@salesforce/i18n/locale';

import accountLabel from '@salesforce/label/c.Ledger_Account';
import amountLabel from '@salesforce/label/c.Ledger_Amount';
import dateLabel from '@salesforce/label/c.Ledger_Date';
import recordLabel from '@salesforce/label/c.Ledger_Record';
import remarkLabel from '@salesforce/label/c.Ledger_Remark';
import sumLabel from '@salesforce/label/c.Ledger_Sum';

import { amountText, dayText } from 'c/valueText';
import { sorted } from './sorting';
import type { LedgerRow, SortField, Sorting } from './sorting';

export type { LedgerRow } from './sorting';

/** Rows that a table shows at first, and how many more each time. */
const PORTION = 50;

const COLUMNS: readonly { field: SortField; label: string; isNumber: boolean }[] = [
    { field: 'name', label: recordLabel, isNumber: false },
    { field: 'accountName', label: accountLabel, isNumber: false },
    { field: 'day', label: dateLabel, isNumber: false },
    { field: 'amount', label: amountLabel, isNumber: true },
    { field: 'reason', label: remarkLabel, isNumber: false }
];

interface Column {
    field: SortField;
    label: string;
    sort: 'ascending' | 'descending' | 'none';
    icon?: string;
    className: string;
}

interface RowText {
    key: string;
    recordId: string;
    name: string;
    accountName: string;
    day: string;
    amount: string;
    reason: string;
}

/**
 * One table of the ledger: its records by the column that a person chooses, in portions.
 */
export default class KeyAccountPlanLedgerTable extends LightningElement {
    /** Name of the table for those who hear the page. */
    @api label?: string;

    /** The records, in the order of their dates. */
    @api rows: readonly LedgerRow[] = [];

    /** ISO code of the plan's currency; none in an org with one currency. */
    @api isoCode?: string;

    /** What the amounts add up to; without it the table has no foot. */
    @api sum?: number;

    sorting: Sorting = { field: 'day', isDescending: false };

    readonly portion = PORTION;
    readonly sumLabel = sumLabel;

    private mostRows = PORTION;
    private focusedIndex: number | null = null;

    renderedCallback(): void {
        if (this.focusedIndex !== null) {
            this.template?.querySelectorAll<HTMLElement>('tbody tr')[this.focusedIndex]?.focus();
            this.focusedIndex = null;
        }
    }

    get columns(): Column[] {
        return COLUMNS.map(({ field, label, isNumber }) => {
            const isSorted = field === this.sorting.field;
            const { isDescending } = this.sorting;
            return {
                field,
                label,
                sort: isSorted ? (isDescending ? 'descending' : 'ascending') : 'none',
                icon: isSorted ? (isDescending ? 'utility:arrowdown' : 'utility:arrowup') : undefined,
                className: isNumber ? `number column_${field}` : `column_${field}`
            };
        });
    }

    get rowTexts(): RowText[] {
        return sorted(this.rows, this.sorting, new Intl.Collator(LOCALE, { numeric: true }))
            .slice(0, this.mostRows)
            .map((row) => ({
                key: row.key,
                recordId: row.recordId,
                name: row.name ?? row.recordId,
                accountName: row.accountName ?? '',
                day: row.day ? dayText(row.day) : '',
                amount: amountText(row.amount, this.isoCode),
                reason: row.reason ?? ''
            }));
    }

    get hasSum(): boolean {
        return this.sum !== undefined;
    }

    get sumText(): string {
        return amountText(this.sum ?? 0, this.isoCode);
    }

    get rowCount(): number {
        return this.rows.length;
    }

    get isLong(): boolean {
        return this.rowCount > PORTION;
    }

    handleSort(event: Event): void {
        const field = (event.currentTarget as HTMLElement).dataset.field as SortField;
        this.sorting = { field, isDescending: field === this.sorting.field && !this.sorting.isDescending };
    }

    handleMore(): void {
        this.focusedIndex = this.mostRows;
        this.mostRows += PORTION;
    }
}
