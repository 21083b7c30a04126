/** Security.stripInaccessible and custom permissions. */
import { SObjectRecord } from '../../schema/record.ts';
import { libraryEnum, type ApexEnum } from '../execution/ApexEnum.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { ApexSet } from '../execution/ApexSet.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { accessDecisions } from './access.ts';
import { typeNamed } from './bean.ts';
import { deepCloneRecord } from './collections.ts';
import type { LibraryClass } from './define.ts';

const ACCESS_TYPES = ['CREATABLE', 'READABLE', 'UPDATABLE', 'UPSERTABLE'];
const RIGHTS = { CREATABLE: 'create', READABLE: 'read', UPDATABLE: 'edit', UPSERTABLE: 'edit' } as const;

class AccessDecision {
  readonly records: ApexList;
  readonly removed: ReadonlyMap<string, ReadonlySet<string>>;
  readonly modified: ReadonlySet<number>;
  constructor(records: ApexList, removed: ReadonlyMap<string, ReadonlySet<string>>, modified: ReadonlySet<number>) {
    this.records = records;
    this.removed = removed;
    this.modified = modified;
  }
}

/** Copies of the records without the fields that the user may not see or write; throws NoAccessException. */
function stripInaccessible(type: ApexEnum, source: ApexList, enforceObject = true): AccessDecision {
  const right = RIGHTS[(type ?? nullPointer()).name as keyof typeof RIGHTS];
  const decisions = accessDecisions();
  const removed = new Map<string, Set<string>>();
  const modified = new Set<number>();
  const strip = (record: SObjectRecord, index: number): SObjectRecord => {
    const { describe } = record;
    if (enforceObject && describe.kind !== 'aggregate' && !decisions.object(describe, right))
      throw makeException('NoAccessException', `No access to entity: ${describe.name}`);
    const copy = deepCloneRecord(record, true);
    const note = (name: string): void => {
      const names = removed.get(describe.name) ?? new Set<string>();
      removed.set(describe.name, names.add(name));
      modified.add(index);
    };
    for (const name of record.values.keys()) {
      const field = describe.field(name);
      if (!field || name === 'Id') continue;
      const isAllowed =
        right === 'read'
          ? decisions.field(describe, field, 'read')
          : (right === 'create' ? field.createable : field.updateable) && decisions.field(describe, field, right);
      if (isAllowed) continue;
      copy.values.delete(name);
      note(name);
    }
    for (const [name, related] of record.related) {
      const [target] = Array.isArray(related) ? (related as readonly SObjectRecord[]) : [related];
      if (target instanceof SObjectRecord && !decisions.object(target.describe, right)) {
        copy.related.delete(name);
        note(name);
      } else if (related instanceof SObjectRecord) copy.related.set(name, strip(related, index));
      else if (Array.isArray(related))
        copy.related.set(
          name,
          related.map((child: SObjectRecord) => strip(child, index)),
        );
    }
    // A removed field of a queried record reads as one that the query did not ask for.
    const gone = removed.get(describe.name);
    if (gone && copy.retrieved) copy.retrieved = new Set([...copy.retrieved].filter((name) => !gone.has(name)));
    return copy;
  };
  const records = (source ?? nullPointer()).items.map((record, index) => strip(record as SObjectRecord, index));
  return new AccessDecision(new ApexList(source.type, records), removed, modified);
}

export const securityClasses: readonly LibraryClass[] = [
  { name: 'AccessType', kind: 'enum', values: ACCESS_TYPES },
  {
    name: 'Security',
    statics: {
      'SObjectAccessDecision stripInaccessible(AccessType accessType, List<SObject> records)': stripInaccessible,
      'SObjectAccessDecision stripInaccessible(AccessType accessType, List<SObject> records, Boolean enforceRootObjectCrud)':
        stripInaccessible,
    },
  },
  {
    name: 'SObjectAccessDecision',
    instance: AccessDecision,
    methods: {
      'Set<Integer> getModifiedIndexes()': (self: AccessDecision) =>
        new ApexSet(typeNamed('Set<Integer>'), self.modified),
      'List<SObject> getRecords()': (self: AccessDecision) => self.records,
      'Map<String,Set<String>> getRemovedFields()': (self: AccessDecision) =>
        new ApexMap(
          typeNamed('Map<String,Set<String>>'),
          [...self.removed].map(([name, fields]) => [name, new ApexSet(typeNamed('Set<String>'), fields)] as const),
        ),
    },
  },
];

export { libraryEnum };
