/** CRUD and field-level security of the acting user, as describe results and stripInaccessible need them. */
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';
import { execution } from '../execution/Execution.ts';
import type { Transaction } from '../../runtime/types.ts';

export interface UserAccess {
  object(describe: ObjectDescribe, right: 'read' | 'create' | 'edit' | 'delete'): boolean;
  field(describe: ObjectDescribe, field: FieldDescribe, right: 'read' | 'create' | 'edit'): boolean;
  customPermission(name: string): boolean;
}

let source: (transaction: Transaction) => UserAccess = () => {
  throw new Error('No source of access decisions was given');
};

/** Says where access decisions come from; the code host does. */
export function setAccessSource(given: (transaction: Transaction) => UserAccess): void {
  source = given;
}

export function accessDecisions(): UserAccess {
  return source(execution().transaction);
}
