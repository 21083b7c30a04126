import { LightningElement, api, wire } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import getLedger from '@salesforce/apex/RevenueLedgerController.getLedger';
import ORGANIZATION_CURRENCY from '@salesforce/i18n/currency';
import LOCALE from '@salesforce/i18n/locale';
import { NavigationMixin } from 'lightning/navigation';
import { getRecord } from 'lightning/uiRecordApi';

import LAST_CALCULATED from '@salesforce/schema/Key_Account_Plan__c.Last_Calculated__c';
import LINKED_OPPORTUNITY_COUNT from '@salesforce/schema/Key_Account_Plan__c.Linked_Opportunity_Count__c';
import NEEDS_RECALCULATION from '@salesforce/schema/Key_Account_Plan__c.Needs_Recalculation__c';

import accountLabel from '@salesforce/label/c.Ledger_Account';
import addsUpLabel from '@salesforce/label/c.Ledger_Adds_Up';
import amountLabel from '@salesforce/label/c.Ledger_Amount';
import countedLabel from '@salesforce/label/c.Ledger_Counted';
import dateLabel from '@salesforce/label/c.Ledger_Date';
import emptyBodyLabel from '@salesforce/label/c.Ledger_Empty_Body';
import emptyTitleLabel from '@salesforce/label/c.Ledger_Empty_Title';
import errorTitleLabel from '@salesforce/label/c.Ledger_Error_Title';
import exportLabel from '@salesforce/label/c.Ledger_Export';
import figureLabel from '@salesforce/label/c.Ledger_Figure';
import hiddenLabel from '@salesforce/label/c.Ledger_Hidden';
import leftOutLabel from '@salesforce/label/c.Ledger_Left_Out';
import loadingLabel from '@salesforce/label/c.Ledger_Loading';
import noneCountedLabel from '@salesforce/label/c.Ledger_None_Counted';
import recalculatingLabel from '@salesforce/label/c.Ledger_Recalculating';
import recordLabel from '@salesforce/label/c.Ledger_Record';
import remarkLabel from '@salesforce/label/c.Ledger_Remark';
import showMoreLabel from '@salesforce/label/c.Ledger_Show_More';
import sourceLabel from '@salesforce/label/c.Ledger_Source';
import staleLabel from '@salesforce/label/c.Ledger_Stale';
import stillOpenLabel from '@salesforce/label/c.Ledger_Still_Open';
import sumLabel from '@salesforce/label/c.Ledger_Sum';
import titleLabel from '@salesforce/label/c.Ledger_Title';
import truncatedLabel from '@salesforce/label/c.Ledger_Truncated';
import wonAlreadyLabel from '@salesforce/label/c.Ledger_Won_Already';
import pipelineLabel from '@salesforce/label/c.Revenue_Chart_Pipeline';
import totalExpectedRevenueLabel from '@salesforce/label/c.Revenue_Chart_Total_Expected_Revenue';
import weightedPipelineLabel from '@salesforce/label/c.Revenue_Chart_Weighted_Pipeline';
import wonRevenueLabel from '@salesforce/label/c.Revenue_Chart_Won_Revenue';

import { errorMessages } from 'c/errorMessages';
import { fillLabel } from 'c/labelText';
import { FIGURES, amountOf, contribution, gapOf, sorted, sumOf, toCsv } from './ledger';
import type { Figure, Gap, Ledger, LedgerEntry, SortField, Sorting } from './ledger';

/** Rows that a table shows at first, and how many more each time. */
const PAGE = 50;

const FIGURE_LABELS: Record<Figure, string> = {
    totalExpectedRevenue: totalExpectedRevenueLabel,
    wonRevenue: wonRevenueLabel,
    pipeline: pipelineLabel,
    weightedPipeline: weightedPipelineLabel
};

const COLUMNS: readonly { field: SortField; label: string; isNumber: boolean }[] = [
    { field: 'name', label: recordLabel, isNumber: false },
    { field: 'accountName', label: accountLabel, isNumber: false },
    { field: 'day', label: dateLabel, isNumber: false },
    { field: 'amount', label: amountLabel, isNumber: true },
    { field: 'reason', label: remarkLabel, isNumber: false }
];

interface Wired {
    data?: Ledger;
    error?: unknown;
}

interface Row {
    key: string;
    recordId: string;
    name: string;
    url?: string;
    accountName: string;
    day: string;
    amount: string;
    reason: string;
}

/**
 * Opens what is behind a plan's figures: the records that count, those that are left out, each with its reason, and
 * whether they add up.
 */
export default class KeyAccountPlanLedger extends NavigationMixin(LightningElement) {
    /** Id of the Key Account Plan; set by the record page. */
    @api recordId?: string;

    figure: Figure = 'totalExpectedRevenue';
    sorting: Sorting = { field: 'day', isDescending: false };
    shownCounted = PAGE;
    shownLeftOut = PAGE;
    urls: Readonly<Record<string, string>> = {};

