/** What a job does in each of its steps, and how tests run the jobs that they enqueued. */
import type { ItemSink, JobKind, JobStep, StepOutcome } from '../../runtime/jobs/types.ts';
import type { AccessMode, QueryOptions, SharingMode } from '../../runtime/types.ts';
import type { SObjectRecord } from '../../schema/record.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexException, exceptionTypeName, makeException, UncatchableError } from '../execution/errors.ts';
import type { Execution } from '../execution/Execution.ts';
import { deserializeState, serializeState } from '../execution/serialization.ts';
import { toApexError } from '../execution/translate.ts';
import { attachedFinalizers, FinalizerContext, JobContext, startMethod, type JobObject } from './async.ts';
import { QueryLocator } from './Database.ts';
import { publishEvents, setEventDelivery } from './EventBus.ts';
import { iterateItems } from './iterate.ts';
import { typeByName } from './Type.ts';

/** Steps that a test may run before the rest of its queue is left waiting: a batch that starts itself again has no end. */
const MOST_STEPS_OF_TESTS = 1000;

/** A query that a batch works through: its text, binds, access mode and sharing. */
type LocatorFacts = readonly [
  text: string,
  binds: readonly (readonly [string, unknown])[],
  accessMode: AccessMode,
  sharing: SharingMode,
];

/** State of a batch: the object; and once it has started the type of its scopes, and the query or null for an iterable. */
type BatchState = readonly [
  batch: JobObject,
  source: readonly [scopeType: string, locator: LocatorFacts | null] | null,
];

/** What a step's code tells; the rest of the outcome is the same for all. */
type CodeOutcome = Partial<Pick<StepOutcome, 'state'>>;

/** Runs one step within the running transaction; faults of this program are failures of the job, too: others go on. */
export function runJobStep(running: Execution, step: JobStep, addItem: ItemSink): StepOutcome {
  const before = { job: running.job, sharing: running.sharing, callout: running.uncommitted.callout };
  running.job = step;
  running.sharing = null;
  running.uncommitted.callout = false;
  attachedFinalizers().length = 0;
  const nothing: StepOutcome = { state: null, failure: null, finalizer: null };
  try {
    const outcome = STEPS[step.phase](running, step, addItem);
    return { ...nothing, finalizer: takeFinalizer(null), ...outcome };
  } catch (error) {
    const shown = toApexError(error);
    return {
      ...nothing,
      failure: { message: messageOf(shown), error },
      finalizer: finalizerOfFailure(
        shown instanceof ApexException ? shown : makeException('LimitException', shown.message),
      ),
    };
  } finally {
    running.job = before.job;
    running.sharing = before.sharing;
    running.uncommitted.callout = before.callout;
  }
}

function messageOf(error: ApexException | UncatchableError): string {
  return error instanceof ApexException
    ? `${exceptionTypeName(error)}: ${error.getmessage$() ?? 'Script-thrown exception'}`
    : `${error.typeName}: ${error.message}`;
}

/** State of the finalizer that the step attached: the object as it is now, and what the job ended with. */
function takeFinalizer(error: ApexException | null): string | null {
  const [finalizer] = attachedFinalizers().splice(0);
  return finalizer ? serializeState([finalizer, error]) : null;
}

/** The same behind a failure, which is what counts when the finalizer can't be kept. */
function finalizerOfFailure(error: ApexException): string | null {
  try {
    return takeFinalizer(error);
  } catch (problem) {
    if (problem instanceof ApexException) return null;
    throw problem;
  }
}

type Step = (running: Execution, step: JobStep, addItem: ItemSink) => CodeOutcome;

const STEPS: Readonly<Record<JobStep['phase'], Step>> = {
  run: (running, step) => RUNS[step.kind](running, step),
  start: startBatch,
  execute: executeScope,
  finish: (_running, step) => {
    const [batch] = deserializeState(step.state) as BatchState;
    batch.finish$Database_BatchableContext?.(new JobContext(step.id));
    return {};
  },
  finalize: (_running, step) => {
    const [finalizer, error] = deserializeState(step.state) as readonly [JobObject, ApexException | null];
    finalizer.execute$FinalizerContext?.(new FinalizerContext(step.id, error));
    return {};
  },
};

