/** A record as a table of the ledger shows it. */
export interface LedgerRow {
    key: string;
    /** The record that its name leads to. */
    recordId: string;
    name?: string;
    accountName?: string;
    /** ISO date. */
    day?: string;
    /** In the plan's currency. */
    amount: number;
    /** Why it counts, or why it doesn't. */
    reason?: string;
}

export type SortField = 'name' | 'accountName' | 'day' | 'amount' | 'reason';

export interface Sorting {
    field: SortField;
    isDescending: boolean;
}

/**
 * Sorts rows by a column; rows without a value go last either way.
 *
 * @param collator compares texts in the reader's language
 * @returns a new list; rows that compare as equal keep their order
 */
export function sorted(
    rows: readonly LedgerRow[],
    { field, isDescending }: Sorting,
    collator: Intl.Collator
): LedgerRow[] {
    const direction = isDescending ? -1 : 1;
    return [...rows].sort((a, b) => {
        if (field === 'amount') {
            return direction * (a.amount - b.amount);
        }
        const [left, right] = [a[field] ?? '', b[field] ?? ''];
        if (left === '' || right === '') {
            return Number(left === '') - Number(right === '');
        }
        return direction * collator.compare(left, right);
    });
}
