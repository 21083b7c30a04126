/** A CodeHost whose triggers are functions, for tests of the save order without Apex. */
import type { CodeHost, Transaction, TriggerEvent } from '../../src/runtime/types.ts';
import type { SObjectRecord } from '../../src/schema/record.ts';

export type TriggerBody = (context: {
  transaction: Transaction;
  event: TriggerEvent;
  records: readonly SObjectRecord[];
  old: readonly SObjectRecord[] | null;
}) => void;

export class FakeCode implements CodeHost {
  readonly triggers = new Map<string, TriggerBody>();
  /** `Account before insert ×200`, in the order in which they ran. */
  readonly log: string[] = [];

  on(objectName: string, events: readonly TriggerEvent[], body: TriggerBody): void {
    for (const event of events) this.triggers.set(`${objectName} ${event}`, body);
  }

  hasTriggers(objectName: string, event: TriggerEvent): boolean {
    return this.triggers.has(`${objectName} ${event}`);
  }

  fireTriggers(
    transaction: Transaction,
    objectName: string,
    event: TriggerEvent,
    records: readonly SObjectRecord[] | null,
    old: readonly SObjectRecord[] | null,
  ): void {
    this.log.push(`${objectName} ${event} ×${(records ?? old ?? []).length}`);
    this.triggers.get(`${objectName} ${event}`)?.({ transaction, event, records: records ?? old ?? [], old });
  }

  captureChanges(): void {
    // nothing subscribes to change events
  }

  runStep(): never {
    throw new Error('no code here');
  }

  callRest(): never {
    throw new Error('no code here');
  }

  executeAnonymous(): never {
    throw new Error('no code here');
  }

  runPostInstallScript(): never {
    throw new Error('no code here');
  }

  invokeAura(): never {
    throw new Error('no code here');
  }
}

export function addError(record: SObjectRecord, message: string, field: string | null = null): void {
  record.errors.push({
    statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    message,
    fields: field === null ? [] : [field],
  });
}
