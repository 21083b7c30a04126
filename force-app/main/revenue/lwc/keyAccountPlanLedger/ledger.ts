import type { LedgerRow } from 'c/keyAccountPlanLedgerTable';

/** What stands behind a plan's figures, as RevenueLedgerController hands it over. Amounts are in the plan's currency. */
export interface Ledger {
    planName: string;
    isoCode?: string;
    sourceLabel: string;
    wonRevenue: number;
    pipeline: number;
    weightedPipeline: number;
    needsRecalculation: boolean;
    hiddenCount: number;
    isTruncated: boolean;
    entries: LedgerEntry[];
}

/** A record, with its whole amount. */
export interface LedgerEntry extends LedgerRow {
    /** Its amount, weighted by its probability. */
    expected: number;
    status: 'Won' | 'Open' | 'LeftOut';
}

/** The figures that a ledger explains. */
export const FIGURES = ['totalExpectedRevenue', 'wonRevenue', 'pipeline', 'weightedPipeline'] as const;
export type Figure = (typeof FIGURES)[number];

/** Why the records do not add up to the figure. */
export type Gap = 'none' | 'hidden' | 'recalculating' | 'truncated' | 'stale';

/** Which field of a won and of an open entry a figure counts. */
const COUNTED: Record<Figure, { Won?: 'amount'; Open?: 'amount' | 'expected' }> = {
    totalExpectedRevenue: { Won: 'amount', Open: 'expected' },
    wonRevenue: { Won: 'amount' },
    pipeline: { Open: 'amount' },
    weightedPipeline: { Open: 'expected' }
};

/** What an entry adds to a figure; null when it is left out of it. */
export function contribution(entry: LedgerEntry, figure: Figure): number | null {
    const field = entry.status === 'LeftOut' ? undefined : COUNTED[figure][entry.status];
    return field === undefined ? null : entry[field];
}

/** A figure as the plan shows it. */
export function amountOf(ledger: Ledger, figure: Figure): number {
    return figure === 'totalExpectedRevenue' ? ledger.wonRevenue + ledger.weightedPipeline : ledger[figure];
}

/** The sum of what counts, in whole cents so that no rounding of binary fractions shows. */
export function sumOf(ledger: Ledger, figure: Figure): number {
    const cents = ledger.entries.reduce((sum, entry) => sum + Math.round((contribution(entry, figure) ?? 0) * 100), 0);
    return cents / 100;
}

/** Compares the sum with the figure and finds the reason of a difference. */
export function gapOf(ledger: Ledger, figure: Figure): Gap {
    if (Math.round(sumOf(ledger, figure) * 100) === Math.round(amountOf(ledger, figure) * 100)) {
        return 'none';
    }
    if (ledger.needsRecalculation) {
        return 'recalculating';
    }
    if (ledger.isTruncated) {
        return 'truncated';
    }
    return ledger.hiddenCount > 0 ? 'hidden' : 'stale';
}

/**
 * Writes rows as CSV (RFC 4180). Texts that a spreadsheet would take for a formula are quoted for it
 * (OWASP, "CSV Injection").
 */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
    return rows.map((row) => row.map(cell).join(',')).join('\r\n');
}

function cell(value: string | number): string {
    if (typeof value === 'number') {
        return String(value);
    }
    const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
