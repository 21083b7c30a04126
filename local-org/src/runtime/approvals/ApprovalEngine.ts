/**
 * Runs approval processes for one transaction: submission, answers, recall, and the record locks (Salesforce Help,
 * "Approval Process Terminology" and "Sample Approval Processes"; Apex Developer Guide, "Approval Processing"; SOAP API
 * Developer Guide, "process()").
 */
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { normalizeId, prefixOf } from '../../store/ids.ts';
import { insertSystemRow } from '../../store/systemRows.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { Decimal } from '../../values/Decimal.ts';
import { DmlFailure, recordError } from '../errors.ts';
import { recordOf, textOf } from '../save/rows.ts';
import type { SaveServices } from '../save/services.ts';
import type { RecordError } from '../types.ts';
import { idByName, runActions } from '../workflow/actions.ts';
import type { WorkflowAction } from '../workflow/actions.ts';
import { meets } from '../workflow/criteria.ts';
import type { DefinitionRow } from './definitionRows.ts';
import type { Locks } from './locks.ts';
import type { Approver, Submitter } from './metadata.ts';
import type {
  ApprovalRequest,
  ApprovalResult,
  Approvals,
  LockResult,
  ProcessOptions,
  SubmitRequest,
  WorkitemRequest,
} from './types.ts';

/** A request that can't be carried out; what it did is taken back. */
class Refusal extends Error {
  readonly errors: readonly RecordError[];
  constructor(errors: readonly RecordError[]) {
    super(errors[0]?.message ?? 'the request was refused');
    this.errors = errors;
  }
}

function refuse(statusCode: string, message: string, fields: readonly string[] = []): never {
  throw new Refusal([recordError(statusCode, message, fields)]);
}

/** A process instance with what its requests need. */
interface Instance {
  readonly id: string;
  readonly targetId: string;
  readonly submitterId: string;
  readonly definition: DefinitionRow;
  readonly createdAt: number;
}

interface Workitem {
  readonly id: string;
  readonly actorId: string;
  readonly originalActorId: string;
  readonly createdAt: number;
}

const MINUTE_MS = 60_000;

export class ApprovalEngine implements Approvals {
  readonly #services: SaveServices;
  readonly #definitions: readonly DefinitionRow[];
  readonly #locks: Locks;

  constructor(services: SaveServices, definitions: readonly DefinitionRow[], locks: Locks) {
    this.#services = services;
    this.#definitions = definitions;
    this.#locks = locks;
  }

