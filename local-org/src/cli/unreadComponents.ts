/** Components that no room reads: what a project holds and the local org doesn't act on is said, never passed over. */
import type { MetadataComponent, Project } from '../project/types.ts';

/** Types that the rooms read. */
const READ_TYPES: ReadonlySet<string> = new Set([
  'ApexClass',
  'ApexTrigger',
  'ApprovalProcess',
  'BusinessProcess',
  'CompactLayout',
  'CustomApplication',
  'CustomField',
  'CustomLabel',
  'CustomLabels',
  'CustomMetadata',
  'CustomObject',
  'CustomPermission',
  'CustomTab',
  'DuplicateRule',
  'FieldSet',
  'FlexiPage',
  'GlobalValueSet',
  'Group',
  'Index',
  'Layout',
  'LightningComponentBundle',
  'LightningMessageChannel',
  'ListView',
  'MatchingRules',
  'MutingPermissionSet',
  'PermissionSet',
  'PermissionSetGroup',
  'PlatformCachePartition',
  'Profile',
  'Queue',
  'QuickAction',
  'RecordType',
  'Role',
  'SharingReason',
  'SharingRules',
  'StandardValueSet',
  'StaticResource',
  'ValidationRule',
]);

/** Types without which records or users would behave otherwise than in an org. */
export const BEHAVIOUR_TYPES: ReadonlyMap<string, string> = new Map([
  ['AssignmentRules', 'cases and leads keep their owner'],
  ['AutoResponseRules', 'no answer is sent'],
  ['EscalationRules', 'cases are not escalated'],
  ['Flow', 'it is not run, neither on save nor when called'],
  ['RestrictionRule', 'it hides no record'],
  ['Workflow', 'its rules are not run; approval processes run its field updates and alerts'],
]);

/**
 * @returns components of a project that change how records or users behave and are not acted on, and the number of
 * other components that nothing reads (reports, e-mail templates …) by type
 */
export function unreadComponents(project: Project): {
  readonly behaviour: readonly MetadataComponent[];
  readonly others: ReadonlyMap<string, number>;
} {
  const unread = project.components.filter(({ type }) => !READ_TYPES.has(type));
  const others = new Map<string, number>();
  for (const { type } of unread.filter((component) => !BEHAVIOUR_TYPES.has(component.type))) {
    others.set(type, (others.get(type) ?? 0) + 1);
  }
  return { behaviour: unread.filter(({ type }) => BEHAVIOUR_TYPES.has(type)), others };
}

/** One line for `start` and `test`: what will not happen; undefined when there is nothing to say. */
export function behaviourNotice(project: Project): string | undefined {
  const counts = Map.groupBy(unreadComponents(project).behaviour, ({ type }) => type);
  const list = [...counts].map(([type, components]) => `${components.length} ${type}`);
  list.push(...project.orgShape.unusedFeatures.map((feature) => `the scratch org feature ${feature}`));
  return list.length === 0
    ? undefined
    : `Not acted on by the local org: ${list.join(', ')}. The command check names each component.`;
}
