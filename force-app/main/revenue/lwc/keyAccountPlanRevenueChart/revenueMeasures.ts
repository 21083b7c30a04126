/** Figures of one plan; amounts in the plan's currency, percentages as percent (45 for 45 %). */
export interface PlanFigures {
    salesTarget: number | null;
    wonRevenue: number;
    pipeline: number;
    weightedPipeline: number;
    totalExpectedRevenue: number;
    forecastTargetVariance: number;
    pipelineCoverage: number | null;
    linkedOpportunityCount: number;
}

export type MeasureName = 'salesTarget' | 'wonRevenue' | 'weightedPipeline' | 'forecastTargetVariance';

/** One bar. Positions are in percent of the chart's width, from the start edge. */
export interface Bar {
    measure: MeasureName;
    amount: number;
    /** Percent of the target; null without a target. */
    percentOfTarget: number | null;
    start: number;
    width: number;
}

export interface Chart {
    bars: Bar[];
    /** Position of zero and of the target, in percent of the chart's width. */
    zero: number;
    target: number;
}

const MEASURES: readonly MeasureName[] = ['salesTarget', 'wonRevenue', 'weightedPipeline', 'forecastTargetVariance'];

/**
 * Lays the bars of a plan out on one common scale, on which the longest bar just fits. A negative variance grows from
 * zero towards the start edge.
 *
 * @param figures the plan's figures
 * @returns bars in the order target, won, weighted pipeline, variance
 */
export function layOutChart(figures: PlanFigures): Chart {
    const amounts = MEASURES.map((measure) => figures[measure] ?? 0);
    const lowest = Math.min(0, ...amounts);
    const range = Math.max(0, ...amounts) - lowest;
    const position = (amount: number): number => (range === 0 ? 0 : ((amount - lowest) / range) * 100);
    const zero = position(0);
    return {
        zero,
        target: position(figures.salesTarget ?? 0),
        bars: MEASURES.map((measure, index) => {
            const end = position(amounts[index]);
            return {
                measure,
                amount: amounts[index],
                percentOfTarget: percentOfTarget(amounts[index], figures.salesTarget),
                start: Math.min(zero, end),
                width: Math.abs(end - zero)
            };
        })
    };
}

/**
 * @param amount an amount in the plan's currency
 * @param salesTarget the plan's target; null or not above zero when there is none
 * @returns the amount as percent of the target, or null without a target
 */
export function percentOfTarget(amount: number, salesTarget: number | null): number | null {
    return hasTarget(salesTarget) ? (amount / salesTarget) * 100 : null;
}

/**
 * @param salesTarget a plan's Sales Target
 * @returns true when there is something to measure against
 */
export function hasTarget(salesTarget: number | null): salesTarget is number {
    return salesTarget !== null && salesTarget > 0;
}
