/** Platform events: published events reach after-insert triggers after the commit, in tests when they are delivered. */
import { randomUUID } from 'node:crypto';
import type { RecordError } from '../../runtime/types.ts';
import { SObjectRecord } from '../../schema/record.ts';
import { ApexList } from '../execution/ApexList.ts';
import { recordsOf } from '../execution/data.ts';
import { makeException } from '../execution/errors.ts';
import { execution, type Execution } from '../execution/Execution.ts';
import { deserializeState, serializeState } from '../execution/serialization.ts';
import { bean, Bean, typeNamed } from './bean.ts';
import { ChangeEventHeader, changeEventState } from './changeEvents.ts';
import { OperationResult, SaveResult } from './Database.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';

/** What a callback hears: the identifiers of the events that were, or could not be, published. */
class PublishOutcome {
  readonly uuids: readonly string[];
  constructor(uuids: readonly string[]) {
    this.uuids = uuids;
  }
}
class SuccessResult extends PublishOutcome {
  geteventuuids$(): ApexList {
    return new ApexList(typeNamed('List<String>'), [...this.uuids]);
  }
}
class FailureResult extends PublishOutcome {
  geteventuuids$(): ApexList {
    return new ApexList(typeNamed('List<String>'), [...this.uuids]);
  }
}

interface Callback {
  onsuccess$EventBus_SuccessResult?(result: SuccessResult): void;
  onfailure$EventBus_FailureResult?(result: FailureResult): void;
}

/** Required fields without a value. */
function publishErrors(event: SObjectRecord): readonly RecordError[] {
  const missing = event.describe.fields
    .filter((field) => field.createable && !field.nillable && field.type !== 'boolean' && field.type !== 'id')
    .map((field) => field.name)
    .filter((name) => (event.values.get(name) ?? '') === '');
  if (missing.length === 0) return [];
  return [
    {
      statusCode: 'REQUIRED_FIELD_MISSING',
      message: `Required fields are missing: [${missing.join(', ')}]`,
      fields: missing,
    },
  ];
}

function publish(value: unknown, callback: Callback | null = null): unknown {
  const running = execution();
  const events = recordsOf(value);
  for (const event of events) {
    if (event.describe.kind !== 'platformEvent')
      throw makeException('InvalidParameterValueException', `${event.describe.name} is not a platform event`);
  }
  running.transaction.limits.count('publishImmediateDml');
  const errors = new Map(events.map((event) => [event, publishErrors(event)]));
  const accepted = events.filter((event) => errors.get(event)?.length === 0);
  for (const [objectName, records] of Map.groupBy(accepted, (event) => event.describe.name)) {
    const uuids = records.map((event) => (event.values.get('EventUuid') as string | null | undefined) ?? randomUUID());
    running.transaction.enqueue({
      kind: 'event',
      className: objectName,
      state: serializeState([objectName, uuids, records, callback]),
    });
  }
  const results = events.map((event) => {
    const problems = errors.get(event) ?? [];
    return new SaveResult({
      id: null,
      success: problems.length === 0,
      created: problems.length === 0,
      errors: problems,
    });
  });
  return value instanceof ApexList
    ? new ApexList(typeNamed('List<Database.SaveResult>'), results)
    : (results[0] ?? null);
}

function copyOf(event: SObjectRecord, uuid: string): SObjectRecord {
  const copy = new SObjectRecord(event.describe);
  for (const [name, value] of event.values) copy.values.set(name, value);
  copy.values.set(event.describe.kind === 'changeEvent' ? 'ReplayId' : 'EventUuid', uuid);
  return copy;
}

/** Events as they wait in the queue. */
type Publication = readonly [
  objectName: string,
  uuids: readonly string[],
  records: readonly SObjectRecord[],
  callback: Callback | null,
];

/** Delivers events to their subscribers, who get copies of their own in one batch. */
export function publishEvents({ transaction }: Execution, state: string): void {
  const [objectName, uuids, records, callback] = deserializeState(state) as Publication;
  transaction.org.code?.fireTriggers(
    transaction,
    objectName,
    'after insert',
    records.map((event, index) => copyOf(event, uuids[index] as string)),
    null,
  );
  callback?.onsuccess$EventBus_SuccessResult?.(new SuccessResult(uuids));
}

/** The events that wait can't be published: their callbacks hear of it, subscribers don't. */
function failPublications(): void {
  const { queue } = execution().transaction;
  for (const job of queue.waiting().filter(({ kind }) => kind === 'event')) {
    queue.drop(job);
    const [, uuids, , callback] = deserializeState(job.state) as Publication;
    callback?.onfailure$EventBus_FailureResult?.(new FailureResult(uuids));
  }
}

let deliverEvents: (running: Execution) => void = () => {
  throw new Error('nothing delivers events');
};
/** Says how a test's events are delivered; jobSteps.ts, which stands above this file, does. */
export function setEventDelivery(deliver: (running: Execution) => void): void {
  deliverEvents = deliver;
}

export class TestBroker extends Bean {}

export const eventBusClasses: readonly LibraryClass[] = [
  {
    name: 'EventBus',
    statics: {
      'Database.SaveResult publish(SObject event)': (event: unknown) => publish(event),
      'List<Database.SaveResult> publish(List<SObject> events)': (events: unknown) => publish(events),
      'Database.SaveResult publish(SObject event, Object callback)': publish,
      'List<Database.SaveResult> publish(List<SObject> events, Object callback)': publish,
    },
  },
  {
    name: 'EventBus.EventPublishSuccessCallback',
    kind: 'interface',
    methods: { 'void onSuccess(EventBus.SuccessResult result)': VIRTUAL },
  },
  {
    name: 'EventBus.EventPublishFailureCallback',
    kind: 'interface',
    methods: { 'void onFailure(EventBus.FailureResult result)': VIRTUAL },
  },
  { name: 'EventBus.SuccessResult', instance: SuccessResult, methods: { 'List<String> getEventUuids()': VIRTUAL } },
  { name: 'EventBus.FailureResult', instance: FailureResult, methods: { 'List<String> getEventUuids()': VIRTUAL } },
  {
    ...bean({
      name: 'EventBus.ChangeEventHeader',
      instance: ChangeEventHeader,
      accessors: true,
      fields: [
        'List<String> changedFields',
        'String changeOrigin',
        'String changeType',
        'Long commitNumber',
        'Long commitTimestamp',
        'String commitUser',
        'List<String> diffFields',
        'String entityName',
        'List<String> nulledFields',
        'List<String> recordIds',
        'Integer sequenceNumber',
        'String transactionKey',
      ],
    }),
    state: changeEventState(),
  },
  bean({
    name: 'EventBus.TestBroker',
    fields: [],
    instance: TestBroker,
    methods: { 'void deliver()': () => deliverEvents(execution()), 'void fail()': failPublications },
  }),
];

export { OperationResult };
