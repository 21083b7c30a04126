import type { SlipLog, Step } from './slipLog';

export type BarName = Step['change'] | 'Baseline' | 'Today';

/** One bar. Positions are in percent of the chart's width, from the start edge. */
export interface Bar {
    name: BarName;
    direction: 'total' | 'rise' | 'fall';
    /** Height of a total; what a step added or, negative, took away. */
    amount: number;
    /** Number of entries; null for baseline and today. */
    count: number | null;
    /** Expected revenue after this bar. */
    total: number;
    start: number;
    width: number;
    /** Where the total before and the total after this bar lie; null before the first and after the last bar. */
    before: number | null;
    after: number | null;
}

export interface Waterfall {
    bars: Bar[];
    zero: number;
    /** Amount at the start edge of a scale that was cut off because the changes are small beside the totals; else null. */
    cutAt: number | null;
}

/** The scale is cut off where the totals spread over less than this share of the lowest. */
const CUT_BELOW = 0.25;

/** Percent of the width: a bar of nothing, or of next to nothing, is still seen. */
const LEAST_WIDTH = 0.4;

/**
 * @param steps steps of a slip log
 * @returns those that something happened in
 */
export function movingSteps(steps: readonly Step[]): Step[] {
    return steps.filter(({ amount, count }) => amount !== 0 || count !== 0);
}

/**
 * Lays out the way from the baseline to today on one scale, on which the highest total just fits.
 *
 * @param log a log with a baseline
 * @returns the bars; steps in which nothing happened are left out
 */
export function layOutWaterfall({ baseline, steps, today }: SlipLog): Waterfall {
    const moving = movingSteps(steps);
    const totals = [baseline];
    for (const { amount } of moving) {
        totals.push(inCents(totals[totals.length - 1] + amount));
    }
    const lowest = Math.min(...totals, today);
    const highest = Math.max(...totals, today);
    const spread = highest - lowest;
    const cutAt = spread > 0 && spread < lowest * CUT_BELOW ? roundDown(lowest - spread, spread) : null;
    const first = cutAt ?? Math.min(0, lowest);
    const range = Math.max(0, highest) - first;
    const position = (amount: number): number => (range === 0 ? 0 : ((amount - first) / range) * 100);
    const zero = position(Math.max(0, first));
    const bar = (values: Pick<Bar, 'name' | 'direction' | 'amount' | 'count' | 'total'>, from: number): Bar => {
        const to = position(values.total);
        const width = Math.max(Math.abs(to - from), LEAST_WIDTH);
        return {
            ...values,
            // A bar that was widened to be seen stays within the chart.
            start: Math.min(Math.min(from, to), 100 - width),
            width,
            before: from,
            after: to
        };
    };
    const total = (name: BarName, amount: number): Bar =>
        bar({ name, direction: 'total', amount, count: null, total: amount }, zero);
    const bars = moving.map(({ change, amount, count }, index) =>
        bar(
            { name: change, direction: amount < 0 ? 'fall' : 'rise', amount, count, total: totals[index + 1] },
            position(totals[index])
        )
    );
    return {
        zero,
        cutAt,
        bars: [
            { ...total('Baseline', baseline), before: null },
            ...bars,
            { ...total('Today', today), before: position(today), after: null }
        ]
    };
}

/** Keeps sums of binary fractions from drifting. */
function inCents(amount: number): number {
    return Math.round(amount * 100) / 100;
}

/** The round amount at or below another; as round as a spread of amounts allows. */
function roundDown(amount: number, spread: number): number {
    const unit = 10 ** Math.floor(Math.log10(spread));
    return inCents(Math.floor(amount / unit) * unit);
}
