/** Rows of the project's permission set groups, their components and the permission set that stands for each group. */
import { MetadataError } from '../project/errors.ts';
import type { Project } from '../project/types.ts';
import type { ObjectDescribe, Schema } from '../schema/types.ts';
import type { Store } from '../store/Store.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { insertSystemRow } from './seed.ts';

/**
 * Writes the groups of the project, keeping their Ids; runs after the permission sets were mirrored, inside a transaction.
 * @throws MetadataError when a group names a permission set that the project doesn't have
 */
export function mirrorPermissionSetGroups(
  store: Store,
  schema: Schema,
  project: Project,
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
  const groups = idsBy(group, 'DeveloperName');
  const sets = idsBy(permissionSet, 'Name');
  const ofGroup = idsBy(permissionSet, 'PermissionSetGroupId');
  for (const { fullName, root } of project.ofType('PermissionSetGroup')) {
    const label = root.requiredString('label');
    const groupId = save(group, groups.get(fullName), {
      DeveloperName: fullName,
      MasterLabel: label,
      Language: 'en_US',
      Description: root.string('description') ?? null,
      Status: 'Updated',
      HasActivationRequired: root.boolean('hasActivationRequired', false),
    });
    save(permissionSet, ofGroup.get(groupId), {
      Name: `Group_${fullName}`,
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
    for (const element of root.children('permissionSets')) {
      const permissionSetId = sets.get(element.text);
      if (permissionSetId === undefined)
        throw new MetadataError(
          element.position,
          `the group ${fullName} holds the permission set ${element.text}, which the project does not have`,
        );
      if (!present.has(permissionSetId))
        save(component, undefined, { PermissionSetGroupId: groupId, PermissionSetId: permissionSetId });
    }
  }
}
