/** Records of revenue sources as plain rows, and by the rules of docs/architecture.md which plan each of them counts for. */
import { expectedRevenue, itemOf, money } from './expected.ts';
import type { Money, OpportunityRow, PlanMatch, RevenueItem, Rows } from './expected.ts';
import { SOURCES } from './variants.ts';
import type { SourceName } from './variants.ts';

interface SourceRow {
  readonly amount: Money | null;
  readonly currency: string | null;
}

/** A product line or split of an opportunity. */
export interface PartRow extends SourceRow {
  readonly opportunityId: string;
}

/** An instalment of a product line. */
export interface ScheduleRow extends PartRow {
  readonly day: string;
}

/** An order or invoice. */
export interface DocumentRow extends SourceRow {
  readonly accountId: string | null;
  readonly day: string | null;
  /** Order.StatusCode, or an invoice's status. */
  readonly status: string | null;
}

export interface SourceRecords {
  readonly lines: readonly PartRow[];
  readonly splits: readonly PartRow[];
  readonly schedules: readonly ScheduleRow[];
  readonly orders: readonly DocumentRow[];
  readonly invoices: readonly DocumentRow[];
}

const CERTAIN = money('100');

/** False for a source that was written while nothing refused it. */
export function isKnown(source: string | null): boolean {
  return source === null || source === 'Opportunity_Amount' || (SOURCES as readonly string[]).includes(source);
}

/** What each plan is worth, from the source that it names. */
export class PlanItems {
  readonly #rows: Rows;
  readonly #match: PlanMatch;
  readonly #linked: ReadonlyMap<string | null, readonly OpportunityRow[]>;
  readonly #opportunities: ReadonlyMap<string, OpportunityRow>;
  readonly #bySource = new Map<string, ReadonlyMap<string | null, readonly RevenueItem[]>>();

  constructor(rows: Rows, match: PlanMatch) {
    this.#rows = rows;
    this.#match = match;
    this.#linked = Map.groupBy(rows.opportunities, ({ planId }) => planId);
    this.#opportunities = new Map(rows.opportunities.map((row) => [row.id, row]));
  }

  linkedCount(planId: string): number {
    return this.#linked.get(planId)?.length ?? 0;
  }

  /** None for a source that nobody knows. */
  of(planId: string, source: string | null): readonly RevenueItem[] {
    if (source === null || source === 'Opportunity_Amount') return (this.#linked.get(planId) ?? []).map(itemOf);
    if (!isKnown(source)) return [];
    let items = this.#bySource.get(source);
    if (!items) {
      const pairs = this.#pairs(source as SourceName);
      items = new Map(
        [...Map.groupBy(pairs, ([plan]) => plan)].map(([plan, group]) => [plan, group.map(([, item]) => item)]),
      );
      this.#bySource.set(source, items);
    }
    return items.get(planId) ?? [];
  }

  #pairs(source: SourceName): readonly (readonly [string | null, RevenueItem])[] {
    const { lines, splits, schedules, orders, invoices } = this.#rows.records;
    switch (source) {
      case 'Product_Lines':
        return lines.map((row) => this.#part(row));
      case 'Opportunity_Splits':
        return splits.map((row) => this.#part(row));
      case 'Product_Schedules':
        return schedules.map((row) => this.#schedule(row));
      case 'Orders':
        return orders.map((row) => this.#document(row, ['Activated'], ['Draft'], []));
      case 'Imported_Invoices':
        return invoices.map((row) => this.#document(row, ['Sent', 'Paid'], ['Draft'], ['Cancelled']));
    }
  }

  /** Lines and splits go where their opportunity is linked. */
  #part({ opportunityId, amount, currency }: PartRow): readonly [string | null, RevenueItem] {
    const opportunity = this.#opportunity(opportunityId);
    const item = itemOf(opportunity);
    return [
      opportunity.planId,
      { ...item, amount, currency, expected: expectedRevenue(amount, opportunity.probability) },
    ];
  }

  /** Instalments count on their own day, unless their opportunity is pinned or kept out. */
  #schedule(row: ScheduleRow): readonly [string | null, RevenueItem] {
    const opportunity = this.#opportunity(row.opportunityId);
    const [, item] = this.#part(row);
    return [this.#match.of({ ...opportunity, closeDate: row.day }), { ...item, day: row.day }];
  }

  /** Orders and invoices have no probability: all of a draft counts as weighted pipeline. */
  #document(
    { accountId, day, status, amount, currency }: DocumentRow,
    won: readonly string[],
    open: readonly string[],
    leftOut: readonly string[],
  ): readonly [string | null, RevenueItem] {
    const is = (statuses: readonly string[]): boolean => status !== null && statuses.includes(status);
    return [
      day === null ? null : this.#match.automatic(accountId, day),
      {
        day: day ?? '',
        isWon: is(won),
        isOpen: is(open),
        isLeftOut: is(leftOut),
        category: null,
        amount,
        expected: expectedRevenue(amount, CERTAIN),
        currency,
      },
    ];
  }

  #opportunity(id: string): OpportunityRow {
    const opportunity = this.#opportunities.get(id);
    if (!opportunity) throw new Error(`the opportunity ${id} of a record is not there`);
    return opportunity;
  }
}
