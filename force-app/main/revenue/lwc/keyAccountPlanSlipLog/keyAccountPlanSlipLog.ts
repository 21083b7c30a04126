import { LightningElement, api, wire } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import { getFieldValue, getRecord } from 'lightning/uiRecordApi';
import type { FieldId, RecordRepresentation } from 'lightning/uiRecordApi';
import getSlipLog from '@salesforce/apex/SlipLogController.getSlipLog';
import TEXT_DIRECTION from '@salesforce/i18n/dir';
import LOCALE from '@salesforce/i18n/locale';

import BASELINE_DATE from '@salesforce/schema/Key_Account_Plan__c.Baseline_Date__c';
import LAST_CALCULATED from '@salesforce/schema/Key_Account_Plan__c.Last_Calculated__c';
import WEIGHTED_PIPELINE from '@salesforce/schema/Key_Account_Plan__c.Weighted_Pipeline__c';
import WON_REVENUE from '@salesforce/schema/Key_Account_Plan__c.Won_Revenue__c';

import { fillLabel } from 'c/labelText';
import { amountText, dayOfMomentText, dayText, momentText, numberText } from 'c/valueText';
import { DEAL_CHANGES, differencesOf } from './slipLog';
import type { DealChange, Difference, Entry, SlipLog } from './slipLog';
import { BAR_LABELS, DIFFERENCE_LABELS, PART_LABELS, labels } from './slipLogLabels';
import { layOutWaterfall, movingSteps } from './waterfall';
import type { Bar, Waterfall } from './waterfall';

/** When one of these changes, the log has changed. Optional: the log is shown to those who may not see them, too. */
const WATCHED: FieldId[] = [BASELINE_DATE, LAST_CALCULATED, WEIGHTED_PIPELINE, WON_REVENUE];

/**
 * What the watched fields of each plan were when its log was last asked for. It lives as long as the page, as the cache of
 * wired Apex methods does: a log that comes out of that cache after its plan changed elsewhere is fetched anew.
 */
const seen = new Map<string, string>();

/** Few at first, so that the rest of the page stays near. */
const FIRST_ENTRIES = 5;
const MORE_ENTRIES = 20;

const ALL = 'All';

/** Of these kinds nothing else tells what happened when the amount is the same. */
const VALUE_CHANGES: DealChange[] = ['Increased', 'Decreased'];

const ICONS: Record<DealChange, string> = {
    Entered: 'utility:add',
    Increased: 'utility:arrowup',
    Won: 'utility:success',
    Reopened: 'utility:undo',
    Decreased: 'utility:arrowdown',
    Lost: 'utility:ban',
    Left: 'utility:dash'
};

interface Wired<Data> {
    data?: Data;
    error?: unknown;
}

interface BarRow {
    key: string;
    label: string;
    rowClass: string;
    /** Empty without entries. */
    count: string;
    amount: string;
    total: string;
    totalText: string;
    isStep: boolean;
    barClass: string;
    x: string;
    width: string;
    isCut: boolean;
    comesFrom: boolean;
    before: string;
    goesOn: boolean;
    after: string;
}

interface DifferenceText {
    key: string;
    label: string;
    from: string | null;
    to: string | null;
    isMove: boolean;
}

interface EntryRow {
    key: string;
    recordId?: string;
    name: string;
    change: string;
    icon: string;
    reason?: string;
    differences: DifferenceText[];
    isWeight: boolean;
    amount: string;
    by: string;
}

/**
 * What has changed in a plan since its approval: a waterfall from the baseline to today's expected revenue, the same in a
 * sentence and in a table, and the latest changes record by record.
 */
export default class KeyAccountPlanSlipLog extends LightningElement {
    /** Id of the Key Account Plan; set by the record page. */
    @api recordId?: string;

    showsTable = false;

    readonly labels = labels;
    readonly optionalFields = WATCHED;
    readonly moreEntries = MORE_ENTRIES;

    private result: Wired<SlipLog> = {};
    private wired: unknown;
    private isStale = false;
    private change: DealChange | typeof ALL = ALL;
    private mostEntries = FIRST_ENTRIES;
    private focusedIndex: number | null = null;

    @wire(getRecord, { recordId: '$recordId', optionalFields: '$optionalFields' })
    wirePlan({ data }: Wired<RecordRepresentation>): void {
        if (!data) {
            return;
        }
        const current = JSON.stringify(WATCHED.map((field) => getFieldValue(data, field)));
        const before = seen.get(data.id);
        seen.set(data.id, current);
        if (before !== undefined && before !== current) {
            this.refresh();
        }
    }

