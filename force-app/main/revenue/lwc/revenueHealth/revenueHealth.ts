import { LightningElement } from 'lwc';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import getHealth from '@salesforce/apex/RevenueHealthController.getHealth';
import retry from '@salesforce/apex/RevenueHealthController.retry';
import retryAll from '@salesforce/apex/RevenueHealthController.retryAll';
import scheduleNightly from '@salesforce/apex/RevenueHealthController.scheduleNightly';
import startAudit from '@salesforce/apex/RevenueHealthController.startAudit';
import LOCALE from '@salesforce/i18n/locale';
import TIME_ZONE from '@salesforce/i18n/timeZone';
import { errorMessages } from 'c/errorMessages';
import { fillLabel } from 'c/labelText';
import { percentDone, verdictOf } from './health';
import type { Audit, Health, Verdict, Waiting } from './health';
import { labels } from './revenueHealthLabels';

/** Milliseconds between two looks at what runs. */
const PAUSE = 3_000;
/** Looks after a retry: what the job does is over by then, or shows at the next refresh. */
const LOOKS_AFTER_RETRY = 5;
/** Lines of an audit that are shown at first. */
const FIRST_DETAILS = 5;
const DEFAULT_HOUR = '2';

const ICONS: Record<Verdict, { icon: string; variant: '' | 'success' | 'warning' | 'error' }> = {
    running: { icon: 'utility:sync', variant: '' },
    interrupted: { icon: 'utility:error', variant: 'error' },
    notStarted: { icon: 'utility:error', variant: 'error' },
    failing: { icon: 'utility:error', variant: 'error' },
    failures: { icon: 'utility:error', variant: 'error' },
    waiting: { icon: 'utility:clock', variant: '' },
    neverAudited: { icon: 'utility:info', variant: '' },
    mended: { icon: 'utility:success', variant: 'success' },
    healthy: { icon: 'utility:success', variant: 'success' }
};

interface Fact {
    label: string;
    value: string;
}

interface ProgressText {
    step: string;
    batches: string;
    percent: number;
    auditId?: string | null;
    auditName?: string | null;
}

interface Row {
    id: string;
    requestName: string;
    recordId?: string | null;
    name: string;
    reason?: string | null;
    facts: string[];
    error?: string | null;
    retryLabel: string;
}

/**
 * Whether the revenue figures of all plans can be trusted, and what an admin does when they can't: the last audit and what
 * it found, the running one, the schedule, and what waits for recalculation. While something runs the page follows it.
 */
export default class RevenueHealth extends LightningElement {
    hour = DEFAULT_HOUR;

    readonly labels = labels;

    private health?: Health;
    private error?: unknown;
    private showsAllDetails = false;
    private looks = 0;
    private timer?: number;
    private focused?: string;

    connectedCallback(): void {
        this.load();
    }

    disconnectedCallback(): void {
        window.clearTimeout(this.timer);
    }

    renderedCallback(): void {
        if (this.focused) {
            this.template?.querySelector<HTMLElement>(this.focused)?.focus();
            this.focused = undefined;
        }
    }

    get isLoading(): boolean {
        return !this.health && !this.error;
    }

    get isFailed(): boolean {
        return Boolean(this.error);
    }

    get isLoaded(): boolean {
        return this.health !== undefined && !this.error;
    }

    get errors(): string[] {
        return this.error ? errorMessages(this.error) : [];
    }

    get canStart(): boolean {
        return this.isLoaded && !this.health?.running;
    }

    get verdict(): string {
        const { audit, schedule } = this.health ?? {};
        const when = audit ? this.formatMoment(audit.CreatedDate) : '';
        const due = schedule?.previousRun ? this.formatMoment(schedule.previousRun) : '';
        const texts: Record<Verdict, string> = {
            running: labels.running,
            interrupted: fillLabel(labels.interrupted, when),
            notStarted: fillLabel(labels.notStarted, due),
            failing: labels.failing,
            failures: fillLabel(labels.failures, this.formatNumber(audit?.Failures__c ?? 0)),
            waiting: labels.waiting,
            neverAudited: labels.neverAudited,
            mended: fillLabel(labels.mended, when),
            healthy: fillLabel(labels.healthy, when)
        };
        return texts[this.verdictKind];
    }

