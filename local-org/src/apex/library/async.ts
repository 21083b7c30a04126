/** Queueable, future, batch and scheduled Apex as code enqueues it. Jobs run in steps (jobSteps.ts), from the org's queue. */
import { ApexEnum, libraryEnum } from '../execution/ApexEnum.ts';
import { makeException, nullPointer, type ApexException } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import type { ApexList } from '../execution/ApexList.ts';
import type { ApexObject } from '../execution/Program.ts';
import { serializeState } from '../execution/serialization.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';

/** Records of a scope when executeBatch does not say. */
const DEFAULT_SCOPE = 200;
const LARGEST_SCOPE = 2000;
/** Jobs in a chain of a Developer Edition org (Apex Developer Guide, Queueable Apex, "Chaining Jobs"). */
const DEVELOPER_EDITION_DEPTH = 5;
/** "You can't chain queueable jobs in an Apex test" (the same page). */
const TEST_DEPTH = 1;
/** Longest delay of enqueueJob in minutes. */
const LONGEST_DELAY = 10;
const LARGEST_SIGNATURE = 1024;

/** QueueableContext and Database.BatchableContext. */
export class JobContext {
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

const PARENT_JOB_RESULTS = ['SUCCESS', 'UNHANDLED_EXCEPTION'];

export class FinalizerContext {
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
    const values = libraryEnum('ParentJobResult', PARENT_JOB_RESULTS);
    return values[this.error ? 'v_UNHANDLED_EXCEPTION' : 'v_SUCCESS'] as ApexEnum;
  }
  getexception$(): ApexException | null {
    return this.error;
  }
}

/** An object that implements one or more of the job interfaces. */
export interface JobObject extends ApexObject {
  execute$QueueableContext?(context: JobContext): void;
  execute$FinalizerContext?(context: FinalizerContext): void;
  execute$Database_BatchableContext$List_Object?(context: JobContext, scope: ApexList): void;
  finish$Database_BatchableContext?(context: JobContext): void;
  execute$SchedulableContext?(context: { gettriggerid$(): string }): void;
}

const classNameOf = (job: JobObject): string => job.$type.symbol.fullName;

/** System.enqueueJob. */
function enqueueQueueable(job: JobObject, options: AsyncOptions): string {
  const running = execution();
  if (typeof (job ?? nullPointer()).execute$QueueableContext !== 'function')
    throw makeException('AsyncException', 'The job must implement Queueable');
  const { transaction, job: parent } = running;
  transaction.limits.count('queueableJobs');
  // A finalizer's job begins a chain of its own: it waits for the job that failed or succeeded to end.
  const isChained = parent?.kind === 'queueable' && parent.phase === 'run';
  const depth = isChained ? parent.depth + 1 : 1;
  const maximumDepth = options.MaximumQueueableStackDepth ?? (isChained ? parent.maximumDepth : null);
  if (depth > (maximumDepth ?? (running.test ? TEST_DEPTH : DEVELOPER_EDITION_DEPTH)))
    throw makeException('AsyncException', 'Maximum stack depth has been reached.');
  const delay = options.MinimumQueueableDelayInMinutes;
  if (delay !== null && !(delay >= 0 && delay <= LONGEST_DELAY))
    throw makeException('AsyncException', `Delay must be between 0 and ${LONGEST_DELAY} minutes: ${delay}`);
  return transaction.enqueue({
    kind: 'queueable',
    className: classNameOf(job),
    state: serializeState(job),
    depth,
    maximumDepth,
    ...(delay === null ? {} : { notBefore: transaction.now() + delay * 60_000 }),
    ...(options.DuplicateSignature === null ? {} : { signature: options.DuplicateSignature.text }),
  });
}

/**
 * A call of a future method.
 *
 * @param method its name in Apex
 * @param javascriptName static method that holds its body
 */
export function enqueueFuture(
  className: string,
  method: string,
  javascriptName: string,
  values: readonly unknown[],
): void {
  const { asynchronous, transaction } = execution();
  if (asynchronous === 'future' || asynchronous === 'batch')
    throw makeException(
      'AsyncException',
      `Future method cannot be called from a future or batch method: ${className}.${method}`,
    );
  transaction.limits.count('futureCalls');
  transaction.enqueue({
    kind: 'future',
    className,
    methodName: method,
    state: serializeState([className, javascriptName, values]),
  });
}

/** Database.executeBatch. */
export function enqueueBatch(job: object, size: number | null): string {
  const batch = (job ?? nullPointer()) as JobObject;
  if (typeof batch.execute$Database_BatchableContext$List_Object !== 'function' || startMethod(batch) === undefined)
    throw makeException('TypeException', 'The job must implement Database.Batchable');
  const scopeSize = size ?? DEFAULT_SCOPE;
  if (scopeSize < 1 || scopeSize > LARGEST_SCOPE)
    throw makeException('AsyncException', `Batch size must be between 1 and ${LARGEST_SCOPE}: ${scopeSize}`);
  return execution().transaction.enqueue({
    kind: 'batch',
    className: classNameOf(batch),
    state: serializeState([batch, null]),
    scopeSize,
  });
}

/** JavaScript name of the batch's start method, which may return a locator or any iterable. */
export function startMethod(batch: object): string | undefined {
  for (
    let prototype = Object.getPrototypeOf(batch) as object | null;
    prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    const name = Object.getOwnPropertyNames(prototype).find((candidate) => candidate.startsWith('start$'));
    if (name !== undefined) return name;
  }
  return undefined;
}

