/** What the Apex room supports, for SUPPORT.md; the library's part is read from the same tables that compile and run it. */
import type { SupportEntry } from '../support.ts';
import { libraryClasses } from './library/index.ts';

const language: readonly SupportEntry[] = [
  ...[
    'Classes, inner classes, interfaces, enums, inheritance, virtual and abstract methods, overloads',
    'Properties, initialisers, constructor chaining',
    'Generics of List, Set, Map, Iterator, Iterable, Comparator and Database.Batchable',
    'try, catch, finally; custom exceptions',
    'switch on',
    'Safe navigation and null coalescing',
    'Inline SOQL, checked at compile time',
    'SOQL for-loops',
    'DML statements, as user and as system',
    'Triggers and Trigger variables',
    'Multi-line strings',
    'System.runAs',
    '@AuraEnabled, @Future, @IsTest, @TestSetup, @TestVisible',
  ].map((name): SupportEntry => ({ area: 'Apex: language', name, status: 'supported' })),
  {
    area: 'Apex: language',
    name: 'API version defaults (67: user mode, with sharing)',
    status: 'supported',
    source: 'Apex Developer Guide, Versioned Behavior Changes',
  },
  {
    area: 'Apex: language',
    name: 'Inline SOSL, checked at compile time',
    status: 'partly',
    note: 'WITH clauses but for the access modes are refused',
  },
  {
    area: 'Apex: language',
    name: 'break and continue out of a System.runAs block',
    status: 'not',
    note: 'refused at compile time',
  },
  {
    area: 'Apex: language',
    name: '@RemoteAction, webservice, @InvocableMethod',
    status: 'partly',
    note: 'compile and run from Apex; not served over HTTP',
  },
  { area: 'Apex: language', name: 'Page references (Page.X)', status: 'supported' },
  {
    area: 'Apex: language',
    name: 'CPU time',
    status: 'partly',
    note: 'measured on this machine; not comparable to an org',
  },
  {
    area: 'Apex: language',
    name: 'Heap size',
    status: 'partly',
    note: 'estimated from what statics, the trigger and running methods can reach; the inside of library objects is left out; not comparable to an org',
  },
  { area: 'Apex: language', name: 'Column in stack traces', status: 'partly', note: 'always 1' },
];

const choices: readonly SupportEntry[] = [
  {
    area: 'Apex: undocumented behaviour',
    name: 'Precision of the / operator on Decimal',
    status: 'partly',
    note: '34 significant digits, half even',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'Decimal.divide(divisor, scale) without a rounding mode',
    status: 'partly',
    note: 'half even, as setScale',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'Checkbox of a record made by new',
    status: 'partly',
    note: 'reads false until it is set',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'Iteration order of Set and Map',
    status: 'partly',
    note: 'order of insertion',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'Field initialisers and super constructors',
    status: 'partly',
    note: "a class's own fields are initialised before its superclass's constructor runs (fflib-apex-common relies on it)",
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'Datetimes that differ in milliseconds only',
    status: 'partly',
    note: 'equal for == and asserts (tests of apex-rollup rely on it); < and >, keys of maps and members of sets tell them apart',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'Datetime.valueOf of a text with a fraction or an offset',
    status: 'partly',
    note: 'what stands behind the seconds is passed over; the time is that of the user’s zone',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'Map.putAll of records without Id, or of several with one',
    status: 'partly',
    note: 'they go under null, and the last one stays (tests of apex-rollup rely on it); the constructor refuses both',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'Chains of queueable jobs that a finalizer goes on with',
    status: 'partly',
    note: 'a job that a finalizer enqueues begins a chain of its own',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'Type.getName of classes of the System namespace',
    status: 'partly',
    note: 'with the namespace, as exceptions name their types: System.HttpRequest; values and collections without',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'HttpResponse.getHeaderKeys',
    status: 'partly',
    note: 'in alphabetical order (tests of NebulaLogger rely on it)',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'ApexPages.StandardController.getId',
    status: 'partly',
    note: '15 characters (tests of declarative-lookup-rollup-summaries rely on it)',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'JSON of a UUID',
    status: 'partly',
    note: 'its text',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'An Id of 18 characters whose checksum fits no casing',
    status: 'partly',
    note: 'taken as it is (test classes make such Ids); no record has it',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'An Id held as Object',
    status: 'partly',
    note: 'instanceof Id is true for any text that has the form of an Id; asserts take it with 15 and with 18 characters for the same',
  },
];

const refused: readonly SupportEntry[] = [
  'ConnectApi.* (but for ChatterUsers.getFollowings)',
  'DataWeave.*',
  'Auth.*',
  'Flow.Interview.NAME (a flow as a type)',
  'Component.*',
  'Metadata.Layout, Metadata.Operations.retrieve',
  'QuickAction.*',
  'Search.suggest',
  'Site and Network methods that need a site',
  'Database.DuplicateError, Datacloud.*',
].map((name) => ({
  area: 'Apex: library',
  name,
  status: 'not',
  note: 'refused at compile time as an unknown type or method',
}));

