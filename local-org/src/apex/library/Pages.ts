/**
 * What Visualforce controllers use: PageReference, ApexPages and its standard controllers, SelectOption (Apex Reference, ApexPages
 * Namespace). Pages are not rendered: a page reference knows its address, and no more.
 */
import { SObjectRecord } from '../../schema/record.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import type { ApexEnum } from '../execution/ApexEnum.ts';
import { runDml } from '../execution/data.ts';
import { ApexException, exceptionTypeName, makeException, nullPointer } from '../execution/errors.ts';
import { execution, type CallSite } from '../execution/Execution.ts';
import { toApexError } from '../execution/translate.ts';
import { bean, Bean, typeNamed } from './bean.ts';
import { QueryLocator } from './Database.ts';
import { selectOptionClass } from './selectOption.ts';
import type { LibraryClass } from './define.ts';
import { foldedMap } from './foldedMap.ts';

const PAGE_SIZE = 20;
/** Standard controllers work with the rights of the user who looks at the page. */
const CONTROLLER: CallSite = {
  context: { className: 'ApexPages.StandardController', accessMode: 'user', sharing: 'with' },
  line: 0,
};

/** An address within the org and how to get there. */
export class PageReference {
  readonly path: string;
  readonly parameters: ApexMap;
  readonly headers: ApexMap;
  readonly cookies = new Map<string, unknown>();
  anchor: string | null;
  redirect: boolean | null = null;
  redirectCode = 0;

