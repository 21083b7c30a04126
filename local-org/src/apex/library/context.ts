/** Trigger, Test, Limits, UserInfo, FeatureManagement and the rest of what knows the running transaction. */
import { SObjectRecord } from '../../schema/record.ts';
import type { LimitName } from '../../runtime/types.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { libraryEnum } from '../execution/ApexEnum.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution, type CallSite, type TriggerContext } from '../execution/Execution.ts';
import { heap } from '../execution/heap.ts';
import type { ApexObject, LoadedClass } from '../execution/Program.ts';
import { typeToken, type TypeToken } from '../execution/typing.ts';
import { accessDecisions } from './access.ts';
import { systemJobMethods } from './async.ts';
import { runJobs } from './jobSteps.ts';
import { enableChangeDataCapture } from './changeEvents.ts';
import { testInstallationMethods } from './Installation.ts';
import { TestBroker } from './EventBus.ts';
import { loadData } from './testData.ts';
import type { SObjectTypeToken } from '../execution/describe.ts';
import { ApexTimeZone } from './calendar.ts';
import { setCurrentPage, type PageReference } from './Pages.ts';
import { userField, userTimeZone } from './timeZone.ts';
import { setSiteMethods } from '../analyse/callSites.ts';
import { systemClass } from './System.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';

// ---- Trigger

function triggerList(records: readonly SObjectRecord[] | null, name: string): unknown {
  const context = execution().trigger;
  if (!context || records === null) return null;
  return made(context, name, () => {
    const { table } = execution().program;
    const list = new ApexList(table.list(table.of(table.sobjectSymbol(context.objectName) ?? table.sobject.symbol)), [
      ...records,
    ]);
    list.readOnly = true;
    return list;
  });
}
function triggerMap(records: readonly SObjectRecord[] | null, name: string): unknown {
  const context = execution().trigger;
  if (!context || records === null || (name === 'newMap' && context.event === 'before insert')) return null;
  return made(context, name, () => {
    const { table } = execution().program;
    const map = new ApexMap(
      table.map(table.id, table.of(table.sobjectSymbol(context.objectName) ?? table.sobject.symbol)),
      records.map((record) => [record.id, record] as const),
    );
    map.readOnly = true;
    return map;
  });
}
function made<T>(context: TriggerContext, name: string, create: () => T): T {
  let found = context.made.get(name);
  if (found === undefined) context.made.set(name, (found = create()));
  return found as T;
}
const isEvent = (part: string) => (): boolean => execution().trigger?.event.split(' ').includes(part) ?? false;
const OPERATIONS = [
  'BEFORE_INSERT',
  'BEFORE_UPDATE',
  'BEFORE_DELETE',
  'AFTER_INSERT',
  'AFTER_UPDATE',
  'AFTER_DELETE',
  'AFTER_UNDELETE',
];

const triggerClass: LibraryClass = {
  name: 'Trigger',
  constants: {
    'List<SObject> new': () => triggerList(execution().trigger?.records ?? null, 'new'),
    'List<SObject> old': () => triggerList(execution().trigger?.old ?? null, 'old'),
    'Map<Id,SObject> newMap': () => triggerMap(execution().trigger?.records ?? null, 'newMap'),
    'Map<Id,SObject> oldMap': () => triggerMap(execution().trigger?.old ?? null, 'oldMap'),
    'Boolean isExecuting': () => execution().trigger !== null,
    'Boolean isBefore': isEvent('before'),
    'Boolean isAfter': isEvent('after'),
    'Boolean isInsert': isEvent('insert'),
    'Boolean isUpdate': isEvent('update'),
    'Boolean isDelete': isEvent('delete'),
    'Boolean isUndelete': isEvent('undelete'),
    'Integer size': () => {
      const context = execution().trigger;
      return context ? (context.records ?? context.old ?? []).length : 0;
    },
    'TriggerOperation operationType': () => {
      const context = execution().trigger;
      return context
        ? libraryEnum('TriggerOperation', OPERATIONS)[`v_${context.event.toUpperCase().replace(' ', '_')}`]
        : null;
    },
  },
};

// ---- Limits

const LIMIT_METHODS: Readonly<Record<string, LimitName>> = {
  AggregateQueries: 'aggregateQueries',
  ApexCursorRows: 'apexCursorRows',
  AsyncCalls: 'asyncCalls',
  FetchCallsOnApexCursor: 'fetchCallsOnApexCursor',
  Callouts: 'callouts',
  CpuTime: 'cpuTime',
  DmlRows: 'dmlRows',
  DmlStatements: 'dmlStatements',
  EmailInvocations: 'emailInvocations',
  FutureCalls: 'futureCalls',
  HeapSize: 'heapSize',
  MobilePushApexCalls: 'mobilePushApexCalls',
  PublishImmediateDML: 'publishImmediateDml',
  Queries: 'queries',
  QueryLocatorRows: 'queryLocatorRows',
  QueryRows: 'queryRows',
  QueueableJobs: 'queueableJobs',
  SoslQueries: 'soslQueries',
};

