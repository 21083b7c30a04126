/** Rows of FlowDefinitionView and FlowVersionView: the project's flows, each with one version. They are described, not run. */
import type { MetadataElement, Project } from '../project/types.ts';
import type { Schema } from '../schema/types.ts';
import type { Store } from '../store/Store.ts';
import { insertSystemRow } from '../store/systemRows.ts';
import type { ApexDatetime } from '../values/ApexDatetime.ts';
import { Decimal } from '../values/Decimal.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rewritten when an org is opened; a flow that stays keeps its Ids. */
export function mirrorFlows(store: Store, schema: Schema, project: Project, userId: string, stamp: ApexDatetime): void {
  const definitions = schema.object('FlowDefinitionView');
  const versions = schema.object('FlowVersionView');
  if (!definitions || !versions) return;
  const known = new Map(
    [...store.loadWhere(definitions, '1', [])].map(([id, values]) => [String(values.get('ApiName')), id]),
  );
  const versionOf = new Map(
    [...store.loadWhere(versions, '1', [])].map(([id, values]) => [String(values.get('FlowDefinitionViewId')), id]),
  );
  const save = (object: typeof definitions, id: string | undefined, row: Row): string => {
    const saved = id ?? insertSystemRow(store, object, row, userId, stamp);
    store.update(object, saved, new Map(Object.entries({ ...row, DurableId: saved })));
    return saved;
  };
  for (const { fullName, root } of project.ofType('Flow')) {
    const definition = save(definitions, known.get(fullName), definitionRow(fullName, root, schema, stamp));
    const version = save(versions, versionOf.get(definition), {
      ...versionRow(root, stamp),
      FlowDefinitionViewId: definition,
    });
    const links = { LatestVersionId: version, ActiveVersionId: isActive(root) ? version : null };
    store.update(definitions, definition, new Map(Object.entries(links)));
    known.delete(fullName);
    versionOf.delete(definition);
  }
  store.purge(versions, [...versionOf.values()]);
  store.purge(definitions, [...known.values()]);
}

const isActive = (root: MetadataElement): boolean => root.string('status') === 'Active';

function definitionRow(apiName: string, root: MetadataElement, schema: Schema, stamp: ApexDatetime): Row {
  const start = root.child('start');
  const trigger = schema.object(start?.string('object') ?? '');
  const order = root.string('triggerOrder');
  return {
    ApiName: apiName,
    Label: root.string('label') ?? apiName,
    Description: root.string('description') ?? null,
    ProcessType: root.string('processType') ?? null,
    TriggerType: start?.string('triggerType') ?? null,
    RecordTriggerType: start?.string('recordTriggerType') ?? null,
    TriggerObjectOrEventId: trigger?.name ?? null,
    TriggerObjectOrEventLabel: trigger?.label ?? null,
    TriggerOrder: order === undefined ? null : Number(order),
    VersionNumber: 1,
    LastModifiedDate: stamp,
    IsActive: isActive(root),
    IsTemplate: root.boolean('isTemplate', false),
    IsOverridable: root.boolean('isOverridable', false),
    ManageableState: 'unmanaged',
  };
}

function versionRow(root: MetadataElement, stamp: ApexDatetime): Row {
  const version = root.string('apiVersion');
  const number = version === undefined ? null : Decimal.parse(version);
  return {
    Label: root.string('label') ?? '',
    Description: root.string('description') ?? null,
    Status: root.string('status') ?? 'Draft',
    VersionNumber: 1,
    ProcessType: root.string('processType') ?? null,
    RunInMode: root.string('runInMode') ?? 'DefaultMode',
    ApiVersion: number,
    ApiVersionRuntime: number,
    IsTemplate: root.boolean('isTemplate', false),
    LastModifiedDate: stamp,
  };
}
