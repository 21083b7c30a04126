/** Queueable, future, batch and finalizers. Jobs run after the commit, in tests at Test.stopTest (or at the method's end). */
import type { ApexObject } from '../execution/Program.ts';
import { ApexList } from '../execution/ApexList.ts';
import { libraryEnum, type ApexEnum } from '../execution/ApexEnum.ts';
import { ApexException, makeException, nullPointer, UncatchableError } from '../execution/errors.ts';
import { execution, type AsyncJob, type Execution } from '../execution/Execution.ts';
import { toApexError } from '../execution/translate.ts';
import { iterateItems } from './iterate.ts';
import { QueryLocator } from './Database.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';
import { fullId } from '../execution/ids.ts';

let nextJob = 1;
function jobId(): string {
  return fullId(`707${(nextJob++).toString(36).padStart(12, '0')}`) as string;
}

class JobContext {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
  getjobid$(): string {
    return this.id;
  }
  getchildjobid$(): string {
    return this.id;
  }
}

class FinalizerContext {
  readonly id: string;
  readonly error: ApexException | null;
  constructor(id: string, error: ApexException | null) {
    this.id = id;
    this.error = error;
  }
  getasyncapexjobid$(): string {
    return this.id;
  }
  getrequestid$(): string {
    return `request-${this.id}`;
  }
  getresult$(): ApexEnum {
    return libraryEnum('ParentJobResult', PARENT_JOB_RESULTS)[
      this.error ? 'v_UNHANDLED_EXCEPTION' : 'v_SUCCESS'
    ] as ApexEnum;
  }
  getexception$(): ApexException | null {
    return this.error;
  }
}

const PARENT_JOB_RESULTS = ['SUCCESS', 'UNHANDLED_EXCEPTION'];

interface JobObject extends ApexObject {
  execute$QueueableContext?(context: JobContext): void;
  execute$FinalizerContext?(context: FinalizerContext): void;
  readonly execute$Database_BatchableContext$List_Object?: (
    this: unknown,
    context: JobContext,
    scope: ApexList,
  ) => void;
  finish$Database_BatchableContext?(context: JobContext): void;
  execute$SchedulableContext?(context: { gettriggerid$(): string }): void;
}

function enqueue(job: AsyncJob): string {
  const running = execution();
  running.jobs.push(job);
  return job.id;
}

/** System.enqueueJob. */
export function enqueueQueueable(job: JobObject): string {
  const running = execution();
  if (typeof (job ?? nullPointer()).execute$QueueableContext !== 'function')
    throw makeException('AsyncException', 'The job must implement Queueable');
  running.transaction.limits.count('queueableJobs');
  if (running.asynchronous === 'queueable' && running.test && running.extra('chained', () => ({ done: false })).done) {
    throw makeException('AsyncException', 'Maximum stack depth has been reached.');
  }
  const id = jobId();
  return enqueue({
    id,
    kind: 'queueable',
    className: job.$type.name,
    run: () => {
      const now = execution();
      const finalizers: JobObject[] = now.extra('finalizers', () => []);
      finalizers.length = 0;
      let failure: unknown = null;
      try {
        job.execute$QueueableContext?.(new JobContext(id));
      } catch (error) {
        failure = error;
      }
      const attached = finalizers.splice(0);
      const shown = failure === null ? null : toApexError(failure);
      for (const finalizer of attached)
        finalizer.execute$FinalizerContext?.(new FinalizerContext(id, shown instanceof ApexException ? shown : null));
      if (failure !== null && (attached.length === 0 || shown instanceof UncatchableError)) throw failure as Error;
    },
  });
}

export function enqueueFuture(className: string, run: () => void): void {
  const running = execution();
  if (running.asynchronous === 'future' || running.asynchronous === 'batch') {
    throw makeException('AsyncException', `Future method cannot be called from a future or batch method: ${className}`);
  }
  running.transaction.limits.count('futureCalls');
  enqueue({ id: jobId(), kind: 'future', className, run });
}

/** Database.executeBatch: start, execute for each scope of `size`, finish. */
export function enqueueBatch(job: object, size: number): string {
  const batch = job as JobObject & Record<string, unknown>;
  const execute = batch.execute$Database_BatchableContext$List_Object;
  const start = Object.getOwnPropertyNames(Object.getPrototypeOf(batch))
    .concat(inheritedNames(batch))
    .find((name) => name.startsWith('start$'));
  if (typeof execute !== 'function' || !start)
    throw makeException('TypeException', 'The job must implement Database.Batchable');
  if (size < 1) throw makeException('AsyncException', 'Batch size must be positive');
  const id = jobId();
  return enqueue({
    id,
    kind: 'batch',
    className: batch.$type.name,
    run: () => {
      const context = new JobContext(id);
      const { table } = execution().program;
      const source = (batch[start] as (given: JobContext) => unknown).call(batch, context);
      const rows = source instanceof QueryLocator ? source.list.items : [...iterateItems(source)];
      const type =
        source instanceof QueryLocator
          ? source.list.type
          : source instanceof ApexList
            ? source.type
            : table.list(table.object);
      if (execution().test && rows.length > size) {
        throw makeException(
          'UnexpectedException',
          'No more than one executeBatch can be called from within a test method. Please make sure the iterable returned from your start method matches the batch size, resulting in one executeBatch invocation.',
        );
      }
      for (let from = 0; from < rows.length; from += size)
        execute.call(batch, context, new ApexList(type, rows.slice(from, from + size)));
      batch.finish$Database_BatchableContext?.(context);
    },
  });
}

