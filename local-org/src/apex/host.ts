/** Plugs compiled Apex into the runtime: triggers, anonymous blocks, and the methods that Lightning components call. */
import { SObjectRecord } from '../schema/record.ts';
import { ApexBlob } from '../values/ApexBlob.ts';
import { ApexDate } from '../values/ApexDate.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { ApexDouble } from '../values/ApexDouble.ts';
import { ApexTime } from '../values/ApexTime.ts';
import { Decimal } from '../values/Decimal.ts';
import type { AnonymousOutcome, CodeHost, QueryOptions, Transaction, TriggerEvent } from '../runtime/types.ts';
import { ApexCompileError } from './ApexCompileError.ts';
import { compileAnonymous, TRIGGER_SUFFIX, type CompiledProject, type CompiledTrigger } from './compile.ts';
import { ApexEnum } from './execution/ApexEnum.ts';
import { ApexList } from './execution/ApexList.ts';
import { ApexMap } from './execution/ApexMap.ts';
import { ApexSet } from './execution/ApexSet.ts';
import { ApexException, exceptionTypeName, UncatchableError } from './execution/errors.ts';
import { Execution, withExecution } from './execution/Execution.ts';
import { toText } from './execution/text.ts';
import { toApexError } from './execution/translate.ts';
import type { ApexObject } from './execution/Program.ts';
import { changeEventName } from '../schema/changeEvents.ts';
import { captureChanges, isCaptured } from './library/changeEvents.ts';
import { setAccessSource, type UserAccess } from './library/access.ts';
import { runJobStep } from './library/jobSteps.ts';
import { callRestMethod, findRestMethod, RestRefusal } from './restService.ts';
import { runPostInstallScript } from './library/Installation.ts';
import { fromJson } from './library/Json.ts';
import { setUserReader } from './library/timeZone.ts';
import type { MethodSymbol } from './types/symbols.ts';

const EXECUTION = Symbol('apex execution');
const NEWEST_VERSION = 67;

export interface HostOptions {
  /** What the acting user may see and do, for describe results and stripInaccessible. */
  readonly access: (transaction: Transaction) => UserAccess;
}

/** An error of an Apex method that a client called, in the shape that Lightning's Apex wire and imperative calls get. */
export class ApexCallError extends Error {
  readonly code: 'APEX_EXCEPTION' | 'UNKNOWN_METHOD' | 'INVALID_PARAMETER' | 'LIMIT_EXCEEDED' | 'INTERNAL';
  /** `System.DmlException` and the like. */
  readonly exceptionType: string;
  readonly stackTrace: string;
  readonly isUserDefinedException: boolean;
  /** DmlException: errors of the record and of its fields. */
  readonly dml: readonly {
    readonly index: number;
    readonly statusCode: string;
    readonly message: string;
    readonly fields: readonly string[];
  }[];
  constructor(
    code: ApexCallError['code'],
    message: string,
    facts: Partial<Pick<ApexCallError, 'exceptionType' | 'stackTrace' | 'isUserDefinedException' | 'dml'>> = {},
  ) {
    super(message);
    this.name = 'ApexCallError';
    this.code = code;
    this.exceptionType = facts.exceptionType ?? '';
    this.stackTrace = facts.stackTrace ?? '';
    this.isUserDefinedException = facts.isUserDefinedException ?? false;
    this.dml = facts.dml ?? [];
  }
}

/** The Apex side of a transaction; made on first use, with fresh statics. */
export function executionOf(compiled: CompiledProject, transaction: Transaction): Execution {
  const holder = executionHolder(transaction);
  if (holder.execution === null) renewExecution(compiled, transaction);
  return holder.execution as Execution;
}

function executionHolder(transaction: Transaction): { execution: Execution | null } {
  return transaction.state(EXECUTION, () => ({ execution: null }));
}

/** A fresh Apex side for the same database transaction: every test method gets one. */
export function renewExecution(compiled: CompiledProject, transaction: Transaction): Execution {
  compiled.program.resetStatics();
  const execution = new Execution(compiled.program, transaction);
  executionHolder(transaction).execution = execution;
  return execution;
}

