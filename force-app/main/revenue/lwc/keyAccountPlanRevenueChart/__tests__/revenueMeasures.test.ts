import { layOutChart, percentOfTarget } from '../revenueMeasures';
import type { PlanFigures } from '../revenueMeasures';

const figures = (overrides: Partial<PlanFigures>): PlanFigures => ({
    salesTarget: 1000,
    wonRevenue: 0,
    pipeline: 0,
    weightedPipeline: 0,
    totalExpectedRevenue: 0,
    forecastTargetVariance: 0,
    pipelineCoverage: null,
    linkedOpportunityCount: 0,
    ...overrides
});

describe('revenueMeasures', () => {
    it('puts all bars on one scale on which the longest just fits', () => {
        const { bars, target, zero } = layOutChart(
            figures({ wonRevenue: 2000, weightedPipeline: 500, forecastTargetVariance: 1500 })
        );
        expect(bars.map(({ start, width }) => [start, width])).toEqual([
            [0, 50],
            [0, 100],
            [0, 25],
            [0, 75]
        ]);
        expect([zero, target]).toEqual([0, 50]);
    });

    it('lets a negative variance grow from zero towards the start', () => {
        const { bars, target, zero } = layOutChart(figures({ forecastTargetVariance: -1000 }));
        expect([zero, target]).toEqual([50, 100]);
        expect(bars[3]).toMatchObject({ start: 0, width: 50, percentOfTarget: -100 });
    });

    it('draws nothing, rather than NaN, when every figure is zero', () => {
        const { bars } = layOutChart(figures({ salesTarget: 0 }));
        expect(bars.map(({ start, width }) => [start, width])).toEqual(Array(4).fill([0, 0]));
    });

    it.each([
        [250, 1000, 25],
        [-50, 200, -25],
        [1, 0, null],
        [1, -5, null],
        [1, null, null]
    ])('%p of target %p is %p percent', (amount, target, percent) => {
        expect(percentOfTarget(amount, target)).toBe(percent);
    });
});