const library: readonly SupportEntry[] = libraryClasses.map((definition): SupportEntry => {
  const members = [
    definition.statics,
    definition.methods,
    definition.constructors,
    definition.properties,
    definition.constants,
  ].flatMap((part) => Object.keys(part ?? {}));
  const kind = definition.kind ?? 'class';
  const count = definition.values ? `${definition.values.length} values` : `${members.length} members`;
  return { area: 'Apex: library', name: definition.name, status: 'supported', note: `${kind}, ${count}` };
});

const partly: readonly SupportEntry[] = [
  {
    area: 'Apex: library',
    name: 'Test.calculatePermissionSetGroup',
    status: 'partly',
    note: 'permission set groups are up to date at all times, so there is nothing to calculate',
  },
  {
    area: 'Apex: library',
    name: 'Post-install and uninstall scripts',
    status: 'partly',
    note: 'Test.testInstall and Test.testUninstall run them. start runs the postInstallScript of the default package directory once, for a new database, before sample data are loaded: as the administrator, where the platform has a user that stands for the package. What fails in it ends the start and leaves no database. Tests, exec and query don’t run it. Calling classes with sharing from it, which can fail on the platform, works here; nothing runs uninstall scripts but tests, which don’t hold them to what they may not do (jobs, callouts)',
    source: 'https://developer.salesforce.com/docs/atlas.en-us.apexref.meta/apexref/apex_install_handler.htm',
  },
  {
    area: 'Apex: library',
    name: 'ContentVersion, ContentDocument, ContentDocumentLink',
    status: 'partly',
    note: 'documents and links follow versions; in user mode a file is seen by its owner, not yet through its links',
  },
  {
    area: 'Apex: undocumented behaviour',
    name: 'Ambiguous overloads',
    status: 'partly',
    note: 'reported where null stands for parameters of unrelated types of two methods of the project; the wording is our own',
  },
  {
    area: 'Apex: library',
    name: 'Cache.Org, Cache.Session and their partitions',
    status: 'partly',
    note: 'kept in memory until the process ends; getCapacity is always 0, nothing is evicted; no visibility, no statistics',
  },
  {
    area: 'Apex: library',
    name: 'ConnectApi.ChatterUsers.getFollowings',
    status: 'partly',
    note: 'there is no Chatter: the page is empty; tests without SeeAllData get an UnsupportedOperationException',
  },
  {
    area: 'Apex: library',
    name: 'Http.send',
    status: 'partly',
    note: 'answers from Test.setMock; outside of tests a CalloutException',
  },
  {
    area: 'Apex: library',
    name: 'Messaging.sendEmail',
    status: 'partly',
    note: "messages stay in the transaction's outbox, those of e-mail alerts too",
  },
  {
    area: 'Apex: library',
    name: 'Queueable, future and scheduled Apex, finalizers',
    status: 'partly',
    note: 'transactions of their own after the commit, in tests at stopTest; a finalizer may enqueue a failed job again any number of times; times that passed while nothing ran are not made up for',
  },
  {
    area: 'Apex: library',
    name: 'Batch Apex',
    status: 'partly',
    note: 'each scope in a transaction of its own; no BatchApexWorker rows, no BatchApexErrorEvent; a failed finish fails the job (declared choice)',
  },
  {
    area: 'Apex: library',
    name: 'Database.DMLOptions',
    status: 'partly',
    note: 'OptAllOrNone, of the statement only, not of a record’s own options; AllowFieldTruncation; DuplicateRuleHeader.allowSave; the other headers have nothing to act on',
  },
  {
    area: 'Apex: library',
    name: 'StaticResourceCalloutMock',
    status: 'not',
    note: 'UnsupportedOperationException at run time',
  },
  {
    area: 'Apex: library',
    name: 'PageReference, ApexPages',
    status: 'partly',
    note: 'addresses, parameters, messages, standard controllers; pages are not rendered, so getContent fails',
  },
  {
    area: 'Apex: library',
    name: 'Flow.Interview, Invocable.Action',
    status: 'partly',
    note: 'invocable methods of Apex classes are run, with one input and one output; starting a flow or a standard action ends the transaction',
  },
  {
    area: 'Apex: library',
    name: 'FormulaEval',
    status: 'partly',
    note: 'on records and on objects of classes; global variables and templates are refused when the formula is built',
  },
  {
    area: 'Apex: library',
    name: 'Metadata.Operations.enqueueDeployment',
    status: 'not',
    note: 'AsyncException in tests, as on the platform; UnsupportedOperationException outside of tests',
  },
  {
    area: 'Apex: library',
    name: 'URL.getOrgDomainUrl and its like',
    status: 'partly',
    note: 'a reserved name: Apex does not learn under which address the local org serves its pages',
  },
];

export const support: readonly SupportEntry[] = [...language, ...choices, ...library, ...partly, ...refused];
