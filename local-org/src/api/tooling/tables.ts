/** Objects of the Tooling API that tell of test runs: their fields, and rows in memory. */
import { formatId } from '../../store/ids.ts';

export type ToolingValue =
  string | number | boolean | null | ToolingRow | { readonly [name: string]: readonly number[] };
export interface ToolingRow {
  readonly Id: string;
  readonly [field: string]: ToolingValue;
}

interface ToolingObject {
  readonly name: string;
  readonly keyPrefix: string;
  readonly fields: readonly string[];
  /** Fields of the parents that queries reach, by relationship name. */
  readonly parents: Readonly<Record<string, readonly string[]>>;
}

const APEX_FIELDS = ['Id', 'Name', 'NamespacePrefix'];
const COVERAGE_FIELDS = ['Id', 'ApexClassOrTriggerId', 'NumLinesCovered', 'NumLinesUncovered', 'Coverage'];

/** Source: Tooling API Developer Guide, "Tooling API Objects". */
export const TOOLING_OBJECTS = {
  ApexTestRunResult: {
    name: 'ApexTestRunResult',
    keyPrefix: '05m',
    fields: [
      'Id',
      'AsyncApexJobId',
      'ClassesCompleted',
      'ClassesEnqueued',
      'EndTime',
      'IsAllTests',
      'JobName',
      'MethodsCompleted',
      'MethodsEnqueued',
      'MethodsFailed',
      'Source',
      'StartTime',
      'Status',
      'TestSetupTime',
      'TestTime',
      'UserId',
    ],
    parents: {},
  },
  ApexTestQueueItem: {
    name: 'ApexTestQueueItem',
    keyPrefix: '709',
    fields: ['Id', 'ApexClassId', 'ExtendedStatus', 'ParentJobId', 'Status', 'TestRunResultId'],
    parents: { ApexClass: APEX_FIELDS },
  },
  ApexTestResult: {
    name: 'ApexTestResult',
    keyPrefix: '07M',
    fields: [
      'Id',
      'ApexClassId',
      'ApexLogId',
      'ApexTestRunResultId',
      'AsyncApexJobId',
      'IsTestSetup',
      'Message',
      'MethodName',
      'Outcome',
      'QueueItemId',
      'RunTime',
      'StackTrace',
      'TestTimestamp',
    ],
    parents: { ApexClass: APEX_FIELDS },
  },
  ApexCodeCoverage: {
    name: 'ApexCodeCoverage',
    keyPrefix: '714',
    fields: [...COVERAGE_FIELDS, 'ApexTestClassId', 'TestMethodName'],
    parents: { ApexClassOrTrigger: APEX_FIELDS, ApexTestClass: APEX_FIELDS },
  },
  ApexCodeCoverageAggregate: {
    name: 'ApexCodeCoverageAggregate',
    keyPrefix: '715',
    fields: COVERAGE_FIELDS,
    parents: { ApexClassOrTrigger: APEX_FIELDS },
  },
  ApexOrgWideCoverage: { name: 'ApexOrgWideCoverage', keyPrefix: '716', fields: ['Id', 'PercentCovered'], parents: {} },
} as const satisfies Readonly<Record<string, ToolingObject>>;

export type ToolingObjectName = keyof typeof TOOLING_OBJECTS;

/** The object of a name in any case; undefined when it is none of these. */
export function toolingObject(name: string): ToolingObject | undefined {
  return Object.values(TOOLING_OBJECTS).find((object) => object.name.toLowerCase() === name.toLowerCase());
}

/** Makes Ids of one server, by key prefix. */
export class IdSequence {
  readonly #last = new Map<string, number>();

  next(keyPrefix: string): string {
    const number = (this.#last.get(keyPrefix) ?? 0) + 1;
    this.#last.set(keyPrefix, number);
    return formatId(keyPrefix, number);
  }
}
