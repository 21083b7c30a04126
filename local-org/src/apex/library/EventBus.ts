/** Platform events: published events reach after-insert triggers after the commit, in tests when they are delivered. */
import { SObjectRecord } from '../../schema/record.ts';
import { ApexList } from '../execution/ApexList.ts';
import { recordsOf } from '../execution/data.ts';
import { makeException } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { bean, typeNamed } from './bean.ts';
import { runJobs } from './async.ts';
import { OperationResult, SaveResult } from './Database.ts';
import type { LibraryClass } from './define.ts';

function publish(value: unknown): unknown {
  const running = execution();
  const events = recordsOf(value);
  for (const event of events) {
    if (event.describe.kind !== 'platformEvent')
      throw makeException('InvalidParameterValueException', `${event.describe.name} is not a platform event`);
  }
  running.transaction.limits.count('publishImmediateDml');
  const byObject = Map.groupBy(events, (event) => event.describe.name);
  for (const [objectName, records] of byObject) {
    running.jobs.push({
      id: '',
      kind: 'event',
      className: objectName,
      run: () => {
        const { transaction } = execution();
        // Subscribers get their own copies, in one batch.
        transaction.org.code?.fireTriggers(transaction, objectName, 'after insert', records.map(copyOf), null);
      },
    });
  }
  const results = events.map(() => new SaveResult({ id: null, success: true, created: true, errors: [] }));
  return value instanceof ApexList
    ? new ApexList(typeNamed('List<Database.SaveResult>'), results)
    : (results[0] ?? null);
}

function copyOf(event: SObjectRecord): SObjectRecord {
  const copy = new SObjectRecord(event.describe);
  for (const [name, value] of event.values) copy.values.set(name, value);
  return copy;
}

export const eventBusClasses: readonly LibraryClass[] = [
  {
    name: 'EventBus',
    statics: {
      'Database.SaveResult publish(SObject event)': publish,
      'List<Database.SaveResult> publish(List<SObject> events)': publish,
      'Database.SaveResult publish(SObject event, Object callback)': publish,
      'List<Database.SaveResult> publish(List<SObject> events, Object callback)': publish,
    },
  },
  bean({ name: 'EventBus.TestBroker', fields: [], methods: { 'void deliver()': () => runJobs(execution(), 'event') } }),
];

export { OperationResult };
