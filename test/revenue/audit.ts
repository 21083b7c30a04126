/** What an audit must find and report, worked out from the rows before it. */
import { differs, figuresIn, isRefused } from './compare.ts';
import { money, PlanMatch } from './expected.ts';
import type { OpportunityRow, PlanRow, Rows } from './expected.ts';
import type { AuditReport, RevenueOrg } from './RevenueOrg.ts';
import { isKnown, PlanItems } from './sourceRecords.ts';

const SCOPE = money('40000');

/** Differences between an audit's report and what was wrong before it. */
export function wrongReport(org: RevenueOrg, before: Rows, report: AuditReport): readonly string[] {
  const match = new PlanMatch(before);
  const checked = before.opportunities.filter(({ accountId, planId }) => accountId !== null || planId !== null);
  const wrongLinks = checked.filter((row) => match.of(row) !== row.planId || hasLostItsPin(row));
  const mendedLinks = wrongLinks.filter(({ isDisputed }) => !isDisputed);
  const mended = new Map(mendedLinks.map((row) => [row.id, { ...row, planId: match.of(row), assignment: null }]));
  const linked: Rows = { ...before, opportunities: before.opportunities.map((row) => mended.get(row.id) ?? row) };
  const items = new PlanItems(linked, match);
  const wrongPlans = linked.plans.filter((plan) => differs(plan, figuresIn(linked, plan, items)));
  const refused = linked.plans.filter(
    (plan) =>
      !seemsLarge(plan) &&
      (!isKnown(plan.source) || (wrongPlans.includes(plan) && isRefused(org, plan, figuresIn(linked, plan, items)))),
  );
  // Plans that gain or lose a link are summed along with it, before the audit compares figures.
  const touched = new Set(mendedLinks.flatMap((row) => [row.planId, match.of(row)]));
  const wrongAfterLinks = wrongPlans.filter(
    (plan) => !refused.includes(plan) && !touched.has(plan.id) && !seemsLarge(plan),
  );
  const followers = wrongAfterLinks.filter(({ source }) => mendedLinks.length > 0 && source === 'Product_Schedules');
  const expected: AuditReport = {
    status: wrongLinks.length > mendedLinks.length || refused.length > 0 ? 'Completed with Failures' : 'Completed',
    opportunitiesChecked: checked.length,
    linksMended: mendedLinks.length,
    plansChecked: before.plans.length,
    plansMended: wrongAfterLinks.length,
    failures: wrongLinks.length - mendedLinks.length + refused.length,
  };
  return (Object.keys(expected) as (keyof AuditReport)[])
    .filter(
      (name) =>
        report[name] !== expected[name] &&
        !(
          name === 'plansMended' &&
          report.plansMended <= expected.plansMended &&
          report.plansMended >= expected.plansMended - followers.length
        ),
    )
    .map((name) => `the audit reports ${name} ${report[name] ?? 'blank'} instead of ${expected[name] ?? 'blank'}`);
}

/** A plan that is said to have more records than a scope may read is left to a batch of its own. */
function seemsLarge({ figures }: PlanRow): boolean {
  return (figures.Linked_Opportunity_Count__c ?? 0n) > SCOPE || (figures.Revenue_Record_Count__c ?? 0n) > SCOPE;
}

function hasLostItsPin({ assignment, planId }: OpportunityRow): boolean {
  return assignment === 'Pinned' && planId === null;
}
