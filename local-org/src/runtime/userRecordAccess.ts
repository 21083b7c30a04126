/** Rows of UserRecordAccess, made for the records that a query asks about (Object Reference, "UserRecordAccess"). */
import type { ObjectDescribe, Schema } from '../schema/types.ts';
import type { Security } from '../security/Security.ts';
import type { Condition, QueryNode } from '../soql/ast.ts';
import { QueryError } from '../soql/errors.ts';
import { rawValues } from '../soql/values.ts';
import type { ExecutionContext } from '../soql/values.ts';
import type { Store } from '../store/Store.ts';
import { normalizeId, prefixOf } from '../store/ids.ts';

export const USER_RECORD_ACCESS = 'UserRecordAccess';
/** Records that one query may ask about. */
const MAXIMUM_RECORDS = 200;

interface Rooms {
  readonly schema: Schema;
  readonly store: Store;
  readonly security: Security;
}

/**
 * Fills the rows that the query reads.
 * @throws QueryError when the query doesn't name one user and at most 200 records, as the platform demands
 */
export function prepareUserRecordAccess(query: QueryNode, text: string, context: ExecutionContext, rooms: Rooms): void {
  const conditions = query.where === null ? [] : query.where.kind === 'and' ? query.where.items : [query.where];
  const [userId] = valuesOf('userid', conditions, text, context);
  const recordIds = valuesOf('recordid', conditions, text, context);
  const refuse = (message: string): never => {
    throw new QueryError('MALFORMED_QUERY', message, text, query.fromOffset);
  };
  if (userId === undefined || recordIds.length === 0)
    refuse('UserRecordAccess needs the filters UserId = and RecordId = or RecordId IN');
  if (recordIds.length > MAXIMUM_RECORDS) refuse(`UserRecordAccess answers for ${MAXIMUM_RECORDS} records at the most`);
  rooms.store.run('DELETE FROM "UserRecordAccess"', []);
  const describe = rooms.schema.object(USER_RECORD_ACCESS);
  const byObject = Map.groupBy(recordIds, (id) => rooms.schema.objectByKeyPrefix(prefixOf(id)));
  for (const [object, ids] of byObject) {
    if (!object || !describe) continue;
    for (const row of accessRows(object, ids, userId ?? '', rooms)) rooms.store.insert(describe, row);
  }
}

/** Ids in `field = …` or `field IN …` among conditions that all must hold. */
function valuesOf(
  fieldName: string,
  conditions: readonly Condition[],
  text: string,
  context: ExecutionContext,
): readonly string[] {
  const found = conditions.find(
    (condition) =>
      condition.kind === 'comparison' &&
      condition.left.kind === 'field' &&
      condition.left.path.parts.join('.').toLowerCase() === fieldName &&
      (condition.operator === '=' || condition.operator === 'IN'),
  );
  if (found?.kind !== 'comparison') return [];
  return [
    ...new Set(
      rawValues(found.right, context, text).flatMap(
        (value) => normalizeId(typeof value === 'string' ? value : '') ?? [],
      ),
    ),
  ];
}

/** The user's access to records of one object; object permissions and sharing both count. */
function* accessRows(
  object: ObjectDescribe,
  ids: readonly string[],
  userId: string,
  { store, security }: Rooms,
): Generator<Map<string, unknown>> {
  const existing = new Set(store.load(object, ids).keys());
  const permissions = security.user(userId).object(object);
  const access = security.recordAccess(userId, 'user', 'with');
  const read = access?.withoutReadAccess(object, ids);
  const edit = access?.withoutEditAccess(object, ids, 'update');
  const all = access?.withoutAllAccess(object, ids);
  for (const id of ids) {
    const mayRead = existing.has(id) && permissions.read && read?.has(id) === false;
    const mayEdit = mayRead && permissions.edit && edit?.has(id) === false;
    const hasAll = mayEdit && all?.has(id) === false;
    const mayDelete = mayRead && object.deletable && permissions.delete && all?.has(id) === false;
    const mayTransfer = hasAll || (mayEdit && object.sharingModel === 'ReadWriteTransfer');
    const levels: readonly (readonly [string, boolean])[] = [
      ['All', hasAll && mayDelete],
      ['Transfer', mayTransfer],
      ['Delete', mayDelete],
      ['Edit', mayEdit],
      ['Read', mayRead],
    ];
    yield new Map<string, unknown>([
      ['Id', id],
      ['UserId', userId],
      ['RecordId', id],
      ['HasReadAccess', mayRead],
      ['HasEditAccess', mayEdit],
      ['HasDeleteAccess', mayDelete],
      ['HasTransferAccess', mayTransfer],
      ['HasAllAccess', hasAll && mayDelete],
      ['MaxAccessLevel', levels.find(([, has]) => has)?.[0] ?? 'None'],
    ]);
  }
}
