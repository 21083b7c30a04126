import type { FastifyInstance } from 'fastify';
import { ALLOCATIONS } from '../../runtime/allocations.ts';
import { DATA_PATH } from '../context.ts';
import { resource } from './resource.ts';

/** `/limits`. */
export function addLimits(server: FastifyInstance): void {
  resource(server, `${DATA_PATH}/limits`, {
    GET: () => Object.fromEntries(Object.entries(ALLOCATIONS).map(([name, Max]) => [name, { Max, Remaining: Max }])),
  });
}
