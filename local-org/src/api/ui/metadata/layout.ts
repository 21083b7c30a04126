/** Page layouts: the Layout metadata of the project, or a layout made from the object's fields when it has none. */
import { MetadataError } from '../../../project/errors.ts';
import type { MetadataComponent, MetadataElement } from '../../../project/types.ts';
import type { ObjectDescribe, Schema } from '../../../schema/types.ts';
import { defaultLayoutFields } from './defaults.ts';
import { fieldPathOf } from './fieldNames.ts';
import { readLayoutActions } from './quickAction.ts';
import type { LayoutAction } from './quickAction.ts';

export type LayoutBehavior = 'Edit' | 'Required' | 'Readonly';

export interface LayoutItem {
  /** API name of a field; null for an empty space. */
  readonly field: string | null;
  readonly behavior: LayoutBehavior;
}

export interface LayoutSection {
  readonly heading: string;
  /** Is the heading shown on the detail page, in the form? */
  readonly useHeading: boolean;
  readonly editHeading: boolean;
  /** One or two; rows run across them. */
  readonly columns: readonly (readonly LayoutItem[])[];
  /** Tab key runs across the rows instead of down the columns. */
  readonly leftToRight: boolean;
}

export interface LayoutRelatedList {
  /** Child relationship name, the Id of a related list in the UI API. */
  readonly relatedListId: string;
  readonly childObject: string;
  /** Lookup on the child. */
  readonly field: string;
  readonly columns: readonly string[];
  readonly sort: { readonly field: string; readonly ascending: boolean } | null;
  /** Actions that the layout takes away, such as New. */
  readonly excludedButtons: readonly string[];
}

export interface Layout {
  readonly objectName: string;
  /** `Account-Account Layout`. */
  readonly fullName: string;
  readonly sections: readonly LayoutSection[];
  readonly relatedLists: readonly LayoutRelatedList[];
  readonly excludedButtons: readonly string[];
  /** Buttons and quick actions in order; null for the standard buttons. */
  readonly actions: readonly LayoutAction[] | null;
}

const sectionStyles = ['OneColumn', 'TwoColumnsLeftToRight', 'TwoColumnsTopToBottom', 'CustomLinks'] as const;

/** Reads a Layout component. Throws MetadataError on what the local org does not know. */
export function readLayout(component: MetadataComponent, schema: Schema): Layout {
  const { root, fullName } = component;
  const objectName = fullName.slice(0, fullName.indexOf('-'));
  const object = schema.object(objectName);
  if (!object)
    throw new MetadataError(root.position, `the layout belongs to the object ${objectName}, which does not exist`);
  const sections = root.children('layoutSections').flatMap((element) => readSection(element, object));
  const relatedLists = root.children('relatedLists').flatMap((element) => readRelatedList(element, object, schema));
  const excludedButtons = root.children('excludeButtons').map(({ text }) => text);
  const actions = readLayoutActions(root);
  root.ignore(
    'custom buttons are not shown',
    'customButtons',
    'headers',
    'relatedContent',
    'feedLayout',
    'miniLayout',
    'summaryLayout',
    'multilineLayoutFields',
    'relatedObjects',
    'customConsoleComponents',
  );
  root.ignore(
    'belongs to pages of Salesforce Classic',
    'showEmailCheckbox',
    'showHighlightsPanel',
    'showInteractionLogPanel',
    'showKnowledgeComponent',
    'showRunAssignmentRulesCheckbox',
    'showSolutionSection',
    'showSubmitAndAttachButton',
    'emailDefault',
    'runAssignmentRulesDefault',
  );
  root.finish();
  return { objectName: object.name, fullName, sections, relatedLists, excludedButtons, actions };
}

function readSection(element: MetadataElement, object: ObjectDescribe): readonly LayoutSection[] {
  const style = element.oneOf('style', sectionStyles);
  const heading = element.string('label') ?? '';
  const useHeading = element.boolean('detailHeading', false);
  const editHeading = element.boolean('editHeading', false);
  element.ignore('labels are shown as written', 'customLabel');
  const columns = element.children('layoutColumns').map((column) => {
    const items = column.children('layoutItems').map((item) => readItem(item, object));
    column.ignore('an empty column', 'reserved');
    column.finish();
    return items;
  });
  element.finish();
  // Sections of custom links do not exist in Lightning Experience unless a link is in them.
  if (style === 'CustomLinks') return [];
  return [{ heading, useHeading, editHeading, columns, leftToRight: style === 'TwoColumnsLeftToRight' }];
}