  process(requests: readonly ApprovalRequest[], options: ProcessOptions): readonly ApprovalResult[] {
    if (options.countLimits) {
      this.#services.limits.count('dmlStatements');
      this.#services.limits.count('dmlRows', requests.length);
    }
    return this.#statement('process', options.allOrNone, requests, (request) =>
      request.action === 'Submit' ? this.#submit(request, options.checksAccess) : this.#answer(request),
    ).map((outcome, index): ApprovalResult => {
      if (outcome.value) return outcome.value;
      const request = requests[index] as ApprovalRequest;
      return {
        success: false,
        errors: outcome.errors,
        entityId: request.action === 'Submit' ? request.objectId : null,
        instanceId: null,
        instanceStatus: null,
        newWorkitemIds: [],
        actorIds: [],
      };
    });
  }

  lock(ids: readonly string[], allOrNone: boolean): readonly LockResult[] {
    return this.#setLocks('lock', ids, allOrNone);
  }

  unlock(ids: readonly string[], allOrNone: boolean): readonly LockResult[] {
    return this.#setLocks('unlock', ids, allOrNone);
  }

  locked(ids: readonly string[]): ReadonlySet<string> {
    return this.#locks.among(ids.map((id) => normalizeId(id) ?? id));
  }

  /** Ids among `ids` that the acting user may not edit: locked, and the user is neither administrator nor approver. */
  lockedForUser(describe: ObjectDescribe, ids: readonly string[]): ReadonlySet<string> {
    const locked = this.#locks.among(ids);
    if (locked.size === 0 || this.#services.modifiesAll(describe)) return new Set();
    return new Set([...locked].filter((id) => !this.#isEditingApprover(id)));
  }

  #setLocks(operation: 'lock' | 'unlock', ids: readonly string[], allOrNone: boolean): readonly LockResult[] {
    this.#services.limits.count('dmlStatements');
    this.#services.limits.count('dmlRows', ids.length);
    return this.#statement(operation, allOrNone, ids, (given) => {
      const id = normalizeId(given) ?? '';
      this.#record(id);
      this.#locks.set(id, operation === 'lock');
      return id;
    }).map(({ value, errors }, index) => ({
      id: value ?? (ids[index] as string),
      success: value !== undefined,
      errors,
    }));
  }

  /** Carries out each request by itself; with allOrNone the first failure takes all of them back. */
  #statement<Request, Value>(
    operation: 'process' | 'lock' | 'unlock',
    allOrNone: boolean,
    requests: readonly Request[],
    work: (request: Request) => Value,
  ): readonly { readonly value?: Value; readonly errors: readonly RecordError[] }[] {
    const { store } = this.#services;
    const statement = store.savepoint();
    try {
      return requests.map((request, index) => {
        const own = store.savepoint();
        try {
          return { value: work(request), errors: [] };
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          store.rollbackTo(own);
          this.#services.accessChanged();
          if (allOrNone) throw new DmlFailure(operation, [{ index, id: null, errors: error.errors }]);
          return { errors: error.errors };
        } finally {
          store.release(own);
        }
      });
    } catch (error) {
      store.rollbackTo(statement);
      this.#services.accessChanged();
      throw error;
    } finally {
      store.release(statement);
    }
  }

  // --- submission

  #submit(request: SubmitRequest, checksAccess: boolean): ApprovalResult {
    if (request.objectId === null) refuse('REQUIRED_FIELD_MISSING', 'missing required field: [objectId]', ['objectId']);
    const record = this.#record(normalizeId(request.objectId) ?? '');
    const id = record.id ?? '';
    const submitterId = request.submitterId ?? this.#services.userId;
    if (checksAccess && this.#services.access('user', 'with')?.withoutReadAccess(record.describe, [id]).has(id))
      refuse(
        'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
        `insufficient access rights on cross-reference id: ${id.slice(0, 15)}`,
      );
    if (this.#pendingOf(id)) refuse('ALREADY_IN_PROCESS', 'Cannot submit object already in process.');
    const definition = this.#applicable(record, submitterId, request);
    const { process } = definition;
    const instanceId = this.#insert('ProcessInstance', {
      ProcessDefinitionId: definition.id,
      TargetObjectId: id,
      Status: 'Pending',
      SubmittedById: submitterId,
      LastActorId: submitterId,
    });
    const instance: Instance = {
      id: instanceId,
      targetId: id,
      submitterId,
      definition,
      createdAt: this.#services.transaction.now(),
    };
    this.#insert('ProcessInstanceStep', {
      ProcessInstanceId: instanceId,
      StepStatus: 'Started',
      OriginalActorId: submitterId,
      ActorId: submitterId,
      Comments: request.comments,
    });
    this.#locks.set(id, true);
    this.#run(process.submissionActions, instance);
    this.#enter(instance, 0, submitterId, request.nextApproverIds);
    return this.#result(instance);
  }

  /** The named process, or the first one in order that takes the record from this submitter. */
  #applicable(record: SObjectRecord, submitterId: string, request: SubmitRequest): DefinitionRow {
    const wanted = request.process?.toLowerCase();
    const found = this.#definitions.find(({ id, process }) => {
      if (process.object !== record.describe || !process.active) return false;
      if (
        wanted !== undefined &&
        process.name.toLowerCase() !== wanted &&
        id.toLowerCase() !== normalizeId(wanted)?.toLowerCase()
      )
        return false;
      if (!this.#maySubmit(process.submitters, record, submitterId)) return false;
      return (request.skipEntryCriteria && wanted !== undefined) || meets(process.criteria, record, this.#services);
    });
    return found ?? refuse('NO_APPLICABLE_PROCESS', 'No applicable approval process was found.');
  }

  /** Who may modify all records may submit them too. */
  #maySubmit(submitters: readonly Submitter[], record: SObjectRecord, userId: string): boolean {
    const services = this.#services;
    if (userId === services.userId && services.modifiesAll(record.describe)) return true;
    const belongs = (id: unknown): boolean =>
      id === userId || (typeof id === 'string' && prefixOf(id) === '00G' && services.usersOf(id).has(userId));
    return submitters.some((submitter) => {
      switch (submitter.kind) {
        case 'owner':
          return belongs(record.values.get('OwnerId'));
        case 'creator':
          return belongs(record.values.get('CreatedById'));
        case 'user':
          return belongs(idByName('User', 'Username', submitter.name, '', services));
        case 'party':
          return belongs(services.groupId(submitter.party));
      }
    });
  }

  // --- steps

  /**
   * Goes on from a step: the first one from `index` on whose criteria the record meets asks its approvers; without one the
   * request is approved.
   */
  #enter(instance: Instance, index: number, lastActorId: string, nextApprovers: readonly string[]): void {
    const { steps } = instance.definition.process;
    for (let place = index; place < steps.length; place += 1) {
      const step = steps[place] as (typeof steps)[number];
      const record = this.#record(instance.targetId);
      if (meets(step.criteria, record, this.#services)) {
        const actors = step.approvers.map((approver) =>
          this.#actor(approver, instance, record, place === 0, lastActorId, nextApprovers),
        );
        this.#ask(instance, place, actors);
        return;
      }
      if (step.otherwise === 'ApproveRecord') break;
      if (step.otherwise === 'RejectRecord') {
        this.#end(instance, 'Rejected');
        return;
      }
    }
    this.#end(instance, 'Approved');
  }

  #ask(instance: Instance, place: number, actors: readonly string[]): void {
    const step = instance.definition.process.steps[place];
    this.#insert('ProcessInstanceNode', {
      ProcessInstanceId: instance.id,
      ProcessNodeId: instance.definition.nodeIds[place],
      ProcessNodeName: step?.label,
      NodeStatus: 'Pending',
      LastActorId: this.#services.userId,
    });
    for (const actor of new Set(actors))
      this.#insert('ProcessInstanceWorkitem', {
        ProcessInstanceId: instance.id,
        OriginalActorId: actor,
        ActorId: actor,
      });
  }

  /** Id of the user or queue that an approver stands for. */
  #actor(
    { kind, name }: Approver,
    instance: Instance,
    record: SObjectRecord,
    isFirst: boolean,
    lastActorId: string,
    nextApprovers: readonly string[],
  ): string {
    const { process } = instance.definition;
    switch (kind) {
      case 'adhoc': {
        const chosen = normalizeId(nextApprovers[0] ?? '');
        return (
          chosen ?? refuse('REQUIRED_FIELD_MISSING', 'missing required field: [nextApproverIds]', ['nextApproverIds'])
        );
      }
      case 'user':
        return (
          idByName('User', 'Username', name, '', this.#services) ??
          refuse(
            'INVALID_CROSS_REFERENCE_KEY',
            `The approval process ${process.name} asks the user ${name}, who does not exist.`,
          )
        );
      case 'queue':
        return (
          idByName('Group', 'DeveloperName', name, '', this.#services) ??
          refuse(
            'INVALID_CROSS_REFERENCE_KEY',
            `The approval process ${process.name} asks the queue ${name}, which does not exist.`,
          )
        );
      case 'relatedUserField': {
        const id = record.values.get(name);
        return typeof id === 'string'
          ? id
          : refuse(
              'REQUIRED_FIELD_MISSING',
              `This approval request requires the next approver to be determined by the field ${name}, which is empty.`,
              [name],
            );
      }
      case 'userHierarchyField': {
        const owner = textOf(record.values.get('OwnerId'));
        const userId = isFirst && process.asksOwnersField ? owner : lastActorId;
        const user = this.#services.schema.object('User') as ObjectDescribe;
        const manager = this.#services.store.load(user, [userId]).get(userId)?.get(name);
        return typeof manager === 'string' ? manager : refuse('MANAGER_NOT_DEFINED', 'Manager undefined.');
      }
    }
  }

  // --- answers

  #answer(request: WorkitemRequest): ApprovalResult {
    const id = normalizeId(request.workitemId ?? '') ?? '';
    const describe = this.#services.schema.object('ProcessInstanceWorkitem') as ObjectDescribe;
    const row = this.#services.store.load(describe, [id]).get(id);
    if (!row) refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    const instance = this.#instance(textOf(row.get('ProcessInstanceId')));
    const workitem = this.#workitems(instance).find((candidate) => candidate.id === id) as Workitem;
    if (request.action === 'Removed') this.#recall(instance, workitem, request);
    else this.#decide(instance, workitem, request);
    return this.#result(instance);
  }

  #decide(instance: Instance, workitem: Workitem, request: WorkitemRequest): void {
    const { userId } = this.#services;
    const { steps } = instance.definition.process;
    const node = this.#pendingNode(instance);
    const place = instance.definition.nodeIds.indexOf(node.processNodeId);
    const step = steps[place];
    if (!step) refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    if (!this.#mayAnswer(workitem, step.allowDelegate, instance))
      refuse('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
    const approves = request.action === 'Approve';
    const status = approves ? 'Approved' : 'Rejected';
    this.#close(instance, workitem, node.processNodeId, status, userId, request.comments);
    const others = this.#workitems(instance);
    if (approves && step.unanimous && others.length > 0) return;
    for (const other of others) this.#close(instance, other, node.processNodeId, 'NoResponse', other.actorId, null);
    this.#endNode(node, status);
    this.#run(approves ? step.approvalActions : step.rejectionActions, instance);
    if (approves) this.#enter(instance, place + 1, userId, request.nextApproverIds);
    else if (step.rejectsToPrevious && this.#askAgain(instance, place)) return;
    else this.#end(instance, 'Rejected');
  }

  /** Asks those who approved the step before once more; false when there was none. */
  #askAgain(instance: Instance, place: number): boolean {
    for (let before = place - 1; before >= 0; before -= 1) {
      const rows = this.#services.store.all(
        'SELECT "ActorId" FROM "ProcessInstanceStep" WHERE "ProcessInstanceId" = ? AND "StepNodeId" = ? AND "StepStatus" = \'Approved\' ORDER BY "Id"',
        [instance.id, instance.definition.nodeIds[before] ?? ''],
      );
      if (rows.length === 0) continue;
      this.#ask(
        instance,
        before,
        rows.map((row) => String(row[0])),
      );
      return true;
    }
    return false;
  }

  #recall(instance: Instance, workitem: Workitem, request: WorkitemRequest): void {
    const { process } = instance.definition;
    const { userId } = this.#services;
    const isSubmitter = process.allowRecall && userId === instance.submitterId;
    if (!isSubmitter && !this.#services.modifiesAll(process.object))
      refuse('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
    const node = this.#pendingNode(instance);
    this.#close(instance, workitem, node.processNodeId, 'Removed', userId, request.comments);
    this.#purge(this.#workitems(instance));
    this.#endNode(node, 'Removed');
    this.#end(instance, 'Removed');
  }

  /** The approver, a member of the queue, a delegate where the step allows one, or an administrator. */
  #mayAnswer({ actorId }: Workitem, allowDelegate: boolean, instance: Instance): boolean {
    const { userId, schema, store } = this.#services;
    if (actorId === userId || this.#services.modifiesAll(instance.definition.process.object)) return true;
    if (prefixOf(actorId) === '00G') return this.#services.usersOf(actorId).has(userId);
    const user = schema.object('User') as ObjectDescribe;
    return allowDelegate && store.load(user, [actorId]).get(actorId)?.get('DelegatedApproverId') === userId;
  }

  #end(instance: Instance, status: 'Approved' | 'Rejected' | 'Removed'): void {
    const { process } = instance.definition;
    const [actions, stays] = {
      Approved: [process.finalApprovalActions, process.staysLockedWhenApproved] as const,
      Rejected: [process.finalRejectionActions, process.staysLockedWhenRejected] as const,
      Removed: [process.recallActions, false] as const,
    }[status];
    this.#update('ProcessInstance', instance.id, {
      Status: status,
      LastActorId: this.#services.userId,
      ...this.#completed(instance.createdAt),
    });
    this.#run(actions, instance);
    this.#locks.set(instance.targetId, stays);
  }

  #run(actions: readonly WorkflowAction[], instance: Instance): void {
    const errors = runActions(actions, instance.definition.process.object, instance.targetId, this.#services);
    if (errors.length > 0) throw new Refusal(errors);
  }

  // --- rows

  #record(id: string): SObjectRecord {
    const { schema, store } = this.#services;
    const describe = schema.objectByKeyPrefix(prefixOf(id));
    const values = describe?.stored ? store.load(describe, [id]).get(id) : undefined;
    if (!describe || !values) refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    if (values.get('IsDeleted') === true) refuse('ENTITY_IS_DELETED', 'entity is deleted');
    return recordOf(describe, values);
  }

  #pendingOf(targetId: string): string | null {
    const [row] = this.#services.store.all(
      'SELECT "Id" FROM "ProcessInstance" WHERE "TargetObjectId" = ? AND "Status" = \'Pending\' AND "IsDeleted" = 0',
      [targetId],
    );
    return row ? String(row[0]) : null;
  }

  #instance(id: string): Instance {
    const describe = this.#services.schema.object('ProcessInstance') as ObjectDescribe;
    const values = this.#services.store.load(describe, [id]).get(id);
    const definition = this.#definitions.find((candidate) => candidate.id === values?.get('ProcessDefinitionId'));
    if (!values || !definition) refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    return {
      id,
      targetId: textOf(values.get('TargetObjectId')),
      submitterId: textOf(values.get('SubmittedById')),
      definition,
      createdAt: (values.get('CreatedDate') as ApexDatetime).milliseconds,
    };
  }

  #workitems(instance: Instance): readonly Workitem[] {
    const describe = this.#services.schema.object('ProcessInstanceWorkitem') as ObjectDescribe;
    return [...this.#services.store.loadWhere(describe, '"ProcessInstanceId" = ?', [instance.id])]
      .map(([id, values]) => ({
        id,
        actorId: textOf(values.get('ActorId')),
        originalActorId: textOf(values.get('OriginalActorId')),
        createdAt: (values.get('CreatedDate') as ApexDatetime).milliseconds,
      }))
      .sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  #pendingNode(instance: Instance): {
    readonly id: string;
    readonly processNodeId: string;
    readonly createdAt: number;
  } {
    const describe = this.#services.schema.object('ProcessInstanceNode') as ObjectDescribe;
    const [found] = this.#services.store.loadWhere(describe, '"ProcessInstanceId" = ? AND "NodeStatus" = \'Pending\'', [
      instance.id,
    ]);
    if (!found) refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    const [id, values] = found;
    return {
      id,
      processNodeId: textOf(values.get('ProcessNodeId')),
      createdAt: (values.get('CreatedDate') as ApexDatetime).milliseconds,
    };
  }

  /** A request that is answered becomes a step of the history. */
  #close(
    instance: Instance,
    workitem: Workitem,
    nodeId: string,
    status: string,
    actorId: string,
    comments: string | null,
  ): void {
    const { CompletedDate: _completed, ...elapsed } = this.#completed(workitem.createdAt);
    this.#purge([workitem]);
    this.#insert('ProcessInstanceStep', {
      ProcessInstanceId: instance.id,
      StepStatus: status,
      StepNodeId: nodeId,
      OriginalActorId: workitem.originalActorId,
      ActorId: actorId,
      Comments: comments,
      ...elapsed,
    });
  }

  #purge(workitems: readonly Workitem[]): void {
    this.#services.store.purge(
      this.#services.schema.object('ProcessInstanceWorkitem') as ObjectDescribe,
      workitems.map(({ id }) => id),
    );
  }

  #endNode(node: { readonly id: string; readonly createdAt: number }, status: string): void {
    this.#update('ProcessInstanceNode', node.id, {
      NodeStatus: status,
      LastActorId: this.#services.userId,
      ...this.#completed(node.createdAt),
    });
  }

  #completed(since: number): Readonly<Record<string, unknown>> {
    const minutes = (this.#services.transaction.now() - since) / MINUTE_MS;
    const number = (value: number): Decimal => Decimal.fromNumber(value).setScale(2, 'HALF_UP');
    return {
      CompletedDate: this.#stamp(),
      ElapsedTimeInMinutes: number(minutes),
      ElapsedTimeInHours: number(minutes / 60),
      ElapsedTimeInDays: number(minutes / 1440),
    };
  }

  #stamp(): ApexDatetime {
    return new ApexDatetime(Math.floor(this.#services.transaction.now() / 1000) * 1000);
  }

  #insert(objectName: string, values: Readonly<Record<string, unknown>>): string {
    const { schema, store, userId } = this.#services;
    return insertSystemRow(store, schema.object(objectName) as ObjectDescribe, values, userId, this.#stamp());
  }

  #update(objectName: string, id: string, values: Readonly<Record<string, unknown>>): void {
    const { schema, store, userId } = this.#services;
    const stamp = this.#stamp();
    const changed = { ...values, LastModifiedById: userId, LastModifiedDate: stamp, SystemModstamp: stamp };
    store.update(schema.object(objectName) as ObjectDescribe, id, new Map(Object.entries(changed)));
  }

  #result(instance: Instance): ApprovalResult {
    const describe = this.#services.schema.object('ProcessInstance') as ObjectDescribe;
    const workitems = this.#workitems(instance);
    return {
      success: true,
      errors: [],
      entityId: instance.targetId,
      instanceId: instance.id,
      instanceStatus: textOf(this.#services.store.load(describe, [instance.id]).get(instance.id)?.get('Status')),
      newWorkitemIds: workitems.map(({ id }) => id),
      actorIds: workitems.map(({ actorId }) => actorId),
    };
  }

  #isEditingApprover(id: string): boolean {
    const instanceId = this.#pendingOf(id);
    if (instanceId === null) return false;
    const instance = this.#instance(instanceId);
    const { userId } = this.#services;
    return (
      instance.definition.process.approverEdits &&
      this.#workitems(instance).some(
        ({ actorId }) =>
          actorId === userId || (prefixOf(actorId) === '00G' && this.#services.usersOf(actorId).has(userId)),
      )
    );
  }
}
