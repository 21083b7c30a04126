/** Roles, public groups, queues and sharing rules of a project. */
import { MetadataError, ProblemCollector } from '../project/errors.ts';
import type { MetadataComponent, MetadataElement, Position, Project } from '../project/types.ts';
import type { ObjectDescribe, Schema } from '../schema/types.ts';
import { shareOf } from '../schema/shareObjects.ts';
import { FILTER_OPERATIONS, filterLogic } from '../store/filterCondition.ts';
import type { FilterItem } from '../store/filterCondition.ts';

/** What an account's owner may do with records below the account that others own. */
export type ChildAccess = 'None' | 'Read' | 'Edit';

export interface RoleMetadata {
  readonly developerName: string;
  readonly label: string;
  readonly description: string | null;
  readonly parent: string | null;
  readonly opportunityAccess: ChildAccess | null;
  readonly caseAccess: ChildAccess | null;
  readonly contactAccess: ChildAccess | null;
  readonly position: Position;
}

export interface GroupMetadata {
  readonly developerName: string;
  readonly label: string;
  readonly includesBosses: boolean;
}

export interface QueueMetadata {
  readonly developerName: string;
  readonly label: string;
  readonly email: string | null;
  readonly sendsEmail: boolean;
  readonly objects: readonly string[];
  readonly members: readonly SharingParty[];
  /** User names. */
  readonly users: readonly string[];
}

/** Who shares or is shared with; `name` is a developer name, '' for all internal users. */
export interface SharingParty {
  readonly kind: 'group' | 'queue' | 'role' | 'roleAndSubordinates' | 'allInternalUsers';
  readonly name: string;
}

export interface SharingRule {
  readonly name: string;
  readonly objectName: string;
  readonly level: 'Read' | 'Edit';
  readonly sharedTo: SharingParty;
  /** Owner-based rules: whose records are shared; null for criteria-based rules. */
  readonly sharedFrom: SharingParty | null;
  readonly filters: readonly FilterItem[];
  readonly logic: string | null;
  /** Account rules: access to the account's contacts, opportunities and cases. */
  readonly children: Readonly<Record<string, string>>;
}

export interface SharingMetadata {
  readonly roles: readonly RoleMetadata[];
  readonly groups: readonly GroupMetadata[];
  readonly queues: readonly QueueMetadata[];
  readonly rules: readonly SharingRule[];
}

const CHILD_ACCESS = ['None', 'Read', 'Edit'] as const;

/** Throws ProjectError when a rule, queue or role names what doesn't exist or what the local org does not support. */
export function readSharingMetadata(project: Project, schema: Schema): SharingMetadata {
  const problems = new ProblemCollector();
  const each = <T>(type: string, read: (component: MetadataComponent) => readonly T[]): readonly T[] =>
    project.ofType(type).flatMap((component) => problems.attempt(() => read(component)) ?? []);
  const metadata: SharingMetadata = {
    roles: each('Role', (component) => [readRole(component, project)]),
    groups: each('Group', (component) => [readGroup(component)]),
    queues: each('Queue', (component) => [readQueue(component, project, schema)]),
    rules: each('SharingRules', (component) => readRules(component, project, schema)),
  };
  problems.finish();
  return metadata;
}

function readRole({ root, fullName }: MetadataComponent, project: Project): RoleMetadata {
  const parent = root.string('parentRole') ?? null;
  if (parent !== null && !project.component('Role', parent))
    throw new MetadataError(
      root.child('parentRole')?.position ?? root.position,
      `the role ${fullName} stands below ${parent}, which the project does not have`,
    );
  const role: RoleMetadata = {
    developerName: fullName,
    label: root.requiredString('name'),
    description: root.string('description') ?? null,
    parent,
    opportunityAccess: root.oneOf('opportunityAccessLevel', CHILD_ACCESS) ?? null,
    caseAccess: root.oneOf('caseAccessLevel', CHILD_ACCESS) ?? null,
    contactAccess: root.oneOf('contactAccessLevel', CHILD_ACCESS) ?? null,
    position: root.position,
  };
  root.ignore('there are no forecasts', 'mayForecastManagerShare');
  root.finish();
  return role;
}

function readGroup({ root, fullName }: MetadataComponent): GroupMetadata {
  const group = {
    developerName: fullName,
    label: root.requiredString('name'),
    includesBosses: root.boolean('doesIncludeBosses', true),
  };
  root.finish();
  return group;
}

function readQueue(component: MetadataComponent, project: Project, schema: Schema): QueueMetadata {
  const { root, fullName } = component;
  const members = root.child('queueMembers');
  const names = (list: string, entry: string): readonly MetadataElement[] =>
    members?.child(list)?.children(entry) ?? [];
  const party = (kind: SharingParty['kind'], list: string, entry: string): readonly SharingParty[] =>
    names(list, entry).map((element) => partyOf(kind, element, project));
  const objects = root.children('queueSobject').map((element) => {
    const name = element.requiredString('sobjectType');
    element.finish();
    const object = schema.object(name);
    if (!object) throw new MetadataError(element.position, `the queue ${fullName} holds ${name}, which does not exist`);
    return object.name;
  });
  const queue: QueueMetadata = {
    developerName: fullName,
    label: root.requiredString('name'),
    email: root.string('email') ?? null,
    sendsEmail: root.boolean('doesSendEmailToMembers', false),
    objects,
    members: [
      ...party('group', 'publicGroups', 'publicGroup'),
      ...party('role', 'roles', 'role'),
      ...party('roleAndSubordinates', 'rolesAndSubordinates', 'roleAndSubordinates'),
      ...party('roleAndSubordinates', 'roleAndSubordinatesInternal', 'roleAndSubordinateInternal'),
    ],
    users: names('users', 'user').map((element) => element.text),
  };
  root.ignore('there is no Omni-Channel', 'queueRoutingConfig');
  members?.finish();
  root.finish();
  return queue;
}

