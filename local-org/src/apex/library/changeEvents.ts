/** Change Data Capture: what a transaction wrote reaches triggers on change events. */
import type { CapturedChange, Transaction } from '../../runtime/types.ts';
import { CHANGE_EVENT_HEADER, changeEventName } from '../../schema/changeEvents.ts';
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { sameValue } from '../../runtime/save/rows.ts';
import { ApexList } from '../execution/ApexList.ts';
import type { Execution } from '../execution/Execution.ts';
import { serializeState } from '../execution/serialization.ts';
import { Bean, typeNamed } from './bean.ts';

export class ChangeEventHeader extends Bean {}

const ENABLED = 'changeDataCapture';

/** Test.enableChangeDataCapture: every object's changes are captured, in tests none without it. */
export function enableChangeDataCapture(running: Execution): void {
  running.extras.set(ENABLED, true);
}

/** Whether changes of the object are captured: selected in the project (PlatformEventChannelMember), or enabled by the test. */
export function isCaptured(running: Execution, object: ObjectDescribe): boolean {
  if (running.test) return running.extras.get(ENABLED) === true;
  const event = changeEventName(object.name).toLowerCase();
  const members = running.transaction.org.project.ofType('PlatformEventChannelMember');
  return members.some(({ root }) => root.string('selectedEntity')?.toLowerCase() === event);
}

interface Counter {
  sequence: number;
  readonly key: string;
}
const COUNTER = Symbol('change events');

/** Puts an event for each change in the queue; triggers see them after the commit, in tests when they are delivered. */
export function captureChanges(
  transaction: Transaction,
  event: ObjectDescribe,
  changes: readonly CapturedChange[],
): void {
  const counter = transaction.state<Counter>(COUNTER, () => ({ sequence: 0, key: crypto.randomUUID() }));
  const records = changes.map((change) => {
    const record = new SObjectRecord(event);
    const { changed, nulled } = copyValues(change, record);
    const header = new ChangeEventHeader();
    const texts = (items: readonly string[]): ApexList => new ApexList(typeNamed('List<String>'), [...items]);
    const isUpdate = change.kind === 'UPDATE';
    for (const [name, value] of Object.entries({
      entityName: change.record.describe.name,
      recordIds: texts([change.record.id ?? '']),
      changeType: change.kind,
      changeOrigin: '',
      transactionKey: counter.key,
      sequenceNumber: (counter.sequence += 1),
      commitTimestamp: BigInt(transaction.now()),
      commitNumber: BigInt(transaction.now()),
      commitUser: transaction.userId,
      changedFields: texts(isUpdate ? changed : []),
      nulledFields: texts(isUpdate ? nulled : []),
      diffFields: texts([]),
    }))
      header.values.set(name, value);
    record.values.set(CHANGE_EVENT_HEADER, header);
    return record;
  });
  const uuids = records.map(() => crypto.randomUUID());
  transaction.enqueue({
    kind: 'event',
    className: event.name,
    state: serializeState([event.name, uuids, records, null]),
  });
}

/** New records bring every value, changed ones those that changed, deleted ones none. */
function copyValues(
  { kind, record, old }: CapturedChange,
  target: SObjectRecord,
): { readonly changed: readonly string[]; readonly nulled: readonly string[] } {
  const changed: string[] = [];
  const nulled: string[] = [];
  if (kind === 'DELETE') return { changed, nulled };
  for (const { name } of target.describe.fields) {
    const value = record.values.get(name) ?? null;
    const isChanged = kind !== 'UPDATE' || !old || !sameValue(old.values.get(name), value);
    if (!isChanged || !record.describe.field(name)) continue;
    changed.push(name);
    if (value === null) nulled.push(name);
    else target.values.set(name, value);
  }
  return { changed, nulled };
}

export function changeEventState(): {
  readonly write: (self: ChangeEventHeader) => readonly unknown[];
  readonly make: (values: readonly unknown[]) => ChangeEventHeader;
} {
  return {
    write: (self) => [...self.values].map((entry) => [...entry]),
    make: (entries) => {
      const made = new ChangeEventHeader();
      for (const [name, value] of entries as readonly (readonly [string, unknown])[]) made.values.set(name, value);
      return made;
    },
  };
}
