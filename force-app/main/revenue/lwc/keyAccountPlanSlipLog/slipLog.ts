/** What can happen to a deal in an approved plan, in the order of the waterfall. */
export const DEAL_CHANGES = ['Entered', 'Increased', 'Won', 'Reopened', 'Decreased', 'Lost', 'Left'] as const;

export type DealChange = (typeof DEAL_CHANGES)[number];

/** One bar between baseline and today; Other is what no entry tells. */
export interface Step {
    change: DealChange | 'Other';
    amount: number;
    /** Number of entries. */
    count: number;
}

/** One change of one deal; a field without a value is missing. */
export interface Entry {
    Id: string;
    /** Missing when the deal was deleted. */
    Opportunity__c?: string;
    Record_Name__c: string;
    Change__c: DealChange;
    Reason__c?: string;
    From_Amount__c?: number;
    To_Amount__c?: number;
    /** Days as ISO text. */
    From_Close_Date__c?: string;
    To_Close_Date__c?: string;
    From_Stage__c?: string;
    To_Stage__c?: string;
    Change_in_Expected_Revenue__c: number;
    CreatedBy?: { Name?: string };
    /** Moment as ISO text. */
    CreatedDate: string;
}

/** What SlipLogController.getSlipLog answers; amounts in the plan's currency. */
export interface SlipLog {
    isoCode?: string | null;
    /** Revenue source whose records' changes are not logged; missing when deals are. */
    unloggedSource?: string | null;
    /** Missing for a plan that never was approved. */
    baselineDate?: string | null;
    baseline: number;
    today: number;
    steps: Step[];
    /** The latest entries, newest first. */
    entries: Entry[];
    /** Number of all entries since the baseline. */
    entryCount: number;
}

/** What changed in a deal; a side is null where the deal was not in the plan. */
export type Difference =
    | { what: 'amount'; from: number | null; to: number | null }
    | { what: 'closeDate' | 'stage'; from: string; to: string };

/**
 * @param entry an entry of the log
 * @returns what changed in the deal; for a deal that came or went, its amount; empty when only its weight changed
 */
export function differencesOf(entry: Entry): Difference[] {
    const fromAmount = entry.From_Amount__c ?? null;
    const toAmount = entry.To_Amount__c ?? null;
    const differences: Difference[] = [];
    if (fromAmount !== toAmount) {
        differences.push({ what: 'amount', from: fromAmount, to: toAmount });
    }
    const { From_Close_Date__c: fromDate, To_Close_Date__c: toDate } = entry;
    if (fromDate && toDate && fromDate !== toDate) {
        differences.push({ what: 'closeDate', from: fromDate, to: toDate });
    }
    const { From_Stage__c: fromStage, To_Stage__c: toStage } = entry;
    if (fromStage && toStage && fromStage !== toStage) {
        differences.push({ what: 'stage', from: fromStage, to: toStage });
    }
    return differences;
}
