/** Runs a history and compares the org with what it must be after each step. */
import { expectedRevenue, FIGURES, figuresOf, fits, FORMULAS, formulasOf, isModest, PlanMatch } from './expected.ts';
import type { Money, OpportunityRow, Rows } from './expected.ts';
import type { History, Operation } from './history.ts';
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
    const outcome = org.run(operation);
    const isSettled = !settings.jobsLag || operation.more === 'jobs' || index === operations.length - 1;
    const jobFailures = isSettled ? org.runJobs() : [];
    const after = org.rows();
    const differences = [
      ...outcome.breakages.map((message) => `something broke: ${message}`),
      ...jobFailures,
      ...wrongAssignments(org, operation, outcome, before, after),
      ...compare(org, after, isSettled),
    ];
    if (differences.length > 0) return { step: index + 1, differences };
    before = after;
  }
  return null;
}

/** Links and figures. While jobs lag, what is wrong must at least wait in the queue. */
function compare(org: RevenueOrg, rows: Rows, isSettled: boolean): readonly string[] {
  const differences: string[] = [];
  const match = new PlanMatch(rows);
  const waiting = org.waiting();
  const linked = Map.groupBy(rows.opportunities, ({ planId }) => planId);
  let isTooLarge = false;
  for (const opportunity of rows.opportunities) {
    const expected = match.of(opportunity);
    const name = org.nameOf(opportunity.id);
    if (expected !== opportunity.planId && (isSettled || !waiting.links))
      differences.push(
        `${name} belongs to ${org.nameOf(expected)}, but is linked to ${org.nameOf(opportunity.planId)} ` +
          `(${opportunity.assignment ?? 'no assignment'}, account ${org.nameOf(opportunity.accountId)}, ${opportunity.closeDate})`,
      );
    const revenue = expectedRevenue(opportunity.amount, opportunity.probability);
    if (revenue !== opportunity.expected)
      differences.push(`Expected Revenue of ${name} is ${shown(opportunity.expected)} instead of ${shown(revenue)}`);
  }
  for (const plan of rows.plans) {
    const name = org.nameOf(plan.id);
    const figures = figuresOf(plan, linked.get(plan.id) ?? []);
    const isWaiting = waiting.plans.has(plan.id);
    if (!fits(figures)) {
      isTooLarge = true;
      // The sale went through; the plan must say that it is behind.
      if (!isWaiting || !plan.needsRecalculation)
        differences.push(`${name} can't hold its figures, but does not wait to be recalculated`);
      continue;
    }
    const wrong = FIGURES.filter((figure) => figures[figure] !== plan.figures[figure]);
    if (wrong.length > 0 && (isSettled || !isWaiting))
      differences.push(
        ...wrong.map(
          (figure) => `${name}.${figure} is ${shown(plan.figures[figure])} instead of ${shown(figures[figure])}`,
        ),
      );
    if (wrong.length === 0 && isModest(figures)) {
      const formulas = formulasOf(figures, plan.target);
      for (const formula of FORMULAS)
        if (formulas[formula] !== plan.formulas[formula])
          differences.push(
            `${name}.${formula} is ${shown(plan.formulas[formula])} instead of ${shown(formulas[formula])}`,
          );
    }
    if (isSettled && plan.needsRecalculation && wrong.length === 0 && !isWaiting)
      differences.push(`${name} is right, but still says that it needs to be recalculated`);
  }
  if (!isTooLarge && isSettled && waiting.links) differences.push('links wait although all jobs have run');
  return differences;
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

function shown(amount: Money | null): string {
  return amount === null ? 'blank' : String(Number(amount) / 1_000_000);
}
