/** Lightning pages: FlexiPage metadata as a tree of what the shell can draw. */
import { MetadataError } from '../../../project/errors.ts';
import type { MetadataComponent, MetadataElement, Position } from '../../../project/types.ts';
import type { Schema } from '../../../schema/types.ts';
import { designValues, placementProblem } from './bundle.ts';
import type { BundleFacts, Target } from './bundle.ts';

export type PageType = 'RecordPage' | 'AppPage' | 'HomePage';

/** Conditions under which a component is shown. */
export interface VisibilityRule {
  readonly logic: string | null;
  readonly criteria: readonly { readonly left: string; readonly operator: string; readonly right: string }[];
}

interface NodeBase {
  readonly key: string;
  readonly visibility: VisibilityRule | null;
}

export type FieldItem = { readonly field: string; readonly behavior: 'none' | 'required' | 'readonly' };

export type PageNode = NodeBase &
  (
    | { readonly kind: 'detail' | 'relatedLists' | 'activities' }
    | {
        readonly kind: 'highlights';
        /** Actions of the page itself (dynamic actions); null for the layout's. */
        readonly actionNames: readonly string[] | null;
        /** How many of them are buttons; the rest stands in the menu. */
        readonly visibleActions: number;
      }
    | { readonly kind: 'relatedList'; readonly relatedListId: string }
    | {
        readonly kind: 'tabset';
        readonly tabs: readonly { readonly label: string; readonly items: readonly PageNode[] }[];
        readonly active: number;
      }
    | {
        readonly kind: 'accordion';
        readonly sections: readonly { readonly label: string; readonly items: readonly PageNode[] }[];
      }
    | { readonly kind: 'fieldSection'; readonly label: string; readonly columns: readonly (readonly FieldItem[])[] }
    | { readonly kind: 'richText'; readonly html: string }
    | { readonly kind: 'listView'; readonly objectName: string; readonly listView: string }
    | { readonly kind: 'component'; readonly name: string; readonly properties: Readonly<Record<string, unknown>> }
    | { readonly kind: 'refused'; readonly name: string; readonly reason: string; readonly place: string }
  );

export interface Page {
  readonly name: string;
  readonly label: string;
  readonly type: PageType;
  readonly objectName: string | null;
  /** Rows of columns; widths are in twelfths of the page. */
  readonly rows: readonly {
    readonly columns: readonly { readonly width: number; readonly items: readonly PageNode[] }[];
  }[];
  /** Components that the shell refuses, for `check`. */
  readonly refusals: readonly { readonly position: Position; readonly problem: string }[];
}

type Column = readonly [region: string, width: number];

/** Regions of the page templates, top to bottom, with their widths in twelfths. */
const templates: Readonly<Record<string, readonly (readonly Column[])[]>> = {
  'flexipage:recordHomeTemplateDesktop': [
    [['header', 12]],
    [
      ['main', 8],
      ['sidebar', 4],
    ],
  ],
  'flexipage:recordHomeLeftSidebarTemplateDesktop': [
    [['header', 12]],
    [
      ['sidebar', 4],
      ['main', 8],
    ],
  ],
  'flexipage:recordHomeWithSubheaderTemplateDesktop': [
    [['header', 12]],
    [['subheader', 12]],
    [
      ['main', 8],
      ['sidebar', 4],
    ],
  ],
  'flexipage:recordHomeThreeColTemplateDesktop': [
    [['header', 12]],
    [
      ['leftsidebar', 3],
      ['main', 6],
      ['sidebar', 3],
    ],
  ],
  'flexipage:recordHomeThreeColHeaderTemplateDesktop': [
    [['header', 12]],
    [
      ['leftsidebar', 3],
      ['main', 6],
      ['rightsidebar', 3],
    ],
  ],
  'flexipage:recordHomeSingleColTemplateDesktop': [[['header', 12]], [['main', 12]]],
  'flexipage:recordHomeSingleColNoHeaderTemplateDesktop': [[['main', 12]]],
  'flexipage:recordHomeTwoColEqualHeaderTemplateDesktop': [
    [['header', 12]],
    [
      ['leftcol', 6],
      ['rightcol', 6],
    ],
  ],
  'flexipage:recordHomeSimpleViewTemplate': [[['header', 12]], [['main', 12]]],
  'flexipage:defaultAppHomeTemplate': [[['main', 12]]],
  'flexipage:appHomeTemplateTwoColumnsStacked': [
    [
      ['left', 6],
      ['right', 6],
    ],
  ],
  'flexipage:appHomeTemplateHeaderTwoColumnsLeftSidebar': [
    [['header', 12]],
    [
      ['sidebar', 4],
      ['main', 8],
    ],
  ],
  'flexipage:appHomeTemplateHeaderTwoColumns': [
    [['header', 12]],
    [
      ['left', 6],
      ['right', 6],
    ],
  ],
  'flexipage:appHomeTemplateTwoColumns': [
    [
      ['left', 6],
      ['right', 6],
    ],
  ],
  'flexipage:appHomeTemplateThreeColumns': [
    [
      ['left', 4],
      ['middle', 4],
      ['right', 4],
    ],
  ],
  'home:desktopTemplate': [
    [
      ['top', 8],
      ['sidebar', 4],
    ],
    [
      ['bottomLeft', 4],
      ['bottomRight', 4],
    ],
  ],
  'flexipage:homeTemplateDesktop': [
    [
      ['top', 8],
      ['sidebar', 4],
    ],
    [
      ['bottomLeft', 4],
      ['bottomRight', 4],
    ],
  ],
};

