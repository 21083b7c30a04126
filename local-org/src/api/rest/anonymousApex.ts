/** Anonymous Apex: `/tooling/executeAnonymous`, and a path of the local org's own that answers with the log too. */
import type { FastifyInstance } from 'fastify';
import type { AnonymousOutcome } from '../../runtime/types.ts';
import { executeAnonymous } from '../anonymousApex.ts';
import { DATA_PATH } from '../context.ts';
import type { ApiContext } from '../context.ts';
import { ApiError } from '../errors.ts';
import { jsonObject, queryParameter, resource } from './resource.ts';
import type { ApiRequest } from './resource.ts';

/** Not a path of the platform: what the command line's `exec` calls while a server holds the data. */
export const LOCAL_EXECUTE_PATH = '/services/local-org/executeAnonymous';

/** Adds the resources that compile and run anonymous Apex. */
export function addAnonymousApex(server: FastifyInstance, { org }: ApiContext): void {
  const execute = (request: ApiRequest, source: unknown): AnonymousOutcome => {
    if (typeof source !== 'string') {
      throw new ApiError(400, 'MISSING_ARGUMENT', 'Give the Apex source in the parameter anonymousBody.');
    }
    return executeAnonymous(org, request.userId, source);
  };
  resource(server, `${DATA_PATH}/tooling/executeAnonymous`, {
    GET: (request) => {
      const { log: _log, ...outcome } = execute(request, queryParameter(request, 'anonymousBody'));
      return outcome;
    },
  });
  resource(server, LOCAL_EXECUTE_PATH, {
    POST: (request) => execute(request, jsonObject(request)['anonymousBody']),
  });
}