const limitsClass: LibraryClass = {
  name: 'Limits',
  statics: Object.fromEntries(
    Object.entries(LIMIT_METHODS).flatMap(([name, limit]) => [
      [
        `Integer get${name}()`,
        () => {
          if (limit === 'cpuTime') return Math.round(performance.now() - execution().startedAt);
          return limit === 'heapSize' ? heap.measure() : execution().transaction.limits.used(limit);
        },
      ],
      [`Integer getLimit${name}()`, () => execution().transaction.limits.allowed(limit)],
    ]),
  ),
};

// ---- UserInfo

const userInfoClass: LibraryClass = {
  name: 'UserInfo',
  statics: {
    'String getDefaultCurrency()': () =>
      userField('DefaultCurrencyIsoCode') ?? execution().transaction.org.project.orgShape.currency,
    'String getFirstName()': () => userField('FirstName'),
    'String getLanguage()': () =>
      userField('LanguageLocaleKey') ?? execution().transaction.org.project.orgShape.language,
    'String getLastName()': () => userField('LastName'),
    'String getLocale()': () => userField('LocaleSidKey') ?? execution().transaction.org.project.orgShape.locale,
    'String getName()': () => userField('Name'),
    'String getOrganizationId()': () => execution().transaction.org.organizationId,
    'String getOrganizationName()': () => execution().transaction.org.project.orgShape.name,
    'String getProfileId()': () => userField('ProfileId'),
    // Tests get a session of no use; elsewhere the local org has none to give to code.
    'String getSessionId()': () => {
      const { test, transaction } = execution();
      return test ? `${transaction.org.organizationId.slice(0, 15)}!ApexTestSession` : null;
    },
    'TimeZone getTimeZone()': () => new ApexTimeZone(userTimeZone()),
    'String getUiTheme()': () => 'Theme4d',
    'String getUiThemeDisplayed()': () => 'Theme4d',
    'String getUserEmail()': () => userField('Email'),
    'String getUserId()': () => execution().transaction.userId,
    'String getUserName()': () => userField('Username'),
    'String getUserRoleId()': () => userField('UserRoleId'),
    'String getUserType()': () => userField('UserType') ?? 'Standard',
    'Boolean isMultiCurrencyOrganization()': () =>
      execution().transaction.org.project.orgShape.facts.has('multiCurrency'),
    'Boolean isCurrentUserLicensed(String namespace)': () => true,
  },
};

const featureManagementClass: LibraryClass = {
  name: 'FeatureManagement',
  statics: {
    'Boolean checkPermission(String name)': (name: string) => accessDecisions().customPermission(name ?? nullPointer()),
  },
};

// ---- Test

interface StubProvider {
  handlemethodcall$Object$String$Type$List_Type$List_String$List_Object(
    stubbed: unknown,
    name: string,
    returns: unknown,
    types: unknown,
    names: unknown,
    values: unknown,
  ): unknown;
}

/** An object of a stubbed class: every method asks the provider. */
function createStub(token: TypeToken, provider: StubProvider): unknown {
  const { program } = execution();
  const { table } = program;
  const { apexType } = token ?? nullPointer();
  const { symbol } = apexType;
  const loaded = program.classOfType(apexType);
  if (!loaded || symbol.isLibrary || symbol.kind === 'enum')
    throw makeException('TypeException', `Cannot mock type: ${apexType.name}`);
  const base = loaded as unknown as new () => ApexObject;
  const stub =
    symbol.kind === 'interface'
      ? (Object.create({ $type: apexType }) as ApexObject)
      : (Object.create(base.prototype as object) as ApexObject);
  Object.defineProperty(stub, '$isStub', { value: true });
  const typeOf = typeToken;
  for (const ancestor of table.ancestors(apexType)) {
    for (const methods of ancestor.symbol.methods.values()) {
      for (const method of methods) {
        if (
          method.isStatic ||
          method.access === 'private' ||
          Object.hasOwn(stub, method.javascriptName) ||
          (ancestor.symbol.isLibrary && ancestor.symbol.kind !== 'interface')
        )
          continue;
        const types = method.parameters.map((type) => table.substitute(type, ancestor));
        const names =
          method.node?.parameters.map((parameter) => parameter.name) ?? types.map((_, index) => `param${index}`);
        Object.defineProperty(stub, method.javascriptName, {
          value: (...values: unknown[]) =>
            provider.handlemethodcall$Object$String$Type$List_Type$List_String$List_Object(
              stub,
              method.name,
              method.returns === table.void ? null : typeOf(table.substitute(method.returns, ancestor)),
              new ApexList(table.parse('List<Type>'), types.map(typeOf)),
              new ApexList(table.list(table.string), [...names]),
              new ApexList(table.list(table.object), values),
            ),
        });
      }
    }
  }
  return stub;
}

function testState(): NonNullable<ReturnType<typeof execution>['test']> {
  const { test } = execution();
  if (!test) throw makeException('UnexpectedException', 'Test methods can only be called in test code');
  return test;
}