function inheritedNames(value: object): string[] {
  const names: string[] = [];
  for (
    let prototype = Object.getPrototypeOf(value) as object | null;
    prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  )
    names.push(...Object.getOwnPropertyNames(prototype));
  return names;
}

/** Runs the jobs that wait, and those that they start (one chained queueable a job in tests, as the platform allows). */
export function runJobs(running: Execution, only?: AsyncJob['kind']): void {
  for (let round = 0; running.jobs.length > 0 && round < 50; round++) {
    const jobs = running.jobs.filter((job) => only === undefined || job.kind === only);
    if (jobs.length === 0) return;
    running.jobs.splice(0, Infinity, ...running.jobs.filter((job) => !jobs.includes(job)));
    for (const job of jobs) {
      const before = running.asynchronous;
      running.asynchronous = job.kind;
      running.transaction.limits.push(true);
      try {
        job.run();
      } finally {
        running.transaction.limits.pop();
        running.asynchronous = before;
      }
    }
  }
}

class AsyncOptions {
  MaximumQueueableStackDepth: number | null = null;
  MinimumQueueableDelayInMinutes: number | null = null;
}

export const asyncClasses: readonly LibraryClass[] = [
  { name: 'Queueable', kind: 'interface', methods: { 'void execute(QueueableContext context)': VIRTUAL } },
  { name: 'QueueableContext', kind: 'interface', methods: { 'Id getJobId()': VIRTUAL } },
  { name: 'Finalizer', kind: 'interface', methods: { 'void execute(FinalizerContext context)': VIRTUAL } },
  {
    name: 'FinalizerContext',
    kind: 'interface',
    methods: {
      'Id getAsyncApexJobId()': VIRTUAL,
      'String getRequestId()': VIRTUAL,
      'ParentJobResult getResult()': VIRTUAL,
      'Exception getException()': VIRTUAL,
    },
  },
  { name: 'ParentJobResult', kind: 'enum', values: PARENT_JOB_RESULTS },
  { name: 'Schedulable', kind: 'interface', methods: { 'void execute(SchedulableContext context)': VIRTUAL } },
  { name: 'SchedulableContext', kind: 'interface', methods: { 'Id getTriggerId()': VIRTUAL } },
  {
    name: 'AsyncOptions',
    instance: AsyncOptions,
    constructors: { '()': () => new AsyncOptions() },
    properties: {
      'Integer MaximumQueueableStackDepth': {
        get: (self: AsyncOptions) => self.MaximumQueueableStackDepth,
        set: (self: AsyncOptions, value: number) => void (self.MaximumQueueableStackDepth = value),
      },
      'Integer MinimumQueueableDelayInMinutes': {
        get: (self: AsyncOptions) => self.MinimumQueueableDelayInMinutes,
        set: (self: AsyncOptions, value: number) => void (self.MinimumQueueableDelayInMinutes = value),
      },
    },
  },
];

/** System.schedule: in tests the job runs at stopTest; outside of tests the local org has no clock of its own and refuses. */
export function schedule(name: string, expression: string, job: JobObject): string {
  const running = execution();
  if (!/^\s*\S+(\s+\S+){5,6}\s*$/.test(expression ?? nullPointer()))
    throw makeException('StringException', `Illegal cron expression: ${expression}`);
  if (!running.test)
    throw makeException('UnsupportedOperationException', `System.schedule is supported in tests only: ${name}`);
  const id = fullId(`08e${(nextJob++).toString(36).padStart(12, '0')}`) as string;
  running.jobs.push({
    id,
    kind: 'scheduled',
    className: job.$type.name,
    run: () => job.execute$SchedulableContext?.({ gettriggerid$: () => id }),
  });
  return id;
}

export function attachFinalizer(finalizer: JobObject): void {
  const running = execution();
  if (running.asynchronous !== 'queueable')
    throw makeException('AsyncException', 'System.attachFinalizer(Finalizer) is not allowed in this context');
  const finalizers: JobObject[] = running.extra('finalizers', () => []);
  if (finalizers.length > 0)
    throw makeException('AsyncException', 'More than one Finalizer cannot be attached to same Async Apex Job');
  finalizers.push(finalizer ?? nullPointer());
}