/** Makes the platform facts that library classes ask for come from the running transaction. */
function connectLibrary(options: HostOptions): void {
  setAccessSource(options.access);
  const fields = [
    'Id',
    'Name',
    'FirstName',
    'LastName',
    'Email',
    'Username',
    'ProfileId',
    'UserRoleId',
    'UserType',
    'TimeZoneSidKey',
    'LocaleSidKey',
    'LanguageLocaleKey',
    'DefaultCurrencyIsoCode',
  ];
  setUserReader((userId) => {
    const { transaction } = currentExecution();
    // Not the compiled project's: one process may hold several orgs, of different shapes.
    const describe = transaction.org.schema.object('User');
    if (!describe) return new Map();
    const known = fields.filter((name) => describe.field(name));
    const options: QueryOptions & { readonly countLimits: boolean } = {
      accessMode: 'system',
      sharing: 'without',
      binds: new Map([['id', userId]]),
      countLimits: false,
    };
    const { records } = transaction.query(`SELECT ${known.join(', ')} FROM User WHERE Id = :id`, options);
    return records[0]?.values ?? new Map();
  });
}

let running: Execution | null = null;
function currentExecution(): Execution {
  if (!running) throw new Error('No Apex transaction is running');
  return running;
}

/** Runs Apex code of a transaction: the one way in. */
export function enter<T>(execution: Execution, work: () => T): T {
  const before = running;
  running = execution;
  if (before !== execution) execution.aborting = false;
  try {
    return withExecution(execution, work);
  } finally {
    running = before;
  }
}

export function createCodeHost(compiled: CompiledProject, options: HostOptions): CodeHost {
  const { program } = compiled;
  const byEvent = new Map<string, CompiledTrigger[]>();
  for (const trigger of compiled.triggers) {
    for (const event of trigger.events) {
      const key = `${trigger.objectName.toLowerCase()} ${event}`;
      byEvent.set(key, [...(byEvent.get(key) ?? []), trigger]);
    }
  }
  const triggersOf = (objectName: string, event: TriggerEvent): readonly CompiledTrigger[] =>
    byEvent.get(`${objectName.toLowerCase()} ${event}`) ?? [];
  connectLibrary(options);

  return {
    hasTriggers: (objectName, event) => triggersOf(objectName, event).length > 0,

    fireTriggers(transaction, objectName, event, records, old) {
      const execution = executionOf(compiled, transaction);
      enter(execution, () => {
        const before = execution.trigger;
        const sharing = execution.sharing;
        execution.sharing = 'without';
        let current = '';
        try {
          for (const trigger of triggersOf(objectName, event)) {
            current = trigger.name;
            execution.trigger = { event, objectName, records, old, made: new Map() };
            program.class(`${trigger.name}${TRIGGER_SUFFIX}`).run$?.();
          }
        } catch (error) {
          failRecords(execution, error, current, event, records ?? old ?? []);
        } finally {
          execution.trigger = before;
          execution.sharing = sharing;
        }
      });
    },

    captureChanges(transaction, object, changes) {
      const event = compiled.schema.object(changeEventName(object.name));
      if (event?.kind !== 'changeEvent' || triggersOf(event.name, 'after insert').length === 0) return;
      const execution = executionOf(compiled, transaction);
      enter(execution, () => {
        if (isCaptured(execution, object)) captureChanges(transaction, event, changes);
      });
    },

    runStep(transaction, step, addItem) {
      const execution = executionOf(compiled, transaction);
      return enter(execution, () => runJobStep(execution, step, addItem));
    },

    executeAnonymous(transaction, source): AnonymousOutcome {
      const failed = { compiled: false, success: false, exceptionMessage: null, exceptionStackTrace: null, log: '' };
      let name: string;
      try {
        name = compileAnonymous(compiled, source, NEWEST_VERSION).name;
      } catch (error) {
        if (!(error instanceof ApexCompileError)) throw error;
        const [first] = error.problems;
        return {
          ...failed,
          line: first?.line ?? 1,
          column: first?.column ?? 1,
          compileProblem: first?.message ?? error.message,
        };
      }
      const execution = executionOf(compiled, transaction);
      return enter(execution, () => {
        const shared = { compiled: true, compileProblem: null };
        try {
          program.class(name).run$?.();
          return {
            ...shared,
            success: true,
            line: -1,
            column: -1,
            exceptionMessage: null,
            exceptionStackTrace: null,
            log: execution.log.join('\n'),
          };
        } catch (error) {
          const { message, stack, line } = describeError(execution, error);
          return {
            ...shared,
            success: false,
            line,
            column: 1,
            exceptionMessage: message,
            exceptionStackTrace: stack,
            log: execution.log.join('\n'),
          };
        }
      });
    },

    callRest(transaction, call) {
      const found = findRestMethod(compiled, call);
      const execution = executionOf(compiled, transaction);
      return enter(execution, () => {
        try {
          return callRestMethod(execution, found, call);
        } catch (error) {
          throw error instanceof RestRefusal ? error : callError(execution, error);
        }
      });
    },

    runPostInstallScript(transaction, className) {
      const execution = executionOf(compiled, transaction);
      return enter(execution, () => {
        try {
          runPostInstallScript(className);
        } catch (error) {
          throw callError(execution, error);
        }
        return execution.log;
      });
    },

    invokeAura(transaction, className, methodName, parameters) {
      const execution = executionOf(compiled, transaction);
      const method = auraMethod(compiled, className, methodName);
      const given = (parameters ?? {}) as Readonly<Record<string, unknown>>;
      return enter(execution, () => {
        try {
          if (isCacheable(method)) transaction.limits.forbid('dmlStatements');
          // Methods that components call run with sharing unless their class says otherwise.
          execution.sharing = 'with';
          const names = method.node?.parameters.map((parameter) => parameter.name) ?? [];
          const values = method.parameters.map((type, index) => fromJson(given[names[index] as string] ?? null, type));
          const loaded = program.class(method.owner.fullName) as unknown as Record<
            string,
            (...values: unknown[]) => unknown
          >;
          const result = (loaded[method.javascriptName] as (...values: unknown[]) => unknown)(...values);
          return auraValue(result);
        } catch (error) {
          throw callError(execution, error);
        }
      });
    },
  };
}