function readItem(element: MetadataElement, object: ObjectDescribe): LayoutItem {
  for (const kind of [
    'page',
    'canvas',
    'component',
    'customLink',
    'scontrol',
    'analyticsCloudComponent',
    'reportChartComponent',
  ]) {
    const part = element.child(kind);
    if (part)
      throw new MetadataError(
        part.position,
        `a ${kind} on a page layout is not supported; take it out or place a Lightning web component on the record page`,
      );
  }
  const behavior = element.oneOf('behavior', ['Edit', 'Required', 'Readonly'] as const) ?? 'Edit';
  const name = element.string('field');
  const emptySpace = element.boolean('emptySpace', false);
  element.ignore('heights belong to pages and s-controls', 'height', 'showLabel', 'showScrollbars', 'width');
  element.finish();
  if (name === undefined) {
    if (!emptySpace) throw new MetadataError(element.position, 'a layout item must name a field or be an emptySpace');
    return { field: null, behavior: 'Readonly' };
  }
  const field = object.field(name);
  if (!field)
    throw new MetadataError(
      element.position,
      `${object.name} has no field ${name}; correct the layout or add the field`,
    );
  return { field: field.name, behavior };
}

/** Related lists of the platform that have no records of their own here. */
const unsupportedRelatedLists = new Map([
  ['RelatedNoteList', 'notes and attachments'],
  ['RelatedFileList', 'files'],
  ['RelatedContentNoteList', 'notes'],
]);

/** Names of standard related lists by the child object and field that they show. */
const standardRelatedLists: Readonly<Record<string, string>> = {
  RelatedContactList: 'Contacts',
  RelatedOpportunityList: 'Opportunities',
  RelatedCaseList: 'Cases',
  RelatedContractList: 'Contracts',
  RelatedContactRoleList: 'OpportunityContactRoles',
  RelatedLineItemList: 'OpportunityLineItems',
  RelatedCampaignList: 'CampaignMembers',
  RelatedActivityList: 'OpenActivities',
  RelatedHistoryList: 'ActivityHistories',
  RelatedEntityHistoryList: 'Histories',
  RelatedProcessHistoryList: 'ProcessSteps',
};

/** Lists whose columns and order the platform decides: activities, and the history of fields and approvals. */
const fixedRelatedLists: Readonly<Record<string, { readonly field: string; readonly ascending: boolean }>> = {
  RelatedActivityList: { field: 'ActivityDate', ascending: true },
  RelatedHistoryList: { field: 'ActivityDate', ascending: false },
  RelatedEntityHistoryList: { field: 'CreatedDate', ascending: false },
  RelatedProcessHistoryList: { field: 'CreatedDate', ascending: false },
};

function readRelatedList(
  element: MetadataElement,
  object: ObjectDescribe,
  schema: Schema,
): readonly LayoutRelatedList[] {
  const name = element.requiredString('relatedList');
  const columns = element.children('fields');
  const sortField = element.child('sortField');
  const ascending = (element.oneOf('sortOrder', ['Asc', 'Desc'] as const) ?? 'Asc') === 'Asc';
  const excludedButtons = element.children('excludeButtons').map(({ text }) => text);
  element.ignore('buttons of related lists are New only', 'customButtons', 'quickActions');
  element.finish();
  if (unsupportedRelatedLists.has(name)) return [];
  // Layouts keep the list when history is switched off; there is nothing to show then.
  if (name === 'RelatedEntityHistoryList' && !object.historyEnabled) return [];
  const relationship = relationshipOf(object, name);
  const child = relationship && schema.object(relationship.childObject);
  const fixed = fixedRelatedLists[name];
  if (fixed && relationship?.relationshipName && child)
    return [
      {
        relatedListId: relationship.relationshipName,
        childObject: child.name,
        field: relationship.field,
        columns: [],
        sort: fixed,
        excludedButtons: ['New'],
      },
    ];
  if (!relationship?.relationshipName || !child)
    throw new MetadataError(
      element.position,
      `${object.name} has no related list ${name}; write <child object>.<lookup field>`,
    );
  return [
    {
      relatedListId: relationship.relationshipName,
      childObject: child.name,
      field: relationship.field,
      columns: columns.map((column) => fieldPathOf(schema, child, column.text, column.position)),
      sort: sortField ? { field: fieldPathOf(schema, child, sortField.text, sortField.position), ascending } : null,
      excludedButtons,
    },
  ];
}