const pageTargets: Readonly<Record<PageType, Target>> = {
  RecordPage: 'lightning__RecordPage',
  AppPage: 'lightning__AppPage',
  HomePage: 'lightning__HomePage',
};

/** Labels of tabs that metadata names by key. */
const standardTabLabels: Readonly<Record<string, string>> = {
  'Standard.Tab.detail': 'Details',
  'Standard.Tab.details': 'Details',
  'Standard.Tab.relatedLists': 'Related',
  'Standard.Tab.related': 'Related',
  'Standard.Tab.activity': 'Activity',
  'Standard.Tab.collaborate': 'Chatter',
  'Standard.Tab.news': 'News',
};

interface Instance {
  readonly element: MetadataElement;
  readonly name: string;
  readonly identifier: string;
  readonly properties: ReadonlyMap<string, { readonly text: string; readonly position: Position }>;
  readonly visibility: VisibilityRule | null;
}

type Item =
  { readonly kind: 'component'; readonly instance: Instance } | { readonly kind: 'field'; readonly item: FieldItem };

interface Reader {
  readonly facets: ReadonlyMap<string, readonly Item[]>;
  readonly target: Target;
  readonly objectName: string | null;
  readonly schema: Schema;
  readonly bundles: ReadonlyMap<string, BundleFacts>;
  readonly refusals: { readonly position: Position; readonly problem: string }[];
  readonly relativeTo: string;
}

/** Reads a FlexiPage component. Throws MetadataError on elements that the local org does not know. */
export function readFlexiPage(
  { root, fullName }: MetadataComponent,
  schema: Schema,
  bundles: ReadonlyMap<string, BundleFacts>,
  projectDirectory: string,
): Page {
  const type = root.oneOf('type', ['RecordPage', 'AppPage', 'HomePage'] as const);
  if (type === undefined)
    throw new MetadataError(root.position, 'the page has no type; it must be RecordPage, AppPage or HomePage');
  const objectName = root.string('sobjectType') ?? null;
  if (type === 'RecordPage' && (objectName === null || !schema.object(objectName)))
    throw new MetadataError(
      root.position,
      `a record page needs an sobjectType that exists, not ${objectName ?? 'none'}`,
    );
  const template = root.child('template');
  const templateName = template?.requiredString('name') ?? '';
  template?.ignore('templates have no properties here', 'properties');
  template?.finish();
  const rows = templates[templateName];
  if (!rows)
    throw new MetadataError(
      template?.position ?? root.position,
      `the page template ${templateName} is not supported; use one of ${Object.keys(templates).join(', ')}`,
    );
  const facets = new Map(root.children('flexiPageRegions').map(readRegion));
  const label = root.string('masterLabel') ?? fullName;
  root.ignore(
    'no effect on what the page shows',
    'description',
    'parentFlexiPage',
    'pageTemplate',
    'quickActionList',
    'platformActionlist',
    'events',
  );
  root.finish();
  const refusals: Reader['refusals'] = [];
  const reader: Reader = {
    facets,
    target: pageTargets[type],
    objectName,
    schema,
    bundles,
    refusals,
    relativeTo: projectDirectory,
  };
  return {
    name: fullName,
    label,
    type,
    objectName,
    rows: rows.map((columns) => ({
      columns: columns.map(([region, width]) => ({ width, items: nodesOf(reader, region) })),
    })),
    refusals,
  };
}

function readRegion(element: MetadataElement): readonly [string, readonly Item[]] {
  const name = element.requiredString('name');
  element.oneOf('type', ['Region', 'Facet'] as const);
  const items = [
    ...element.children('itemInstances').map(readItem),
    // Pages of API versions before 49 name components without the element around them.
    ...element
      .children('componentInstances')
      .map((instance): Item => ({ kind: 'component', instance: readInstance(instance) })),
  ];
  element.ignore('regions are as the template has them', 'mode', 'appendable', 'prependable', 'replaceable');
  element.finish();
  return [name, items];
}