    @wire(getSlipLog, { planId: '$recordId' })
    wireLog(wired: Wired<unknown>): void {
        this.wired = wired;
        this.result = { data: wired.data as SlipLog | undefined, error: wired.error };
        if (this.isStale && this.isLoaded) {
            this.refresh();
        }
    }

    renderedCallback(): void {
        if (this.focusedIndex !== null) {
            this.template?.querySelectorAll<HTMLElement>('.entry')[this.focusedIndex]?.focus();
            this.focusedIndex = null;
        }
    }

    get isLoading(): boolean {
        return !this.isLoaded;
    }

    get error(): unknown {
        return this.result.error;
    }

    get hasNoBaseline(): boolean {
        return this.log !== undefined && !this.log.baselineDate;
    }

    get hasNoChanges(): boolean {
        return this.log !== undefined && movingSteps(this.log.steps).length === 0;
    }

    get hasChanges(): boolean {
        return this.log !== undefined && !this.hasNoBaseline && !this.hasNoChanges;
    }

    get noChangesTitle(): string {
        return fillLabel(labels.noChangesTitle, this.approvalDay);
    }

    get noChangesBody(): string {
        return fillLabel(labels.noChangesBody, this.formatAmount(this.log?.today ?? 0));
    }

    /** The waterfall in words: what came of it … */
    get verdict(): string {
        const difference = this.difference;
        if (difference === 0) {
            return fillLabel(this.parts ? labels.evenedOut : labels.unmoved, this.approvalDay);
        }
        return fillLabel(
            difference < 0 ? labels.fell : labels.rose,
            this.approvalDay,
            this.formatAmount(Math.abs(difference))
        );
    }

    /** … and what it is made of; empty when nothing was added or taken away. */
    get parts(): string {
        const parts = movingSteps(this.log?.steps ?? [])
            .filter(({ amount }) => amount !== 0)
            .map(({ change, amount }) => fillLabel(PART_LABELS[change], this.formatChange(amount)));
        return parts.length === 0 ? '' : fillLabel(labels.parts, new Intl.ListFormat(LOCALE).format(parts));
    }

    get verdictIcon(): string {
        const difference = this.difference;
        return difference === 0 ? 'utility:dash' : difference < 0 ? 'utility:arrowdown' : 'utility:arrowup';
    }

    get verdictVariant(): string {
        const difference = this.difference;
        return difference === 0 ? '' : difference < 0 ? 'warning' : 'success';
    }

    get bars(): BarRow[] {
        const { bars, cutAt } = this.waterfall;
        return bars.map((bar) => ({
            key: bar.name,
            label: BAR_LABELS[bar.name],
            rowClass: bar.count === null ? 'row row_total' : 'row',
            count: this.countText(bar),
            amount: bar.count === null ? this.formatAmount(bar.amount) : this.formatChange(bar.amount),
            total: this.formatAmount(bar.total),
            totalText: fillLabel(labels.runningTotal, this.formatAmount(bar.total)),
            isStep: bar.count !== null,
            barClass: `bar bar_${bar.direction}`,
            x: `${bar.start}%`,
            width: `${bar.width}%`,
            isCut: bar.direction === 'total' && cutAt !== null,
            comesFrom: bar.before !== null,
            before: `${bar.before}%`,
            goesOn: bar.after !== null,
            after: `${bar.after}%`
        }));
    }

    /** At the edge of the chart the bars themselves show where zero is. */
    get hasZeroLine(): boolean {
        return this.waterfall.zero > 0;
    }

    get zeroX(): string {
        return `${this.waterfall.zero}%`;
    }

    get drawingClass(): string {
        return TEXT_DIRECTION === 'rtl' ? 'drawing mirrored' : 'drawing';
    }

    /** What a reader of the bars has to know. */
    get notes(): string[] {
        const { bars, cutAt } = this.waterfall;
        return [
            ...(cutAt !== null && !this.showsTable ? [fillLabel(labels.scaleCut, this.formatAmount(cutAt))] : []),
            ...(bars.some(({ name }) => name === 'Other') ? [labels.otherNote] : [])
        ];
    }

    get hasEntries(): boolean {
        return (this.log?.entries.length ?? 0) > 0;
    }

