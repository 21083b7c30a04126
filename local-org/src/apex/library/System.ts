import type { ApexEnum } from '../execution/ApexEnum.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { makeException, nullPointer, UncatchableError } from '../execution/errors.ts';
import { execution, type CallSite } from '../execution/Execution.ts';
import { fullId } from '../execution/ids.ts';
import { equalValues, hashCodeOf } from '../execution/keys.ts';
import { toText } from '../execution/text.ts';
import { instanceOf, TypeToken } from '../execution/typing.ts';
import { localDate, now } from './calendar.ts';
import type { LibraryClass } from './define.ts';

/** A failed assertion: it ends the test, no catch clause sees it. */
function assertionFailed(message: string): never {
  throw new UncatchableError('ASSERTION', 'System.AssertException', message);
}
const suffix = (message: unknown): string => (message === undefined || message === null ? '' : `: ${toText(message)}`);

function same(left: unknown, right: unknown): boolean {
  return (
    equalValues(left, right, false) || (typeof left === 'string' && typeof right === 'string' && sameId(left, right))
  );
}

/** Ids are the same with 15 and with 18 characters. */
function sameId(left: string, right: string): boolean {
  return left.length !== right.length && fullId(left) !== null && fullId(left) === fullId(right);
}
function assertEquals(expected: unknown, actual: unknown, message?: unknown): void {
  if (!same(expected, actual))
    assertionFailed(`Assertion Failed${suffix(message)}: Expected: ${toText(expected)}, Actual: ${toText(actual)}`);
}
function assertNotEquals(expected: unknown, actual: unknown, message?: unknown): void {
  if (same(expected, actual)) assertionFailed(`Assertion Failed${suffix(message)}: Same value: ${toText(expected)}`);
}
function assertTrue(condition: boolean | null, message?: unknown): void {
  if (condition === null) nullPointer();
  if (!condition) assertionFailed(`Assertion Failed${suffix(message)}`);
}

export function debug(site: CallSite, level: string, message: unknown): void {
  const running = execution();
  const time = new Date(running.transaction.now()).toISOString().slice(11, 23);
  running.log.push(`${time} (0)|USER_DEBUG|[${site.line}]|${level}|${toText(message)}`);
}

export const loggingLevelEnum: LibraryClass = {
  name: 'LoggingLevel',
  kind: 'enum',
  values: ['NONE', 'INTERNAL', 'FINEST', 'FINER', 'FINE', 'DEBUG', 'INFO', 'WARN', 'ERROR'],
};
export const quiddityEnum: LibraryClass = {
  name: 'Quiddity',
  kind: 'enum',
  values: [
    'ANONYMOUS',
    'AURA',
    'BATCH_ACS',
    'BATCH_APEX',
    'BATCH_CHUNK_PARALLEL',
    'BATCH_CHUNK_SERIAL',
    'BULK_API',
    'COMMERCE_INTEGRATION',
    'DISCOVERABLE_LOGIN',
    'FUTURE',
    'INBOUND_EMAIL_SERVICE',
    'INVOCABLE_ACTION',
    'IOT',
    'PLATFORM_EVENT_PUBLISH_CALLBACK',
    'POST_INSTALL_SCRIPT',
    'QUEUEABLE',
    'QUICK_ACTION',
    'REMOTE_ACTION',
    'REST',
    'RUNTEST_ASYNC',
    'RUNTEST_DEPLOY',
    'RUNTEST_SYNC',
    'SCHEDULED',
    'SOAP',
    'SYNCHRONOUS',
    'TRANSACTION_FINALIZER_QUEUEABLE',
    'UNDEFINED',
    'VF',
    'FUNCTION_CALLBACK',
  ],
};

