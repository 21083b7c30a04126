/**
 * What the plans and links must be, worked out from plain rows by the rules of docs/architecture.md ("Which plan", "What
 * counts") and by nothing of the package's own. Money is an exact whole number of millionths.
 */

import type { SourceRecords } from './sourceRecords.ts';

export type Money = bigint;
const DIGITS = 6;
const ONE: Money = 10n ** BigInt(DIGITS);
/** Currency(18,2) holds sixteen digits before the point. */
const MOST: Money = 10n ** 16n * ONE;
/** Deepest account below the plan's that it may cover. */
const LEVELS = 5;

export interface AccountRow {
  readonly id: string;
  readonly parentId: string | null;
}

export interface OpportunityRow {
  readonly id: string;
  readonly accountId: string | null;
  /** ISO date. */
  readonly closeDate: string;
  readonly isClosed: boolean;
  readonly isWon: boolean;
  readonly category: string;
  readonly amount: Money | null;
  readonly expected: Money | null;
  readonly probability: Money | null;
  readonly currency: string | null;
  readonly planId: string | null;
  readonly assignment: string | null;
  /** True: a rule of the customer's refuses every save. */
  readonly isDisputed: boolean;
}

/** Figures that the engine writes, by field. */
export type Figures = Readonly<Record<FigureName, Money>>;
export const FIGURES = [
  'Won_Revenue__c',
  'Pipeline__c',
  'Weighted_Pipeline__c',
  'Commit_Pipeline__c',
  'Most_Likely_Pipeline__c',
  'Best_Case_Pipeline__c',
  'Early_Pipeline__c',
  'Linked_Opportunity_Count__c',
  'Revenue_Record_Count__c',
] as const;
export type FigureName = (typeof FIGURES)[number];

/** Formula fields: computed from figures and target when read. */
export const FORMULAS = [
  'Total_Expected_Revenue__c',
  'Forecast_Target_Variance__c',
  'Pipeline_Coverage__c',
  'Won_Revenue_Percent__c',
  'Pipeline_Percent__c',
  'Weighted_Pipeline_Percent__c',
  'Total_Expected_Revenue_Percent__c',
  'Forecast_Target_Variance_Percent__c',
] as const;
export type FormulaName = (typeof FORMULAS)[number];

export interface PlanRow {
  readonly id: string;
  readonly accountId: string;
  readonly start: string;
  readonly end: string;
  readonly period: string | null;
  readonly status: string | null;
  /** Revenue_Source__c; null for opportunity amounts. */
  readonly source: string | null;
  /** True: a rule of the customer's refuses every save. */
  readonly isLocked: boolean;
  readonly coversChildren: boolean;
  readonly target: Money | null;
  readonly currency: string | null;
  readonly needsRecalculation: boolean;
  readonly figures: Readonly<Record<FigureName, Money | null>>;
  readonly formulas: Readonly<Record<FormulaName, Money | null>>;
}

export interface Rows {
  readonly accounts: readonly AccountRow[];
  readonly plans: readonly PlanRow[];
  readonly opportunities: readonly OpportunityRow[];
  readonly records: SourceRecords;
  readonly rates: Rates;
}

/** One record of a plan's revenue source, whatever its object. */
export interface RevenueItem {
  /** Day whose exchange rate holds. */
  readonly day: string;
  readonly isWon: boolean;
  readonly isOpen: boolean;
  /** Counts nowhere. */
  readonly isLeftOut: boolean;
  /** ForecastCategory; null where the object has none. */
  readonly category: string | null;
  readonly amount: Money | null;
  readonly expected: Money | null;
  readonly currency: string | null;
}

/** Plain decimal text as millionths. */
export function money(text: string): Money {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[3]?.replace(/0+$/, '') ?? '';
  if (!match || fraction.length > DIGITS) throw new Error(`${text} is no amount of at most ${DIGITS} decimal places`);
  const unsigned = BigInt(match[2] ?? '') * ONE + BigInt(fraction.padEnd(DIGITS, '0'));
  return match[1] === '-' ? -unsigned : unsigned;
}

/** What currencies are worth. */
export interface Rates {
  /** Units of a currency for one US dollar, before the first dated rate. */
  readonly fixed: ReadonlyMap<string, Money>;
  /** Rates that hold from a day on, in the order of days. */
  readonly dated: readonly { readonly isoCode: string; readonly from: string; readonly rate: Money }[];
}

/** Units of a currency for one US dollar, the corporate currency of the orgs with several, at the beginning. */
export const RATES = { EUR: '0.8', GBP: '0.5' } as const;
/** Rates that hold from a day on; before the first, the rate above holds. */
export const DATED_RATES: readonly (readonly [isoCode: string, from: string, rate: string])[] = [
  ['EUR', '2027-01-01', '0.9'],
  ['EUR', '2027-07-01', '0.75'],
  ['GBP', '2027-04-01', '0.6'],
];

/** An amount in another currency at the rate of a day, rounded half up to cents. */
function converted(rates: Rates, amount: Money, from: string | null, to: string | null, day: string): Money {
  return from === to ? amount : divide(amount * rateOf(rates, to, day), rateOf(rates, from, day) * ONE, 2);
}

function rateOf({ fixed, dated }: Rates, isoCode: string | null, day: string): Money {
  if (isoCode === 'USD') return ONE;
  const known =
    dated.findLast((rate) => rate.isoCode === isoCode && rate.from <= day)?.rate ?? fixed.get(isoCode ?? '');
  if (known === undefined) throw new Error(`no rate of ${isoCode ?? 'no currency'} is known`);
  return known;
}

/** Finds the plan that each opportunity belongs to. */
export class PlanMatch {
  readonly #parents: ReadonlyMap<string, string | null>;
  readonly #plans: ReadonlyMap<string, readonly PlanRow[]>;

