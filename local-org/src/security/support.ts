import type { SupportEntry } from '../support.ts';

/** Whose permissions count, and how records are shared. */
export const support: readonly SupportEntry[] = [
  {
    area: 'Security',
    name: 'permission sets',
    status: 'supported',
    note: 'Object, field, user and custom permissions, from metadata and from rows (PermissionSet, ObjectPermissions, FieldPermissions, SetupEntityAccess).',
  },
  {
    area: 'Security',
    name: 'permission set groups, muting permission sets',
    status: 'supported',
    note: 'A group is up to date at all times; muting permission sets come from metadata.',
  },
  {
    area: 'Security',
    name: 'profiles',
    status: 'partly',
    note: 'Profile metadata grants object, field, user and custom permissions, classes, apps and tabs; what it says about objects and fields that this org lacks is passed over, as are login hours and addresses. A profile of the project grants nothing besides. Without metadata: System Administrator may do everything, also with fields that no permission set grants; Standard User and the other standard profiles have the usual standard objects with all standard fields; Minimum Access has none.',
  },
  {
    area: 'Security',
    name: 'user mode',
    status: 'supported',
    note: 'CRUD, field-level security and sharing in queries and DML.',
  },
  {
    area: 'Security',
    name: 'class access',
    status: 'supported',
    note: 'Lightning components call a class for users whose profile or permission sets name it, and for those who may author Apex.',
    source: 'https://developer.salesforce.com/docs/platform/lwc/guide/apex-security.html',
  },
  {
    area: 'Security',
    name: 'app and tab visibility',
    status: 'supported',
    note: 'By profile and permission set; standard tabs are visible to standard profiles but Minimum Access.',
  },
  {
    area: 'Security',
    name: 'record type visibility',
    status: 'supported',
    note: 'By profile and permission set, for forms and Schema.RecordTypeInfo. An administrator whose profile in the project names none of an object’s record types has all of them. Records that are saved without a record type stay without one.',
    source: 'https://help.salesforce.com/s/articleView?id=platform.permissions_record_type_access.htm',
  },
  { area: 'Security', name: 'Visualforce page and flow access, restriction rules, scoping rules', status: 'not' },
  {
    area: 'Security',
    name: 'org-wide defaults, owners, role hierarchy, __Share rows, public groups, queues',
    status: 'supported',
    note: 'Owner rows stand in the share objects of private and read-only objects; a new owner takes manual rows away.',
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
    note: 'Accounts open to who has an opportunity, case or contact on them; these open to account owners by their role, and by account shares. The access is derived: no rows with the causes ImplicitParent and ImplicitChild are written.',
    source: 'https://help.salesforce.com/s/articleView?id=sf.sharing_across_objects.htm',
  },
  {
    area: 'Security',
    name: 'sharing of activities',
    status: 'supported',
    note: 'Who may read the record that an activity is related to may read it; editing follows owner and hierarchy.',
  },
  {
    area: 'Security',
    name: 'sharing rules',
    status: 'partly',
    note: 'Owner-based and criteria-based rules from metadata to and from public groups, roles, roles and subordinates, all internal users, from queues; recalculated at once on every change. Rules for guests, territories, managers and portal roles are refused.',
  },
  {
    area: 'Security',
    name: 'account and opportunity teams',
    status: 'supported',
    note: 'Share rows with the cause Team.',
  },
  {
    area: 'Security',
    name: 'UserRecordAccess',
    status: 'partly',
    note: 'Queried by UserId and RecordId, up to 200 records; not as a relationship of other objects.',
  },
  { area: 'Security', name: 'territories', status: 'not', note: 'Write share rows.' },
];
