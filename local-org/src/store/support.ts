import type { SupportEntry } from '../support.ts';

/** How data are kept. */
export const support: readonly SupportEntry[] = [
  {
    area: 'Data',
    name: 'durability',
    status: 'supported',
    note: 'A commit that was acknowledged survives SIGKILL; nothing is kept in half (WAL, synchronous FULL).',
  },
  {
    area: 'Data',
    name: 'schema changes',
    status: 'partly',
    note: 'New objects and fields are added, removed ones kept hidden, scales converted; a field that changes from one storage to another is refused with FIELD_TYPE_CHANGED.',
  },
  {
    area: 'Data',
    name: 'one process a database',
    status: 'supported',
    note: 'A second one is refused with DATABASE_LOCKED.',
  },
  {
    area: 'Data',
    name: 'text order',
    status: 'partly',
    note: 'By lower-case code points, not by the locale’s collation.',
  },
  {
    area: 'Data',
    name: 'key prefixes',
    status: 'partly',
    note: 'Standard objects have Salesforce’s; custom ones are given in order; __Share objects have prefixes of their own (s00 …), where Salesforce shares one.',
  },
];