/** @AuraEnabled(cacheable=true): the result may be kept, so the method may not write. */
function isCacheable(method: MethodSymbol): boolean {
  return (
    method.annotations?.some(
      ({ name, parameters }) => name === 'auraenabled' && String(parameters.get('cacheable')).toLowerCase() === 'true',
    ) ?? false
  );
}

/** The static @AuraEnabled method; throws ApexCallError. */
function auraMethod(compiled: CompiledProject, className: string, methodName: string): MethodSymbol {
  const symbol = compiled.program.table.project.get(className.toLowerCase());
  const methods = symbol?.methods.get(methodName.toLowerCase()) ?? [];
  const found = methods.find(
    (method) => method.isStatic && method.annotations?.some((annotation) => annotation.name === 'auraenabled'),
  );
  if (!found)
    throw new ApexCallError('UNKNOWN_METHOD', `There is no static @AuraEnabled method ${className}.${methodName}`);
  return found;
}

/** A value as Lightning components get it from Apex. */
export function auraValue(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object') return value;
  if (value instanceof Decimal || value instanceof ApexDouble) return value.toJSON();
  if (value instanceof ApexDatetime) return value.toIso();
  if (value instanceof ApexDate) return value.toString();
  if (value instanceof ApexTime) return value.milliseconds;
  if (value instanceof ApexBlob) return value.toBase64();
  if (value instanceof ApexEnum) return value.name;
  if (value instanceof ApexList) return value.items.map(auraValue);
  if (value instanceof ApexSet) return [...value.values()].map(auraValue);
  if (value instanceof ApexMap)
    return Object.fromEntries(
      [...value.entries()].map(([key, item]) => [key instanceof ApexEnum ? key.name : String(key), auraValue(item)]),
    );
  if (value instanceof SObjectRecord) {
    const fields = new Map<string, unknown>();
    // Blank fields are left out, as the Lightning Apex serialiser does.
    for (const [name, field] of value.values) if (field !== null) fields.set(name, auraValue(field));
    for (const [name, related] of value.related) {
      if (related instanceof SObjectRecord) fields.set(name, auraValue(related));
      else if (Array.isArray(related) && related.length > 0) fields.set(name, related.map(auraValue));
    }
    return Object.fromEntries(fields);
  }
  const type = (value as ApexObject).$type;
  if (!type || type.symbol.isLibrary) return toText(value);
  // Only @AuraEnabled members of a class travel.
  const fields: [string, unknown][] = [];
  for (
    let symbol: typeof type.symbol | null = type.symbol;
    symbol && !symbol.isLibrary;
    symbol = symbol.superclass?.symbol ?? null
  ) {
    for (const field of symbol.fields.values()) {
      if (field.isStatic || !field.annotations?.some((annotation) => annotation.name === 'auraenabled')) continue;
      const item = (value as unknown as Record<string, unknown>)[field.javascriptName];
      if (item !== null) fields.push([field.name, auraValue(item)]);
    }
  }
  return Object.fromEntries(fields);
}

