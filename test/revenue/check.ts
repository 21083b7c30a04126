/** Runs a history and compares the org with what it must be after each step. */
import { wrongReport } from './audit.ts';
import { compare } from './compare.ts';
import type { OpportunityRow, Rows } from './expected.ts';
import { endOfPeriod } from './fiscal.ts';
import type { History, Operation, Statement } from './history.ts';
import type { Outcome, RevenueOrg } from './RevenueOrg.ts';

export interface Failure {
  /** Number of operations up to and with the one that failed. */
  readonly step: number;
  readonly differences: readonly string[];
}

/** Plays a history from the beginning; null when the org was right all the way. */
export function playHistory(org: RevenueOrg, history: History): Failure | null {
  const { settings, operations } = history;
  org.begin(settings);
  let before = org.rows();
  for (const [index, operation] of operations.entries()) {
    const isLast = index === operations.length - 1;
    const isAudited = operation.more === 'audit';
    const isSettled = !settings.jobsLag || operation.more === 'jobs' || isAudited || isLast;
    const differences: string[] = isAudited ? [...org.runJobs()] : [];
    const outcome = org.run(operation);
    differences.push(...outcome.breakages.map((message) => `something broke: ${message}`));
    if (settings.sources.includes('Product_Schedules') && operation.statements.some(touchesSchedules))
      org.recalculate('Product_Schedules');
    if (isSettled) differences.push(...org.runJobs());
    if (isAudited) differences.push(...audit(org, operation));
    const after = org.rows();
    const isPatient = org.variant.isAutomated === true && !isAudited;
    differences.push(
      ...wrongAssignments(org, operation, outcome, before, after),
      ...wrongPeriods(org, operation, outcome, before, after),
      ...compare(org, after, !isSettled ? 'lagging' : isPatient ? 'patient' : 'settled'),
    );
    if (differences.length > 0) return { step: index + 1, differences };
    before = after;
  }
  return null;
}

/** No trigger sees product schedules: a person asks for the figures, or the nightly audit does. */
function touchesSchedules(statement: Statement): boolean {
  return (
    'object' in statement &&
    (statement.object === 'OpportunityLineItemSchedule' || statement.object === 'OpportunityLineItem')
  );
}

/** Audits the org and compares the report with what was wrong. */
function audit(org: RevenueOrg, { rate }: Operation): readonly string[] {
  if (rate) org.changeRate(rate);
  const before = org.rows();
  const { report, failures } = org.audit();
  return [...failures, ...wrongReport(org, before, report)];
}

/** What a person chose must hold until somebody chooses otherwise or the plan goes. */
function wrongAssignments(
  org: RevenueOrg,
  { statements }: Operation,
  { written }: Outcome,
  before: Rows,
  after: Rows,
): readonly string[] {
  const differences: string[] = [];
  const isNow = new Map(after.opportunities.map((row) => [row.id, row]));
  const plans = new Set(after.plans.map(({ id }) => id));
  const chosen = new Set<string>();
  for (const { id, fields } of written)
    if ('Plan_Assignment__c' in fields || 'Key_Account_Plan__c' in fields) chosen.add(id);
  const keeps = (old: OpportunityRow, now: OpportunityRow): boolean =>
    old.assignment === 'Kept Out'
      ? now.assignment === 'Kept Out'
      : old.assignment !== 'Pinned' ||
        old.planId === null ||
        !plans.has(old.planId) ||
        (now.assignment === 'Pinned' && now.planId === old.planId);
  for (const old of before.opportunities) {
    const now = isNow.get(old.id);
    // A plan that was deleted and undeleted within the operation has lost its pins.
    const mayLose = statements.some((statement) => statement.verb === 'delete' && statement.object !== 'Opportunity');
    if (now && !chosen.has(old.id) && !keeps(old, now) && !(mayLose && statements.length > 1))
      differences.push(
        `${org.nameOf(old.id)} was ${old.assignment ?? ''} to ${org.nameOf(old.planId)}, and is ` +
          `${now.assignment ?? 'blank'} to ${org.nameOf(now.planId)} though nobody chose it`,
      );
  }
  if (statements.length !== 1) return differences;
  for (const { id, fields } of written) {
    const now = isNow.get(id);
    const wanted = fields['Plan_Assignment__c'];
    // Whoever clears the plan of a pin gives the opportunity back to account and close date.
    const isPin = wanted === 'Pinned' && typeof fields['Key_Account_Plan__c'] === 'string';
    if (now && (wanted === 'Kept Out' || isPin) && now.assignment !== wanted)
      differences.push(`${org.nameOf(id)} was to be ${wanted}, and is ${now.assignment ?? 'blank'}`);
  }
  return differences;
}

/** An end that nobody typed follows from period and start. */
function wrongPeriods(
  org: RevenueOrg,
  { statements, more }: Operation,
  { written }: Outcome,
  before: Rows,
  after: Rows,
): readonly string[] {
  const [statement] = statements;
  if (statements.length !== 1 || more === 'audit' || !statement || !('object' in statement)) return [];
  if (statement.object !== 'Key_Account_Plan__c') return [];
  const was = new Map(before.plans.map((plan) => [plan.id, plan]));
  const is = new Map(after.plans.map((plan) => [plan.id, plan]));
  return written.flatMap(({ id, fields }) => {
    const plan = is.get(id);
    const old = was.get(id);
    if (!plan || !('Start_Date__c' in fields) || 'End_Date__c' in fields) return [];
    const isSame = old?.period === plan.period && old?.start === plan.start;
    const end = endOfPeriod(plan.period, plan.start, org.variant.hasCustomFiscalYears === true);
    const expected = isSame ? old?.end : (end ?? old?.end);
    return plan.end === expected
      ? []
      : [
          `${org.nameOf(id)} (${plan.period ?? ''} from ${plan.start}) ends on ${plan.end} instead of ${expected ?? ''}`,
        ];
  });
}
