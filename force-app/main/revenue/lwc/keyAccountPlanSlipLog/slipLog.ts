/** What can happen to a deal or another record in an approved plan, in the order of the waterfall. */
export const DEAL_CHANGES = ['Entered', 'Increased', 'Won', 'Reopened', 'Decreased', 'Lost', 'Left'] as const;

export type DealChange = (typeof DEAL_CHANGES)[number];

/** One bar between baseline and today; Other is what no entry tells. */
export interface Step {
    change: DealChange | 'Other';
    amount: number;
    /** Number of entries. */
    count: number;
}

/** One change of one record; a field without a value is missing. */
export interface Entry {
    Id: string;
    /** The deal; missing when it was deleted, and for other records. */
    Opportunity__c?: string;
    /** The record where it is no deal; missing when it was deleted or the person may not see it. */
    Record_Id__c?: string;
    Record_Name__c: string;
    Change__c: DealChange;
    Reason__c?: string;
    From_Amount__c?: number;
    To_Amount__c?: number;
    /** Days as ISO text: close dates of a deal, dates of another record. */
    From_Close_Date__c?: string;
    To_Close_Date__c?: string;
    /** Only deals have stages. */
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
    /** Revenue source whose records' changes are not logged; missing when they are. */
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

/** What changed in a record; a side is null where the record was not in the plan. */
export type Difference =
    | { what: 'amount'; from: number | null; to: number | null }
    | { what: 'closeDate' | 'date' | 'stage'; from: string; to: string };

/**
 * @param entry an entry of the log
 * @returns what changed in the record; for one that came or went, its amount; empty when only its weight changed
 */
export function differencesOf(entry: Entry): Difference[] {
    const fromAmount = entry.From_Amount__c ?? null;
    const toAmount = entry.To_Amount__c ?? null;
    const differences: Difference[] = [];
    if (fromAmount !== toAmount) {
        differences.push({ what: 'amount', from: fromAmount, to: toAmount });
    }
    const { From_Close_Date__c: fromDate, To_Close_Date__c: toDate } = entry;
    const { From_Stage__c: fromStage, To_Stage__c: toStage } = entry;
    if (fromDate && toDate && fromDate !== toDate) {
        differences.push({ what: fromStage ? 'closeDate' : 'date', from: fromDate, to: toDate });
    }
    if (fromStage && toStage && fromStage !== toStage) {
        differences.push({ what: 'stage', from: fromStage, to: toStage });
    }
    return differences;
}