export const systemClass: LibraryClass = {
  name: 'System',
  site: ['debug'],
  statics: {
    'void assert(Boolean condition)': (condition: boolean) => assertTrue(condition),
    'void assert(Boolean condition, Object message)': assertTrue,
    'void assertEquals(Object expected, Object actual)': (expected: unknown, actual: unknown) =>
      assertEquals(expected, actual),
    'void assertEquals(Object expected, Object actual, Object message)': assertEquals,
    'void assertNotEquals(Object expected, Object actual)': (expected: unknown, actual: unknown) =>
      assertNotEquals(expected, actual),
    'void assertNotEquals(Object expected, Object actual, Object message)': assertNotEquals,
    'Long currentTimeMillis()': () => BigInt(execution().transaction.now()),
    'void debug(Object message)': (message: unknown, site: CallSite) => debug(site, 'DEBUG', message),
    'void debug(LoggingLevel level, Object message)': (level: ApexEnum, message: unknown, site: CallSite) =>
      debug(site, (level ?? nullPointer()).name, message),
    'Boolean equals(Object left, Object right)': (left: unknown, right: unknown) => equalValues(left, right, false),
    'Integer hashCode(Object value)': (value: unknown) => hashCodeOf(value),
    'Boolean isBatch()': () => execution().asynchronous === 'batch',
    'Boolean isFuture()': () => execution().asynchronous === 'future',
    'Boolean isQueueable()': () => execution().asynchronous === 'queueable',
    'Boolean isScheduled()': () => execution().asynchronous === 'scheduled',
    'Datetime now()': now,
    'Date today()': (): ApexDate => localDate(now()),
    'Boolean isRunningElasticCompute()': () => false,
  },
};

export const assertClass: LibraryClass = {
  name: 'Assert',
  statics: {
    'void areEqual(Object expected, Object actual)': (expected: unknown, actual: unknown) =>
      assertEquals(expected, actual),
    'void areEqual(Object expected, Object actual, String message)': assertEquals,
    'void areNotEqual(Object unexpected, Object actual)': (expected: unknown, actual: unknown) =>
      assertNotEquals(expected, actual),
    'void areNotEqual(Object unexpected, Object actual, String message)': assertNotEquals,
    'void fail()': () => assertionFailed('Assertion Failed'),
    'void fail(String message)': (message: unknown) => assertionFailed(`Assertion Failed${suffix(message)}`),
    'void isFalse(Boolean condition)': (condition: boolean) => assertTrue(condition === null ? null : !condition),
    'void isFalse(Boolean condition, String message)': (condition: boolean, message: unknown) =>
      assertTrue(condition === null ? null : !condition, message),
    'void isTrue(Boolean condition)': (condition: boolean) => assertTrue(condition),
    'void isTrue(Boolean condition, String message)': assertTrue,
    'void isNull(Object value)': (value: unknown) => isNull(value),
    'void isNull(Object value, String message)': isNull,
    'void isNotNull(Object value)': (value: unknown) => isNotNull(value),
    'void isNotNull(Object value, String message)': isNotNull,
    'void isInstanceOfType(Object instance, Type expectedType)': (value: unknown, type: TypeToken) =>
      isInstance(value, type, true),
    'void isInstanceOfType(Object instance, Type expectedType, String message)': (
      value: unknown,
      type: TypeToken,
      message: unknown,
    ) => isInstance(value, type, true, message),
    'void isNotInstanceOfType(Object instance, Type unexpectedType)': (value: unknown, type: TypeToken) =>
      isInstance(value, type, false),
    'void isNotInstanceOfType(Object instance, Type unexpectedType, String message)': (
      value: unknown,
      type: TypeToken,
      message: unknown,
    ) => isInstance(value, type, false, message),
  },
};

function isNull(value: unknown, message?: unknown): void {
  if (value !== null) assertionFailed(`Assertion Failed${suffix(message)}: Expected: null, Actual: ${toText(value)}`);
}
function isNotNull(value: unknown, message?: unknown): void {
  if (value === null) assertionFailed(`Assertion Failed${suffix(message)}: Expected: non-null, Actual: null`);
}
function isInstance(value: unknown, type: TypeToken | null, wanted: boolean, message?: unknown): void {
  const { apexType } = type ?? nullPointer();
  if (instanceOf(value, apexType) !== wanted) {
    assertionFailed(
      `Assertion Failed${suffix(message)}: ${wanted ? 'Expected' : 'Unexpected'} type: ${apexType.name}, Actual: ${execution().program.typeOf(value).name}`,
    );
  }
}

export { makeException };