    readonly labels = {
        emptyBody: emptyBodyLabel,
        emptyTitle: emptyTitleLabel,
        errorTitle: errorTitleLabel,
        export: exportLabel,
        figure: figureLabel,
        loading: loadingLabel,
        noneCounted: noneCountedLabel,
        showMore: showMoreLabel,
        sum: sumLabel,
        title: titleLabel
    };

    readonly planFields = [LAST_CALCULATED, LINKED_OPPORTUNITY_COUNT, NEEDS_RECALCULATION];

    @wire(getLedger, { planId: '$recordId' })
    wiredLedger(wired: unknown): void {
        this.wired = wired as Wired;
        this.makeUrls();
    }

    /** The plan says when its figures changed; then the ledger is asked for anew. */
    @wire(getRecord, { recordId: '$recordId', fields: '$planFields' })
    wiredPlan({ data }: { data?: unknown }): void {
        if (data && this.hasSeenPlan) {
            // A failure reaches the wire, which shows it.
            refreshApex(this.wired).catch(() => undefined);
        }
        this.hasSeenPlan = data !== undefined;
    }

    private wired: Wired = {};
    private hasSeenPlan = false;

    get isLoading(): boolean {
        return !this.wired.data && !this.wired.error;
    }

    get errors(): string[] {
        return this.wired.error ? errorMessages(this.wired.error) : [];
    }

    get hasError(): boolean {
        return this.wired.error !== undefined;
    }

    get isEmpty(): boolean {
        return this.wired.data?.entries.length === 0 && amountOf(this.wired.data, 'totalExpectedRevenue') === 0;
    }

    get source(): string {
        return fillLabel(sourceLabel, this.wired.data?.sourceLabel ?? '');
    }

    get figures(): { name: Figure; label: string; amount: string; isPressed: 'true' | 'false'; className: string }[] {
        const ledger = this.wired.data;
        return ledger === undefined
            ? []
            : FIGURES.map((name) => ({
                  name,
                  label: FIGURE_LABELS[name],
                  amount: this.formatAmount(amountOf(ledger, name)),
                  isPressed: name === this.figure ? 'true' : 'false',
                  className: name === this.figure ? 'figure figure_chosen' : 'figure'
              }));
    }

    get columns(): { field: SortField; label: string; sort: string; icon?: string; className: string }[] {
        return COLUMNS.map(({ field, label, isNumber }) => {
            const isSorted = field === this.sorting.field;
            const isDescending = isSorted && this.sorting.isDescending;
            return {
                field,
                label,
                sort: isSorted ? (isDescending ? 'descending' : 'ascending') : 'none',
                icon: isSorted ? (isDescending ? 'utility:arrowdown' : 'utility:arrowup') : undefined,
                className: isNumber ? `number column_${field}` : `column_${field}`
            };
        });
    }

    get countedTitle(): string {
        return fillLabel(countedLabel, this.formatCount(this.counted.length));
    }

    get leftOutTitle(): string {
        return fillLabel(leftOutLabel, this.formatCount(this.leftOut.length));
    }

    get countedRows(): Row[] {
        return this.sortedCounted.slice(0, this.shownCounted).map((entry) => this.toRow(entry));
    }

    get leftOutRows(): Row[] {
        return this.sortedLeftOut.slice(0, this.shownLeftOut).map((entry) => this.toRow(entry));
    }

    get hasCounted(): boolean {
        return this.counted.length > 0;
    }

    get hasLeftOut(): boolean {
        return this.leftOut.length > 0;
    }

    get hasMoreCounted(): boolean {
        return this.counted.length > this.shownCounted;
    }

    get hasMoreLeftOut(): boolean {
        return this.leftOut.length > this.shownLeftOut;
    }

    get sum(): string {
        return this.wired.data ? this.formatAmount(sumOf(this.wired.data, this.figure)) : '';
    }

    get isExact(): boolean {
        return this.wired.data !== undefined && gapOf(this.wired.data, this.figure) === 'none';
    }

    get verdictIcon(): string {
        return this.isExact ? 'utility:success' : 'utility:info';
    }

    get verdictVariant(): string | undefined {
        return this.isExact ? 'success' : undefined;
    }

    /** Whether the records add up to the figure, or why not. */
    get verdict(): string {
        const ledger = this.wired.data;
        if (!ledger) {
            return '';
        }
        const figure = FIGURE_LABELS[this.figure];
        const amount = this.formatAmount(amountOf(ledger, this.figure));
        const verdicts: Record<Gap, () => string> = {
            none: () => fillLabel(addsUpLabel, figure, amount),
            hidden: () =>
                fillLabel(
                    hiddenLabel,
                    this.formatCount(ledger.hiddenCount),
                    this.formatAmount(amountOf(ledger, this.figure) - sumOf(ledger, this.figure)),
                    figure,
                    amount
                ),
            recalculating: () => fillLabel(recalculatingLabel, figure, amount),
            truncated: () => fillLabel(truncatedLabel, this.formatCount(ledger.entries.length), figure, amount),
            stale: () => fillLabel(staleLabel, figure, amount)
        };
        return verdicts[gapOf(ledger, this.figure)]();
    }

