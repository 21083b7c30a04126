/** Fiscal years, quarters and months: computed from the standard rule, or read from the periods of custom fiscal years. */
import type { FiscalYearRule } from '../project/types.ts';
import { ApexDate } from '../values/ApexDate.ts';

export type FiscalUnit = 'FISCAL_QUARTER' | 'FISCAL_YEAR';

/** Fiscal year by its name's number, quarter (1 to 4) and month (1 to 12, or 13) of a day. */
export interface FiscalParts {
  readonly year: number;
  readonly quarter: number;
  readonly month: number;
}

export interface FiscalCalendar {
  /** Custom fiscal years: FISCAL_YEAR() and its like can't be asked for. */
  readonly custom: boolean;
  /** Null when no fiscal year is defined that holds the day. */
  parts(day: ApexDate): FiscalParts | null;
  /**
   * First day of the unit that lies `first` units from the one that holds `day`, and the first day of the one that lies
   * `last` units away; null when the periods that are defined don't reach so far.
   */
  range(day: ApexDate, unit: FiscalUnit, first: number, last: number): { from: ApexDate; to: ApexDate } | null;
}

/** Twelve calendar months from the start month on (Salesforce Help, "Set the Fiscal Year"). */
export class StandardFiscalCalendar implements FiscalCalendar {
  readonly custom = false;
  readonly #rule: FiscalYearRule;

  constructor(rule: FiscalYearRule) {
    this.#rule = rule;
  }

  parts(day: ApexDate): FiscalParts {
    const { startMonth, namedAfter } = this.#rule;
    const since = (day.month - startMonth + 12) % 12;
    const startsIn = day.year - (day.month < startMonth ? 1 : 0);
    return {
      year: namedAfter === 'start' || startMonth === 1 ? startsIn : startsIn + 1,
      quarter: Math.floor(since / 3) + 1,
      month: since + 1,
    };
  }

  range(day: ApexDate, unit: FiscalUnit, first: number, last: number): { from: ApexDate; to: ApexDate } {
    const since = (day.month - this.#rule.startMonth + 12) % 12;
    const start =
      unit === 'FISCAL_YEAR'
        ? ApexDate.of(day.year, day.month, 1).addMonths(-since)
        : ApexDate.of(day.year, day.month, 1).addMonths(-(since % 3));
    const months = unit === 'FISCAL_YEAR' ? 12 : 3;
    return { from: start.addMonths(first * months), to: start.addMonths(last * months) };
  }
}

/** A row of the Period object. */
export interface FiscalPeriod {
  readonly type: string;
  readonly from: ApexDate;
  /** The last day, included. */
  readonly to: ApexDate;
  readonly number: number;
  /** The number in the fiscal year's name. */
  readonly year: number;
}

const TYPE_OF: Readonly<Record<FiscalUnit, string>> = { FISCAL_QUARTER: 'Quarter', FISCAL_YEAR: 'Year' };

/** Custom fiscal years: what the rows of Period say (Salesforce Help, "Custom Fiscal Years"). */
export class CustomFiscalCalendar implements FiscalCalendar {
  readonly custom = true;
  readonly #periods: ReadonlyMap<string, readonly FiscalPeriod[]>;

  constructor(periods: readonly FiscalPeriod[]) {
    this.#periods = Map.groupBy(
      [...periods].sort((left, right) => left.from.days - right.from.days),
      ({ type }) => type,
    );
  }

  parts(day: ApexDate): FiscalParts | null {
    const year = this.#holding('Year', day)?.period;
    const quarter = this.#holding('Quarter', day)?.period;
    const month = this.#holding('Month', day)?.period;
    return year && quarter && month ? { year: year.year, quarter: quarter.number, month: month.number } : null;
  }

  range(day: ApexDate, unit: FiscalUnit, first: number, last: number): { from: ApexDate; to: ApexDate } | null {
    const held = this.#holding(TYPE_OF[unit], day);
    const periods = this.#periods.get(TYPE_OF[unit]) ?? [];
    if (!held || last <= first) return null;
    const from = periods[held.index + first];
    const to = periods[held.index + last - 1];
    return from && to ? { from: from.from, to: to.to.addDays(1) } : null;
  }

  #holding(type: string, day: ApexDate): { readonly index: number; readonly period: FiscalPeriod } | undefined {
    const periods = this.#periods.get(type) ?? [];
    const index = periods.findIndex(({ from, to }) => from.days <= day.days && day.days <= to.days);
    const period = periods[index];
    return period && { index, period };
  }
}