const PARTY_TYPES: Readonly<Record<string, string>> = {
  group: 'Group',
  queue: 'Queue',
  role: 'Role',
  roleAndSubordinates: 'Role',
};

function partyOf(kind: SharingParty['kind'], element: MetadataElement, project: Project): SharingParty {
  const type = PARTY_TYPES[kind];
  if (type !== undefined && !project.component(type, element.text))
    throw new MetadataError(
      element.position,
      `this names the ${type.toLowerCase()} ${element.text}, which the project does not have`,
    );
  return { kind, name: kind === 'allInternalUsers' ? '' : element.text };
}

const PARTIES: readonly (readonly [string, SharingParty['kind']])[] = [
  ['group', 'group'],
  ['queue', 'queue'],
  ['role', 'role'],
  ['roleAndSubordinates', 'roleAndSubordinates'],
  ['roleAndSubordinatesInternal', 'roleAndSubordinates'],
  ['allInternalUsers', 'allInternalUsers'],
];

/** The one party in `sharedTo` or `sharedFrom`. */
function readParty(rule: MetadataElement, name: string, project: Project): SharingParty {
  const element = rule.child(name);
  const [found] = PARTIES.flatMap(([tag, kind]) => {
    const inner = element?.child(tag);
    return inner ? [partyOf(kind, inner, project)] : [];
  });
  element?.finish();
  if (!element || !found)
    throw new MetadataError(
      (element ?? rule).position,
      `a sharing rule needs ${name} with a group, a role, a role and its subordinates, a queue, or all internal users`,
    );
  return found;
}

function readRules({ root, fullName }: MetadataComponent, project: Project, schema: Schema): readonly SharingRule[] {
  const object = schema.object(fullName);
  if (!object)
    throw new MetadataError(
      root.position,
      `these sharing rules are about ${fullName}, which the project does not have`,
    );
  const problems = new ProblemCollector();
  const elements = [...root.children('sharingOwnerRules'), ...root.children('sharingCriteriaRules')];
  root.finish();
  if (elements.length > 0 && !shareOf(schema, object))
    throw new MetadataError(
      root.position,
      `records of ${object.name} can't be shared by rules: everyone may read and edit them, or their parent decides`,
    );
  const rules = elements.flatMap((element) => problems.attempt(() => readRule(element, object, project)) ?? []);
  problems.finish();
  return rules;
}

function readRule(element: MetadataElement, object: ObjectDescribe, project: Project): SharingRule {
  const settings = element.child('accountSettings');
  if (settings && object.name !== 'Account')
    throw new MetadataError(settings.position, 'only rules of accounts have accountSettings');
  const filters = element.children('criteriaItems').map((item): FilterItem => {
    const field = object.field(item.requiredString('field'));
    const operation = item.requiredString('operation');
    const value = item.string('value') ?? '';
    item.finish();
    if (!field || field.calculated || field.name === 'RecordTypeId')
      throw new MetadataError(
        item.position,
        `criteria of sharing rules of ${object.name} can't use ${item.string('field') ?? ''}: they take stored fields of the object itself`,
      );
    if (!FILTER_OPERATIONS.includes(operation))
      throw new MetadataError(item.position, `sharing rules know no operation ${operation}`);
    return { field: field.name, operation, value };
  });
  const isCriteria = element.name === 'sharingCriteriaRules';
  if (isCriteria && filters.length === 0)
    throw new MetadataError(element.position, 'a criteria-based sharing rule needs criteriaItems');
  const logic = element.string('booleanFilter') ?? null;
  try {
    filterLogic(object, filters, logic);
  } catch (error) {
    throw new MetadataError(element.position, (error as Error).message);
  }
  const rule: SharingRule = {
    name: element.requiredString('fullName'),
    objectName: object.name,
    level: element.oneOf('accessLevel', ['Read', 'Edit'] as const) ?? 'Read',
    sharedTo: readParty(element, 'sharedTo', project),
    sharedFrom: isCriteria ? null : readParty(element, 'sharedFrom', project),
    filters,
    logic,
    children: settings
      ? {
          CaseAccessLevel: settings.oneOf('caseAccessLevel', CHILD_ACCESS) ?? 'None',
          ContactAccessLevel: settings.oneOf('contactAccessLevel', CHILD_ACCESS) ?? 'None',
          OpportunityAccessLevel: settings.oneOf('opportunityAccessLevel', CHILD_ACCESS) ?? 'None',
        }
      : {},
  };
  if (rule.sharedTo.kind === 'queue')
    throw new MetadataError(element.position, 'records can be shared from a queue, not with one; use a group');
  element.ignore('describes, does not act', 'label', 'description');
  element.ignore('there are no portal users that own records', 'includeRecordsOwnedByAll', 'includeHVUOwnedRecords');
  settings?.finish();
  element.finish();
  return rule;
}
