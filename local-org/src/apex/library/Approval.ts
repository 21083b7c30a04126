/** Approval: requests to approval processes, and record locks (Apex Reference Guide, "Approval Class"). */
import { SObjectRecord } from '../../schema/record.ts';
import type { RecordError } from '../../runtime/types.ts';
import type { ApprovalRequest, ApprovalResult, LockResult, WorkitemRequest } from '../../runtime/approvals/types.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { fullId } from '../execution/ids.ts';
import type { Implementation } from '../types/symbols.ts';
import { bean, Bean, typeNamed } from './bean.ts';
import type { LibraryClass } from './define.ts';
import { DatabaseError } from './SObject.ts';

class ProcessRequest extends Bean {}
class SubmitRequest extends ProcessRequest {}
class WorkitemRequestBean extends ProcessRequest {}

class ProcessResult {
  readonly result: ApprovalResult;
  constructor(result: ApprovalResult) {
    this.result = result;
  }
}

class Locked {
  readonly result: LockResult;
  constructor(result: LockResult) {
    this.result = result;
  }
}
class Unlocked extends Locked {}

const ACTIONS: readonly WorkitemRequest['action'][] = ['Approve', 'Reject', 'Removed'];

function requestOf(given: unknown): ApprovalRequest {
  const request = (given ?? nullPointer()) as Bean;
  const comments = request.get<string>('Comments');
  const nextApproverIds = (request.get<ApexList>('NextApproverIds')?.items ?? []) as readonly string[];
  if (request instanceof SubmitRequest)
    return {
      action: 'Submit',
      objectId: request.get('ObjectId'),
      comments,
      nextApproverIds,
      submitterId: request.get('SubmitterId'),
      process: request.get('ProcessDefinitionNameOrId'),
      skipEntryCriteria: request.get<boolean>('SkipEntryCriteria') ?? false,
    };
  const wanted = request.get<string>('Action')?.toLowerCase();
  const action = ACTIONS.find((candidate) => candidate.toLowerCase() === wanted);
  if (action === undefined)
    throw makeException(
      'InvalidParameterValueException',
      `The action of an approval request is Approve, Reject or Removed, not ${request.get<string>('Action') ?? 'null'}`,
    );
  return { action, workitemId: request.get('WorkitemId'), comments, nextApproverIds };
}

function process(requests: readonly unknown[], allOrNone: boolean): ProcessResult[] {
  return execution()
    .transaction.approvals.process(requests.map(requestOf), { allOrNone, checksAccess: false, countLimits: true })
    .map((result) => new ProcessResult(result));
}

const processOne = (request: unknown, allOrNone = true): unknown => process([request], allOrNone)[0] ?? null;
const processAll = (requests: ApexList | null, allOrNone = true): unknown =>
  new ApexList(typeNamed('List<Approval.ProcessResult>'), process((requests ?? nullPointer()).items, allOrNone));

const idOf = (given: unknown): string => {
  const id = given instanceof SObjectRecord ? given.id : (given as string | null);
  return fullId(id ?? nullPointer()) ?? nullPointer();
};

/** Overloads for a record, an Id and lists of both. */
function lockMethods(name: 'lock' | 'unlock'): Record<string, Implementation> {
  const type = name === 'lock' ? 'Approval.LockResult' : 'Approval.UnlockResult';
  const make = name === 'lock' ? Locked : Unlocked;
  const all = (given: readonly unknown[], allOrNone: boolean): Locked[] =>
    execution()
      .transaction.approvals[name](given.map(idOf), allOrNone)
      .map((result) => new make(result));
  const one = (given: unknown, allOrNone = true): unknown => all([given], allOrNone)[0] ?? null;
  const list = (given: ApexList | null, allOrNone = true): unknown =>
    new ApexList(typeNamed(`List<${type}>`), all((given ?? nullPointer()).items, allOrNone));
  const methods: Record<string, Implementation> = {};
  for (const extra of ['', ', Boolean allOrNone'])
    for (const parameter of ['SObject', 'Id']) {
      methods[`${type} ${name}(${parameter} record${extra})`] = one;
      methods[`List<${type}> ${name}(List<${parameter}> records${extra})`] = list;
    }
  return methods;
}

function isLocked(given: unknown): boolean {
  return execution().transaction.approvals.locked([idOf(given)]).size > 0;
}

function areLocked(given: ApexList | null): ApexMap {
  const ids = (given ?? nullPointer()).items.map(idOf);
  const locked = execution().transaction.approvals.locked(ids);
  return new ApexMap(
    typeNamed('Map<Id,Boolean>'),
    ids.map((id) => [id, locked.has(id)] as const),
  );
}

const errorsOf = (self: ProcessResult | Locked): ApexList =>
  new ApexList(
    typeNamed('List<Database.Error>'),
    self.result.errors.map((error) => new DatabaseError(error.statusCode, error.message, error.fields)),
  );