function readItem(element: MetadataElement): Item {
  const component = element.child('componentInstance');
  const field = element.child('fieldInstance');
  element.finish();
  if (component) return { kind: 'component', instance: readInstance(component) };
  if (!field) throw new MetadataError(element.position, 'an item must hold a componentInstance or a fieldInstance');
  const fieldItem = field.requiredString('fieldItem');
  const properties = readProperties(field, 'fieldInstanceProperties');
  field.ignore('the name of the place only', 'identifier');
  const rule = field.child('visibilityRule');
  if (rule)
    throw new MetadataError(
      rule.position,
      'a visibility rule on a single field is not supported; put it on the field section',
    );
  field.finish();
  const behavior = properties.get('uiBehavior')?.text;
  return {
    kind: 'field',
    item: {
      field: fieldItem.replace(/^Record\./, ''),
      behavior: behavior === 'required' || behavior === 'readonly' ? behavior : 'none',
    },
  };
}

function readInstance(element: MetadataElement): Instance {
  const name = element.requiredString('componentName');
  const identifier = element.string('identifier') ?? name;
  const properties = readProperties(element, 'componentInstanceProperties');
  const rule = element.child('visibilityRule');
  element.ignore('the flow runtime is not part of pages', 'flowRuntimeProperties');
  element.finish();
  return { element, name, identifier, properties, visibility: rule ? readVisibility(rule) : null };
}

function readProperties(element: MetadataElement, name: string): Instance['properties'] {
  return new Map(
    element.children(name).map((property) => {
      const key = property.requiredString('name');
      const list = property.child('valueList');
      const value = list
        ? list
            .children('valueListItems')
            .map((item) => item.string('value') ?? '')
            .join(',')
        : (property.string('value') ?? '');
      property.ignore('the type follows from the component', 'type');
      property.finish();
      return [key, { text: value, position: property.position }] as const;
    }),
  );
}

const comparisons = ['EQUAL', 'NE', 'GT', 'GE', 'LT', 'LE', 'CONTAINS'] as const;

function readVisibility(element: MetadataElement): VisibilityRule {
  const criteria = element.children('criteria').map((criterion) => {
    const left = criterion.requiredString('leftValue');
    const operator = criterion.oneOf('operator', comparisons) ?? 'EQUAL';
    const right = criterion.string('rightValue') ?? '';
    criterion.finish();
    if (!/^\{!(Record\.[\w.]+|\$Client\.FormFactor|\$Permission\.CustomPermission\.\w+)\}$/.test(left)) {
      throw new MetadataError(
        criterion.position,
        `a visibility rule on ${left} is not supported; use {!Record.Field}, {!$Client.FormFactor} or {!$Permission.CustomPermission.Name}`,
      );
    }
    return { left: left.slice(2, -1), operator, right };
  });
  const logic = element.string('booleanFilter') ?? null;
  element.finish();
  return { logic, criteria };
}

function nodesOf(reader: Reader, facet: string): readonly PageNode[] {
  return (reader.facets.get(facet) ?? []).flatMap((item) =>
    item.kind === 'component' ? [nodeOf(reader, item.instance)] : [],
  );
}

type NodeMaker = (reader: Reader, instance: Instance, base: NodeBase) => PageNode;

const text = (instance: Instance, name: string): string => instance.properties.get(name)?.text ?? '';

/** Components of the platform that the shell draws, by name. */
const platformComponents: Readonly<Record<string, NodeMaker>> = {
  'force:highlightsPanel': (_reader, instance, base) => highlights(instance, base),
  'record:highlights': (_reader, instance, base) => highlights(instance, base),
  'force:detailPanel': (_reader, _instance, base) => ({ ...base, kind: 'detail' }),
  'force:recordDetailPanelMobile': (_reader, _instance, base) => ({ ...base, kind: 'detail' }),
  'runtime_sales_activities:activityPanel': (reader, instance, base) => {
    // Activities are what can be related to the record: its own objects decide.
    const object = reader.objectName === null ? undefined : reader.schema.object(reader.objectName);
    if (object?.childRelationship('OpenActivities')) return { ...base, kind: 'activities' };
    return refused(
      reader,
      instance,
      base,
      `${reader.objectName ?? 'a page without records'} has no activities; allow them on the object (enableActivities)`,
    );
  },
  'force:relatedListContainer': (_reader, _instance, base) => ({ ...base, kind: 'relatedLists' }),
  'force:relatedListSingleContainer': (_reader, instance, base) => ({
    ...base,
    kind: 'relatedList',
    relatedListId: text(instance, 'relatedListApiName'),
  }),
  'lst:dynamicRelatedList': (_reader, instance, base) => ({
    ...base,
    kind: 'relatedList',
    relatedListId: text(instance, 'relatedListApiName'),
  }),
  'flexipage:tabset': (reader, instance, base) => {
    const tabs = childInstances(reader, text(instance, 'tabs')).map((tab) => ({
      label: labelOf(text(tab, 'title')),
      items: nodesOf(reader, text(tab, 'body')),
      active: text(tab, 'active') === 'true',
    }));
    return {
      ...base,
      kind: 'tabset',
      tabs: tabs.map(({ label, items }) => ({ label, items })),
      active: Math.max(
        0,
        tabs.findIndex(({ active }) => active),
      ),
    };
  },
  'flexipage:accordion': (reader, instance, base) => ({
    ...base,
    kind: 'accordion',
    sections: childInstances(reader, text(instance, 'sections') || text(instance, 'tabs')).map((section) => ({
      label: labelOf(text(section, 'title') || text(section, 'label')),
      items: nodesOf(reader, text(section, 'body')),
    })),
  }),
  'flexipage:fieldSection': (reader, instance, base) => ({
    ...base,
    kind: 'fieldSection',
    label: labelOf(text(instance, 'label')),
    columns: childInstances(reader, text(instance, 'columns')).map((column) =>
      fieldsOf(reader, text(column, 'body'), instance),
    ),
  }),
  'flexipage:richText': (_reader, instance, base) => ({
    ...base,
    kind: 'richText',
    html: text(instance, 'richTextValue'),
  }),
  'flexipage:filterListCard': (_reader, instance, base) => ({
    ...base,
    kind: 'listView',
    objectName: text(instance, 'entityName'),
    listView: text(instance, 'filterName'),
  }),
};