    get verdictIcon(): string {
        return ICONS[this.verdictKind].icon;
    }

    get verdictVariant(): string {
        return ICONS[this.verdictKind].variant;
    }

    get progress(): ProgressText | null {
        const running = this.health?.running;
        if (!running) {
            return null;
        }
        return {
            step: running.step === 1 ? labels.stepLinks : labels.stepFigures,
            batches:
                running.total > 0
                    ? fillLabel(labels.batches, this.formatNumber(running.done), this.formatNumber(running.total))
                    : labels.countedLater,
            percent: percentDone(running),
            auditId: running.auditId,
            auditName: running.auditName
        };
    }

    get audit(): { id: string; name: string; facts: Fact[] } | null {
        const audit = this.health?.audit;
        return audit ? { id: audit.Id, name: audit.Name, facts: this.factsOf(audit) } : null;
    }

    get hasDetails(): boolean {
        return this.detailLines.length > 0;
    }

    get details(): { key: string; text: string }[] {
        const lines = this.detailLines;
        return (this.showsAllDetails ? lines : lines.slice(0, FIRST_DETAILS)).map((text, index) => ({
            key: String(index),
            text
        }));
    }

    get hasMoreDetails(): boolean {
        return !this.showsAllDetails && this.detailLines.length > FIRST_DETAILS;
    }

    get showDetailsLabel(): string {
        return fillLabel(labels.showDetails, this.formatNumber(this.detailLines.length));
    }

    get schedule(): Fact[] | null {
        const schedule = this.health?.schedule;
        if (!schedule) {
            return null;
        }
        return [
            { label: labels.nextRun, value: this.formatMoment(schedule.nextRun) },
            ...(schedule.runsAs ? [{ label: labels.runsAs, value: schedule.runsAs }] : [])
        ];
    }

