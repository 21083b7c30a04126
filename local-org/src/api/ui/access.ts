/** What the acting user may do with objects and fields, as the UI API tells its clients. */
import type { DescribedAccess } from '../../security/Security.ts';
import type { Org } from '../../runtime/types.ts';
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';

export interface ObjectAccess {
  readonly queryable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
}

export interface FieldAccess {
  readonly readable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
}

/** Decisions for one user in one request. */
export interface UserAccess {
  object(object: ObjectDescribe): ObjectAccess;
  field(object: ObjectDescribe, field: FieldDescribe): FieldAccess;
}

/** Access of a user: what the describe allows in principle, cut down to what permissions grant. */
export function accessOf(org: Org, userId: string): UserAccess {
  const known = new Map<string, DescribedAccess>();
  const granted = (object: ObjectDescribe): DescribedAccess => {
    let access = known.get(object.name);
    if (!access) {
      access = org.security.describeAccess(userId, object);
      known.set(object.name, access);
    }
    return access;
  };
  return {
    object(object) {
      const { read, create, edit, delete: remove } = granted(object);
      return {
        queryable: object.queryable && read,
        createable: object.createable && create,
        updateable: object.updateable && edit,
        deletable: object.deletable && remove,
      };
    },
    field(object, field) {
      const { read, edit } = granted(object).fields.get(field.name) ?? { read: false, edit: false };
      return { readable: read, createable: field.createable && edit, updateable: field.updateable && edit };
    },
  };
}
