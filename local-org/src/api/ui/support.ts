import type { SupportEntry } from '../../support.ts';
import { hiddenRelatedLists } from './metadata/layout.ts';

const guide = 'User Interface API Developer Guide';

/** What the UI API and the metadata behind it support. */
export const support: readonly SupportEntry[] = [
  ...(
    [
      ['object-info (one, batch), picklist-values', 'supported', 'By record type.'],
      [
        'records: read (fields, optionalFields, layoutTypes), batch, create, update, delete',
        'supported',
        'A conflict by If-Unmodified-Since is answered with 412.',
      ],
      ['record-defaults/create', 'partly', 'Default values that are formulas are worked out when the record is saved.'],
      ['record-ui, layout (Full, Compact)', 'supported', undefined],
      [
        'list-info, list-records',
        'partly',
        'No filters of one’s own (where), no list view changes; pages reach 2,000 rows, as SOQL’s OFFSET does.',
      ],
      ['related-list-info, related-list-records, related-list-count', 'partly', 'One list a request; no batch.'],
      ['lookups', 'partly', 'Required lookup filters hold, with sourceRecordId and dependentFieldBindings.'],
      [
        'apps, nav-items',
        'supported',
        'By the applicationVisibilities and tabSettings of profiles and permission sets; administrators see everything.',
      ],
      ['actions, duplicates, favorites, feeds, search results, themes', 'not', 'Answered with 404.'],
    ] as const
  ).map(([name, status, note]): SupportEntry => ({
    area: 'UI API',
    name,
    status,
    source: guide,
    ...(note === undefined ? {} : { note }),
  })),
  {
    area: 'Metadata: Layout',
    name: 'sections, fields, empty spaces, related lists, excluded buttons',
    status: 'supported',
  },
  {
    area: 'Metadata: Layout',
    name: 'related lists of activities, field history, stage history and approval history',
    status: 'supported',
    note: 'With Log a Call, New Task and New Event; their columns are the platform’s, not the layout’s.',
  },
  {
    area: 'Metadata: Layout',
    name: 'assignments by profile and record type',
    status: 'supported',
    note: 'A record type without an assignment has the layout of the profile.',
  },
  {
    area: 'Metadata: Layout',
    name: 'Visualforce pages, canvas apps, report charts, custom links on a layout',
    status: 'not',
    note: 'Refused by file and line.',
  },
  {
    area: 'Metadata: Layout',
    name: 'platformActionList, quickActionList; standard buttons Edit, Delete and Clone',
    status: 'supported',
  },
  {
    area: 'Metadata: Layout',
    name: 'custom buttons, other standard buttons',
    status: 'not',
    note: 'Not shown.',
  },
  ...[...hiddenRelatedLists].map(([name, what]): SupportEntry => ({
    area: 'Metadata: Layout',
    name: `related list ${name}`,
    status: 'not',
    note: `The list of ${what} is left out of the page.`,
  })),
  { area: 'Metadata: ListView', name: 'columns, filters with logic, scopes Everything and Mine', status: 'supported' },
  {
    area: 'Metadata: ListView',
    name: 'scopes of teams, queues and territories; operation within',
    status: 'not',
    note: 'Refused by file and line.',
  },
  {
    area: 'Metadata: ListView',
    name: 'sharing of list views (sharedTo)',
    status: 'partly',
    note: 'Every list view is visible to everybody who sees the object.',
  },
  { area: 'Metadata: CompactLayout', name: 'fields, assignment on the object', status: 'supported' },
  {
    area: 'Metadata: CustomApplication',
    name: 'label, colour, tabs, page assignments by profile, record type and form factor',
    status: 'supported',
  },
  {
    area: 'Metadata: CustomApplication',
    name: 'console navigation, utility bar',
    status: 'not',
    note: 'Apps open with standard navigation and without a utility bar.',
  },
  {
    area: 'Metadata: CustomTab',
    name: 'tabs of objects, Lightning pages and Lightning web components',
    status: 'supported',
  },
  {
    area: 'Metadata: CustomTab',
    name: 'web tabs, Visualforce and Aura tabs',
    status: 'not',
    note: 'The tab is shown and says that it is not supported.',
  },
];
