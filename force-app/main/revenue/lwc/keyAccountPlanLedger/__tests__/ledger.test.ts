import { FIGURES, amountOf, contribution, gapOf, sorted, sumOf, toCsv } from '../ledger';
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

    it('sorts by text, number and day, and puts blanks last either way', () => {
        const entries = [...ledger.entries, { ...ledger.entries[0], name: undefined, amount: 1 }];
        const by = (field: 'name' | 'amount' | 'day', isDescending: boolean): (string | undefined)[] =>
            sorted(entries, { field, isDescending }, ({ amount }) => amount, new Intl.Collator('en')).map(
                ({ name }) => name
            );
        expect(by('name', false)).toEqual(['=Pilot, "small"', 'Expansion', 'Renewal', 'Rollout', undefined]);
        expect(by('name', true)).toEqual(['Rollout', 'Renewal', 'Expansion', '=Pilot, "small"', undefined]);
        expect(by('amount', true)).toEqual(['Rollout', 'Expansion', 'Renewal', '=Pilot, "small"', undefined]);
        expect(by('day', false)[0]).toBe('Expansion');
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
