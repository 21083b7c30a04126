/** `/composite/tree/{object}`: records with children, saved together or not at all. */
import type { FastifyInstance } from 'fastify';
import { DATA_PATH } from '../context.ts';
import type { ApiContext } from '../context.ts';
import { saveTree } from '../recordTree.ts';
import type { TreeRecord } from '../recordTree.ts';
import { objectOf } from './records.ts';
import { jsonObject, parameter, resource } from './resource.ts';

/** Adds the tree resource. */
export function addTree(server: FastifyInstance, { org }: ApiContext): void {
  resource(server, `${DATA_PATH}/composite/tree/:object`, {
    POST: (request, reply) => {
      const describe = objectOf(org, parameter(request, 'object'));
      const { records } = jsonObject(request);
      const outcome = org.transaction({ userId: request.userId }, (transaction) =>
        saveTree(transaction, describe, records as readonly TreeRecord[]),
      );
      void reply.code(outcome.hasErrors ? 400 : 201);
      return outcome;
    },
  });
}