/** Related lists that a layout names but that are not shown; listed in SUPPORT.md. */
export const hiddenRelatedLists: ReadonlyMap<string, string> = unsupportedRelatedLists;

function relationshipOf(object: ObjectDescribe, name: string) {
  const standard = standardRelatedLists[name];
  if (standard !== undefined) return object.childRelationship(standard);
  const [childObject = '', field = ''] = name.split('.');
  return (
    object.childRelationships.find(
      (candidate) =>
        candidate.childObject.toLowerCase() === childObject.toLowerCase() &&
        candidate.field.toLowerCase() === field.toLowerCase(),
    ) ?? object.childRelationship(name)
  );
}

/** A layout for an object without one: its main fields, custom fields, and who did what when. */
export function defaultLayout(object: ObjectDescribe, schema: Schema): Layout {
  const { main, related } = defaultLayoutFields(object);
  const custom = object.fields.filter((field) => field.custom && !main.includes(field.name)).map(({ name }) => name);
  const section = (heading: string, fields: readonly string[], readOnly = false): LayoutSection => {
    const items = fields.flatMap((name): readonly LayoutItem[] => {
      const field = object.field(name);
      if (!field) return [];
      const writable =
        !readOnly &&
        (field.createable || field.updateable || field.type === 'address' || (field.nameField && !field.autoNumber));
      const required = !field.nillable && field.type !== 'boolean' && !field.defaultedOnCreate && writable;
      return [{ field: field.name, behavior: required ? 'Required' : writable ? 'Edit' : 'Readonly' }];
    });
    const half = Math.ceil(items.length / 2);
    return {
      heading,
      useHeading: heading !== '',
      editHeading: !readOnly,
      columns: [items.slice(0, half), items.slice(half)],
      leftToRight: false,
    };
  };
  const long = (name: string): boolean => {
    const field = object.field(name);
    return field !== undefined && field.type === 'textarea' && field.length > 255;
  };
  const system = ['CreatedById', 'LastModifiedById'].filter((name) => object.field(name));
  const oneColumn = (heading: string, fields: readonly string[]): LayoutSection => {
    const { columns, ...rest } = section(heading, fields);
    return { ...rest, columns: [columns.flat()] };
  };
  const wide = [...main, ...custom].filter(long);
  const sections = [
    section(
      `${object.label} Information`,
      main.filter((name) => !long(name)),
    ),
    ...(custom.some((name) => !long(name))
      ? [
          section(
            'Additional Information',
            custom.filter((name) => !long(name)),
          ),
        ]
      : []),
    ...(wide.length > 0 ? [oneColumn('Description', wide)] : []),
    ...(system.length > 0 ? [section('System Information', system, true)] : []),
  ];
  const relatedLists = object.childRelationships.flatMap((relationship): readonly LayoutRelatedList[] => {
    const child = schema.object(relationship.childObject);
    const { relationshipName } = relationship;
    if (!child || relationshipName === null || !(related.includes(relationshipName) || child.kind === 'custom'))
      return [];
    return [
      {
        relatedListId: relationshipName,
        childObject: child.name,
        field: relationship.field,
        columns: [],
        sort: null,
        excludedButtons: [],
      },
    ];
  });
  const rank = (list: LayoutRelatedList): number =>
    related.includes(list.relatedListId) ? related.indexOf(list.relatedListId) : -1;
  return {
    objectName: object.name,
    fullName: `${object.name}-Default`,
    sections,
    relatedLists: relatedLists.sort((a, b) => rank(a) - rank(b)),
    excludedButtons: [],
    actions: null,
  };
}