const testClass: LibraryClass = {
  name: 'Test',
  statics: {
    'Object createStub(Type parentType, StubProvider provider)': createStub,
    'Id getStandardPricebookId()': () => {
      const { transaction } = execution();
      return (
        transaction.query('SELECT Id FROM Pricebook2 WHERE IsStandard = true', {
          accessMode: 'system',
          sharing: 'without',
        }).records[0]?.id ?? null
      );
    },
    'EventBus.TestBroker getEventBus()': () => {
      testState();
      return new TestBroker();
    },
    'List<SObject> loadData(Schema.SObjectType type, String resource)': (type: SObjectTypeToken, resource: string) => {
      testState();
      return loadData(type, resource);
    },
    'void enableChangeDataCapture()': () => {
      testState();
      enableChangeDataCapture(execution());
    },
    'Boolean isRunningTest()': () => execution().test !== null,
    'void setMock(Type interfaceType, Object mock)': (type: TypeToken, mock: unknown) =>
      void testState().mocks.set(type.apexType.name, mock),
    'void startTest()': () => {
      const state = testState();
      if (state.started) throw makeException('FinalException', 'Testing already started');
      state.started = true;
      const running = execution();
      running.transaction.limits.push(false);
      running.startedAt = performance.now();
    },
    'void stopTest()': () => {
      const state = testState();
      if (!state.started || state.stopped) throw makeException('FinalException', 'Testing has not started');
      state.stopped = true;
      const running = execution();
      running.transaction.limits.pop();
      runJobs(running);
    },
    'void setCurrentPage(PageReference page)': setTestPage,
    'void setCurrentPageReference(PageReference page)': setTestPage,
    'void setCreatedDate(Id recordId, Datetime createdDate)': setCreatedDate,
    'void calculatePermissionSetGroup(Id groupId)': (id: string) => checkGroups([id]),
    'void calculatePermissionSetGroup(List<Id> groupIds)': (ids: ApexList) => checkGroups(ids.items as string[]),
    'void setFixedSearchResults(List<String> ids)': (ids: ApexList) =>
      void execution().extras.set('fixedSearchResults', [...ids.items]),
    ...testInstallationMethods,
  },
};

function setTestPage(page: PageReference | null): void {
  testState();
  setCurrentPage(page ?? nullPointer());
}

/** Groups are up to date at all times here; what is no group is refused. */
function checkGroups(ids: readonly string[]): void {
  testState();
  for (const id of ids) {
    if (!(id ?? nullPointer()).startsWith('0PG'))
      throw makeException('InvalidParameterValueException', `Invalid permission set group Id: ${id}`);
  }
}

function setCreatedDate(id: string | null, date: ApexDatetime | null): void {
  testState();
  const { transaction } = execution();
  if (!transaction.setCreatedDate(id ?? nullPointer(), date ?? nullPointer()))
    throw makeException('InvalidParameterValueException', `There is no record with the Id ${id}`);
}

/** System methods that know the running transaction. */
const systemContext: LibraryClass = {
  ...systemClass,
  site: [...(systemClass.site ?? [])],
  statics: {
    ...systemClass.statics,
    ...systemJobMethods,
  },
};

class RequestInfo {
  readonly id: string;
  readonly quiddity: string;
  constructor(id: string, quiddity: string) {
    this.id = id;
    this.quiddity = quiddity;
  }
}

export const contextClasses: readonly LibraryClass[] = [
  triggerClass,
  { name: 'TriggerOperation', kind: 'enum', values: OPERATIONS },
  limitsClass,
  userInfoClass,
  featureManagementClass,
  testClass,
  systemContext,
  {
    name: 'StubProvider',
    kind: 'interface',
    methods: {
      'Object handleMethodCall(Object stubbedObject, String stubbedMethodName, Type returnType, List<Type> listOfParamTypes, List<String> listOfParamNames, List<Object> listOfArgs)':
        VIRTUAL,
    },
  },
  {
    name: 'Request',
    instance: RequestInfo,
    statics: {
      'Request getCurrent()': () =>
        execution().extra('request', () => new RequestInfo(`local-${Math.random().toString(36).slice(2)}`, quiddity())),
    },
    methods: {
      'String getRequestId()': (self: RequestInfo) => self.id,
      'Quiddity getQuiddity()': (self: RequestInfo) => libraryEnumOf('Quiddity', self.quiddity),
    },
  },
  { name: 'Label' },
];

function quiddity(): string {
  const running = execution();
  if (running.test) return 'RUNTEST_SYNC';
  return (
    ({ queueable: 'QUEUEABLE', future: 'FUTURE', batch: 'BATCH_APEX', scheduled: 'SCHEDULED' } as const)[
      running.asynchronous as 'queueable'
    ] ?? 'SYNCHRONOUS'
  );
}
let enumSource: (name: string, value: string) => unknown = () => null;
export function setEnumSource(source: (name: string, value: string) => unknown): void {
  enumSource = source;
}
function libraryEnumOf(name: string, value: string): unknown {
  return enumSource(name, value);
}

export { setSiteMethods };
export type { CallSite, LoadedClass };