const RUNS: Readonly<Record<JobKind, (running: Execution, step: JobStep) => CodeOutcome>> = {
  queueable: (_running, step) => {
    (deserializeState(step.state) as JobObject).execute$QueueableContext?.(new JobContext(step.id));
    return {};
  },
  future: ({ program }, step) => {
    const [className, method, values] = deserializeState(step.state) as readonly [string, string, readonly unknown[]];
    const loaded = program.class(className) as unknown as Record<string, (...values: readonly unknown[]) => void>;
    loaded[method]?.(...values);
    return {};
  },
  scheduled: (_running, step) => {
    const { triggerId } = step;
    (deserializeState(step.state) as JobObject).execute$SchedulableContext?.({
      gettriggerid$: () => triggerId ?? '',
    });
    return {};
  },
  event: (running, step) => {
    publishEvents(running, step.state);
    return {};
  },
  batch: () => {
    throw new Error('a batch has no step of its own');
  },
};

function startBatch(running: Execution, step: JobStep, addItem: ItemSink): CodeOutcome {
  const [batch] = deserializeState(step.state) as BatchState;
  const start = startMethod(batch) ?? '';
  const source = (batch as unknown as Record<string, (context: JobContext) => unknown>)[start]?.(
    new JobContext(step.id),
  );
  const { table } = running.program;
  const locator = source instanceof QueryLocator ? source : null;
  const listType =
    locator?.type.name ?? (source instanceof ApexList ? source.type.name : table.list(table.object).name);
  const options = locator?.options ?? null;
  let count = 0;
  const add = (item: string): void => {
    count += 1;
    if (running.test && count > step.scopeSize) throw moreThanOneScope();
    addItem(item);
  };
  if (locator && options) for (const id of running.transaction.queryIds(locator.text, options)) add(id);
  else for (const item of locator ? locator.list.items : iterateItems(source)) add(serializeState(item));
  // What the start method did to the object is kept by stateful batches only.
  const kept = isStateful(running, batch) ? batch : (deserializeState(step.state) as BatchState)[0];
  const facts: LocatorFacts | null =
    locator && options ? [locator.text, [...(options.binds ?? [])], options.accessMode, options.sharing] : null;
  return { state: serializeState([kept, [listType, facts]]) };
}

/** Tests may have one scope only. */
function moreThanOneScope(): ApexException {
  return makeException(
    'UnexpectedException',
    'No more than one executeBatch can be called from within a test method. Please make sure the iterable returned from your start method matches the batch size, resulting in one executeBatch invocation.',
  );
}

function executeScope(running: Execution, step: JobStep): CodeOutcome {
  const [batch, source] = deserializeState(step.state) as BatchState;
  const [listType, locator] = source ?? ['', null];
  const rows = locator ? readScope(running, locator, step.items) : step.items.map(deserializeState);
  const type = typeByName(listType);
  if (!type) throw makeException('TypeException', `Invalid type: ${listType}`);
  if (rows.length > 0)
    batch.execute$Database_BatchableContext$List_Object?.(new JobContext(step.id), new ApexList(type, [...rows]));
  return isStateful(running, batch) ? { state: serializeState([batch, source]) } : {};
}

/** The rows of a scope as they are now, in the order of the query; rows that are gone are left out. */
function readScope(
  running: Execution,
  [text, binds, accessMode, sharing]: LocatorFacts,
  ids: readonly string[],
): readonly SObjectRecord[] {
  const options: QueryOptions = { accessMode, sharing, binds: new Map(binds), countLimits: false };
  const records = running.transaction.queryByIds(text, ids, options);
  const byId = new Map(records.map((record) => [record.id, record]));
  return ids.map((id) => byId.get(id)).filter((record) => record !== undefined);
}

function isStateful({ program: { table } }: Execution, batch: JobObject): boolean {
  return table.isAssignable(batch.$type, table.of(table.librarySymbol('Database.Stateful')));
}

/**
 * Tests: runs the jobs that wait, and those that they start, in order. A failure ends the test, unless the job had a
 * finalizer to hear of it.
 *
 * @param only jobs of this kind; all when absent
 */
export function runJobs(running: Execution, only?: JobKind): void {
  const { queue } = running.transaction;
  // A scheduled job fires once in a test, whatever its schedule.
  const fired = running.extra('firedSchedules', () => new Set<string>());
  for (let steps = 0; steps < MOST_STEPS_OF_TESTS; steps += 1) {
    const job = queue.waiting().find(({ id, kind }) => (only === undefined || kind === only) && !fired.has(id));
    if (!job) return;
    if (job.kind === 'scheduled') fired.add(job.id);
    const failure = queue.step(job);
    if (!failure) continue;
    const heard = queue.waiting().some(({ id, phase }) => id === job.id && phase === 'finalize');
    if (!heard || toApexError(failure.error) instanceof UncatchableError) throw failure.error as Error;
  }
}

setEventDelivery((running) => runJobs(running, 'event'));
