/** Approval requests and their results: what Apex's Approval class and REST's /process/approvals share. */
import type { RecordError } from '../types.ts';

export interface SubmitRequest {
  readonly action: 'Submit';
  /** The record to be approved. */
  readonly objectId: string | null;
  readonly comments: string | null;
  /** The acting user unless given. */
  readonly submitterId: string | null;
  /** For steps whose approver is chosen by the submitter. */
  readonly nextApproverIds: readonly string[];
  /** Null: the first process in order whose entry criteria the record meets. */
  readonly process: string | null;
  readonly skipEntryCriteria: boolean;
}

export interface WorkitemRequest {
  readonly action: 'Approve' | 'Reject' | 'Removed';
  readonly workitemId: string | null;
  readonly comments: string | null;
  readonly nextApproverIds: readonly string[];
}

export type ApprovalRequest = SubmitRequest | WorkitemRequest;

export interface ApprovalResult {
  readonly success: boolean;
  readonly errors: readonly RecordError[];
  readonly entityId: string | null;
  readonly instanceId: string | null;
  /** Pending, Approved, Rejected, Removed; null when the request failed. */
  readonly instanceStatus: string | null;
  /** Requests that wait for an answer now. */
  readonly newWorkitemIds: readonly string[];
  /** Users and queues that these requests wait for. */
  readonly actorIds: readonly string[];
}

export interface LockResult {
  readonly id: string;
  readonly success: boolean;
  readonly errors: readonly RecordError[];
}

export interface ProcessOptions {
  /** True: the first failure takes everything back and throws DmlFailure. */
  readonly allOrNone: boolean;
  /** True: the acting user must see the record that is submitted. */
  readonly checksAccess: boolean;
  /** False for requests of API clients. */
  readonly countLimits: boolean;
}

export interface Approvals {
  process(requests: readonly ApprovalRequest[], options: ProcessOptions): readonly ApprovalResult[];
  /** Locks records for everyone but administrators. Throws DmlFailure when allOrNone and a record does not exist. */
  lock(ids: readonly string[], allOrNone: boolean): readonly LockResult[];
  unlock(ids: readonly string[], allOrNone: boolean): readonly LockResult[];
  /** Those of the records that are locked. */
  locked(ids: readonly string[]): ReadonlySet<string>;
}
