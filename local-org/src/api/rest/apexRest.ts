/** `/services/apexrest`: the project's own REST services. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RestAnswer } from '../../runtime/types.ts';
import type { ApiContext } from '../context.ts';
import { ApiError } from '../errors.ts';

const PATH = '/services/apexrest';

/** What errors of the code host carry beside their message. */
interface ApexFault {
  readonly name?: string;
  readonly status?: number;
  readonly errorCode?: string;
  readonly message: string;
  readonly exceptionType?: string;
  readonly stackTrace?: string;
}

/** Adds the services; bodies of any type reach the Apex code as they came. */
export function addApexRest(server: FastifyInstance, { org }: ApiContext): void {
  const call = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { code } = org;
    const url = new URL(request.url, 'http://127.0.0.1');
    if (!code) throw new ApiError(404, 'NOT_FOUND', 'Could not find a match for URL');
    let answer: RestAnswer;
    try {
      answer = org.transaction({ userId: request.userId }, (transaction) =>
        code.callRest(transaction, {
          method: request.method,
          path: decodeURIComponent(url.pathname.slice(PATH.length)),
          parameters: [...url.searchParams],
          headers: Object.entries(request.headers).flatMap(([name, value]) =>
            name === 'authorization' || name === 'cookie' || value === undefined
              ? []
              : [[name, String(value)] as const],
          ),
          body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(),
          remoteAddress: request.ip,
        }),
      );
    } catch (error) {
      throw toError(error as ApexFault);
    }
    for (const [name, value] of answer.headers) void reply.header(name, value);
    return reply.code(answer.status).send(Buffer.from(answer.body));
  };
  void server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, ready) => ready(null, body));
    scope.all(`${PATH}/*`, call);
    done();
  });
}

function toError(fault: ApexFault): unknown {
  if (fault.name === 'RestRefusal')
    return new ApiError(fault.status ?? 404, fault.errorCode ?? 'NOT_FOUND', fault.message);
  if (fault.name !== 'ApexCallError') return fault;
  const trace = fault.stackTrace ? `\n\n${fault.stackTrace}` : '';
  return new ApiError(500, 'APEX_ERROR', `${fault.exceptionType ?? ''}: ${fault.message}${trace}`);
}
