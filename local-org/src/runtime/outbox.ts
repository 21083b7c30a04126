/** E-mails of a transaction: they are kept with it, nothing leaves the machine. */
import type { Transaction } from './types.ts';

export interface OutboxMessage {
  /** `apex`: Messaging.sendEmail. `alert`: an e-mail alert. */
  readonly source: 'apex' | 'alert';
  /** Addresses. */
  readonly recipients: readonly string[];
  /** Null for an alert: its template is named, not merged. */
  readonly subject: string | null;
  /** `Folder/Template`, or null. */
  readonly template: string | null;
  /** The record that it is about, or null. */
  readonly recordId: string | null;
}

const OUTBOX = Symbol('outbox');

/** What the transaction has sent so far; callers add to it. */
export function outboxOf(transaction: Transaction): OutboxMessage[] {
  return transaction.state(OUTBOX, () => []);
}
