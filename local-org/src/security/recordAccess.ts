/** What the acting user may do with the records of one DML statement. */
import type { FieldDescribe, ObjectDescribe } from '../schema/types.ts';
import { quote } from '../store/encoding.ts';
import type { Store } from '../store/Store.ts';
import type { Level, RecordSharing } from './sharing.ts';
import { FULL_ACCESS, isPermissionable } from './userAccess.ts';
import type { ObjectAccess, UserAccess } from './userAccess.ts';

/** Decisions for one DML statement. */
export class RecordAccessDecisions {
  readonly #store: Store;
  readonly #sharing: RecordSharing;
  readonly #userId: string;
  readonly #user: UserAccess;
  readonly #checksPermissions: boolean;

  constructor(store: Store, sharing: RecordSharing, userId: string, user: UserAccess, checksPermissions: boolean) {
    this.#store = store;
    this.#sharing = sharing;
    this.#userId = userId;
    this.#user = user;
    this.#checksPermissions = checksPermissions;
  }

  #object(object: ObjectDescribe): ObjectAccess {
    return this.#checksPermissions ? this.#user.object(object) : FULL_ACCESS;
  }

  canCreate(object: ObjectDescribe): boolean {
    return this.#object(object).create;
  }

  canUpdate(object: ObjectDescribe): boolean {
    return this.#object(object).edit;
  }

  canDelete(object: ObjectDescribe): boolean {
    return this.#object(object).delete;
  }

  unwritableFields(object: ObjectDescribe, names: readonly string[]): readonly string[] {
    if (!this.#checksPermissions) return [];
    return names.filter((name) => {
      const field = object.field(name) as FieldDescribe;
      return isPermissionable(object, field) && !this.#user.canEditField(object, field);
    });
  }

  withoutEditAccess(
    object: ObjectDescribe,
    ids: readonly string[],
    operation: 'update' | 'delete',
  ): ReadonlySet<string> {
    return this.#hidden(object, ids, operation === 'update' ? 'edit' : 'delete');
  }

  withoutReadAccess(object: ObjectDescribe, ids: readonly string[]): ReadonlySet<string> {
    return this.#hidden(object, ids, 'read');
  }

  /** Ids among `ids` whose records the user has no full access to: they can't be shared by the user. */
  withoutAllAccess(object: ObjectDescribe, ids: readonly string[]): ReadonlySet<string> {
    return this.#hidden(object, ids, 'delete');
  }

  /** True when the user may change what sharing rows with an Apex sharing reason open. */
  get modifiesAllData(): boolean {
    return this.#user.grants.isAdministrator || this.#user.grants.modifyAllData;
  }

  #hidden(object: ObjectDescribe, ids: readonly string[], level: Level): ReadonlySet<string> {
    const condition = this.#sharing.rows(this.#userId, this.#user, object, 't', level);
    if (!condition || ids.length === 0) return new Set();
    const allowed = new Set(
      this.#store
        .all(
          `SELECT t."Id" FROM ${quote(object.name)} AS t WHERE t."Id" IN (SELECT value FROM json_each(?)) AND ${condition.sql}`,
          [JSON.stringify(ids), ...condition.parameters],
        )
        .map((row) => String(row[0])),
    );
    return new Set(ids.filter((id) => !allowed.has(id)));
  }
}
