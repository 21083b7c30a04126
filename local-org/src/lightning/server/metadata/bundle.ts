/** The `.js-meta.xml` of an LWC bundle: where the component may be placed and which properties a page can set. */
import { MetadataError } from '../../../project/errors.ts';
import type { LightningBundle, MetadataElement, Position } from '../../../project/types.ts';

export type Target =
  'lightning__RecordPage' | 'lightning__AppPage' | 'lightning__HomePage' | 'lightning__Tab' | 'lightning__RecordAction';

export interface DesignProperty {
  readonly name: string;
  readonly type: 'String' | 'Integer' | 'Boolean' | 'Color';
  readonly required: boolean;
  readonly defaultValue: string | null;
  readonly choices: readonly string[];
}

export interface BundleFacts {
  readonly name: string;
  readonly exposed: boolean;
  readonly targets: readonly string[];
  /** Objects that a record page component is limited to; empty for all. */
  readonly objects: readonly string[];
  properties(target: Target): readonly DesignProperty[];
  readonly actionType: string | null;
  readonly position: Position;
}

const propertyTypes = ['String', 'Integer', 'Boolean', 'Color'] as const;

/** Reads a bundle's configuration. Throws MetadataError on what the local org does not know. */
export function readBundle({ name, configuration: root }: LightningBundle): BundleFacts | undefined {
  if (!root) return undefined;
  const targets =
    root
      .child('targets')
      ?.children('target')
      .map(({ text }) => text) ?? [];
  const configurations = root.child('targetConfigs')?.children('targetConfig').map(readTargetConfiguration) ?? [];
  const facts: BundleFacts = {
    name,
    exposed: root.boolean('isExposed', false),
    targets,
    objects: configurations.flatMap(({ objects }) => objects),
    properties: (target) =>
      configurations
        .filter((configuration) => configuration.targets.includes(target))
        .flatMap(({ properties }) => properties),
    actionType: configurations.find(({ actionType }) => actionType !== null)?.actionType ?? null,
    position: root.position,
  };
  root.ignore(
    'shown to administrators only',
    'description',
    'masterLabel',
    'runtimeNamespace',
    'isExplicitImport',
    'capabilities',
    'apiVersion',
  );
  root.finish();
  return facts;
}

function readTargetConfiguration(element: MetadataElement) {
  const properties = element.children('property').map((property): DesignProperty => {
    const facts: DesignProperty = {
      name: property.attribute('name') ?? '',
      type: propertyTypes.find((type) => type === property.attribute('type')) ?? 'String',
      required: property.attribute('required') === 'true',
      defaultValue: property.attribute('default') ?? null,
      choices: (property.attribute('datasource') ?? '')
        .split(',')
        .map((choice) => choice.trim())
        .filter((choice) => choice !== ''),
    };
    property.finish();
    return facts;
  });
  const objects =
    element
      .child('objects')
      ?.children('object')
      .map(({ text }) => text) ?? [];
  const actionType = element.string('actionType') ?? null;
  element.ignore('components are shown on every form factor', 'supportedFormFactors');
  element.ignore('not a page of the shell', 'event', 'hasStep', 'propertyType', 'configurationEditor', 'subtype');
  element.finish();
  return {
    targets: (element.attribute('targets') ?? '').split(',').map((target) => target.trim()),
    properties,
    objects,
    actionType,
  };
}

/** Problems of placing a component on a page; undefined when it may stand there. */
export function placementProblem(
  bundle: BundleFacts | undefined,
  name: string,
  target: Target,
  objectName: string | null,
): string | undefined {
  if (!bundle) return `there is no Lightning web component ${name}`;
  if (!bundle.exposed) return `${name} is not exposed; set isExposed to true in its .js-meta.xml`;
  if (!bundle.targets.includes(target)) return `${name} has no target ${target} in its .js-meta.xml`;
  if (objectName !== null && bundle.objects.length > 0 && !bundle.objects.includes(objectName))
    return `${name} is limited to ${bundle.objects.join(', ')} in its .js-meta.xml`;
  return undefined;
}

/** Design properties of a placed component as JavaScript values, defaults filled in. */
export function designValues(
  bundle: BundleFacts,
  target: Target,
  given: ReadonlyMap<string, { readonly text: string; readonly position: Position }>,
): Readonly<Record<string, unknown>> {
  const declared = bundle.properties(target);
  const values: Record<string, unknown> = {};
  for (const [name, { position }] of given) {
    if (!declared.some((property) => property.name === name))
      throw new MetadataError(position, `${bundle.name} has no design property ${name} for ${target}`);
  }
  for (const property of declared) {
    const text = given.get(property.name)?.text ?? property.defaultValue;
    if (text === null || text === undefined) continue;
    values[property.name] =
      property.type === 'Integer' ? Number(text) : property.type === 'Boolean' ? text === 'true' : text;
  }
  return values;
}