function highlights(instance: Instance, base: NodeBase): PageNode {
  const own = text(instance, 'enableActionsConfiguration') === 'true';
  const names = text(instance, 'actionNames').split(',');
  const visible = Number(text(instance, 'numVisibleActions') || '3');
  return {
    ...base,
    kind: 'highlights',
    actionNames: own ? names.map((name) => name.trim()).filter((name) => name !== '') : null,
    visibleActions: Number.isInteger(visible) && visible >= 0 ? visible : 3,
  };
}

const labelOf = (title: string): string => standardTabLabels[title] ?? title;

function childInstances(reader: Reader, facet: string): readonly Instance[] {
  return (reader.facets.get(facet) ?? []).flatMap((item) => (item.kind === 'component' ? [item.instance] : []));
}

function fieldsOf(reader: Reader, facet: string, section: Instance): readonly FieldItem[] {
  const object = reader.objectName === null ? undefined : reader.schema.object(reader.objectName);
  return (reader.facets.get(facet) ?? []).flatMap((item) => {
    if (item.kind !== 'field') return [];
    const field = object?.field(item.item.field);
    if (!field)
      throw new MetadataError(
        section.element.position,
        `${reader.objectName} has no field ${item.item.field}; take it out of the section`,
      );
    return [{ ...item.item, field: field.name }];
  });
}

function refused(reader: Reader, { element, name }: Instance, base: NodeBase, reason: string): PageNode {
  const { position } = element;
  reader.refusals.push({ position, problem: reason });
  const file = position.file.startsWith(reader.relativeTo)
    ? position.file.slice(reader.relativeTo.length + 1)
    : position.file;
  return { ...base, kind: 'refused', name, reason, place: `${file}:${position.line}` };
}

function nodeOf(reader: Reader, instance: Instance): PageNode {
  const base: NodeBase = { key: instance.identifier, visibility: instance.visibility };
  const platform = platformComponents[instance.name];
  if (platform) return platform(reader, instance, base);
  const refuse = (reason: string): PageNode => refused(reader, instance, base, reason);
  if (instance.name.includes(':') && !/^c:/.test(instance.name))
    return refuse(`the component ${instance.name} of the platform is not supported by the local org`);
  const name = instance.name.replace(/^c:/, '');
  const bundle = reader.bundles.get(name);
  const problem = placementProblem(bundle, name, reader.target, reader.objectName);
  if (problem !== undefined || !bundle) return refuse(problem ?? '');
  return { ...base, kind: 'component', name, properties: designValues(bundle, reader.target, instance.properties) };
}

/** The page of a record for an object without one: highlights, details, related lists beside them. */
export function standardRecordPage(objectName: string): Page {
  const node = (kind: 'detail' | 'relatedLists'): PageNode => ({ key: kind, visibility: null, kind });
  const header: PageNode = {
    key: 'highlights',
    visibility: null,
    kind: 'highlights',
    actionNames: null,
    visibleActions: 3,
  };
  return {
    name: '',
    label: '',
    type: 'RecordPage',
    objectName,
    rows: [
      { columns: [{ width: 12, items: [header] }] },
      {
        columns: [
          { width: 8, items: [node('detail')] },
          { width: 4, items: [node('relatedLists')] },
        ],
      },
    ],
    refusals: [],
  };
}
