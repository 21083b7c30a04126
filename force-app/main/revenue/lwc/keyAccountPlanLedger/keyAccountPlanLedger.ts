import { LightningElement, api, wire } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import getLedger from '@salesforce/apex/RevenueLedgerController.getLedger';
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
import sourceLabel from '@salesforce/label/c.Ledger_Source';
import staleLabel from '@salesforce/label/c.Ledger_Stale';
import stillOpenLabel from '@salesforce/label/c.Ledger_Still_Open';
import titleLabel from '@salesforce/label/c.Ledger_Title';
import truncatedLabel from '@salesforce/label/c.Ledger_Truncated';
import wonAlreadyLabel from '@salesforce/label/c.Ledger_Won_Already';
import pipelineLabel from '@salesforce/label/c.Revenue_Chart_Pipeline';
import totalExpectedRevenueLabel from '@salesforce/label/c.Revenue_Chart_Total_Expected_Revenue';
import weightedPipelineLabel from '@salesforce/label/c.Revenue_Chart_Weighted_Pipeline';
import wonRevenueLabel from '@salesforce/label/c.Revenue_Chart_Won_Revenue';

import type { LedgerRow } from 'c/keyAccountPlanLedgerTable';
import { fillLabel } from 'c/labelText';
import { amountText, numberText } from 'c/valueText';
import { FIGURES, amountOf, contribution, gapOf, sumOf, toCsv } from './ledger';
import type { Figure, Gap, Ledger, LedgerEntry } from './ledger';

const FIGURE_LABELS: Record<Figure, string> = {
    totalExpectedRevenue: totalExpectedRevenueLabel,
    wonRevenue: wonRevenueLabel,
    pipeline: pipelineLabel,
    weightedPipeline: weightedPipelineLabel
};

interface Wired {
    data?: Ledger;
    error?: unknown;
}

/**
 * Opens what is behind a plan's figures: the records that count, those that are left out, each with its reason, and
 * whether they add up.
 */
export default class KeyAccountPlanLedger extends LightningElement {
    /** Id of the Key Account Plan; set by the record page. */
    @api recordId?: string;

    figure: Figure = 'totalExpectedRevenue';

    readonly labels = {
        emptyBody: emptyBodyLabel,
        emptyTitle: emptyTitleLabel,
        errorTitle: errorTitleLabel,
        export: exportLabel,
        figure: figureLabel,
        loading: loadingLabel,
        noneCounted: noneCountedLabel,
        title: titleLabel
    };

    readonly planFields = [LAST_CALCULATED, LINKED_OPPORTUNITY_COUNT, NEEDS_RECALCULATION];

    @wire(getLedger, { planId: '$recordId' })
    wiredLedger(wired: unknown): void {
        this.wired = wired as Wired;
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

    get error(): unknown {
        return this.wired.error;
    }

    get hasEntries(): boolean {
        return (this.wired.data?.entries.length ?? 0) > 0;
    }

    get isEmpty(): boolean {
        return (
            !this.hasEntries && this.wired.data !== undefined && amountOf(this.wired.data, 'totalExpectedRevenue') === 0
        );
    }

    get isoCode(): string | undefined {
        return this.wired.data?.isoCode;
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

    get countedTitle(): string {
        return fillLabel(countedLabel, numberText(this.counted.length));
    }

    get leftOutTitle(): string {
        return fillLabel(leftOutLabel, numberText(this.leftOut.length));
    }

    get counted(): LedgerRow[] {
        return this.entriesThat((part) => part !== null);
    }

    get leftOut(): LedgerRow[] {
        return this.entriesThat((part) => part === null);
    }

    get hasCounted(): boolean {
        return this.counted.length > 0;
    }

    get hasLeftOut(): boolean {
        return this.leftOut.length > 0;
    }

    get sum(): number {
        return this.wired.data ? sumOf(this.wired.data, this.figure) : 0;
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
                    numberText(ledger.hiddenCount),
                    this.formatAmount(amountOf(ledger, this.figure) - sumOf(ledger, this.figure)),
                    figure,
                    amount
                ),
            recalculating: () => fillLabel(recalculatingLabel, figure, amount),
            truncated: () => fillLabel(truncatedLabel, numberText(ledger.entries.length), figure, amount),
            stale: () => fillLabel(staleLabel, figure, amount)
        };
        return verdicts[gapOf(ledger, this.figure)]();
    }

    handleFigure(event: Event): void {
        this.figure = (event.currentTarget as HTMLElement).dataset.figure as Figure;
    }

    /** Hands the whole ledger over as a file, whatever the tables show: the last column adds up to the figure. */
    handleExport(): void {
        const header = [recordLabel, accountLabel, dateLabel, amountLabel, remarkLabel, FIGURE_LABELS[this.figure]];
        const rows = (this.wired.data?.entries ?? []).map((entry) => [
            entry.name ?? '',
            entry.accountName ?? '',
            entry.day ?? '',
            entry.amount,
            this.reasonOf(entry) ?? '',
            contribution(entry, this.figure) ?? ''
        ]);
        // The byte order mark tells spreadsheets that the text is UTF-8.
        const text = `\uFEFF${toCsv([header, ...rows])}`;
        const link = document.createElement('a');
        link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
        link.download = `${this.wired.data?.planName ?? titleLabel}.csv`;
        link.click();
        URL.revokeObjectURL(link.href);
    }

    private entriesThat(isWanted: (part: number | null) => boolean): LedgerRow[] {
        return (this.wired.data?.entries ?? [])
            .filter((entry) => isWanted(contribution(entry, this.figure)))
            .map((entry) => ({
                ...entry,
                // Left-out records show their amount: that is what the figure would gain.
                amount: contribution(entry, this.figure) ?? entry.amount,
                reason: this.reasonOf(entry)
            }));
    }

    private reasonOf(entry: LedgerEntry): string | undefined {
        if (entry.reason || contribution(entry, this.figure) !== null) {
            return entry.reason;
        }
        return entry.status === 'Won' ? wonAlreadyLabel : stillOpenLabel;
    }

    private formatAmount(amount: number): string {
        return amountText(amount, this.isoCode);
    }
}
