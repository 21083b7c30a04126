/** Allocations that the local org does not meter: it reports the maximum of a Developer Edition org as remaining. */
export const ALLOCATIONS: Readonly<Record<string, number>> = {
  ConcurrentAsyncGetReportInstances: 200,
  DailyApiRequests: 15000,
  DailyAsyncApexExecutions: 250000,
  DailyBulkApiBatches: 15000,
  DataStorageMB: 5,
  FileStorageMB: 20,
  SingleEmail: 15,
};