  constructor({ accounts, plans }: Rows) {
    this.#parents = new Map(accounts.map(({ id, parentId }) => [id, parentId]));
    this.#plans = Map.groupBy(plans, ({ accountId }) => accountId);
  }

  /** Id of the plan by account and close date alone; null when there is none. */
  automatic(accountId: string | null, day: string): string | null {
    let level: string | null | undefined = accountId;
    for (let distance = 0; level && distance <= LEVELS; distance++) {
      const candidates = (this.#plans.get(level) ?? []).filter(
        (plan) => plan.start <= day && day <= plan.end && (distance === 0 || plan.coversChildren),
      );
      const best = candidates.reduce<PlanRow | null>(
        (first, plan) => (first === null || goesBefore(plan, first) ? plan : first),
        null,
      );
      if (best) return best.id;
      level = this.#parents.get(level);
    }
    return null;
  }

  of(opportunity: OpportunityRow): string | null {
    if (opportunity.assignment === 'Kept Out') return null;
    if (opportunity.assignment === 'Pinned' && opportunity.planId !== null) return opportunity.planId;
    return this.automatic(opportunity.accountId, opportunity.closeDate);
  }
}

/** Approved first, then the latest start, then the shortest period, then the lowest Id. */
function goesBefore(plan: PlanRow, other: PlanRow): boolean {
  const isApproved = plan.status === 'Approved';
  if (isApproved !== (other.status === 'Approved')) return isApproved;
  if (plan.start !== other.start) return plan.start > other.start;
  if (plan.end !== other.end) return plan.end < other.end;
  return plan.id < other.id;
}

/** Category of the pipeline that an open opportunity's forecast category belongs to. */
const PARTS: Readonly<Record<string, FigureName>> = {
  Forecast: 'Commit_Pipeline__c',
  MostLikely: 'Most_Likely_Pipeline__c',
  BestCase: 'Best_Case_Pipeline__c',
  Pipeline: 'Early_Pipeline__c',
};

/** A linked opportunity as what its amount is worth. */
export function itemOf(opportunity: OpportunityRow): RevenueItem {
  const { closeDate, isWon, isClosed, category, amount, expected, currency } = opportunity;
  return {
    day: closeDate,
    isWon,
    isOpen: !isClosed,
    isLeftOut: category === 'Omitted',
    category,
    amount,
    expected,
    currency,
  };
}

/** The figures of a plan from the records that are its revenue, each amount in the plan's currency. */
export function figuresOf(plan: PlanRow, linkedCount: number, items: readonly RevenueItem[], rates: Rates): Figures {
  const figures = Object.fromEntries(FIGURES.map((name) => [name, 0n])) as Record<FigureName, Money>;
  figures.Linked_Opportunity_Count__c = BigInt(linkedCount) * ONE;
  figures.Revenue_Record_Count__c = BigInt(items.length) * ONE;
  for (const item of items) {
    if (item.isLeftOut || !(item.isWon || item.isOpen)) continue;
    const inPlansCurrency = (amount: Money | null): Money =>
      converted(rates, amount ?? 0n, item.currency, plan.currency, item.day);
    const amount = inPlansCurrency(item.amount);
    if (item.isWon) figures.Won_Revenue__c += amount;
    else {
      const part = item.category === null ? 'Early_Pipeline__c' : PARTS[item.category];
      if (part === undefined) throw new Error(`no part of the pipeline is known for ${item.category ?? ''}`);
      figures.Pipeline__c += amount;
      figures[part] += amount;
      figures.Weighted_Pipeline__c += inPlansCurrency(item.expected);
    }
  }
  return figures;
}

/** False when a figure is larger than its field: the plan can't be saved with it. */
export function fits(figures: Figures): boolean {
  return FIGURES.every((name) => absolute(figures[name]) < MOST);
}

/** False when a formula's result may be larger than the platform computes exactly. */
export function isModest(figures: Figures): boolean {
  return FIGURES.every((name) => absolute(figures[name]) < 10n ** 11n * ONE);
}

/** Formula fields from the figures and the target: blank counts as zero, percentages come times a hundred. */
export function formulasOf(figures: Figures, blankableTarget: Money | null): Record<FormulaName, Money | null> {
  const target = blankableTarget ?? 0n;
  const won = figures.Won_Revenue__c;
  const total = won + figures.Weighted_Pipeline__c;
  const missing = target - won;
  const percent = (part: Money): Money | null => (target > 0n ? divide(part * 100n, target, 1) : null);
  return {
    Total_Expected_Revenue__c: total,
    Forecast_Target_Variance__c: total - target,
    Pipeline_Coverage__c: missing > 0n ? divide(figures.Pipeline__c, missing, 2) : null,
    Won_Revenue_Percent__c: percent(won),
    Pipeline_Percent__c: percent(figures.Pipeline__c),
    Weighted_Pipeline_Percent__c: percent(figures.Weighted_Pipeline__c),
    Total_Expected_Revenue_Percent__c: percent(total),
    Forecast_Target_Variance_Percent__c: percent(total - target),
  };
}

/** Expected Revenue as the platform defines it, and what other records weigh: amount times probability, to the cent. */
export function expectedRevenue(amount: Money | null, probability: Money | null): Money | null {
  return amount === null ? null : divide(amount * (probability ?? 0n), 100n * ONE * ONE, 2);
}

/** Quotient of two amounts, rounded half up (away from zero) to decimal places. */
function divide(dividend: bigint, divisor: bigint, places: number): Money {
  const factor = 10n ** BigInt(places);
  const numerator = absolute(dividend) * factor * 2n + divisor;
  const rounded = numerator / (divisor * 2n);
  return ((dividend < 0n ? -rounded : rounded) * ONE) / factor;
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
