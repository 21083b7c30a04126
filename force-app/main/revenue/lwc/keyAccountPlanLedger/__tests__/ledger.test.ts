import { FIGURES, amountOf, contribution, gapOf, sumOf, toCsv } from '../ledger';
import type { Ledger } from '../ledger';
import data from './data/ledger.json';

const ledger = data as Ledger;

describe('ledger', () => {
    it.each(FIGURES)('adds up to %s', (figure) => {
        expect(sumOf(ledger, figure)).toBe(amountOf(ledger, figure));
        expect(gapOf(ledger, figure)).toBe('none');
    });

    it('counts won records by their amount and open ones by what is expected of them', () => {
        const [won, , open, leftOut] = ledger.entries;
        expect(FIGURES.map((figure) => contribution(won, figure))).toEqual([100.1, 100.1, null, null]);
        expect(FIGURES.map((figure) => contribution(open, figure))).toEqual([500, null, 1000, 500]);
        expect(FIGURES.map((figure) => contribution(leftOut, figure))).toEqual([null, null, null, null]);
    });

    it('adds cents exactly', () => {
        const entries = Array.from({ length: 10 }, () => ({ ...ledger.entries[0], amount: 0.1 }));
        expect(sumOf({ ...ledger, entries }, 'wonRevenue')).toBe(1);
    });

    it.each([
        [{ needsRecalculation: true, hiddenCount: 2 }, 'recalculating'],
        [{ isTruncated: true }, 'truncated'],
        [{ hiddenCount: 2 }, 'hidden'],
        [{}, 'stale']
    ])('knows why the records do not add up: %p', (facts, gap) => {
        expect(gapOf({ ...ledger, ...facts, wonRevenue: 1 }, 'wonRevenue')).toBe(gap);
    });

    it('writes CSV that a spreadsheet neither breaks nor runs', () => {
        expect(
            toCsv([
                ['Name', 'Amount'],
                ['=Pilot, "small"', -5.5],
                ['two\nlines', 0]
            ])
        ).toBe('Name,Amount\r\n"\'=Pilot, ""small""",-5.5\r\n"two\nlines",0');
    });
});
