/** Every library class of the local org's Apex. SUPPORT.md is made from this list. */
import { setSiteMethods } from '../analyse/callSites.ts';
import { registerLibraryBase, registerLibraryEnum } from '../execution/helpers.ts';
import { setStateForm } from '../execution/serialization.ts';
import type { Program } from '../execution/Program.ts';
import { libraryEnum, type ApexEnum } from '../execution/ApexEnum.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import { dateClass, datetimeClass, timeClass, timeZoneClass } from './calendar.ts';
import { listClass, mapClass, setClass } from './collections.ts';
import type { LibraryClass } from './define.ts';
import { exceptionClasses, exceptionNames } from './Exception.ts';
import { aggregateResultClass, compoundClasses, databaseErrorClass, idClass, sobjectClass } from './SObject.ts';
import { schemaClasses } from './Schema.ts';
import {
  booleanClass,
  decimalClass,
  doubleClass,
  integerClass,
  longClass,
  mathClass,
  roundingModeEnum,
} from './numbers.ts';
import {
  callableInterface,
  comparableInterface,
  comparatorInterface,
  enumClass,
  iterableInterface,
  iteratorInterface,
  objectClass,
} from './Object.ts';
import { approvalClasses } from './Approval.ts';
import { asyncClasses } from './async.ts';
import { binaryClasses } from './binary.ts';
import { contextClasses, setEnumSource } from './context.ts';
import { accessLevelClass, databaseClasses } from './Database.ts';
import { cacheClasses } from './Cache.ts';
import { connectApiClasses } from './ConnectApi.ts';
import { eventBusClasses } from './EventBus.ts';
import { httpClasses } from './Http.ts';
import { installationClasses } from './Installation.ts';
import { messagingClasses } from './Messaging.ts';
import { securityClasses } from './Security.ts';
import { jsonClasses, setJsonForm, setTokenSource } from './Json.ts';
import { statusCodeEnum } from './StatusCode.ts';
import { stringClass } from './String.ts';
import { assertClass, loggingLevelEnum, quiddityEnum } from './System.ts';
import { typeClass } from './Type.ts';
import { flowClasses } from './Flow.ts';
import { formulaClasses } from './FormulaEval.ts';
import { metadataClasses } from './Metadata.ts';
import { pageClasses, setSeveritySource } from './Pages.ts';
import { searchClasses } from './Search.ts';
import { siteClasses } from './Sites.ts';
import { urlClass } from './Url.ts';
import { visualEditorClasses } from './VisualEditor.ts';
import { xmlClasses } from './Xml.ts';
import { installLibrary } from './registry.ts';

export const libraryClasses: readonly LibraryClass[] = [
  objectClass,
  enumClass,
  iteratorInterface,
  iterableInterface,
  comparableInterface,
  comparatorInterface,
  callableInterface,
  listClass,
  setClass,
  mapClass,
  stringClass,
  booleanClass,
  integerClass,
  longClass,
  doubleClass,
  decimalClass,
  mathClass,
  roundingModeEnum,
  sobjectClass,
  databaseErrorClass,
  ...compoundClasses,
  aggregateResultClass,
  idClass,
  ...schemaClasses,
  dateClass,
  datetimeClass,
  timeClass,
  timeZoneClass,
  statusCodeEnum,
  ...exceptionClasses,
  typeClass,
  ...contextClasses,
  ...asyncClasses,
  ...databaseClasses,
  accessLevelClass,
  ...approvalClasses,
  ...jsonClasses,
  ...binaryClasses,
  ...httpClasses,
  ...eventBusClasses,
  ...cacheClasses,
  ...connectApiClasses,
  ...installationClasses,
  ...messagingClasses,
  ...securityClasses,
  assertClass,
  loggingLevelEnum,
  quiddityEnum,
  urlClass,
  ...pageClasses,
  ...xmlClasses,
  ...siteClasses,
  ...searchClasses,
  ...metadataClasses,
  ...flowClasses,
  ...formulaClasses,
  ...visualEditorClasses,
];

/** Makes the library known to a type table. */
export function installAll(table: TypeTable): void {
  installLibrary(table, libraryClasses);
  for (const definition of libraryClasses) {
    if (definition.values) registerLibraryEnum(definition.name, definition.values);
    if (definition.extendable && definition.instance) registerLibraryBase(definition.name, definition.instance);
    if (definition.json) setJsonForm(definition.name, definition.json);
    if (definition.state) setStateForm(definition.name, definition.state);
    if (definition.site) setSiteMethods(table.librarySymbol(definition.name), definition.site);
  }
}

/** Tells a loaded program the Apex types of library values. */
export function bindLibrary(program: Program): void {
  program.bindExceptions(exceptionNames);
  const enumValue = (name: string, value: string): unknown => {
    const definition = libraryClasses.find((candidate) => candidate.name === name);
    return definition?.values ? libraryEnum(name, definition.values)[`v_${value}`] : null;
  };
  setEnumSource(enumValue);
  setSeveritySource((name) => enumValue('ApexPages.Severity', name) as ApexEnum);
  setTokenSource((name) => enumValue('JSONToken', name));
  for (const definition of libraryClasses) {
    if (definition.instance && !definition.name.endsWith('Exception'))
      program.registerInstance(definition.instance, program.table.librarySymbol(definition.name));
    if (definition.values) {
      const type = program.table.of(program.table.librarySymbol(definition.name));
      for (const value of Object.values(libraryEnum(definition.name, definition.values))) value.type = type;
    }
  }
}
