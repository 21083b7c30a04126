/** Everything of the project's metadata that decides what pages show, read once and checked against the schema. */
import { MetadataError, ProblemCollector } from '../../../project/errors.ts';
import type { Project } from '../../../project/types.ts';
import type { ObjectDescribe, RecordTypeDescribe, Schema } from '../../../schema/types.ts';
import { profileName } from '../../../security/permissionMetadata.ts';
import { fallbackApp, iconOf, readApp, readOverride, readTabs } from './application.ts';
import type { App, PageOverride, Tab } from './application.ts';
import { defaultColumns, defaultCompactFields } from './defaults.ts';
import { fieldPathOf } from './fieldNames.ts';
import { defaultLayout, readLayout } from './layout.ts';
import type { Layout } from './layout.ts';
import { readListView, standardListViews } from './listView.ts';
import type { ListView } from './listView.ts';
import { readQuickActions } from './quickAction.ts';
import type { QuickAction } from './quickAction.ts';

/** Made by `readUiMetadata`. */
export interface UiMetadata {
  readonly apps: readonly App[];
  readonly tabs: ReadonlyMap<string, Tab>;
  /** Page layout of an object for a profile and a record type; null: the master record type. */
  layout(object: ObjectDescribe, profileName: string, recordType: RecordTypeDescribe | null): Layout;
  listViews(object: ObjectDescribe): readonly ListView[];
  compactFields(object: ObjectDescribe): readonly string[];
  /** Columns of search results and of lookup dialogs. */
  searchColumns(object: ObjectDescribe): readonly string[];
  icon(object: ObjectDescribe): string;
  /** By name in any case: `Invoice__c.Send_Reminder`, `LogACall`, `Global.LogACall`. */
  quickAction(name: string): QuickAction | undefined;
  /** Page assignments on the objects themselves, the org's defaults. */
  readonly overrides: readonly PageOverride[];
}

/**
 * Reads layouts, list views, compact layouts, tabs and apps.
 * @throws ProjectError with every problem, each with file, line and what to do
 */
export function readUiMetadata(project: Project, schema: Schema): UiMetadata {
  const problems = new ProblemCollector();
  const attempt = <T>(step: () => T): T | undefined => problems.attempt(step);
  const collect = <T>(type: string, read: (component: Parameters<typeof readLayout>[0]) => T): readonly T[] =>
    project.ofType(type).flatMap((component) => {
      const value = attempt(() => read(component));
      return value === undefined ? [] : [value];
    });

  const layouts = collect('Layout', (component) => readLayout(component, schema));
  const listViews = collect('ListView', (component) => readListView(component, schema));
  const compact = collect('CompactLayout', ({ root, fullName }) => {
    const [objectName = '', name = ''] = fullName.split('.');
    const object = schema.object(objectName);
    if (!object)
      throw new MetadataError(
        root.position,
        `the compact layout belongs to the object ${objectName}, which does not exist`,
      );
    const fields = root.children('fields').map((field) => fieldPathOf(schema, object, field.text, field.position));
    root.ignore('the label is shown in Setup only', 'fullName', 'label');
    root.finish();
    return { objectName: object.name, name, fields };
  });
  const tabs = readTabs(project, schema, attempt);
  const apps = collect('CustomApplication', (component) => readApp(component, tabs, schema));
  const objects = project.ofType('CustomObject');
  const compactAssignments = new Map(
    objects.map(({ fullName, root }) => [fullName, root.string('compactLayoutAssignment')]),
  );
  const overrides = objects.flatMap(({ fullName, root }) =>
    root
      .children('actionOverrides')
      .flatMap((element) => attempt(() => readOverride(element, fullName, null, null)) ?? []),
  );
  const searchColumns = new Map(
    objects.map(({ fullName, root }) => {
      const object = schema.object(fullName);
      const fields = object
        ? (root.child('searchLayouts')?.children('searchResultsAdditionalFields') ?? []).flatMap(
            (field) => attempt(() => fieldPathOf(schema, object, field.text, field.position)) ?? [],
          )
        : [];
      return [fullName, fields] as const;
    }),
  );
  const assignments = readLayoutAssignments(project);
  const actions = readQuickActions(project, schema, attempt);
  problems.finish();

  const defaults = new Map<string, Layout>();
  return {
    apps: apps.length > 0 ? apps : [fallbackApp(tabs, schema)],
    tabs,
    overrides,
    layout(object, profileName, recordType) {
      const own = layouts.filter(({ objectName }) => objectName === object.name);
      const ofMaster = `${profileName} ${object.name}`;
      const assigned =
        (recordType && assignments.get(`${ofMaster}.${recordType.developerName}`)) ?? assignments.get(ofMaster);
      const layout = own.find(({ fullName }) => fullName === assigned) ?? own[0] ?? defaults.get(object.name);
      if (layout) return layout;
      const made = defaultLayout(object, schema);
      defaults.set(object.name, made);
      return made;
    },
    listViews(object) {
      const own = listViews.filter(({ objectName }) => objectName === object.name);
      // An org has its standard list views beside those of a package; they give way to one of the same name.
      const standard =
        object.custom && own.length > 0
          ? []
          : standardListViews(object).filter(({ apiName }) => !own.some((view) => view.apiName === apiName));
      return [...own, ...standard].sort((a, b) => a.label.localeCompare(b.label));
    },
    compactFields(object) {
      const assigned = compactAssignments.get(object.name);
      const own = compact.filter(({ objectName }) => objectName === object.name);
      return (
        (own.find(({ name }) => name === assigned) ?? (object.custom ? undefined : own[0]))?.fields ??
        defaultCompactFields(object)
      );
    },
    searchColumns(object) {
      const own = searchColumns.get(object.name) ?? [];
      const name = object.nameField?.name ?? 'Id';
      return own.length > 0 ? [name, ...own.filter((path) => path !== name)] : defaultColumns(object);
    },
    icon: (object) => iconOf(object, tabs),
    quickAction: (name) => actions.get(name.replace(/^Global\./i, '').toLowerCase()),
  };
}

/** `<profile> <object>` or `<profile> <object>.<record type>` → layout, from profiles that are in the project. */
function readLayoutAssignments(project: Project): ReadonlyMap<string, string> {
  const assignments = new Map<string, string>();
  for (const { fullName, root } of project.ofType('Profile')) {
    for (const element of root.children('layoutAssignments')) {
      const layout = element.requiredString('layout');
      const about = element.string('recordType') ?? layout.slice(0, layout.indexOf('-'));
      assignments.set(`${profileName(fullName)} ${about}`, layout);
    }
  }
  return assignments;
}
