/** Duplicate rules and the matching rules that they use (Metadata API Developer Guide, "DuplicateRule", "MatchingRule"). */
import { MetadataError, ProblemCollector } from '../../project/errors.ts';
import type { MetadataComponent, MetadataElement, Project } from '../../project/types.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from '../../schema/types.ts';

/** Values of one field are the same, without regard to case. */
export interface MatchItem {
  readonly field: FieldDescribe;
  /** Two blank values match too. */
  readonly matchesBlanks: boolean;
}

export interface MatchingRule {
  readonly items: readonly MatchItem[];
  /** `1 AND (2 OR 3)`; null: all must match. */
  readonly logic: string | null;
}

/** What happens to a record that has duplicates. `alert`: it is saved only for who says so. */
export type DuplicateAction = 'block' | 'alert' | 'allow';

export interface DuplicateRule {
  readonly name: string;
  readonly object: ObjectDescribe;
  readonly order: number;
  readonly onInsert: DuplicateAction;
  readonly onUpdate: DuplicateAction;
  readonly message: string;
  /** Only records that the user may read count. */
  readonly enforcesSharing: boolean;
  readonly matching: readonly MatchingRule[];
}

const DEFAULT_MESSAGE = 'Use one of these records?';

/** Active duplicate rules in their order. Throws ProjectError, naming file and line, for what is not supported. */
export function readDuplicateRules(project: Project, schema: Schema): readonly DuplicateRule[] {
  const problems = new ProblemCollector();
  const rules = project
    .ofType('DuplicateRule')
    .flatMap((component) => problems.attempt(() => readRule(component, project, schema)) ?? [])
    .sort((left, right) => left.order - right.order);
  problems.finish();
  return rules;
}

function readRule(component: MetadataComponent, project: Project, schema: Schema): readonly DuplicateRule[] {
  const { root, fullName } = component;
  const [objectName = '', name = ''] = fullName.split('.');
  const object = schema.object(objectName);
  if (!object)
    throw new MetadataError(root.position, `${fullName} is about ${objectName}, which the project does not have`);
  if (!root.boolean('isActive', false)) return [];
  const action = (event: 'Insert' | 'Update'): DuplicateAction => {
    const alerts = root.children(`operationsOn${event}`).some(({ text }) => text.toLowerCase() === 'alert');
    const blocks = root.oneOf(`actionOn${event}`, ['Allow', 'Block']) === 'Block';
    return blocks ? 'block' : alerts ? 'alert' : 'allow';
  };
  const filter = root.child('duplicateRuleFilter');
  if (filter && !filter.isNil)
    throw new MetadataError(filter.position, `${fullName}: conditions of duplicate rules are not supported`);
  const matching = root.children('duplicateRuleMatchRules').map((element) => readMatch(element, object, project));
  if (matching.length === 0) throw new MetadataError(root.position, `${fullName} needs duplicateRuleMatchRules`);
  const rule: DuplicateRule = {
    name,
    object,
    order: root.number('sortOrder') ?? 1,
    onInsert: action('Insert'),
    onUpdate: action('Update'),
    message: root.string('alertText') || DEFAULT_MESSAGE,
    enforcesSharing:
      root.oneOf('securityOption', ['EnforceSharingRules', 'BypassSharingRules']) === 'EnforceSharingRules',
    matching,
  };
  root.ignore('describes, does not act', 'description', 'masterLabel');
  root.finish();
  return [rule];
}

function readMatch(element: MetadataElement, object: ObjectDescribe, project: Project): MatchingRule {
  const type = element.requiredString('matchRuleSObjectType');
  const name = element.requiredString('matchingRule');
  const mapping = element.child('objectMapping');
  element.finish();
  if (type !== object.name || (mapping && !mapping.isNil))
    throw new MetadataError(element.position, `duplicates of ${object.name} among ${type} are not supported`);
  const found = project
    .component('MatchingRules', object.name)
    ?.root.children('matchingRules')
    .find((candidate) => candidate.string('fullName') === name);
  if (!found)
    throw new MetadataError(
      element.position,
      `the project has no matching rule ${name} of ${object.name}; standard matching rules compare fuzzily, which is not supported`,
    );
  const logic = found.string('booleanFilter') || null;
  if (logic !== null && !/^(?:\s|\d+|\(|\)|AND|OR)+$/i.test(logic))
    throw new MetadataError(found.position, `the logic of the matching rule ${name} is not readable: ${logic}`);
  return {
    items: found.children('matchingRuleItems').map((item) => readItem(item, name, object)),
    logic,
  };
}

function readItem(element: MetadataElement, ruleName: string, object: ObjectDescribe): MatchItem {
  const method = element.string('matchingMethod') ?? 'Exact';
  if (method !== 'Exact')
    throw new MetadataError(
      element.child('matchingMethod')?.position ?? element.position,
      `the matching rule ${ruleName} compares by the method ${method}; the local org supports Exact alone`,
    );
  const name = element.requiredString('fieldName');
  const field = object.field(name) ?? object.field(`${name}Id`);
  if (!field || field.calculated)
    throw new MetadataError(
      element.position,
      `the matching rule ${ruleName} names ${object.name}.${name}, which is no stored field`,
    );
  const matchesBlanks = element.oneOf('blankValueBehavior', ['MatchBlanks', 'NullNotAllowed']) === 'MatchBlanks';
  element.finish();
  return { field, matchesBlanks };
}
