import { LightningElement } from 'lwc';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import getHealth from '@salesforce/apex/RevenueHealthController.getHealth';
import retry from '@salesforce/apex/RevenueHealthController.retry';
import retryAll from '@salesforce/apex/RevenueHealthController.retryAll';
import scheduleNightly from '@salesforce/apex/RevenueHealthController.scheduleNightly';
import startAudit from '@salesforce/apex/RevenueHealthController.startAudit';
import { errorToast } from 'c/errorToast';
import { fillLabel } from 'c/labelText';
import { hourText, momentText, numberText } from 'c/valueText';
import { percentDone, verdictOf } from './health';
import type { Audit, Health, Verdict, Waiting } from './health';
import { labels } from './revenueHealthLabels';

/** Milliseconds between two looks at what runs. */
const PAUSE = 3_000;
/** Looks after a retry: what the job does is over by then, or shows at the next refresh. */
const LOOKS_AFTER_RETRY = 5;
/** Lines of an audit that are shown at first, so that the rest of the page stays near, and that one press adds. */
const FIRST_DETAILS = 5;
const MORE_DETAILS = 50;
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
    /** Set where the value is the name of a record. */
    recordId?: string;
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
    /** What the name leads to. */
    recordId: string;
    name: string;
    /** Missing where the row bears the request's own name. */
    requestName?: string;
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
    error?: unknown;
    shownDetails = FIRST_DETAILS;

    readonly labels = labels;
    readonly moreDetails = MORE_DETAILS;

    private health?: Health;
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

    get isLoaded(): boolean {
        return this.health !== undefined && !this.error;
    }

    /** The card of the schedule keeps its place while the page loads, so that nothing jumps. */
    get hasSchedule(): boolean {
        return !this.error;
    }

    get canStart(): boolean {
        return this.isLoaded && !this.health?.running;
    }

    get verdict(): string {
        const { audit, schedule } = this.health ?? {};
        const when = audit ? momentText(audit.CreatedDate) : '';
        const due = schedule?.previousRun ? momentText(schedule.previousRun) : '';
        const texts: Record<Verdict, string> = {
            running: labels.running,
            interrupted: fillLabel(labels.interrupted, when),
            notStarted: fillLabel(labels.notStarted, due),
            failing: labels.failing,
            failures: fillLabel(labels.failures, numberText(audit?.Failures__c ?? 0)),
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
                    ? fillLabel(labels.batches, numberText(running.done), numberText(running.total))
                    : labels.countedLater,
            percent: percentDone(running),
            auditId: running.auditId,
            auditName: running.auditName
        };
    }

    get audit(): Fact[] | null {
        const audit = this.health?.audit;
        return audit ? factsOf(audit) : null;
    }

    /** What the last audit found stands apart from the progress of another one. */
    get auditClass(): string {
        return this.progress ? 'audit-result part' : 'audit-result';
    }

    get hasDetails(): boolean {
        return this.detailCount > 0;
    }

    get details(): { key: string; text: string }[] {
        return this.detailLines.slice(0, this.shownDetails).map((text, index) => ({ key: String(index), text }));
    }

    get hasMoreDetails(): boolean {
        return this.detailCount > this.shownDetails;
    }

    get detailCount(): number {
        return this.detailLines.length;
    }

    get schedule(): Fact[] | null {
        const schedule = this.health?.schedule;
        if (!schedule) {
            return null;
        }
        return [
            { label: labels.nextRun, value: momentText(schedule.nextRun) },
            ...(schedule.runsAs ? [{ label: labels.runsAs, value: schedule.runsAs }] : [])
        ];
    }

    get hours(): { label: string; value: string }[] {
        return Array.from({ length: 24 }, (_, hour) => ({ label: hourText(hour), value: String(hour) }));
    }

    get waitingTitle(): string {
        return fillLabel(labels.waitingTitle, numberText(this.health?.waitingCount ?? 0));
    }

    get hasWaiting(): boolean {
        return this.requests.length > 0;
    }

    get rows(): Row[] {
        return this.requests.map((request) => {
            const { requestId, requestName, recordId, recordName } = request;
            const named =
                recordId && recordName
                    ? { recordId, name: recordName, requestName }
                    : { recordId: requestId, name: requestName };
            return {
                id: requestId,
                ...named,
                reason: request.reason,
                facts: factsOfRequest(request),
                error: request.lastError,
                retryLabel: fillLabel(labels.retryOf, named.name)
            };
        });
    }

    /** Says that more waits than is listed; empty when not. */
    get shown(): string {
        const listed = this.requests.length;
        const all = this.health?.waitingCount ?? 0;
        return all > listed ? fillLabel(labels.shown, numberText(listed), numberText(all)) : '';
    }

    handleRefresh(): void {
        this.load();
    }

    /** The focus goes to the first of the new lines: the button may be gone. */
    handleMoreDetails(): void {
        this.focused = `.detail[data-index="${this.shownDetails}"]`;
        this.shownDetails += MORE_DETAILS;
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
            this.dispatchEvent(errorToast(title, error));
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
}

function factsOf(audit: Audit): Fact[] {
    const mended = (wrong?: number | null, checked?: number | null): string =>
        fillLabel(labels.mendedOf, numberText(wrong ?? 0), numberText(checked ?? 0));
    return [
        { label: labels.lastAudit, value: audit.Name, recordId: audit.Id },
        { label: labels.started, value: momentText(audit.CreatedDate) },
        { label: labels.startedBy, value: audit.CreatedBy?.Name ?? '' },
        { label: labels.links, value: mended(audit.Links_Mended__c, audit.Opportunities_Checked__c) },
        { label: labels.plans, value: mended(audit.Plans_Mended__c, audit.Plans_Checked__c) },
        ...(audit.Failures__c ? [{ label: labels.failuresLabel, value: numberText(audit.Failures__c) }] : [])
    ];
}

function factsOfRequest({ kind, attempts, nextAttempt }: Waiting): string[] {
    const tried = attempts === 1 ? labels.attemptsOne : fillLabel(labels.attemptsMany, numberText(attempts));
    return [
        ...(kind ? [kind] : []),
        ...(attempts > 0 ? [tried] : []),
        nextAttempt && new Date(nextAttempt).getTime() > Date.now()
            ? fillLabel(labels.nextAttempt, momentText(nextAttempt))
            : labels.due
    ];
}
