import type { SupportEntry } from '../support.ts';

/** Whose permissions count, and how records are shared. */
export const support: readonly SupportEntry[] = [
  {
    area: 'Security',
    name: 'permission sets',
    status: 'supported',
    note: 'Object, field, user and custom permissions, from metadata and from rows (PermissionSet, ObjectPermissions, FieldPermissions, SetupEntityAccess).',
  },
  { area: 'Security', name: 'permission set groups, muting permission sets', status: 'not', note: 'Not read.' },
  {
    area: 'Security',
    name: 'profiles',
    status: 'partly',
    note: 'System Administrator may do everything, also with fields that no permission set grants; Standard User and the other standard profiles have the usual standard objects with all standard fields; Minimum Access has none. Profile metadata is not read.',
  },
  {
    area: 'Security',
    name: 'user mode',
    status: 'supported',
    note: 'CRUD, field-level security and sharing in queries and DML.',
  },
  { area: 'Security', name: 'class, page, tab and application access', status: 'not', note: 'Not restricted.' },
  {
    area: 'Security',
    name: 'org-wide defaults, owners, role hierarchy, __Share rows, public groups, queues',
    status: 'supported',
  },
  {
    area: 'Security',
    name: 'controlled by parent',
    status: 'supported',
    note: 'Master-detail at every level; contacts without account belong to their owner.',
  },
  {
    area: 'Security',
    name: 'implicit sharing',
    status: 'partly',
    note: 'An account is not opened by access to its children.',
  },
  {
    area: 'Security',
    name: 'sharing of activities',
    status: 'partly',
    note: 'Activities that are related to a record are readable by everyone who may read activities; editing follows owner and hierarchy.',
  },
  {
    area: 'Security',
    name: 'sharing rules, teams, territories, manual sharing by Setup',
    status: 'not',
    note: 'Write share rows.',
  },
];
