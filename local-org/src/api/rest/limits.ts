import type { FastifyInstance } from 'fastify';
import { DATA_PATH } from '../context.ts';
import { resource } from './resource.ts';

/** Allocations that the local org does not meter: it reports the maximum of a Developer Edition org as remaining. */
const ALLOCATIONS: Readonly<Record<string, number>> = {
  ConcurrentAsyncGetReportInstances: 200,
  DailyApiRequests: 15000,
  DailyAsyncApexExecutions: 250000,
  DailyBulkApiBatches: 15000,
  DataStorageMB: 5,
  FileStorageMB: 20,
  SingleEmail: 15,
};

/** `/limits`. */
export function addLimits(server: FastifyInstance): void {
  resource(server, `${DATA_PATH}/limits`, {
    GET: () => Object.fromEntries(Object.entries(ALLOCATIONS).map(([name, Max]) => [name, { Max, Remaining: Max }])),
  });
}
