/** Work that transactions put off: what the queue keeps, and what the code host is asked to do. */
import type { Transaction } from '../types.ts';

export type JobKind = 'queueable' | 'future' | 'batch' | 'scheduled' | 'event';

/** What is to be done next for a job; a batch starts, executes scope by scope, and finishes. */
export type JobPhase = 'run' | 'start' | 'execute' | 'finish' | 'finalize';

/** A schedule: what fires, when. */
export interface ScheduleRequest {
  readonly name: string;
  /** `0 0 2 * * ?`, see CronExpression. */
  readonly expression: string;
  readonly className: string;
  readonly state: string;
}

/** A job as the code that enqueues it describes it. */
export interface JobRequest {
  readonly kind: JobKind;
  /** Class that runs (`Outer.Inner` for inner classes); of published events the event object. */
  readonly className: string;
  /** Future methods only. */
  readonly methodName?: string;
  /** What the code host needs to run it, in the host's own notation. */
  readonly state: string;
  /** Epoch milliseconds before which it does not start. */
  readonly notBefore?: number;
  /** Two jobs with the same signature can't wait at the same time (System.QueueableDuplicateSignature). */
  readonly signature?: string;
  /** Batches: records in a scope. */
  readonly scopeSize?: number;
  /** Place in a chain of queueables, 1 for the first. */
  readonly depth?: number;
  /** Most places that the chain may have; null: as the edition says. */
  readonly maximumDepth?: number | null;
}

/** A job that waits, as the queue keeps it. */
export interface QueuedJob {
  /** Id of its AsyncApexJob row (707…); of events an identifier of the queue's own. */
  readonly id: string;
  readonly kind: JobKind;
  readonly phase: JobPhase;
  readonly className: string;
  readonly userId: string;
  readonly state: string;
  readonly scopeSize: number;
  readonly depth: number;
  readonly maximumDepth: number | null;
  /** CronTrigger (08e…) that fires it, or null. */
  readonly triggerId: string | null;
}

/** One transaction's worth of a job. */
export interface JobStep extends QueuedJob {
  /** `execute`: the scope, one text an item as `start` gave it. */
  readonly items: readonly string[];
}

export interface StepFailure {
  /** `System.DmlException: …`, for AsyncApexJob.ExtendedStatus and for logs. */
  readonly message: string;
  /** The error itself, for tests, which end with it. */
  readonly error: unknown;
}

/** Takes one more item that a batch is to work through, when it starts. */
export type ItemSink = (item: string) => void;

export interface StepOutcome {
  /** The job's state from now on; null when it is as it was. */
  readonly state: string | null;
  /** Set when the code failed: the transaction is rolled back. */
  readonly failure: StepFailure | null;
  /** State of the finalizer that the job attached, or null. */
  readonly finalizer: string | null;
}

/**
 * Runs `work` in a transaction of its own for the user and commits; rolls back when it throws. Tests nest it in the test's
 * transaction.
 */
export type StepRunner = (userId: string, work: (transaction: Transaction) => void) => void;

/** A job that failed, for whoever watches the queue. */
export interface FailedJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly className: string;
  readonly failure: StepFailure;
}