  constructor(address: string) {
    const [beforeAnchor = '', anchor] = address.split('#', 2);
    const [path = '', query = ''] = beforeAnchor.split(/\?(.*)/s, 2);
    this.path = path;
    this.anchor = anchor ?? null;
    this.parameters = foldedMap('Map<String,String>', [...new URLSearchParams(query)]);
    this.headers = foldedMap('Map<String,String>', []);
  }
  get url(): string {
    const query = [...this.parameters.entries()]
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${encode(name as string)}=${encode(value as string)}`)
      .join('&');
    return `${this.path}${query === '' ? '' : `?${query}`}${this.anchor === null ? '' : `#${this.anchor}`}`;
  }
  toString(): string {
    return `System.PageReference[${this.url}]`;
  }
}

const encode = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+');

function notRendered(): never {
  throw makeException(
    'VisualforceException',
    execution().test
      ? 'Methods defined as TestMethod do not support getContent call'
      : 'The local org does not render Visualforce pages',
  );
}

interface PageState {
  current: PageReference | null;
  readonly messages: PageMessage[];
}
function pageState(): PageState {
  const running = execution();
  return running.extra('page', () => ({ current: running.test ? new PageReference('') : null, messages: [] }));
}

/** Says on which page the test is. */
export function setCurrentPage(page: PageReference): void {
  const state = pageState();
  state.current = page;
  state.messages.length = 0;
}

class PageMessage {
  readonly severity: ApexEnum;
  readonly summary: string;
  readonly detail: string;
  readonly id: string | null;
  constructor(severity: ApexEnum, summary: string, detail: string | null, id: string | null) {
    this.severity = severity;
    this.summary = summary;
    this.detail = detail ?? summary;
    this.id = id;
  }
  toString(): string {
    return `ApexPages.Message["${this.summary}"]`;
  }
}

/** A message that is on the page already is not added again. */
function addMessage(message: PageMessage | null): void {
  const { messages } = pageState();
  const { severity, summary, detail } = message ?? nullPointer();
  const isKnown = messages.some(
    (other) => other.severity === severity && other.summary === summary && other.detail === detail,
  );
  if (!isKnown) messages.push(message as PageMessage);
}

let severity: (name: string) => ApexEnum = () => {
  throw new Error('No source of severities was given');
};
/** Gives the values of ApexPages.Severity; the library's binding does. */
export function setSeveritySource(source: (name: string) => ApexEnum): void {
  severity = source;
}

function addMessages(error: ApexException | null): void {
  const given = error ?? nullPointer();
  const texts =
    given.rows.length > 0 ? given.rows.map((row) => row.message) : [given.getmessage$() ?? exceptionTypeName(given)];
  for (const text of texts) addMessage(new PageMessage(severity('ERROR'), text, null, null));
}

/** Describes a record's own pages: `/001…`, `/001…/e`, `/001/o`. */
const pageOf = (record: SObjectRecord, suffix = ''): PageReference => new PageReference(`/${record.id ?? ''}${suffix}`);
const listOf = ({ describe }: SObjectRecord): PageReference => new PageReference(`/${describe.keyPrefix}/o`);

class StandardController {
  readonly record: SObjectRecord;
  constructor(record: SObjectRecord | null) {
    this.record = record ?? nullPointer();
  }
  save(): PageReference | null {
    const { record } = this;
    if (!dml(record.id === null ? 'insert' : 'update', record)) return null;
    return pageOf(record);
  }
  delete(): PageReference | null {
    return dml('delete', this.record) ? listOf(this.record) : null;
  }
  cancel(): PageReference {
    return this.record.id === null ? listOf(this.record) : pageOf(this.record);
  }
}

/** Saves as a page does: what fails becomes the page's messages. */
function dml(operation: 'insert' | 'update' | 'delete', records: SObjectRecord | ApexList): boolean {
  try {
    runDml(CONTROLLER, { operation, access: null, field: null }, records, undefined, true);
    return true;
  } catch (error) {
    const shown = toApexError(error);
    if (!(shown instanceof ApexException)) throw error;
    addMessages(shown);
    return false;
  }
}

class StandardSetController {
  readonly records: ApexList;
  selected: ApexList;
  pageSize = PAGE_SIZE;
  page = 1;
  filterId: string | null = null;
  readonly prototype: SObjectRecord;
  constructor(records: ApexList) {
    this.records = records;
    this.selected = new ApexList(records.type, []);
    const element = records.type.typeArguments[0];
    const describe = (records.items[0] as SObjectRecord | undefined)?.describe ?? element?.symbol.describe;
    if (!describe) throw makeException('VisualforceException', 'The records of a set controller must have a type');
    this.prototype = new SObjectRecord(describe);
  }
  get pages(): number {
    return Math.max(1, Math.ceil(this.records.items.length / this.pageSize));
  }
  get shown(): ApexList {
    const start = (this.page - 1) * this.pageSize;
    return new ApexList(this.records.type, this.records.items.slice(start, start + this.pageSize));
  }
  go(page: number): void {
    this.page = Math.min(Math.max(1, page), this.pages);
  }
}

class Cookie extends Bean {}

export const pageClasses: readonly LibraryClass[] = [
  { name: 'Page' },
  {
    name: 'PageReference',
    instance: PageReference,
    constructors: {
      '(String address)': (address: string) => new PageReference(address ?? nullPointer()),
      '(SObject record)': (record: SObjectRecord) => pageOf(record ?? nullPointer()),
    },
    statics: {
      'PageReference forResource(String name)': (name: string) => resourcePage(name, null),
      'PageReference forResource(String name, String path)': resourcePage,
    },
    methods: {
      'String getAnchor()': (self: PageReference) => self.anchor,
      'PageReference setAnchor(String anchor)': (self: PageReference, anchor: string | null) => {
        self.anchor = anchor;
        return self;
      },
      'Map<String,String> getParameters()': (self: PageReference) => self.parameters,
      'Map<String,String> getHeaders()': (self: PageReference) => self.headers,
      'Map<String,Cookie> getCookies()': (self: PageReference) =>
        new ApexMap(typeNamed('Map<String,Cookie>'), [...self.cookies]),
      'void setCookies(List<Cookie> cookies)': (self: PageReference, cookies: ApexList) => {
        for (const cookie of (cookies ?? nullPointer()).items as Bean[])
          self.cookies.set(cookie.get<string>('Name') ?? '', cookie);
      },
      'Boolean getRedirect()': (self: PageReference) => self.redirect ?? false,
      'PageReference setRedirect(Boolean redirect)': (self: PageReference, redirect: boolean | null) => {
        self.redirect = redirect;
        return self;
      },
      'Integer getRedirectCode()': (self: PageReference) => self.redirectCode,
      'PageReference setRedirectCode(Integer code)': (self: PageReference, code: number) => {
        self.redirectCode = code ?? nullPointer();
        return self;
      },
      'String getUrl()': (self: PageReference) => self.url,
      'Blob getContent()': notRendered,
      'Blob getContentAsPDF()': notRendered,
    },
  },
  bean({
    name: 'Cookie',
    hidden: true,
    instance: Cookie,
    fields: ['String Name', 'String Value', 'String Path', 'Integer MaxAge', 'Boolean Secure', 'String SameSite'],
    constructors: {
      '(String name, String value, String path, Integer maxAge, Boolean isSecure)': (...values: unknown[]) =>
        cookie(values),
      '(String name, String value, String path, Integer maxAge, Boolean isSecure, String sameSite)': (
        ...values: unknown[]
      ) => cookie(values),
    },
  }),
  {
    name: 'ApexPages',
    statics: {
      'PageReference currentPage()': () => pageState().current,
      'void addMessage(ApexPages.Message message)': addMessage,
      'void addMessages(Exception error)': addMessages,
      'List<ApexPages.Message> getMessages()': () =>
        new ApexList(typeNamed('List<ApexPages.Message>'), [...pageState().messages]),
      'Boolean hasMessages()': () => pageState().messages.length > 0,
      'Boolean hasMessages(ApexPages.Severity severity)': (wanted: ApexEnum) =>
        pageState().messages.some((message) => message.severity === wanted),
    },
  },
  { name: 'ApexPages.Severity', kind: 'enum', values: ['CONFIRM', 'ERROR', 'FATAL', 'INFO', 'WARNING'] },
  {
    name: 'ApexPages.Message',
    instance: PageMessage,
    constructors: {
      '(ApexPages.Severity severity, String summary)': (level: ApexEnum, summary: string) =>
        new PageMessage(level, summary, null, null),
      '(ApexPages.Severity severity, String summary, String detail)': (
        level: ApexEnum,
        summary: string,
        detail: string,
      ) => new PageMessage(level, summary, detail, null),
      '(ApexPages.Severity severity, String summary, String detail, String id)': (
        level: ApexEnum,
        summary: string,
        detail: string,
        id: string,
      ) => new PageMessage(level, summary, detail, id),
    },
    methods: {
      'ApexPages.Severity getSeverity()': (self: PageMessage) => self.severity,
      'String getSummary()': (self: PageMessage) => self.summary,
      'String getDetail()': (self: PageMessage) => self.detail,
      'String getComponentLabel()': () => null,
    },
  },
  {
    name: 'ApexPages.StandardController',
    instance: StandardController,
    constructors: { '(SObject record)': (record: SObjectRecord) => new StandardController(record) },
    methods: {
      'void addFields(List<String> names)': () => {
        throw makeException(
          'SObjectException',
          'You cannot call addFields when the data is being passed into the controller by the caller.',
        );
      },
      'PageReference cancel()': (self: StandardController) => self.cancel(),
      'PageReference delete()': (self: StandardController) => self.delete(),
      'PageReference edit()': (self: StandardController) => pageOf(self.record, '/e'),
      // With 15 characters, as page addresses have it.
      'String getId()': (self: StandardController) => self.record.id?.slice(0, 15) ?? null,
      'SObject getRecord()': (self: StandardController) => self.record,
      'void reset()': () => undefined,
      'PageReference save()': (self: StandardController) => self.save(),
      'PageReference view()': (self: StandardController) => pageOf(self.record),
    },
  },
  {
    name: 'ApexPages.StandardSetController',
    instance: StandardSetController,
    constructors: {
      '(List<SObject> records)': (records: ApexList) => new StandardSetController(records ?? nullPointer()),
      '(Database.QueryLocator locator)': (locator: QueryLocator) =>
        new StandardSetController((locator ?? nullPointer()).list),
    },
    methods: {
      'PageReference cancel()': (self: StandardSetController) => listOf(self.prototype),
      'void first()': (self: StandardSetController) => self.go(1),
      'void last()': (self: StandardSetController) => self.go(self.pages),
      'void next()': (self: StandardSetController) => self.go(self.page + 1),
      'void previous()': (self: StandardSetController) => self.go(self.page - 1),
      'Boolean getCompleteResult()': () => true,
      'String getFilterId()': (self: StandardSetController) => self.filterId,
      'void setFilterId(String filterId)': (self: StandardSetController, id: string | null) =>
        void (self.filterId = id),
      'Boolean getHasNext()': (self: StandardSetController) => self.page < self.pages,
      'Boolean getHasPrevious()': (self: StandardSetController) => self.page > 1,
      'Integer getPageNumber()': (self: StandardSetController) => self.page,
      'void setPageNumber(Integer number)': (self: StandardSetController, number: number) =>
        self.go(number ?? nullPointer()),
      'Integer getPageSize()': (self: StandardSetController) => self.pageSize,
      'void setPageSize(Integer size)': (self: StandardSetController, size: number) =>
        void (self.pageSize = size ?? nullPointer()),
      'SObject getRecord()': (self: StandardSetController) => self.prototype,
      'List<SObject> getRecords()': (self: StandardSetController) => self.shown,
      'Integer getResultSize()': (self: StandardSetController) => self.records.items.length,
      'List<SObject> getSelected()': (self: StandardSetController) => self.selected,
      'void setSelected(List<SObject> records)': (self: StandardSetController, records: ApexList) =>
        void (self.selected = records ?? nullPointer()),
      'PageReference save()': (self: StandardSetController) => {
        for (const [name, value] of self.prototype.values)
          for (const record of self.selected.items as SObjectRecord[]) record.values.set(name, value);
        return dml('update', self.selected) ? listOf(self.prototype) : null;
      },
    },
  },
  selectOptionClass,
];

function cookie([name, value, path, age, isSecure, sameSite = null]: readonly unknown[]): Bean {
  const made = new Cookie();
  made.values.set('Name', name).set('Value', value).set('Path', path);
  made.values.set('MaxAge', age).set('Secure', isSecure).set('SameSite', sameSite);
  return made;
}

function resourcePage(name: string, path: string | null): PageReference {
  const { project } = execution().transaction.org;
  const found = project.component('StaticResource', name ?? nullPointer());
  if (!found) throw makeException('VisualforceException', `There is no static resource ${name}`);
  return new PageReference(`/resource/${found.fullName}${path === null ? '' : `/${path}`}`);
}
