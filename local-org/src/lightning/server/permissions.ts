/** Permissions that components can ask about. */
import type { Transaction } from '../../runtime/types.ts';
import type { SObjectRecord } from '../../schema/record.ts';

export interface PagePermissions {
  /** Developer names of the custom permissions that the user has. */
  readonly customPermissions: readonly string[];
}

/** The acting user's permissions. */
export function permissionsOf(transaction: Transaction): PagePermissions {
  const { records } = transaction.query(
    `SELECT SetupEntityId FROM SetupEntityAccess WHERE SetupEntityType = 'CustomPermission' AND ParentId IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '${transaction.userId}')`,
    { accessMode: 'system', sharing: 'without' },
  );
  const ids = records.map((record) => record.values.get('SetupEntityId') as string);
  return { customPermissions: ids.length === 0 ? [] : namesOf(transaction, ids) };
}

function namesOf(transaction: Transaction, ids: readonly string[]): readonly string[] {
  const { records } = transaction.query(
    `SELECT DeveloperName FROM CustomPermission WHERE Id IN (${ids.map((id) => `'${id}'`).join(', ')})`,
    { accessMode: 'system', sharing: 'without' },
  );
  return records.map((record: SObjectRecord) => record.values.get('DeveloperName') as string);
}
