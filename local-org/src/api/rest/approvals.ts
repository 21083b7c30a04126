/** `/process/approvals`: the org's approval processes, and requests to them (REST API Developer Guide, "Process Approvals"). */
import type { FastifyInstance } from 'fastify';
import type { ApprovalRequest, ApprovalResult, WorkitemRequest } from '../../runtime/approvals/types.ts';
import { DATA_PATH } from '../context.ts';
import type { ApiContext } from '../context.ts';
import { ApiError } from '../errors.ts';
import { inTransaction, jsonObject, resource } from './resource.ts';

const ACTIONS: readonly WorkitemRequest['action'][] = ['Approve', 'Reject', 'Removed'];

/** Adds the resource. */
export function addApprovals(server: FastifyInstance, { org }: ApiContext): void {
  resource(server, `${DATA_PATH}/process/approvals`, {
    GET: (request) => {
      const user = org.security.user(request.userId);
      const visible = org.approvalProcesses.filter(({ process }) => process.active && user.object(process.object).read);
      const groups = Map.groupBy(visible, ({ process }) => process.object.name);
      return {
        approvals: Object.fromEntries(
          [...groups].map(([objectName, rows]) => [
            objectName,
            rows.map(({ id, process }, index) => ({
              description: process.description,
              id,
              name: process.label,
              object: objectName,
              sortOrder: index + 1,
            })),
          ]),
        ),
      };
    },
    POST: (request) => {
      const { requests } = jsonObject(request);
      if (!Array.isArray(requests))
        throw new ApiError(400, 'JSON_PARSER_ERROR', 'The body needs the list requests.', ['requests']);
      const parsed = requests.map(requestOf);
      return inTransaction(org, request, (transaction) =>
        transaction.approvals
          .process(parsed, { allOrNone: false, checksAccess: true, countLimits: false })
          .map(resultJson),
      );
    },
  });
}

function requestOf(json: unknown): ApprovalRequest {
  const given = (json ?? {}) as Record<string, unknown>;
  const text = (name: string): string | null => {
    const value = given[name] ?? null;
    if (value !== null && typeof value !== 'string')
      throw new ApiError(400, 'JSON_PARSER_ERROR', `${name} must be text.`, [name]);
    return value;
  };
  const approvers = given['nextApproverIds'] ?? [];
  if (!Array.isArray(approvers) || approvers.some((id) => typeof id !== 'string'))
    throw new ApiError(400, 'JSON_PARSER_ERROR', 'nextApproverIds must be a list of Ids.', ['nextApproverIds']);
  const shared = { comments: text('comments'), nextApproverIds: approvers as string[] };
  const type = text('actionType');
  if (type === 'Submit')
    return {
      ...shared,
      action: 'Submit',
      objectId: text('contextId'),
      submitterId: text('contextActorId'),
      process: text('processDefinitionNameOrId'),
      skipEntryCriteria: given['skipEntryCriteria'] === true || given['skipEntryCriteria'] === 'true',
    };
  const action = ACTIONS.find((candidate) => candidate === type);
  if (action === undefined)
    throw new ApiError(400, 'INVALID_INPUT', `actionType must be Submit, ${ACTIONS.join(', ')}, not ${String(type)}.`, [
      'actionType',
    ]);
  return { ...shared, action, workitemId: text('contextId') };
}

function resultJson(result: ApprovalResult): Record<string, unknown> {
  const { actorIds, entityId, instanceId, instanceStatus, newWorkitemIds, success } = result;
  return {
    actorIds: success ? actorIds : null,
    entityId,
    errors: success ? null : result.errors,
    instanceId,
    instanceStatus,
    newWorkitemIds: success ? newWorkitemIds : null,
    success,
  };
}