/** System.schedule. */
function schedule(name: string, expression: string, job: JobObject): string {
  if (typeof (job ?? nullPointer()).execute$SchedulableContext !== 'function')
    throw makeException('AsyncException', 'The job must implement Schedulable');
  return execution().transaction.schedule({
    name: name ?? nullPointer(),
    expression: expression ?? nullPointer(),
    className: classNameOf(job),
    state: serializeState(job),
  });
}

function abortJob(id: string): void {
  if (!execution().transaction.abortJob(id ?? nullPointer()))
    throw makeException('AsyncException', `Job does not exist or is already aborted. ID: ${id}`);
}

/** System.attachFinalizer: it runs when the job has ended, and is serialised then. */
function attachFinalizer(finalizer: JobObject): void {
  const running = execution();
  if (running.asynchronous !== 'queueable')
    throw makeException('AsyncException', 'System.attachFinalizer(Finalizer) is not allowed in this context');
  const attached = attachedFinalizers();
  if (attached.length > 0)
    throw makeException('AsyncException', 'More than one Finalizer cannot be attached to same Async Apex Job');
  attached.push(finalizer ?? nullPointer());
}

/** Finalizers of the job that runs: none or one. */
export function attachedFinalizers(): JobObject[] {
  return execution().extra<JobObject[]>('finalizers', () => []);
}

class AsyncOptions {
  MaximumQueueableStackDepth: number | null = null;
  MinimumQueueableDelayInMinutes: number | null = null;
  DuplicateSignature: Signature | null = null;
}

/** System.QueueableDuplicateSignature. */
class Signature {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

class SignatureBuilder {
  readonly parts: string[] = [];
  add(kind: string, value: string | number | null): this {
    this.parts.push(`${kind}:${value ?? nullPointer()}`);
    if (this.size > LARGEST_SIGNATURE)
      throw makeException('IllegalArgumentException', `The signature is larger than ${LARGEST_SIGNATURE} bytes`);
    return this;
  }
  get size(): number {
    return Buffer.byteLength(this.parts.join('\n'));
  }
}

/** System.* methods about jobs; context.ts adds them to the class. */
export const systemJobMethods: NonNullable<LibraryClass['statics']> = {
  'Id enqueueJob(Queueable job)': (job: JobObject) => enqueueQueueable(job, new AsyncOptions()),
  'Id enqueueJob(Queueable job, Integer delay)': (job: JobObject, delay: number | null) =>
    enqueueQueueable(
      job,
      Object.assign(new AsyncOptions(), { MinimumQueueableDelayInMinutes: delay ?? nullPointer() }),
    ),
  'Id enqueueJob(Queueable job, AsyncOptions options)': (job: JobObject, options: AsyncOptions) =>
    enqueueQueueable(job, options ?? nullPointer()),
  'void attachFinalizer(Finalizer finalizer)': attachFinalizer,
  'Id schedule(String name, String cronExpression, Schedulable job)': schedule,
  'void abortJob(Id jobId)': abortJob,
};

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
      'QueueableDuplicateSignature DuplicateSignature': {
        get: (self: AsyncOptions) => self.DuplicateSignature,
        set: (self: AsyncOptions, value: Signature) => void (self.DuplicateSignature = value),
      },
    },
  },
  {
    name: 'AsyncInfo',
    statics: {
      'Integer getCurrentQueueableStackDepth()': () => queueableJob().depth,
      'Integer getMaximumQueueableStackDepth()': () =>
        queueableJob().maximumDepth ??
        (() => {
          throw makeException('AsyncException', 'Maximum stack depth is not set for this queueable');
        })(),
      'Boolean hasMaxStackDepth()': () => queueableJob().maximumDepth !== null,
      'Integer getMinimumQueueableDelayInMinutes()': () => queueableJob() && null,
    },
  },
  {
    name: 'QueueableDuplicateSignature',
    instance: Signature,
    // The Apex Developer Guide makes builders both with and without `new`.
    statics: { 'QueueableDuplicateSignature.Builder Builder()': () => new SignatureBuilder() },
    methods: { 'String toString()': (self: Signature) => self.text },
  },
  {
    name: 'QueueableDuplicateSignature.Builder',
    instance: SignatureBuilder,
    constructors: { '()': () => new SignatureBuilder() },
    methods: {
      'QueueableDuplicateSignature.Builder addId(Id value)': (self: SignatureBuilder, value: string) =>
        self.add('id', value),
      'QueueableDuplicateSignature.Builder addInteger(Integer value)': (self: SignatureBuilder, value: number) =>
        self.add('integer', value),
      'QueueableDuplicateSignature.Builder addString(String value)': (self: SignatureBuilder, value: string) =>
        self.add('string', value),
      'QueueableDuplicateSignature build()': (self: SignatureBuilder) => new Signature(self.parts.join('\n')),
      'Integer getSize()': (self: SignatureBuilder) => self.size,
      'Integer getMaxSize()': () => LARGEST_SIGNATURE,
      'Integer getRemainingSize()': (self: SignatureBuilder) => LARGEST_SIGNATURE - self.size,
    },
  },
];

/** The queueable that runs; AsyncInfo tells of nothing else. */
function queueableJob(): { readonly depth: number; readonly maximumDepth: number | null } {
  const { job } = execution();
  if (job?.kind !== 'queueable') throw makeException('AsyncException', 'AsyncInfo is for queueable jobs only');
  return job;
}
