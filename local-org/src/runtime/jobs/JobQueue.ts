/**
 * The queue of asynchronous work of one org. Jobs are kept in the database: they come into being with the commit of the
 * transaction that enqueued them, survive a restart, and run one step at a time, each step a transaction of its own. Every
 * job but published events has an AsyncApexJob row that tells how it stands.
 */
import type { ObjectDescribe } from '../../schema/types.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { RuntimeProblem } from '../errors.ts';
import type { OrgRuntime } from '../OrgRuntime.ts';
import { insertSystemRow } from '../../store/systemRows.ts';
import { timeZone } from '../timeZone.ts';
import { CronExpression } from './CronExpression.ts';
import type {
  JobKind,
  JobPhase,
  JobRequest,
  QueuedJob,
  ScheduleRequest,
  StepFailure,
  StepOutcome,
  StepRunner,
} from './types.ts';

/** AsyncApexJob.JobType by kind; published events have no row. */
const JOB_TYPES: Readonly<Record<Exclude<JobKind, 'event'>, string>> = {
  queueable: 'Queueable',
  future: 'Future',
  batch: 'BatchApex',
  scheduled: 'ScheduledApex',
};
/** CronJobDetail.JobType of Scheduled Apex (Object Reference, CronJobDetail). */
const SCHEDULED_APEX = '7';
const LONGEST_STATUS_DETAIL = 255;
/** Apex Developer Guide, Execution Governors and Limits: jobs scheduled at one time. */
const MAXIMUM_SCHEDULED = 100;

const COLUMNS = 'id, kind, phase, class_name, user_id, state, scope_size, depth, maximum_depth, trigger_id' as const;

/** Thrown within a step's transaction so that it is rolled back. */
class StepFailed extends Error {
  readonly outcome: StepOutcome & { readonly failure: StepFailure };
  constructor(outcome: StepOutcome & { readonly failure: StepFailure }) {
    super(outcome.failure.message);
    this.outcome = outcome;
  }
}

export class JobQueue {
  readonly #org: OrgRuntime;

  constructor(org: OrgRuntime) {
    this.#org = org;
    for (const statement of [
      `CREATE TABLE IF NOT EXISTS "$job" (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, due INTEGER NOT NULL,
        kind TEXT NOT NULL, phase TEXT NOT NULL, class_name TEXT NOT NULL, user_id TEXT NOT NULL, state TEXT NOT NULL,
        scope_size INTEGER NOT NULL, depth INTEGER NOT NULL, maximum_depth INTEGER, trigger_id TEXT, signature TEXT)`,
      'CREATE UNIQUE INDEX IF NOT EXISTS "$job_signature" ON "$job" (signature) WHERE signature IS NOT NULL',
      'CREATE TABLE IF NOT EXISTS "$scope" (job TEXT NOT NULL, place INTEGER NOT NULL, item TEXT NOT NULL, PRIMARY KEY (job, place)) WITHOUT ROWID',
    ])
      org.store.run(statement, []);
  }

  // --- enqueueing, within the transaction that asks for it

