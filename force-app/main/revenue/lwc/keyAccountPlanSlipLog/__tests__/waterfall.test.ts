import { layOutWaterfall } from '../waterfall';
import type { SlipLog, Step } from '../slipLog';

const step = (change: Step['change'], amount: number, count = 1): Step => ({ change, amount, count });

function logOf(baseline: number, steps: Step[]): SlipLog {
    const today = steps.reduce((total, { amount }) => total + amount, baseline);
    return { baseline, steps, today, entries: [], entryCount: steps.length, baselineDate: '2027-03-03T18:30:00.000Z' };
}

describe('layOutWaterfall', () => {
    it('leads from the baseline to today, each bar from the total before it', () => {
        const { bars, zero, cutAt } = layOutWaterfall(logOf(100, [step('Entered', 100), step('Lost', -150)]));
        expect(zero).toBe(0);
        expect(cutAt).toBeNull();
        expect(bars.map(({ name, start, width }) => [name, start, width])).toEqual([
            ['Baseline', 0, 50],
            ['Entered', 50, 50],
            ['Lost', 25, 75],
            ['Today', 0, 25]
        ]);
        expect(bars.map(({ total }) => total)).toEqual([100, 200, 50, 50]);
        expect(bars.map(({ direction }) => direction)).toEqual(['total', 'rise', 'fall', 'total']);
    });

    it('connects every bar with the next where the total between them lies', () => {
        const { bars } = layOutWaterfall(logOf(100, [step('Entered', 100), step('Lost', -150)]));
        expect(bars.map(({ before }) => before)).toEqual([null, 50, 100, 25]);
        expect(bars.map(({ after }) => after)).toEqual([50, 100, 25, null]);
    });

    it('leaves out steps in which nothing happened, but keeps those whose changes even out', () => {
        const { bars } = layOutWaterfall(logOf(100, [step('Won', 0, 2), step('Left', 0, 0), step('Other', 20, 0)]));
        expect(bars.map(({ name }) => name)).toEqual(['Baseline', 'Won', 'Other', 'Today']);
        expect(bars[1].width).toBeGreaterThan(0);
        expect(bars[1].start + bars[1].width).toBeLessThanOrEqual(100);
    });

    it('cuts the scale off where changes would be hairlines, and says where', () => {
        const { bars, cutAt } = layOutWaterfall(logOf(3_000_000, [step('Left', -40_000)]));
        expect(cutAt).toBe(2_920_000);
        expect(bars.map(({ start, width }) => [start, width])).toEqual([
            [0, 100],
            [50, 50],
            [0, 50]
        ]);
    });

    it('begins a cut scale at a round amount', () => {
        expect(layOutWaterfall(logOf(3_000_000, [step('Left', -43_210.98)])).cutAt).toBe(2_910_000);
    });

    it('reaches below zero', () => {
        const { bars, zero } = layOutWaterfall(logOf(0, [step('Lost', -50), step('Other', 100, 0)]));
        expect(zero).toBe(50);
        expect(bars.map(({ start, width }) => [start, width])).toEqual([
            [50, 0.4],
            [0, 50],
            [0, 100],
            [50, 50]
        ]);
    });

    it('draws a plan that is worth nothing', () => {
        const { bars } = layOutWaterfall(logOf(0, [step('Entered', 0)]));
        expect(bars.every(({ start, width }) => Number.isFinite(start) && Number.isFinite(width))).toBe(true);
    });

    it('does not drift', () => {
        const { bars } = layOutWaterfall(logOf(0.1, [step('Entered', 0.2)]));
        expect(bars[1].total).toBe(0.3);
    });
});
