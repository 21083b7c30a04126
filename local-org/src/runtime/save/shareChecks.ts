/** What may be written to share rows by hand (Apex Developer Guide, "Sharing a Record Using Apex"). */
import { parentOf } from '../../schema/shareObjects.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { addError, textOf, withoutErrors } from './rows.ts';
import type { SaveRow } from './rows.ts';
import type { RecordAccess, SaveServices } from './services.ts';

/** Levels that the org-wide default gives everyone. */
const DEFAULT_LEVELS: Readonly<Record<string, readonly string[]>> = {
  Private: [],
  Read: ['Read'],
  ReadWrite: ['Read', 'Edit'],
  ReadWriteTransfer: ['Read', 'Edit'],
  FullAccess: ['Read', 'Edit', 'All'],
};

/** Rows that people and Apex make: shared by hand, or for a reason that the project defines. */
const isOwnReason = (cause: string): boolean => cause === 'Manual' || cause === '' || cause.endsWith('__c');

/** Refuses share rows that the platform keeps itself, trivial levels, and records that the user may not share. */
export function checkShareRows(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  services: SaveServices,
  access: RecordAccess | null,
): void {
  const found = parentOf(services.schema, describe);
  if (!found) return;
  const { parent, field } = found;
  const levelField = describe.field('AccessLevel') ?? describe.field(`${parent.name}AccessLevel`);
  for (const row of rows) {
    const cause = textOf((row.old ?? row.record).values.get('RowCause'));
    const level = textOf(row.record.values.get(levelField?.name ?? ''));
    if (!isOwnReason(cause)) {
      if (row.old) addError(row, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
      else
        addError(row, 'FIELD_INTEGRITY_EXCEPTION', `Row Cause: the platform alone writes rows for ${cause}`, [
          'RowCause',
        ]);
    } else if (level === 'All')
      addError(row, 'FIELD_INTEGRITY_EXCEPTION', 'Access Level: only owners have all access to a record', [
        levelField?.name ?? '',
      ]);
    else if (DEFAULT_LEVELS[parent.sharingModel]?.includes(level))
      addError(
        row,
        'FIELD_FILTER_VALIDATION_EXCEPTION',
        `field integrity exception: ${levelField?.name ?? ''} (trivial share level ${level}, for organization with default level ${parent.sharingModel})`,
        [levelField?.name ?? ''],
      );
    else if (access && cause.endsWith('__c') && !access.modifiesAllData)
      addError(row, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
  }
  if (!access) return;
  const live = withoutErrors(rows);
  const idOf = (row: SaveRow): string => textOf(row.record.values.get(field.name));
  const denied = access.withoutAllAccess(parent, live.map(idOf));
  for (const row of live)
    if (denied.has(idOf(row)))
      addError(
        row,
        'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
        `insufficient access rights on cross-reference id: ${idOf(row).slice(0, 15)}`,
      );
}

/** Refuses to delete rows that the platform keeps itself. */
export function checkShareDeletion(rows: readonly SaveRow[]): void {
  for (const row of rows)
    if (!isOwnReason(textOf(row.old?.values.get('RowCause'))))
      addError(row, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
}