    handleFigure(event: Event): void {
        this.figure = (event.currentTarget as HTMLElement).dataset.figure as Figure;
        this.showFirst();
    }

    handleSort(event: Event): void {
        const field = (event.currentTarget as HTMLElement).dataset.field as SortField;
        this.sorting = { field, isDescending: field === this.sorting.field && !this.sorting.isDescending };
        this.showFirst();
    }

    handleMoreCounted(): void {
        this.shownCounted += PAGE;
        this.makeUrls();
    }

    handleMoreLeftOut(): void {
        this.shownLeftOut += PAGE;
        this.makeUrls();
    }

    /** Hands the whole ledger of the figure over as a file, whatever the tables show. */
    handleExport(): void {
        const counted = this.sortedCounted.map((entry) => this.toCells(entry, countedLabel));
        const leftOut = this.sortedLeftOut.map((entry) => this.toCells(entry, leftOutLabel));
        const header = [...COLUMNS.map(({ label }) => label), FIGURE_LABELS[this.figure]];
        // The byte order mark tells spreadsheets that the text is UTF-8.
        const text = `\uFEFF${toCsv([header, ...counted, ...leftOut])}`;
        const link = document.createElement('a');
        link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
        link.download = `${this.wired.data?.planName ?? titleLabel}.csv`;
        link.click();
        URL.revokeObjectURL(link.href);
    }

    private get counted(): LedgerEntry[] {
        return (this.wired.data?.entries ?? []).filter((entry) => contribution(entry, this.figure) !== null);
    }

    private get leftOut(): LedgerEntry[] {
        return (this.wired.data?.entries ?? []).filter((entry) => contribution(entry, this.figure) === null);
    }

    private get sortedCounted(): LedgerEntry[] {
        return this.sort(this.counted);
    }

    private get sortedLeftOut(): LedgerEntry[] {
        return this.sort(this.leftOut);
    }

    private sort(entries: LedgerEntry[]): LedgerEntry[] {
        return sorted(
            entries.map((entry) => ({ ...entry, reason: this.reasonOf(entry) })),
            this.sorting,
            (entry) => this.shownAmount(entry),
            new Intl.Collator(LOCALE, { numeric: true })
        );
    }

    /** Left-out records show their amount: that is what the figure would gain. */
    private shownAmount(entry: LedgerEntry): number {
        return contribution(entry, this.figure) ?? entry.amount;
    }

    private reasonOf(entry: LedgerEntry): string | undefined {
        if (entry.reason || contribution(entry, this.figure) !== null) {
            return entry.reason;
        }
        return entry.status === 'Won' ? wonAlreadyLabel : stillOpenLabel;
    }

    private toRow(entry: LedgerEntry): Row {
        return {
            key: entry.key,
            recordId: entry.recordId,
            name: entry.name ?? entry.recordId,
            url: this.urls[entry.recordId],
            accountName: entry.accountName ?? '',
            day: entry.day ? this.formatDay(entry.day) : '',
            amount: this.formatAmount(this.shownAmount(entry)),
            reason: entry.reason ?? ''
        };
    }

    private toCells(entry: LedgerEntry, group: string): (string | number)[] {
        return [
            entry.name ?? '',
            entry.accountName ?? '',
            entry.day ?? '',
            this.shownAmount(entry),
            entry.reason ?? '',
            fillLabel(group, '').replace(/[()\s]+$/, '')
        ];
    }

    private showFirst(): void {
        this.shownCounted = PAGE;
        this.shownLeftOut = PAGE;
        this.makeUrls();
    }

    /** Addresses of the rows that are shown; the platform makes them one by one. */
    private makeUrls(): void {
        const wanted = [...this.countedRows, ...this.leftOutRows].filter(({ url }) => url === undefined);
        Promise.all(
            wanted.map(async ({ recordId }): Promise<[string, string]> => [
                recordId,
                await this[NavigationMixin.GenerateUrl]({
                    type: 'standard__recordPage',
                    attributes: { recordId, actionName: 'view' }
                })
            ])
        )
            .then((made) => {
                if (made.length > 0) {
                    this.urls = { ...this.urls, ...Object.fromEntries(made) };
                }
            })
            // Without an address a name is plain text.
            .catch(() => undefined);
    }

    private formatAmount(amount: number): string {
        return new Intl.NumberFormat(LOCALE, {
            style: 'currency',
            currency: this.wired.data?.isoCode ?? ORGANIZATION_CURRENCY,
            ...(Number.isInteger(amount) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {})
        }).format(amount);
    }

    private formatCount(count: number): string {
        return new Intl.NumberFormat(LOCALE).format(count);
    }

    private formatDay(day: string): string {
        return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
    }
}