    get noDeals(): string {
        const source = this.log?.unloggedSource;
        return source ? fillLabel(labels.unlogged, source) : labels.noDeals;
    }

    get filterOptions(): { label: string; value: string }[] {
        const occurring = new Set(this.log?.entries.map(({ Change__c: change }) => change));
        return [
            { label: labels.filterAll, value: ALL },
            ...DEAL_CHANGES.filter((change) => occurring.has(change)).map((change) => ({
                label: BAR_LABELS[change],
                value: change
            }))
        ];
    }

    /** The chosen kind of change; all when the log no longer holds one of it. */
    get filterValue(): string {
        return this.filterOptions.some(({ value }) => value === this.change) ? this.change : ALL;
    }

    get rows(): EntryRow[] {
        return this.chosenEntries.slice(0, this.mostEntries).map((entry) => {
            const differences = differencesOf(entry);
            const amount = entry.Change_in_Expected_Revenue__c;
            return {
                key: entry.Id,
                recordId: entry.Opportunity__c ?? entry.Record_Id__c,
                name: entry.Record_Name__c,
                change: BAR_LABELS[entry.Change__c],
                icon: ICONS[entry.Change__c],
                reason: entry.Reason__c,
                differences: differences.map((difference) => this.differenceText(difference)),
                isWeight: differences.length === 0 && !entry.Reason__c && VALUE_CHANGES.includes(entry.Change__c),
                amount: this.formatChange(amount),
                by: fillLabel(labels.by, entry.CreatedBy?.Name ?? '', momentText(entry.CreatedDate))
            };
        });
    }

    get chosenCount(): number {
        return this.chosenEntries.length;
    }

    /** Says that the log is longer than what Apex hands over; empty when it is not. */
    get latest(): string {
        const { entries, entryCount } = this.log ?? { entries: [], entryCount: 0 };
        return entryCount > entries.length
            ? fillLabel(labels.latest, numberText(entries.length), numberText(entryCount))
            : '';
    }

    handleToggle(): void {
        this.showsTable = !this.showsTable;
    }

    handleFilter({ detail }: CustomEvent<{ value: string }>): void {
        this.change = detail.value as DealChange | typeof ALL;
        this.mostEntries = FIRST_ENTRIES;
    }

    /** The focus goes to the first of the new entries: the button may be gone. */
    handleShowMore(): void {
        this.focusedIndex = this.mostEntries;
        this.mostEntries += MORE_ENTRIES;
    }

    private get isLoaded(): boolean {
        return Boolean(this.result.data ?? this.result.error);
    }

    private get log(): SlipLog | undefined {
        return this.result.data;
    }

    private get waterfall(): Waterfall {
        return this.log ? layOutWaterfall(this.log) : { bars: [], zero: 0, cutAt: null };
    }

    /** What was gained, or lost when negative, between baseline and today. */
    private get difference(): number {
        return this.log ? Math.round((this.log.today - this.log.baseline) * 100) / 100 : 0;
    }

    private get approvalDay(): string {
        return this.log?.baselineDate ? dayOfMomentText(this.log.baselineDate) : '';
    }

    private get chosenEntries(): Entry[] {
        const entries = this.log?.entries ?? [];
        const chosen = this.filterValue;
        return chosen === ALL ? entries : entries.filter(({ Change__c: change }) => change === chosen);
    }

    private refresh(): void {
        this.isStale = !this.isLoaded;
        if (!this.isStale) {
            refreshApex(this.wired).catch((error: unknown) => {
                this.result = { error };
            });
        }
    }

    private countText({ count }: Bar): string {
        if (!count) {
            return '';
        }
        return count === 1 ? labels.countOne : fillLabel(labels.countMany, numberText(count));
    }

    private differenceText(difference: Difference): DifferenceText {
        const text = (value: number | string | null): string | null => {
            if (value === null) {
                return null;
            }
            return typeof value === 'number'
                ? this.formatAmount(value)
                : difference.what === 'stage'
                  ? value
                  : dayText(value);
        };
        return {
            key: difference.what,
            label: DIFFERENCE_LABELS[difference.what],
            from: text(difference.from),
            to: text(difference.to),
            isMove: difference.from !== null && difference.to !== null
        };
    }

    private formatChange(amount: number): string {
        return this.formatAmount(amount, 'exceptZero');
    }

    private formatAmount(amount: number, signDisplay: 'auto' | 'exceptZero' = 'auto'): string {
        return amountText(amount, this.log?.isoCode, signDisplay);
    }
}