const list = (values: ReadonlyMap<string, unknown>, name: string): readonly unknown[] =>
  (values.get(name) as ApexList | null | undefined)?.items ?? [];
const text = (values: ReadonlyMap<string, unknown>, name: string): string | null =>
  (values.get(name) as string | null | undefined) ?? null;
const errorsIn = (values: ReadonlyMap<string, unknown>): readonly RecordError[] =>
  list(values, 'errors') as readonly DatabaseError[];

const lockResult = (name: string, instance: typeof Locked): LibraryClass => ({
  name,
  instance,
  // Tests make results of JSON, as they make those of DML.
  json: {
    fields: { id: 'Id', success: 'Boolean', errors: 'List<Database.Error>' },
    make: (values) =>
      new instance({ id: text(values, 'id') ?? '', success: values.get('success') === true, errors: errorsIn(values) }),
    write: (self: Locked) => ({ id: self.result.id, success: self.result.success, errors: errorsOf(self) }),
  },
  methods: {
    'Id getId()': (self: Locked) => self.result.id,
    'Boolean isSuccess()': (self: Locked) => self.result.success,
    'List<Database.Error> getErrors()': errorsOf,
  },
});

const SHARED = ['String Comments', 'List<Id> NextApproverIds'];

export const approvalClasses: readonly LibraryClass[] = [
  bean({ name: 'Approval.ProcessRequest', hidden: true, isAbstract: true, instance: ProcessRequest, fields: SHARED }),
  bean({
    name: 'Approval.ProcessSubmitRequest',
    extends: 'Approval.ProcessRequest',
    hidden: true,
    instance: SubmitRequest,
    fields: ['Id ObjectId', 'Id SubmitterId', 'String ProcessDefinitionNameOrId', 'Boolean SkipEntryCriteria'],
    methods: {
      'Boolean getSkipEntryCriteria()': (self: Bean) => self.get<boolean>('SkipEntryCriteria') ?? false,
    },
  }),
  bean({
    name: 'Approval.ProcessWorkitemRequest',
    extends: 'Approval.ProcessRequest',
    hidden: true,
    instance: WorkitemRequestBean,
    fields: ['String Action', 'Id WorkitemId'],
  }),
  {
    name: 'Approval.ProcessResult',
    instance: ProcessResult,
    json: {
      fields: {
        entityId: 'Id',
        instanceId: 'Id',
        instanceStatus: 'String',
        newWorkitemIds: 'List<Id>',
        success: 'Boolean',
        errors: 'List<Database.Error>',
      },
      make: (values) =>
        new ProcessResult({
          entityId: text(values, 'entityId'),
          instanceId: text(values, 'instanceId'),
          instanceStatus: text(values, 'instanceStatus'),
          newWorkitemIds: list(values, 'newWorkitemIds') as readonly string[],
          success: values.get('success') === true,
          errors: errorsIn(values),
          actorIds: [],
        }),
      write: (self: ProcessResult) => ({
        entityId: self.result.entityId,
        instanceId: self.result.instanceId,
        instanceStatus: self.result.instanceStatus,
        newWorkitemIds: new ApexList(typeNamed('List<Id>'), [...self.result.newWorkitemIds]),
        success: self.result.success,
        errors: errorsOf(self),
      }),
    },
    methods: {
      'Id getEntityId()': (self: ProcessResult) => self.result.entityId,
      'List<Database.Error> getErrors()': errorsOf,
      'Id getInstanceId()': (self: ProcessResult) => self.result.instanceId,
      'String getInstanceStatus()': (self: ProcessResult) => self.result.instanceStatus,
      'List<Id> getNewWorkitemIds()': (self: ProcessResult) =>
        new ApexList(typeNamed('List<Id>'), [...self.result.newWorkitemIds]),
      'Boolean isSuccess()': (self: ProcessResult) => self.result.success,
    },
  },
  lockResult('Approval.LockResult', Locked),
  lockResult('Approval.UnlockResult', Unlocked),
  {
    name: 'Approval',
    statics: {
      'Approval.ProcessResult process(Approval.ProcessRequest request)': processOne,
      'Approval.ProcessResult process(Approval.ProcessRequest request, Boolean allOrNone)': processOne,
      'List<Approval.ProcessResult> process(List<Approval.ProcessRequest> requests)': processAll,
      'List<Approval.ProcessResult> process(List<Approval.ProcessRequest> requests, Boolean allOrNone)': processAll,
      ...lockMethods('lock'),
      ...lockMethods('unlock'),
      'Boolean isLocked(SObject record)': isLocked,
      'Boolean isLocked(Id id)': isLocked,
      'Map<Id,Boolean> isLocked(List<SObject> records)': areLocked,
      'Map<Id,Boolean> isLocked(List<Id> ids)': areLocked,
    },
  },
];