/** Message, stack trace and line of an error that left Apex code. */
export function describeError(
  execution: Execution,
  error: unknown,
): { readonly message: string; readonly stack: string; readonly line: number; readonly type: string } {
  const shown = toApexError(error);
  const stack =
    (shown instanceof ApexException
      ? shown.stack
      : shown.cause instanceof Error
        ? `${shown.stack}\n${shown.cause.stack}`
        : shown.stack) ?? '';
  const frames = execution.program.frames(stack);
  const trace = execution.program.stackTrace(stack);
  if (shown instanceof ApexException) {
    const causes: string[] = [];
    for (let cause = shown.apexCause; cause; cause = cause.apexCause)
      causes.push(`Caused by\n${exceptionTypeName(cause)}: ${cause.getmessage$() ?? 'Script-thrown exception'}`);
    return {
      message: `${exceptionTypeName(shown)}: ${shown.getmessage$() ?? 'Script-thrown exception'}`,
      type: exceptionTypeName(shown),
      stack: [trace, ...causes].join('\n'),
      line: frames[0]?.line ?? -1,
    };
  }
  const internal = shown.code === 'INTERNAL' ? `\n${(shown.cause as Error | undefined)?.stack ?? ''}` : '';
  return {
    message: `${shown.typeName}: ${shown.message}`,
    type: shown.typeName,
    stack: trace + internal,
    line: frames[0]?.line ?? -1,
  };
}

function callError(execution: Execution, error: unknown): ApexCallError {
  const shown = toApexError(error);
  const { stack, type } = describeError(execution, error);
  if (shown instanceof ApexException) {
    return new ApexCallError(
      'APEX_EXCEPTION',
      (shown.$type.name === 'AuraHandledException' ? shown.apexMessage : null) ??
        shown.getmessage$() ??
        'Script-thrown exception',
      {
        exceptionType: type,
        stackTrace: stack,
        isUserDefinedException: !shown.$type.symbol.isLibrary,
        dml: shown.rows.map(({ index, statusCode, message, fields }) => ({ index, statusCode, message, fields })),
      },
    );
  }
  return new ApexCallError(shown.code === 'INTERNAL' ? 'INTERNAL' : 'LIMIT_EXCEEDED', shown.message, {
    exceptionType: type,
    stackTrace: stack,
  });
}

/**
 * An exception that leaves a trigger fails every record of the chunk with CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: it becomes
 * an error of each, which the save order reports. Limits and faults of this program are thrown on.
 */
function failRecords(
  execution: Execution,
  error: unknown,
  triggerName: string,
  event: TriggerEvent,
  records: readonly SObjectRecord[],
): void {
  const shown = toApexError(error);
  if (shown instanceof UncatchableError)
    throw shown.cause instanceof Error && shown.cause.name === 'LimitExceeded' ? shown.cause : shown;
  const { message, stack } = describeError(execution, error);
  const eventName = event
    .split(' ')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  const text = `${triggerName}: execution of ${eventName}\n\ncaused by: ${message}\n\n${stack}`;
  for (const record of records)
    record.errors.push({ statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message: text, fields: [] });
}
