/** Apex methods for components. The endpoint is the local org's own; the platform's is the undocumented Aura protocol. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { UiContext } from '../../api/ui/session.ts';

export interface ApexInvocation {
  readonly className?: unknown;
  readonly methodName?: unknown;
  readonly parameters?: unknown;
}

/** Body of a failed call, as LWCs get it from Apex. */
interface ApexErrorBody {
  readonly message: string;
  readonly exceptionType: string;
  readonly isUserDefinedException: boolean;
  readonly stackTrace: string;
  /** DmlException only. */
  readonly fieldErrors?: Readonly<Record<string, readonly PageError[]>>;
  readonly pageErrors?: readonly PageError[];
}

interface PageError {
  readonly statusCode: string;
  readonly message: string;
}

/** What errors of the code host carry beside their message. */
interface ApexFault {
  readonly message: string;
  readonly exceptionType?: string;
  readonly stackTrace?: string;
  readonly isUserDefinedException?: boolean;
  readonly dml?: readonly (PageError & { readonly fields: readonly string[] })[];
}

/** Runs a static `@AuraEnabled` method in a transaction of the acting user. */
export function invokeApex(
  context: UiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { className, methodName, parameters }: ApexInvocation,
): FastifyReply {
  if (typeof className !== 'string' || typeof methodName !== 'string') {
    return reply.code(400).send({
      message: 'The request needs className and methodName.',
      errorCode: 'INVALID_PARAMETER',
      statusCode: 400,
    });
  }
  const { org } = context;
  const { code } = org;
  if (!code)
    return reply
      .code(501)
      .send({ message: 'This org runs no Apex.', errorCode: 'APEX_NOT_AVAILABLE', statusCode: 501 });
  const userId = context.userIdOf(request);
  if (!org.security.hasClassAccess(userId, className))
    return reply
      .code(403)
      .header('cache-control', 'no-store')
      .send({
        message: `You do not have access to the Apex class named '${className}'.`,
        errorCode: 'INSUFFICIENT_ACCESS',
        statusCode: 403,
      });
  try {
    const returnValue = org.transaction({ userId }, (transaction) =>
      code.invokeAura(transaction, className, methodName, parameters ?? {}),
    );
    return reply.header('cache-control', 'no-store').send({ returnValue: returnValue ?? null });
  } catch (fault) {
    return reply.code(500).header('cache-control', 'no-store').send(errorBody(fault));
  }
}

function errorBody(fault: unknown): ApexErrorBody {
  const { message, exceptionType, stackTrace, isUserDefinedException, dml = [] } = fault as ApexFault;
  const body: ApexErrorBody = {
    message: message || 'Script-thrown exception',
    exceptionType: exceptionType || 'System.Exception',
    isUserDefinedException: isUserDefinedException ?? false,
    stackTrace: stackTrace ?? '',
  };
  if (dml.length === 0) return body;
  const fieldErrors: Record<string, PageError[]> = {};
  for (const { fields, statusCode, message: text } of dml)
    for (const field of fields) (fieldErrors[field] ??= []).push({ statusCode, message: text });
  return {
    ...body,
    fieldErrors,
    pageErrors: dml
      .filter(({ fields }) => fields.length === 0)
      .map(({ statusCode, message: text }) => ({ statusCode, message: text })),
  };
}