  /**
   * Puts a job at the end of the queue.
   *
   * @returns Id of its AsyncApexJob row; of events an identifier of the queue's own
   * @throws RuntimeProblem DUPLICATE_JOB when a job with the same signature waits
   */
  enqueue(request: JobRequest, userId: string): string {
    const { kind, signature } = request;
    if (signature !== undefined && this.#isWaiting(signature))
      throw new RuntimeProblem('DUPLICATE_JOB', 'Attempt to enqueue job with duplicate queueable signature');
    const id =
      kind === 'event'
        ? `event-${this.#org.store.nextNumber('$event')}`
        : this.#insertRow(kind, request.className, request.methodName ?? null, null, userId);
    this.#insert({
      id,
      due: request.notBefore ?? 0,
      kind,
      phase: kind === 'batch' ? 'start' : 'run',
      className: request.className,
      userId,
      state: request.state,
      scopeSize: request.scopeSize ?? 0,
      depth: request.depth ?? 1,
      maximumDepth: request.maximumDepth ?? null,
      triggerId: null,
      signature: signature ?? null,
    });
    return id;
  }

  /**
   * Schedules a job by a cron expression, in the time zone of the user.
   *
   * @returns Id of its CronTrigger row
   * @throws CronError for an expression that says no time, RuntimeProblem when the name is taken, when it would never fire,
   *   or when too many jobs are scheduled
   */
  schedule({ name, expression, className, state }: ScheduleRequest, userId: string): string {
    const { store } = this.#org;
    const now = this.#org.clock();
    const zone = this.#zoneOf(userId);
    const next = CronExpression.parse(expression).next(now, timeZone(zone));
    if (next === null)
      throw new RuntimeProblem('INVALID_SCHEDULE', 'Based on configured schedule, the given trigger will never fire.');
    const waiting = store.all(
      `SELECT "CronJobDetail"."Name" FROM "CronTrigger" JOIN "CronJobDetail" ON "CronJobDetail"."Id" = "CronTrigger"."CronJobDetailId" WHERE "CronTrigger"."State" = 'WAITING'`,
      [],
    );
    if (waiting.some(([taken]) => String(taken).toLowerCase() === name.toLowerCase()))
      throw new RuntimeProblem('INVALID_SCHEDULE', `The Apex job named "${name}" is already scheduled for execution.`);
    if (waiting.length >= MAXIMUM_SCHEDULED)
      throw new RuntimeProblem(
        'INVALID_SCHEDULE',
        `You have exceeded the maximum number (${MAXIMUM_SCHEDULED}) of Apex scheduled jobs.`,
      );
    const stamp = new ApexDatetime(Math.floor(now / 1000) * 1000);
    const detail = insertSystemRow(
      store,
      this.#org.object('CronJobDetail'),
      { Name: name, JobType: SCHEDULED_APEX },
      userId,
      stamp,
    );
    const triggerId = insertSystemRow(
      store,
      this.#org.object('CronTrigger'),
      {
        CronJobDetailId: detail,
        CronExpression: expression,
        State: 'WAITING',
        StartTime: stamp,
        NextFireTime: new ApexDatetime(next),
        TimeZoneSidKey: zone,
        OwnerId: userId,
        TimesTriggered: 0,
      },
      userId,
      stamp,
    );
    this.#insert({
      id: this.#insertRow('scheduled', className, null, triggerId, userId),
      due: next,
      kind: 'scheduled',
      phase: 'run',
      className,
      userId,
      state,
      scopeSize: 0,
      depth: 1,
      maximumDepth: null,
      triggerId,
      signature: null,
    });
    return triggerId;
  }

  /**
   * Takes a job or a schedule out of the queue.
   *
   * @param id of an AsyncApexJob or a CronTrigger
   * @returns false when nothing of that Id waits
   */
  abort(id: string): boolean {
    const { store } = this.#org;
    const [row] = store.all('SELECT id, trigger_id FROM "$job" WHERE id = ? OR trigger_id = ?', [id, id]);
    if (!row) return false;
    const jobId = String(row[0]);
    this.#remove(jobId);
    this.#mark(jobId, { Status: 'Aborted', CompletedDate: this.#stamp() });
    if (row[1] !== null) store.purge(this.#org.object('CronTrigger'), [String(row[1])]);
    return true;
  }

  // --- running

  /**
   * Jobs that wait, those first whose turn it is.
   *
   * @param until epoch milliseconds: jobs that start later are passed over
   * @param most number of jobs, or all
   */
  waiting(until: number, most = -1): readonly QueuedJob[] {
    return this.#org.store
      .all(`SELECT ${COLUMNS} FROM "$job" WHERE due <= ? ORDER BY place LIMIT ?`, [until, most])
      .map(([id, kind, phase, className, userId, state, scopeSize, depth, maximumDepth, triggerId]) => ({
        id: String(id),
        kind: String(kind) as JobKind,
        phase: String(phase) as JobPhase,
        className: String(className),
        userId: String(userId),
        state: String(state),
        scopeSize: Number(scopeSize),
        depth: Number(depth),
        maximumDepth: maximumDepth === null ? null : Number(maximumDepth),
        triggerId: triggerId === null || triggerId === undefined ? null : String(triggerId),
      }));
  }

  /** When the next job is due, in epoch milliseconds; null when none waits. */
  nextDue(): number | null {
    const [row] = this.#org.store.all('SELECT min(due) FROM "$job"', []);
    return row?.[0] === null || row?.[0] === undefined ? null : Number(row[0]);
  }

  /**
   * Does the next step of a job.
   *
   * @param run gives each step its transaction
   * @returns what failed, or null
   */
  step(job: QueuedJob, run: StepRunner, isTest = false): StepFailure | null {
    const { code } = this.#org;
    if (!code) throw new Error('a job waits in an org without code');
    try {
      run(job.userId, (transaction) => {
        const items = job.phase === 'execute' ? this.#scope(job) : [];
        if (job.kind !== 'event' && job.phase !== 'finalize')
          this.#mark(job.id, { Status: job.phase === 'start' ? 'Preparing' : 'Processing' });
        // A job that runs waits no more: the next of its signature may be enqueued.
        this.#org.store.run('UPDATE "$job" SET signature = NULL WHERE id = ? AND signature IS NOT NULL', [job.id]);
        let found = 0;
        const outcome = code.runStep(transaction, { ...job, items }, (item) => this.#addItem(job, (found += 1), item));
        const { failure } = outcome;
        if (failure) throw new StepFailed({ ...outcome, failure });
        // A job may have aborted itself.
        if (this.#isQueued(job.id)) this.#advance(job, outcome, found, isTest);
      });
      return null;
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      const { outcome } = error;
      run(job.userId, () => this.#fail(job, outcome, isTest));
      return outcome.failure;
    }
  }

  /** Takes events out of the queue without publishing them. */
  drop(job: QueuedJob): void {
    this.#remove(job.id);
  }

  /** @param found number of items that a batch found when it started */
  #advance(job: QueuedJob, outcome: StepOutcome, found: number, isTest: boolean): void {
    const state = outcome.state ?? job.state;
    switch (job.phase) {
      case 'run':
        if (job.kind === 'event') return this.#remove(job.id);
        if (job.kind === 'scheduled') return this.#reschedule(job, state, isTest);
        return this.#complete(job, outcome.finalizer, { Status: 'Completed' });
      case 'start':
        return this.#startScopes(job, state, found);
      case 'execute':
        this.#endScope(job, state, {});
        return;
      case 'finish':
        return this.#complete(job, null, { Status: 'Completed' });
      case 'finalize':
        return this.#remove(job.id);
    }
  }

  #fail(job: QueuedJob, outcome: StepOutcome & { readonly failure: StepFailure }, isTest: boolean): void {
    const detail = outcome.failure.message.slice(0, LONGEST_STATUS_DETAIL);
    if (job.phase === 'finalize' || job.kind === 'event') this.#remove(job.id);
    else if (job.phase === 'execute') this.#endScope(job, job.state, { firstError: `First error: ${detail}` });
    else if (job.kind === 'scheduled') this.#reschedule(job, job.state, isTest, detail);
    else
      this.#complete(job, outcome.finalizer, {
        Status: 'Failed',
        NumberOfErrors: 1,
        ExtendedStatus: job.kind === 'batch' ? `First error: ${detail}` : detail,
      });
  }

  /** The job has done its work; what is left is its finalizer. */
  #complete(job: QueuedJob, finalizer: string | null, values: Readonly<Record<string, unknown>>): void {
    this.#mark(job.id, { ...values, CompletedDate: this.#stamp() });
    if (finalizer === null) this.#remove(job.id);
    else this.#toEnd(job, 'finalize', finalizer);
  }

  #addItem(job: QueuedJob, place: number, item: string): void {
    this.#org.store.run('INSERT INTO "$scope" (job, place, item) VALUES (?, ?, ?)', [job.id, place, item]);
  }

  #startScopes(job: QueuedJob, state: string, count: number): void {
    this.#mark(job.id, { Status: 'Processing', TotalJobItems: Math.ceil(count / job.scopeSize) });
    this.#toEnd(job, count > 0 ? 'execute' : 'finish', state);
  }

  #scope(job: QueuedJob): readonly string[] {
    return this.#org.store
      .all('SELECT item FROM "$scope" WHERE job = ? ORDER BY place LIMIT ?', [job.id, job.scopeSize])
      .map(([item]) => String(item));
  }

  #endScope(job: QueuedJob, state: string, { firstError }: { readonly firstError?: string }): void {
    const { store } = this.#org;
    store.run(
      'DELETE FROM "$scope" WHERE job = ?1 AND place IN (SELECT place FROM "$scope" WHERE job = ?1 ORDER BY place LIMIT ?2)',
      [job.id, job.scopeSize],
    );
    const [row] = store.all(
      'SELECT coalesce("JobItemsProcessed", 0), coalesce("NumberOfErrors", 0), "ExtendedStatus" FROM "AsyncApexJob" WHERE "Id" = ?',
      [job.id],
    );
    this.#mark(job.id, {
      Status: 'Processing',
      JobItemsProcessed: Number(row?.[0] ?? 0) + 1,
      NumberOfErrors: Number(row?.[1] ?? 0) + (firstError === undefined ? 0 : 1),
      ...(firstError !== undefined && (row?.[2] ?? null) === null ? { ExtendedStatus: firstError } : {}),
    });
    const [rest] = store.all('SELECT 1 FROM "$scope" WHERE job = ? LIMIT 1', [job.id]);
    this.#toEnd(job, rest ? 'execute' : 'finish', state);
  }

  /** A scheduled job waits for its next time, or is over. */
  #reschedule(job: QueuedJob, state: string, isTest: boolean, failure?: string): void {
    const { store } = this.#org;
    const triggers = this.#org.object('CronTrigger');
    const trigger = job.triggerId === null ? undefined : store.load(triggers, [job.triggerId]).get(job.triggerId);
    if (!trigger || job.triggerId === null) return this.#remove(job.id);
    const now = this.#org.clock();
    const fired = trigger.get('NextFireTime') as ApexDatetime;
    const zone = timeZone(String(trigger.get('TimeZoneSidKey')));
    // Times that passed while nothing ran are not made up for.
    const next = CronExpression.parse(String(trigger.get('CronExpression'))).next(
      Math.max(now, fired.milliseconds),
      zone,
    );
    // Test.stopTest runs a scheduled job outside of its times: its trigger has not fired.
    const changes = isTest
      ? []
      : ([
          ['PreviousFireTime', fired],
          ['NextFireTime', next === null ? null : new ApexDatetime(next)],
          ['TimesTriggered', Number(trigger.get('TimesTriggered') ?? 0) + 1],
          ['State', next === null ? 'COMPLETE' : 'WAITING'],
        ] as const);
    store.update(triggers, job.triggerId, new Map<string, unknown>(changes));
    if (failure !== undefined) this.#mark(job.id, { NumberOfErrors: 1, ExtendedStatus: failure });
    if (next === null) return this.#complete(job, null, { Status: failure === undefined ? 'Completed' : 'Failed' });
    this.#mark(job.id, { Status: 'Queued' });
    this.#toEnd(job, 'run', state, next);
  }

  // --- rows

  #insert(job: QueuedJob & { readonly due: number; readonly signature: string | null }): void {
    this.#org.store.run(`INSERT INTO "$job" (${COLUMNS}, due, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
      job.id,
      job.kind,
      job.phase,
      job.className,
      job.userId,
      job.state,
      job.scopeSize,
      job.depth,
      job.maximumDepth,
      job.triggerId,
      job.due,
      job.signature,
    ]);
  }

  /** Others have their turn before a job goes on. */
  #toEnd(job: QueuedJob, phase: JobPhase, state: string, due = 0): void {
    this.#org.store.run(
      'UPDATE "$job" SET phase = ?, state = ?, due = ?, place = (SELECT max(place) + 1 FROM "$job") WHERE id = ?',
      [phase, state, due, job.id],
    );
  }

  #remove(id: string): void {
    this.#org.store.run('DELETE FROM "$scope" WHERE job = ?', [id]);
    this.#org.store.run('DELETE FROM "$job" WHERE id = ?', [id]);
  }

  #isQueued(id: string): boolean {
    return this.#org.store.all('SELECT 1 FROM "$job" WHERE id = ?', [id]).length > 0;
  }

  #isWaiting(signature: string): boolean {
    return this.#org.store.all('SELECT 1 FROM "$job" WHERE signature = ?', [signature]).length > 0;
  }

  #insertRow(
    kind: Exclude<JobKind, 'event'>,
    className: string,
    methodName: string | null,
    triggerId: string | null,
    userId: string,
  ): string {
    const { store } = this.#org;
    const [outer = ''] = className.split('.');
    const [apexClass] = store.all('SELECT "Id" FROM "ApexClass" WHERE "Name" = ?', [outer]);
    return insertSystemRow(
      store,
      this.#org.object('AsyncApexJob'),
      {
        JobType: JOB_TYPES[kind],
        ApexClassId: apexClass ? String(apexClass[0]) : null,
        MethodName: methodName,
        Status: 'Queued',
        JobItemsProcessed: 0,
        TotalJobItems: 0,
        NumberOfErrors: 0,
        CronTriggerId: triggerId,
      },
      userId,
      this.#stamp(),
    );
  }

  #mark(id: string, values: Readonly<Record<string, unknown>>): void {
    this.#org.store.update(this.#jobs, id, new Map(Object.entries(values)));
  }

  get #jobs(): ObjectDescribe {
    return this.#org.object('AsyncApexJob');
  }

  #stamp(): ApexDatetime {
    return new ApexDatetime(Math.floor(this.#org.clock() / 1000) * 1000);
  }

  #zoneOf(userId: string): string {
    const [row] = this.#org.store.all('SELECT "TimeZoneSidKey" FROM "User" WHERE "Id" = ?', [userId]);
    return String(row?.[0] ?? this.#org.project.orgShape.timeZone);
  }
}
