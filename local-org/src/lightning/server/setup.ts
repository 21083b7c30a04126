/**
 * Setup's pages of jobs (Salesforce Help, "Monitor the Apex Job Queue" and "Monitor Scheduled Jobs"): rows of
 * AsyncApexJob and CronTrigger as the acting user may read them.
 */
import { notFound, UiApiError } from '../../api/ui/errors.ts';
import { tableRecords } from '../../api/ui/lists.ts';
import type { RecordRepresentation } from '../../api/ui/recordRepresentation.ts';
import type { UiSession } from '../../api/ui/session.ts';
import { visibleObject } from '../../api/ui/session.ts';
import { mayViewSetup } from './permissions.ts';

interface JobsPage {
  readonly objectName: string;
  /** Columns by path, with Setup's own names for them. */
  readonly columns: Readonly<Record<string, string>>;
  readonly condition: string;
  readonly sortBy: string;
  /** The field, and its values in rows that can still be ended. */
  readonly pending: readonly [field: string, values: readonly string[]];
}

/** By Setup's own name of the page, which is a part of its address. */
const pages: Readonly<Record<string, JobsPage>> = {
  AsyncApexJobs: {
    objectName: 'AsyncApexJob',
    columns: {
      CreatedDate: 'Submitted Date',
      JobType: 'Job Type',
      Status: 'Status',
      ExtendedStatus: 'Status Detail',
      TotalJobItems: 'Total Batches',
      JobItemsProcessed: 'Batches Processed',
      NumberOfErrors: 'Failures',
      'CreatedBy.Name': 'Submitted By',
      CompletedDate: 'Completion Date',
      'ApexClass.Name': 'Apex Class',
      MethodName: 'Apex Method',
      Id: 'Apex Job ID',
    },
    // The parts that a batch is worked off in stand behind a link of their own on the platform.
    condition: "JobType != 'BatchApexWorker'",
    sortBy: '-CreatedDate',
    pending: ['Status', ['Holding', 'Queued', 'Preparing', 'Processing']],
  },
  ScheduledJobs: {
    objectName: 'CronTrigger',
    columns: {
      'CronJobDetail.Name': 'Job Name',
      'CreatedBy.Name': 'Submitted By',
      CreatedDate: 'Submitted',
      PreviousFireTime: 'Started',
      NextFireTime: 'Next Scheduled Run',
      CronExpression: 'Cron Expression',
      'CronJobDetail.JobType': 'Type',
      State: 'State',
      TimesTriggered: 'Times Run',
      Id: 'Scheduled Job ID',
    },
    condition: '',
    sortBy: 'NextFireTime',
    pending: ['State', ['WAITING', 'ACQUIRED', 'EXECUTING', 'PAUSED', 'BLOCKED', 'PAUSED_BLOCKED']],
  },
};

/**
 * Rows and columns of a page; `endable` are the Ids of the rows that the user may end.
 * @throws UiApiError 403 for who may not view Setup, 404 for a page that is not there
 */
export function jobsPage(session: UiSession, name: string, pageSize?: number) {
  demandSetup(session);
  const page = pages[name];
  if (!page) throw notFound();
  const { displayColumns, ...table } = rowsOf(session, page, page.condition, pageSize);
  return {
    ...table,
    columns: displayColumns.flatMap((column) => {
      const label = page.columns[column.fieldApiName];
      return label === undefined ? [] : [{ ...column, label }];
    }),
    endable: endableOf(session, page, table.records),
  };
}

/**
 * Aborts an Apex job or deletes a scheduled one, as System.abortJob does.
 * @throws UiApiError 403 for who may not view Setup, 400 when the job is not the user's to end or no longer waits
 */
export function endJob(session: UiSession, id: string): undefined {
  demandSetup(session);
  const { schema } = session.context.org;
  const page = Object.values(pages).find(
    ({ objectName }) => schema.object(objectName)?.keyPrefix === id.slice(0, 3) && /^\w{15}(\w{3})?$/.test(id),
  );
  if (!page) throw notFound();
  const { records } = rowsOf(session, page, `Id = '${id}'`, 1);
  const [endable] = endableOf(session, page, records);
  if (endable === undefined || !session.transaction.abortJob(endable))
    throw new UiApiError(
      400,
      'INVALID_OPERATION',
      'The job has ended meanwhile, or it is somebody else’s and you can’t modify all data. Refresh the page.',
    );
  return undefined;
}

function rowsOf(session: UiSession, page: JobsPage, condition: string, pageSize?: number) {
  return tableRecords(
    session,
    visibleObject(session, page.objectName),
    [...Object.keys(page.columns), 'CreatedById'],
    condition,
    { sortBy: [page.sortBy], ...(pageSize === undefined ? {} : { pageSize }) },
  );
}

function endableOf(
  session: UiSession,
  { pending: [field, values] }: JobsPage,
  records: readonly RecordRepresentation[],
): readonly string[] {
  const everybodys = session.context.org.security.user(session.user.id).grants.modifyAllData;
  return records.flatMap(({ id, fields }) =>
    values.includes(String(fields[field]?.value)) && (everybodys || fields['CreatedById']?.value === session.user.id)
      ? (id ?? [])
      : [],
  );
}

function demandSetup(session: UiSession): void {
  if (!mayViewSetup(session.context.org, session.user.id))
    throw new UiApiError(
      403,
      'INSUFFICIENT_ACCESS',
      'Setup needs the permission “View Setup and Configuration”. Ask an administrator for it.',
    );
}
