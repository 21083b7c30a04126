import { ApexMap } from '../execution/ApexMap.ts';
import { ApexSet } from '../execution/ApexSet.ts';
import { ApexList } from '../execution/ApexList.ts';
import {
  ApexException,
  exceptionClass,
  exceptionTypeName,
  makeException,
  type FailedRow,
} from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { libraryEnum } from '../execution/ApexEnum.ts';
import { STATUS_CODES } from './StatusCode.ts';
import { cacheExceptionNames } from './Cache.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';
import { SObjectFieldToken } from '../execution/describe.ts';

/** System exceptions that Apex code can make with the four usual constructors. */
const CONSTRUCTIBLE = [
  'FormulaEvaluationException',
  'FormulaValidationException',
  'AsyncException',
  'AuraException',
  'AuraHandledException',
  'CalloutException',
  'DataWeaveScriptException',
  'DmlException',
  'DuplicateMessageException',
  'EmailException',
  'ExternalObjectException',
  'FinalException',
  'FlowException',
  'HandledException',
  'IllegalArgumentException',
  'InvalidHeaderException',
  'InvalidParameterValueException',
  'JSONException',
  'ListException',
  'MathException',
  'NoAccessException',
  'NoDataFoundException',
  'NoSuchElementException',
  'NullPointerException',
  'ProcedureException',
  'QueryException',
  'RequiredFeatureMissingException',
  'SObjectException',
  'SearchException',
  'SecurityException',
  'SerializationException',
  'StringException',
  'TypeException',
  'UnexpectedException',
  'UnsupportedOperationException',
  'VisualforceException',
  'XmlException',
  'BigObjectException',
  'AssertException',
  'LimitException',
  'InvocableActionException',
  'TransientException',
];

export const exceptionNames: readonly string[] = ['Exception', ...CONSTRUCTIBLE, ...cacheExceptionNames];

function row(self: ApexException, index: number): FailedRow {
  const found = self.rows[index];
  if (!found) throw makeException('ListException', `List index out of bounds: ${index}`);
  return found;
}

const make =
  (name: string) =>
  (message?: unknown, cause?: unknown): ApexException => {
    const exception = new (exceptionClass(name))();
    if (message instanceof ApexException) {
      exception.apexCause = message;
      exception.apexMessage = message.getmessage$();
    } else if (typeof message === 'string') {
      exception.apexMessage = message;
    }
    if (cause instanceof ApexException) exception.apexCause = cause;
    return exception;
  };

const exceptionBase: LibraryClass = {
  name: 'Exception',
  extendable: true,
  isAbstract: true,
  instance: ApexException,
  methods: {
    'String getMessage()': VIRTUAL,
    'Exception getCause()': VIRTUAL,
    'String getTypeName()': VIRTUAL,
    'void setMessage(String message)': VIRTUAL,
    'void initCause(Exception cause)': (self: ApexException, cause: ApexException) => {
      if (self.apexCause) throw makeException('IllegalArgumentException', 'Cause has already been set');
      self.apexCause = cause;
    },
    'Integer getLineNumber()': (self: ApexException) => execution().program.frames(self.stack ?? '')[0]?.line ?? 0,
    'String getStackTraceString()': (self: ApexException) => execution().program.stackTrace(self.stack ?? ''),
    'Integer getNumDml()': (self: ApexException) => self.rows.length,
    'String getDmlMessage(Integer index)': (self: ApexException, index: number) => row(self, index).message,
    'String getDmlId(Integer index)': (self: ApexException, index: number) => row(self, index).id,
    'Integer getDmlIndex(Integer index)': (self: ApexException, index: number) => row(self, index).index,
    'StatusCode getDmlType(Integer index)': (self: ApexException, index: number) =>
      libraryEnum('StatusCode', STATUS_CODES)[`v_${row(self, index).statusCode}`] ?? null,
    'String getDmlStatusCode(Integer index)': (self: ApexException, index: number) => row(self, index).statusCode,
    'List<String> getDmlFieldNames(Integer index)': (self: ApexException, index: number) => {
      const { table } = execution().program;
      return new ApexList(table.list(table.string), [...row(self, index).fields]);
    },
    'List<Schema.SObjectField> getDmlFields(Integer index)': (self: ApexException, index: number) => {
      const { table } = execution().program;
      const failed = row(self, index);
      const describe = failed.id ? table.schema.objectByKeyPrefix(failed.id.slice(0, 3)) : undefined;
      const tokens = describe
        ? failed.fields.filter((name) => describe.field(name)).map((name) => SObjectFieldToken.of(describe, name))
        : [];
      return new ApexList(table.parse('List<Schema.SObjectField>'), tokens);
    },
    'String toString()': (self: ApexException) =>
      `${exceptionTypeName(self)}: ${self.getmessage$() ?? 'Script-thrown exception'}`,
  },
};

/** The exception classes, each with the four constructors. */
export const exceptionClasses: readonly LibraryClass[] = [
  exceptionBase,
  ...exceptionNames.slice(1).map((name): LibraryClass => ({
    name,
    extends: 'Exception',
    extendable: true,
    instance: exceptionClass(name),
    constructors: {
      '()': make(name),
      '(String message)': make(name),
      '(Exception cause)': make(name),
      '(String message, Exception cause)': make(name),
    },
    ...(name === 'QueryException' ||
    name === 'DmlException' ||
    name === 'SecurityException' ||
    name === 'NoAccessException'
      ? {
          methods: {
            'Map<String,Set<String>> getInaccessibleFields()': (self: ApexException) => {
              const { table } = execution().program;
              return new ApexMap(
                table.parse('Map<String,Set<String>>'),
                [...self.inaccessible].map(
                  ([object, fields]) => [object, new ApexSet(table.set(table.string), fields)] as const,
                ),
              );
            },
          },
        }
      : {}),
  })),
];
