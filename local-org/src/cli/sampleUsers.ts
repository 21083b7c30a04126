/** Users to look at a new org with: one for each permission set of the project (the shell's "View as"). */
import { SObjectRecord } from '../schema/record.ts';
import type { Org, Transaction } from '../runtime/types.ts';

const PROFILE = 'Standard User';
const DOMAIN = 'local.org';

/** Creates them; returns their names. */
export function addSampleUsers(org: Org): readonly string[] {
  return org.transaction({ userId: org.administratorId }, (transaction) => {
    const profileId = idWhere(transaction, `SELECT Id FROM Profile WHERE Name = '${PROFILE}'`);
    return org.project.ofType('PermissionSet').map(({ fullName, root }, index) => {
      const label = root.requiredString('label');
      const username = `${fullName.toLowerCase().replaceAll('_', '.')}@${DOMAIN}`;
      const userId = insert(transaction, 'User', {
        FirstName: 'Sample',
        LastName: label,
        Username: username,
        Email: username,
        Alias: `sample${index + 1}`.slice(0, 8),
        ProfileId: profileId,
        TimeZoneSidKey: org.project.orgShape.timeZone,
        LocaleSidKey: org.project.orgShape.locale,
        LanguageLocaleKey: org.project.orgShape.language,
        EmailEncodingKey: 'UTF-8',
      });
      insert(transaction, 'PermissionSetAssignment', {
        AssigneeId: userId,
        PermissionSetId: idWhere(transaction, `SELECT Id FROM PermissionSet WHERE Name = '${fullName}'`),
      });
      return `Sample ${label}`;
    });
  });
}

function idWhere(transaction: Transaction, text: string): string {
  const { records } = transaction.query(text, { accessMode: 'system', sharing: 'without', countLimits: false });
  return String(records[0]?.values.get('Id'));
}

function insert(transaction: Transaction, objectName: string, values: Readonly<Record<string, unknown>>): string {
  const describe = transaction.org.schema.object(objectName);
  if (!describe) throw new Error(`the schema lacks ${objectName}`);
  const record = new SObjectRecord(describe);
  for (const [name, value] of Object.entries(values)) record.values.set(name, value);
  const [result] = transaction.dml({
    operation: 'insert',
    records: [record],
    allOrNone: true,
    accessMode: 'system',
    sharing: 'without',
    countLimits: false,
  });
  return result?.id ?? '';
}
