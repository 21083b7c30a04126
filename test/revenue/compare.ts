/** Compares links, figures and formulas with what they must be. */
import {
  expectedRevenue,
  FIGURES,
  figuresOf,
  fits,
  FORMULAS,
  formulasOf,
  isModest,
  money,
  PlanMatch,
} from './expected.ts';
import type { Figures, Money, PlanRow, Rows } from './expected.ts';
import type { RevenueOrg } from './RevenueOrg.ts';
import { isKnown, PlanItems } from './sourceRecords.ts';

/** Pipeline that a rule of the customer's allows a draft, see customers/automation. */
const MOST_OF_A_DRAFT = money('100000');

/**
 * How far the org must be: `settled`: all jobs have run; `lagging`: what is wrong waits in the queue; `patient`: what a
 * rule of the customer's refused before waits too.
 */
export type Progress = 'settled' | 'lagging' | 'patient';

/** What a plan must be worth. */
export function figuresIn(rows: Rows, plan: PlanRow, items: PlanItems): Figures {
  return figuresOf(plan, items.linkedCount(plan.id), items.of(plan.id, plan.source), rows.rates);
}

/** Whether the engine would write the plan. */
export function differs(plan: PlanRow, figures: Figures): boolean {
  return plan.needsRecalculation || FIGURES.some((name) => figures[name] !== plan.figures[name]);
}

/** Whether the plan can't be saved with its figures. */
export function isRefused(org: RevenueOrg, plan: PlanRow, figures: Figures): boolean {
  const isTooLarge = figures.Pipeline__c > MOST_OF_A_DRAFT && plan.status === 'Draft';
  return !isKnown(plan.source) || !fits(figures) || (org.variant.isAutomated === true && (plan.isLocked || isTooLarge));
}

/** Differences in words. */
export function compare(org: RevenueOrg, rows: Rows, progress: Progress): readonly string[] {
  const match = new PlanMatch(rows);
  const items = new PlanItems(rows, match);
  const waiting = org.waiting();
  const differences: string[] = [];
  let isRefusing = false;
  for (const opportunity of rows.opportunities) {
    const expected = match.of(opportunity);
    const name = org.nameOf(opportunity.id);
    if (expected !== opportunity.planId) {
      if (opportunity.isDisputed) isRefusing = true;
      if (!waiting.links || (progress === 'settled' && !opportunity.isDisputed))
        differences.push(
          `${name} belongs to ${org.nameOf(expected)}, but is linked to ${org.nameOf(opportunity.planId)} ` +
            `(${opportunity.assignment ?? 'no assignment'}, account ${org.nameOf(opportunity.accountId)}, ${opportunity.closeDate})`,
        );
    }
    const revenue = expectedRevenue(opportunity.amount, opportunity.probability);
    if (revenue !== opportunity.expected)
      differences.push(`Expected Revenue of ${name} is ${shown(opportunity.expected)} instead of ${shown(revenue)}`);
  }
  for (const plan of rows.plans) {
    const name = org.nameOf(plan.id);
    const figures = figuresIn(rows, plan, items);
    const isWaiting = waiting.plans.has(plan.id);
    const wrong = FIGURES.filter((figure) => figures[figure] !== plan.figures[figure]);
    if (isRefused(org, plan, figures)) {
      isRefusing = true;
      // The sale went through; the plan must say that it is behind, if it can be saved at all.
      if (wrong.length > 0 && !(isWaiting && (plan.needsRecalculation || plan.isLocked)))
        differences.push(`${name} can't hold its figures, but does not wait to be recalculated`);
      continue;
    }
    if (wrong.length > 0 && (progress === 'settled' || !isWaiting))
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
    if (progress !== 'lagging' && plan.needsRecalculation && wrong.length === 0 && !isWaiting)
      differences.push(`${name} is right, but still says that it needs to be recalculated`);
  }
  const mayBeTriedAgain = isRefusing || org.variant.isAutomated === true;
  if (!mayBeTriedAgain && progress === 'settled' && waiting.links)
    differences.push('links wait although all jobs have run');
  return differences;
}

function shown(amount: Money | null): string {
  return amount === null ? 'blank' : String(Number(amount) / 1_000_000);
}
