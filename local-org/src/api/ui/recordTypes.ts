/** Record types as the acting user has them: which there are, which new records may get, what their picklists offer. */
import type { ObjectDescribe, RecordTypeDescribe } from '../../schema/types.ts';
import { badRequest } from './errors.ts';
import type { UiSession } from './session.ts';

/** RecordTypeId of objects without record types. */
export const masterRecordTypeId = '012000000000000AAA';

export interface RecordTypeFacts {
  readonly id: string;
  readonly describe: RecordTypeDescribe;
  /** The user may give it to new records. */
  readonly available: boolean;
  readonly isDefault: boolean;
}

/** What was found out in a session: a list asks for each of its rows. */
const known = new WeakMap<UiSession, Map<string, readonly RecordTypeFacts[]>>();

/** The record types of an object but the master one. */
export function recordTypesOf(session: UiSession, object: ObjectDescribe): readonly RecordTypeFacts[] {
  if (object.recordTypes.length === 0) return [];
  const ofSession = known.get(session) ?? new Map<string, readonly RecordTypeFacts[]>();
  known.set(session, ofSession);
  const types = ofSession.get(object.name) ?? readRecordTypes(session, object);
  ofSession.set(object.name, types);
  return types;
}

function readRecordTypes(session: UiSession, object: ObjectDescribe): readonly RecordTypeFacts[] {
  const { available, standard } = session.context.org.security.user(session.user.id).recordTypes(object);
  const { records } = session.transaction.query(
    'SELECT Id, DeveloperName FROM RecordType WHERE SobjectType = :name ORDER BY Name',
    { accessMode: 'system', sharing: 'without', countLimits: false, binds: new Map([['name', object.name]]) },
  );
  return records.flatMap(({ id, values }) => {
    const describe = object.recordTypes.find(({ developerName }) => developerName === values.get('DeveloperName'));
    if (!describe || id === null) return [];
    return [{ id, describe, available: available.includes(describe), isDefault: describe === standard }];
  });
}

/**
 * The record type of an Id; null for the master one, which a missing Id stands for.
 * @throws UiApiError 400 for an Id of no record type of the object
 */
export function recordTypeOf(
  session: UiSession,
  object: ObjectDescribe,
  id: string | null | undefined,
): RecordTypeDescribe | null {
  if (id === null || id === undefined || id === '' || id.slice(0, 15) === masterRecordTypeId.slice(0, 15)) return null;
  const found = recordTypesOf(session, object).find((type) => type.id.slice(0, 15) === id.slice(0, 15));
  if (!found) throw badRequest(`${object.name} has no record type ${id}.`);
  return found.describe;
}

/** The record type of a stored record, whether the user may see the record or not; null for the master one. */
export function recordTypeOfRecord(
  session: UiSession,
  object: ObjectDescribe,
  recordId: string,
): RecordTypeDescribe | null {
  if (object.recordTypes.length === 0 || !object.field('RecordTypeId')) return null;
  const { records } = session.transaction.query(`SELECT RecordTypeId FROM ${object.name} WHERE Id = :id`, {
    accessMode: 'system',
    sharing: 'without',
    countLimits: false,
    binds: new Map([['id', recordId]]),
  });
  return recordTypeOf(session, object, records[0]?.values.get('RecordTypeId') as string | null | undefined);
}

/** Id of the record type that a new record gets without a choice. */
export const defaultRecordTypeId = (session: UiSession, object: ObjectDescribe): string =>
  recordTypesOf(session, object).find(({ isDefault }) => isDefault)?.id ?? masterRecordTypeId;

/** `recordTypeInfo` of a record; null for one of the master record type. */
export function recordTypeInfo(session: UiSession, object: ObjectDescribe, id: string | null) {
  const type = id === null ? undefined : recordTypesOf(session, object).find((candidate) => candidate.id === id);
  return type ? infoOf(type) : null;
}

const infoOf = ({ id, describe, available, isDefault }: RecordTypeFacts) => ({
  available,
  defaultRecordTypeMapping: isDefault,
  master: false,
  name: describe.label,
  recordTypeId: id,
});

/** `recordTypeInfos` of an object. */
export function recordTypeInfos(session: UiSession, object: ObjectDescribe) {
  const types = recordTypesOf(session, object);
  const master = {
    available: true,
    defaultRecordTypeMapping: !types.some(({ isDefault }) => isDefault),
    master: true,
    name: 'Master',
    recordTypeId: masterRecordTypeId,
  };
  const infos = types.map(infoOf);
  return Object.fromEntries([master, ...infos].map((info) => [info.recordTypeId, info]));
}

/**
 * What a person chooses from before a new record's form opens; none or one: there is nothing to choose. In an org with
 * person accounts an account without a record type is a business account, so the master record type is a choice there.
 */
export function recordTypeChoices(session: UiSession, object: ObjectDescribe) {
  const available = recordTypesOf(session, object).filter((type) => type.available);
  const isPersonOnly = available.length > 0 && available.every(({ describe }) => describe.personType === true);
  const choices = available.map(({ id, describe }) => ({
    recordTypeId: id,
    label: describe.label,
    description: describe.description,
  }));
  const master = { recordTypeId: masterRecordTypeId, label: `Business ${object.label}`, description: null };
  return {
    choices: isPersonOnly ? [master, ...choices] : choices,
    defaultRecordTypeId: defaultRecordTypeId(session, object),
  };
}