    get hours(): { label: string; value: string }[] {
        const format = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'short', timeZone: 'UTC' });
        return Array.from({ length: 24 }, (_, hour) => ({
            label: format.format(new Date(Date.UTC(2000, 0, 1, hour))),
            value: String(hour)
        }));
    }

    get waitingTitle(): string {
        return fillLabel(labels.waitingTitle, this.formatNumber(this.health?.waitingCount ?? 0));
    }

    get hasWaiting(): boolean {
        return this.requests.length > 0;
    }

    get rows(): Row[] {
        return this.requests.map((request) => {
            const name = request.recordName ?? request.requestName;
            return {
                id: request.requestId,
                requestName: request.requestName,
                recordId: request.recordName ? request.recordId : undefined,
                name,
                reason: request.reason,
                facts: this.factsOfRequest(request),
                error: request.lastError,
                retryLabel: fillLabel(labels.retryOf, name)
            };
        });
    }

    /** Says that more waits than is listed; empty when not. */
    get shown(): string {
        const listed = this.requests.length;
        const all = this.health?.waitingCount ?? 0;
        return all > listed ? fillLabel(labels.shown, this.formatNumber(listed), this.formatNumber(all)) : '';
    }

    handleRefresh(): void {
        this.load();
    }

    handleShowDetails(): void {
        this.showsAllDetails = true;
        this.focused = '.details';
    }

    handleHour({ detail }: CustomEvent<{ value: string }>): void {
        this.hour = detail.value;
    }

    /** The button goes while the audit runs: the focus moves to what is said instead. */
    handleStart(): Promise<void> {
        return this.act(() => startAudit(), labels.start, '.verdict');
    }

    handleSchedule(): Promise<void> {
        return this.act(() => scheduleNightly({ hour: Number(this.hour) }), labels.schedule, '.nightly-body');
    }

    handleRetry({ currentTarget }: Event): Promise<void> {
        const { id = '' } = (currentTarget as HTMLElement).dataset;
        return this.actAndFollow(() => retry({ requestIds: [id] }), labels.retry);
    }

    handleRetryAll(): Promise<void> {
        return this.actAndFollow(() => retryAll(), labels.retryAll);
    }

    private async actAndFollow(work: () => Promise<unknown>, title: string): Promise<void> {
        await this.act(work, title, undefined, labels.retryTitle);
        this.looks = LOOKS_AFTER_RETRY;
        this.follow();
    }

    /** Does what a button asks for, says what came of it and shows how things stand then. */
    private async act(work: () => Promise<unknown>, title: string, focus?: string, success?: string): Promise<void> {
        try {
            await work();
            this.focused = focus;
            if (success) {
                this.dispatchEvent(new ShowToastEvent({ title: success, variant: 'success' }));
            }
        } catch (error) {
            this.dispatchEvent(
                new ShowToastEvent({ title, message: errorMessages(error).join(' '), variant: 'error' })
            );
        }
        this.load();
    }

    private load(): void {
        getHealth()
            .then((result) => {
                const health = result as Health;
                this.keepFocus(health);
                this.health = health;
                this.error = undefined;
            })
            .catch((error: unknown) => {
                this.error = error;
            })
            .finally(() => this.follow());
    }

    /** A request that is carried out takes its row with it; who stood in it stays in the list. */
    private keepFocus({ waiting }: Health): void {
        const id = (this.template?.activeElement as HTMLElement | null)?.dataset.id;
        if (id && !waiting.some(({ requestId }) => requestId === id)) {
            this.focused = '.waiting-body';
        }
    }

    /** Looks again after a pause while something runs. */
    private follow(): void {
        window.clearTimeout(this.timer);
        const isRunning = Boolean(this.health?.running);
        if (this.isConnected && !this.error && (isRunning || (this.looks > 0 && this.hasWaiting))) {
            this.looks = Math.max(this.looks - 1, 0);
            // Jobs tell nobody when they have done a batch.
            this.timer = window.setTimeout(() => this.load(), PAUSE);
        }
    }

    private get verdictKind(): Verdict {
        return this.health ? verdictOf(this.health) : 'neverAudited';
    }

    private get requests(): Waiting[] {
        return this.health?.waiting ?? [];
    }

    private get detailLines(): string[] {
        return (this.health?.audit?.Details__c ?? '').split('\n').filter((line) => line !== '');
    }

    private factsOf(audit: Audit): Fact[] {
        const mended = (wrong?: number | null, checked?: number | null): string =>
            fillLabel(labels.mendedOf, this.formatNumber(wrong ?? 0), this.formatNumber(checked ?? 0));
        return [
            { label: labels.started, value: this.formatMoment(audit.CreatedDate) },
            { label: labels.startedBy, value: audit.CreatedBy?.Name ?? '' },
            { label: labels.links, value: mended(audit.Links_Mended__c, audit.Opportunities_Checked__c) },
            { label: labels.plans, value: mended(audit.Plans_Mended__c, audit.Plans_Checked__c) },
            ...(audit.Failures__c ? [{ label: labels.failuresLabel, value: this.formatNumber(audit.Failures__c) }] : [])
        ];
    }

    private factsOfRequest({ kind, attempts, nextAttempt }: Waiting): string[] {
        const tried = attempts === 1 ? labels.attemptsOne : fillLabel(labels.attemptsMany, this.formatNumber(attempts));
        return [
            ...(kind ? [kind] : []),
            ...(attempts > 0 ? [tried] : []),
            nextAttempt && new Date(nextAttempt).getTime() > Date.now()
                ? fillLabel(labels.nextAttempt, this.formatMoment(nextAttempt))
                : labels.due
        ];
    }

    private formatMoment(moment: string): string {
        return new Intl.DateTimeFormat(LOCALE, {
            dateStyle: 'medium',
            timeStyle: 'short',
            timeZone: TIME_ZONE
        }).format(new Date(moment));
    }

    private formatNumber(value: number): string {
        return new Intl.NumberFormat(LOCALE).format(value);
    }
}
