/** What the page knows of the figures, as Apex hands it over, and what follows from it. What is null may be left out. */

/** An audit that is over. */
export interface Audit {
    Id: string;
    Name: string;
    CreatedDate: string;
    CreatedBy?: { Name: string } | null;
    Finished__c?: string | null;
    Opportunities_Checked__c?: number | null;
    Links_Mended__c?: number | null;
    Plans_Checked__c?: number | null;
    Plans_Mended__c?: number | null;
    Failures__c?: number | null;
    Details__c?: string | null;
}

/** How far an audit has come: step 1 checks links, step 2 figures, each in so many batches. */
export interface Progress {
    auditId?: string | null;
    auditName?: string | null;
    step: 1 | 2;
    done: number;
    total: number;
}

export interface Schedule {
    nextRun: string;
    runsAs?: string | null;
    hasFailed: boolean;
    previousRun?: string | null;
}

/** A plan or an account that waits for recalculation. */
export interface Waiting {
    requestId: string;
    requestName: string;
    recordId?: string | null;
    recordName?: string | null;
    kind?: string | null;
    reason?: string | null;
    attempts: number;
    nextAttempt?: string | null;
    lastError?: string | null;
}

export interface Health {
    audit?: Audit | null;
    isInterrupted: boolean;
    running?: Progress | null;
    schedule?: Schedule | null;
    waiting: Waiting[];
    waitingCount: number;
}

/** What an admin has to know first; the worst comes first. */
export type Verdict =
    | 'running'
    | 'interrupted'
    | 'notStarted'
    | 'failures'
    | 'failing'
    | 'waiting'
    | 'neverAudited'
    | 'mended'
    | 'healthy';

/**
 * What an admin has to know first.
 *
 * @param health how the figures stand
 * @returns the worst of what can be said of them
 */
export function verdictOf({ audit, isInterrupted, running, schedule, waiting, waitingCount }: Health): Verdict {
    if (running) {
        return 'running';
    }
    if (isInterrupted) {
        return 'interrupted';
    }
    if (schedule?.hasFailed) {
        return 'notStarted';
    }
    if (waiting.some(({ lastError }) => lastError)) {
        return 'failing';
    }
    if ((audit?.Failures__c ?? 0) > 0) {
        return 'failures';
    }
    if (waitingCount > 0) {
        return 'waiting';
    }
    if (!audit) {
        return 'neverAudited';
    }
    return mendedIn(audit) > 0 ? 'mended' : 'healthy';
}

/**
 * How much an audit found wrong.
 *
 * @param audit audit that is over
 * @returns number of links and plans that it mended
 */
export function mendedIn(audit: Audit): number {
    return (audit.Links_Mended__c ?? 0) + (audit.Plans_Mended__c ?? 0);
}

/**
 * How much of an audit is done: half of it are links, half figures.
 *
 * @param progress how far it has come
 * @returns percentage, 0 to 100
 */
export function percentDone({ step, done, total }: Progress): number {
    return (step - 1) * 50 + (total > 0 ? Math.min(done / total, 1) * 50 : 0);
}
