/** Search.query and Search.find: SOSL whose text is made at run time (Apex Reference, Search Namespace). */
import { SObjectRecord } from '../../schema/record.ts';
import { ApexList } from '../execution/ApexList.ts';
import { queryOptions } from '../execution/data.ts';
import { nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { AccessLevel, type QuerySite } from './Database.ts';
import { typeNamed } from './bean.ts';
import type { LibraryClass } from './define.ts';
import { dynamicBinds } from './dynamicBinds.ts';

type Groups = readonly (readonly SObjectRecord[])[];

function run(text: string | null, level: AccessLevel | undefined, site: QuerySite): Groups {
  const { test, extras, transaction } = execution();
  const source = text ?? nullPointer();
  const binds = dynamicBinds(source, (name) => site.variable?.(name));
  const fixed = test ? { searchIds: (extras.get('fixedSearchResults') as readonly string[] | undefined) ?? [] } : {};
  return transaction.search(source, { ...queryOptions(site, binds, level?.mode), ...fixed });
}

function query(text: string, ...rest: readonly unknown[]): ApexList {
  const { table } = execution().program;
  const site = rest.at(-1) as QuerySite;
  const level = rest.length > 1 ? (rest[0] as AccessLevel) : undefined;
  const inner = table.list(table.sobject);
  return new ApexList(
    table.list(inner),
    run(text, level, site).map((group) => new ApexList(inner, [...group])),
  );
}

class SearchResults {
  readonly groups: Groups;
  constructor(groups: Groups) {
    this.groups = groups;
  }
}
class SearchResult {
  readonly record: SObjectRecord;
  constructor(record: SObjectRecord) {
    this.record = record;
  }
}

export const searchClasses: readonly LibraryClass[] = [
  {
    name: 'Search',
    site: ['query', 'find'],
    statics: {
      'List<List<SObject>> query(String text)': query,
      'List<List<SObject>> query(String text, AccessLevel accessLevel)': query,
      'Search.SearchResults find(String text)': (text: string, site: QuerySite) =>
        new SearchResults(run(text, undefined, site)),
      'Search.SearchResults find(String text, AccessLevel accessLevel)': (
        text: string,
        level: AccessLevel,
        site: QuerySite,
      ) => new SearchResults(run(text, level, site)),
    },
  },
  {
    name: 'Search.SearchResults',
    instance: SearchResults,
    methods: {
      'List<Search.SearchResult> get(String objectName)': (self: SearchResults, name: string) =>
        new ApexList(
          typeNamed('List<Search.SearchResult>'),
          self.groups
            .flat()
            .filter(({ describe }) => describe.name.toLowerCase() === (name ?? nullPointer()).toLowerCase())
            .map((record) => new SearchResult(record)),
        ),
    },
  },
  {
    name: 'Search.SearchResult',
    instance: SearchResult,
    methods: { 'SObject getSObject()': (self: SearchResult) => self.record },
  },
];
