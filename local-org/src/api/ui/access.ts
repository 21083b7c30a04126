/** What the acting user may do with objects and fields, as the UI API tells its clients. */
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

/** Everything that the describe allows. */
export const describedAccess: UserAccess = {
  object: ({ queryable, createable, updateable, deletable }) => ({ queryable, createable, updateable, deletable }),
  field: (_object, { createable, updateable }) => ({ readable: true, createable, updateable }),
};
