import type { SupportEntry } from '../support.ts';
import { refusedModules } from './server/build/salesforce-modules.ts';

const reference = 'Lightning Web Components Developer Guide';

const modules: readonly (readonly [name: string, status: SupportEntry['status'], note?: string])[] = [
  [
    'lightning/uiRecordApi',
    'partly',
    'getRecord, getRecords, getRecordUi, getRecordCreateDefaults, create, update, delete, notifications and helpers; no getRecordTemplate adapters.',
  ],
  ['lightning/uiObjectInfoApi', 'supported'],
  ['lightning/uiRelatedListApi', 'partly', 'Lists, counts and infos; no batch adapters.'],
  ['lightning/uiListsApi', 'partly', 'getListInfoByName, getListInfosByObjectName, getListRecordsByName.'],
  ['lightning/uiLayoutApi', 'supported'],
  ['lightning/uiAppsApi', 'partly', 'getNavItems.'],
  [
    'lightning/navigation',
    'partly',
    'Record, object, relationship, named, nav item, app and web pages, quick actions; others throw and are named.',
  ],
  [
    'lightning/platformShowToastEvent, lightning/toast, lightning/modal, lightning/alert, lightning/confirm, lightning/prompt',
    'supported',
  ],
  ['lightning/refresh', 'partly', 'Handlers run and Lightning Data Service refetches; containers are not nested.'],
  ['lightning/messageService', 'supported'],
  ['lightning/platformResourceLoader', 'supported'],
  ['lightning/actions', 'supported'],
  [
    '@salesforce/apex, @salesforce/apex/Class.method',
    'supported',
    'By an endpoint of the local org’s own; the platform’s is not documented.',
  ],
  [
    '@salesforce/schema, label, user, i18n, customPermission, resourceUrl, messageChannel, client/formFactor',
    'supported',
    'An unknown name is a build error with its place.',
  ],
  ['CSS modules, @import in a style sheet', 'supported', 'By style sheets only; in a script they are refused.'],
  [
    '@salesforce/contentAssetUrl, @salesforce/community, @salesforce/userPermission',
    'not',
    'Refused when the component is built.',
  ],
];

const components: readonly (readonly [name: string, status: SupportEntry['status'], note?: string])[] = [
  ['the components of npm’s lightning-base-components 1.28', 'supported', 'Salesforce’s own code.'],
  [
    'lightning-record-edit-form, -view-form, -record-form, -input-field, -output-field, -messages',
    'supported',
    'Written for the local org; styled as the originals.',
  ],
  ['lightning-record-picker', 'partly', 'One object; no filter, display-info or matching-info.'],
  ['lightning-input-rich-text', 'partly', 'Bold, italic, underline, lists; no images, no format attribute.'],
  ['lightning-quick-action-panel', 'supported'],
  ['lightning-file-upload, lightning-map', 'not', 'Refused when the component is built.'],
];

const pages: readonly (readonly [name: string, status: SupportEntry['status'], note?: string])[] = [
  ['record, app and home pages; tabs, accordions, field sections, rich text, list views, related lists', 'supported'],
  [
    'visibility rules on record fields, form factor and custom permissions',
    'supported',
    'Other expressions are refused by file and line.',
  ],
  ['visibility rules on single fields of a section', 'not', 'Refused by file and line.'],
  ['page templates', 'partly', 'Those listed in flexiPage.ts; others are refused by file and line.'],
  [
    'runtime_sales_activities:activityPanel',
    'partly',
    'Log a Call, New Task and New Event (or the layout’s own actions), what is to come and what is done by month; no e-mails, filters, or completing in place.',
  ],
  [
    'other components of the platform (Chatter, path)',
    'not',
    'A card in their place names the component and its file and line.',
  ],
];

/** What pages and components can use. */
export const support: readonly SupportEntry[] = [
  ...modules.map(([name, status, note]): SupportEntry => ({
    area: 'LWC: modules',
    name,
    status,
    source: reference,
    ...(note === undefined ? {} : { note }),
  })),
  ...[...refusedModules].map(([name, reason]): SupportEntry => ({
    area: 'LWC: modules',
    name,
    status: 'not',
    note: `Refused when the component is built: ${reason}.`,
  })),
  ...components.map(([name, status, note]): SupportEntry => ({
    area: 'LWC: base components',
    name,
    status,
    ...(note === undefined ? {} : { note }),
  })),
  ...pages.map(([name, status, note]): SupportEntry => ({
    area: 'Metadata: FlexiPage',
    name,
    status,
    ...(note === undefined ? {} : { note }),
  })),
  {
    area: 'Metadata: CustomLabels',
    name: 'labels in the project’s language',
    status: 'partly',
    note: 'Translations are not read.',
  },
  {
    area: 'Lightning forms',
    name: 'record types (with their choice), dependent picklists, filtered lookups',
    status: 'supported',
    note: 'In new and edit windows and in the record forms of components. The record type of a record that exists can’t be changed by the page.',
  },
  {
    area: 'Metadata: QuickAction',
    name: 'create and update a record, log a call, Lightning web components (screen and headless)',
    status: 'supported',
    note: 'In the highlights panel, by the layout’s or the page’s list of actions; predefined values are literals and formulas.',
  },
  {
    area: 'Metadata: QuickAction',
    name: 'LogACall, NewTask, NewEvent, NewAccount, NewContact, NewOpportunity, NewCase, NewLead',
    status: 'supported',
    note: 'With forms of the local org’s own; Salesforce does not publish their layouts.',
  },
  {
    area: 'Metadata: QuickAction',
    name: 'flows, Aura components, Visualforce pages, canvas apps, custom posts and e-mails',
    status: 'not',
    note: 'Stand in the menu and say so, by file and line.',
  },
  {
    area: 'Metadata: QuickAction',
    name: 'actions of Chatter, e-mail and notes; global Lightning web component actions',
    status: 'not',
    note: 'Not shown.',
  },
  {
    area: 'Setup',
    name: 'Apex Jobs, Scheduled Jobs',
    status: 'supported',
    note: 'With View Setup and Configuration. Who may end a job is not documented; here it is who submitted it, or may modify all data.',
  },
  {
    area: 'Setup',
    name: 'everything else that an org is configured by',
    status: 'not',
    note: 'The project’s metadata configures the org.',
  },
  {
    area: 'Lightning Data Service',
    name: 'when Apex wires are refreshed',
    status: 'supported',
    note: 'As on the platform: by refreshApex or a handler of lightning/refresh only; records, lists and related lists follow every committed change.',
  },
];
