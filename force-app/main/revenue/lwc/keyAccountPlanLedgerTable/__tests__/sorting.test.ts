import { sorted } from '../sorting';
import type { LedgerRow, SortField } from '../sorting';

const row = (name: string | undefined, amount: number, day?: string): LedgerRow => ({
    key: `${name}`,
    recordId: '006000000000001AAA',
    name,
    amount,
    day
});

const rows = [
    row('Renewal', 100.1, '2027-03-01'),
    row('expansion', 200, '2027-02-01'),
    row(undefined, -1),
    row('Phase 10', 5, '2027-04-01'),
    row('Phase 9', 5, '2027-04-01')
];

describe('sorting', () => {
    it.each<[SortField, boolean, (string | undefined)[]]>([
        ['name', false, ['expansion', 'Phase 9', 'Phase 10', 'Renewal', undefined]],
        ['name', true, ['Renewal', 'Phase 10', 'Phase 9', 'expansion', undefined]],
        ['amount', false, [undefined, 'Phase 10', 'Phase 9', 'Renewal', 'expansion']],
        ['amount', true, ['expansion', 'Renewal', 'Phase 10', 'Phase 9', undefined]],
        ['day', false, ['expansion', 'Renewal', 'Phase 10', 'Phase 9', undefined]],
        ['day', true, ['Phase 10', 'Phase 9', 'Renewal', 'expansion', undefined]],
        ['reason', true, ['Renewal', 'expansion', undefined, 'Phase 10', 'Phase 9']]
    ])('sorts by %p, descending: %p; blanks go last, equals keep their order', (field, isDescending, names) => {
        const before = [...rows];
        const collator = new Intl.Collator('en', { numeric: true });
        expect(sorted(rows, { field, isDescending }, collator).map(({ name }) => name)).toEqual(names);
        expect(rows).toEqual(before);
    });
});
