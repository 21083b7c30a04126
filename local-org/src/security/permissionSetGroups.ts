/** Rows of the project's permission set groups, their components and the permission set that stands for each group. */
import { MetadataError } from '../project/errors.ts';
import type { ObjectDescribe, Schema } from '../schema/types.ts';
import type { Store } from '../store/Store.ts';
import { insertSystemRow } from '../store/systemRows.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import type { PermissionSetGroupMetadata } from './permissionMetadata.ts';

/**
 * Writes the groups of the project, keeping their Ids; runs after the permission sets were mirrored, inside a transaction.
 * @throws MetadataError when a group names a permission set that the project doesn't have
 */
export function mirrorPermissionSetGroups(
  store: Store,
  schema: Schema,
  groups: readonly PermissionSetGroupMetadata[],
  userId: string,
  now: number,
): void {
  const stamp = new ApexDatetime(Math.floor(now / 1000) * 1000);
  const object = (name: string): ObjectDescribe => {
    const found = schema.object(name);
    if (!found) throw new Error(`the schema lacks ${name}`);
    return found;
  };
  const idsBy = (describe: ObjectDescribe, field: string): Map<string, string> =>
    new Map([...store.loadWhere(describe, '1', [])].map(([id, values]) => [String(values.get(field)), id]));
  const save = (describe: ObjectDescribe, id: string | undefined, row: Readonly<Record<string, unknown>>): string => {
    if (id === undefined) return insertSystemRow(store, describe, row, userId, stamp);
    store.update(describe, id, new Map(Object.entries(row)));
    return id;
  };
  const [group, component, permissionSet] = [
    object('PermissionSetGroup'),
    object('PermissionSetGroupComponent'),
    object('PermissionSet'),
  ];
  const groupIds = idsBy(group, 'DeveloperName');
  const sets = idsBy(permissionSet, 'Name');
  const ofGroup = idsBy(permissionSet, 'PermissionSetGroupId');
  for (const { name, label, description, hasActivationRequired, permissionSets } of groups) {
    const groupId = save(group, groupIds.get(name), {
      DeveloperName: name,
      MasterLabel: label,
      Language: 'en_US',
      Description: description,
      Status: 'Updated',
      HasActivationRequired: hasActivationRequired,
    });
    save(permissionSet, ofGroup.get(groupId), {
      Name: `Group_${name}`,
      Label: label,
      Type: 'Group',
      IsCustom: false,
      PermissionSetGroupId: groupId,
    });
    const present = new Set(
      [...store.loadWhere(component, '"PermissionSetGroupId" = ?', [groupId])].map(([, values]) =>
        String(values.get('PermissionSetId')),
      ),
    );
    for (const element of permissionSets) {
      const permissionSetId = sets.get(element.name);
      if (permissionSetId === undefined)
        throw new MetadataError(
          element.position,
          `the group ${name} holds the permission set ${element.name}, which the project does not have`,
        );
      if (!present.has(permissionSetId))
        save(component, undefined, { PermissionSetGroupId: groupId, PermissionSetId: permissionSetId });
    }
  }
}
