import { createElement } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import { getRecord } from 'lightning/uiRecordApi';
import getSlipLog from '@salesforce/apex/SlipLogController.getSlipLog';
import KeyAccountPlanSlipLog from 'c/keyAccountPlanSlipLog';
import type { Entry, SlipLog } from '../slipLog';
import data from './data/log.json';

jest.mock('@salesforce/apex', () => ({ refreshApex: jest.fn(() => Promise.resolve()) }), { virtual: true });
jest.mock(
    '@salesforce/apex/SlipLogController.getSlipLog',
    () => {
        const { createApexTestWireAdapter } = jest.requireActual<{
            createApexTestWireAdapter: (method: unknown) => unknown;
        }>('@salesforce/sfdx-lwc-jest');
        return { default: createApexTestWireAdapter(jest.fn()) };
    },
    { virtual: true }
);
jest.mock('@salesforce/i18n/timeZone', () => ({ default: 'America/New_York' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_By', () => ({ default: '{0}, {1}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Change_Entered', () => ({ default: 'Entered' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Change_Decreased', () => ({ default: 'Decreased' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Change_Left', () => ({ default: 'Left' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Change_Other', () => ({ default: 'Other' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Baseline', () => ({ default: 'Baseline' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Today', () => ({ default: 'Today' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Count_One', () => ({ default: '1 change' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Count_Many', () => ({ default: '{0} changes' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Evened_Out', () => ({ default: 'Evened out since {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Fell', () => ({ default: 'Since {0} fallen by {1}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Rose', () => ({ default: 'Since {0} risen by {1}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Unlogged', () => ({ default: 'Not listed for {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Unmoved', () => ({ default: 'The same since {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Parts', () => ({ default: 'Sum of {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Part_Entered', () => ({ default: '{0} entered' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Part_Decreased', () => ({ default: '{0} shrank' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Part_Left', () => ({ default: '{0} left' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Part_Other', () => ({ default: '{0} otherwise' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Latest', () => ({ default: 'latest {0} of {1}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_No_Changes_Title', () => ({ default: 'Nothing since {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_No_Changes_Body', () => ({ default: 'Still {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Running_Total', () => ({ default: 'then {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Slip_Log_Scale_Cut', () => ({ default: 'begins at {0}' }), { virtual: true });

interface ApexWire {
    emit(value: unknown): void;
    error(body: unknown): void;
    getLastConfig(): { planId: string };
}
interface RecordWire {
    emit(value: unknown): void;
    getLastConfig(): { fields?: unknown; optionalFields: { fieldApiName: string }[] };
}
const apexWire = getSlipLog as unknown as ApexWire;
const recordWire = getRecord as unknown as RecordWire;

const log = data as SlipLog;

const PLAN_ID = 'a01000000000001';

function mount(recordId = PLAN_ID): HTMLElement {
    const element = createElement('c-key-account-plan-slip-log', { is: KeyAccountPlanSlipLog });
    element.recordId = recordId;
    document.body.appendChild(element);
    return element;
}

const emit = async (changes: Partial<SlipLog> = {}): Promise<void> => {
    apexWire.emit({ ...log, ...changes });
    await Promise.resolve();
};

const emitPlan = async (calculated: string, id = PLAN_ID): Promise<void> => {
    recordWire.emit({
        apiName: 'Key_Account_Plan__c',
        id,
        fields: { Last_Calculated__c: { value: calculated, displayValue: null } }
    });
    await Promise.resolve();
};

/** Steps of the fixture, all as if nothing had happened. */
const still = log.steps.map(({ change }) => ({ change, amount: 0, count: 0 }));

const all = <Found extends HTMLElement = HTMLElement>(element: HTMLElement, selector: string): Found[] => [
    ...(element.shadowRoot?.querySelectorAll<Found>(selector) ?? [])
];

/** What stands there, with single spaces. */
const texts = (element: HTMLElement, selector: string): string[] =>
    all(element, selector).map((found) => (found.textContent ?? '').replace(/\s+/g, ' ').trim());

type Notice = HTMLElement & { heading?: string; body?: string; error?: unknown };
const notices = (element: HTMLElement): Notice[] => all<Notice>(element, 'c-card-notice');
const verdict = (element: HTMLElement): HTMLElement & { text?: string; iconName?: string } =>
    all(element, 'c-card-verdict')[0];
const foot = (element: HTMLElement): HTMLElement & { shown?: number; total?: number; step?: number } =>
    all(element, 'c-show-more')[0];

const toggle = (element: HTMLElement): (HTMLElement & { showsTable?: boolean }) | undefined =>
    all(element, 'c-table-toggle')[0];
const press = async (element: HTMLElement): Promise<void> => {
    toggle(element)?.dispatchEvent(new CustomEvent('toggle'));
    await Promise.resolve();
};

type Combobox = HTMLElement & { value: string; options: { label: string; value: string }[] };

const choose = async (element: HTMLElement, value: string): Promise<void> => {
    all(element, 'lightning-combobox')[0].dispatchEvent(new CustomEvent('change', { detail: { value } }));
    await Promise.resolve();
};

describe('c-key-account-plan-slip-log', () => {
    afterEach(() => {
        while (document.body.firstChild) {
            document.body.removeChild(document.body.firstChild);
        }
        jest.clearAllMocks();
    });

    it('shows a stencil that is announced while the log loads', async () => {
        const element = mount();
        expect(all(element, 'c-card-stencil')).toHaveLength(1);
        expect(all(element, '.chart')).toHaveLength(0);
        expect(toggle(element)).toBeUndefined();
        await Promise.resolve();
        expect(apexWire.getLastConfig()).toEqual({ planId: PLAN_ID });
        await expect(element).toBeAccessible();
    });

    it('shows why the log could not be read', async () => {
        const element = mount();
        apexWire.error({ message: 'You have no access.' });
        await Promise.resolve();
        expect(notices(element).map(({ error }) => error)).toEqual([
            expect.objectContaining({ body: { message: 'You have no access.' } })
        ]);
        expect(toggle(element)).toBeUndefined();
        await expect(element).toBeAccessible();
    });

    it('says what to do while there is no baseline', async () => {
        const element = mount();
        await emit({ baselineDate: null, baseline: 0, entries: [], entryCount: 0 });
        expect(notices(element).map(({ heading }) => heading)).toEqual(['c.Slip_Log_No_Baseline_Title']);
        expect(all(element, '.chart')).toHaveLength(0);
        expect(toggle(element)).toBeUndefined();
        await expect(element).toBeAccessible();
    });

    it('says since when nothing has changed', async () => {
        const element = mount();
        await emit({ steps: still, today: 100000, entries: [], entryCount: 0 });
        expect(notices(element).map(({ heading, body }) => [heading, body])).toEqual([
            ['Nothing since Mar 3, 2027', 'Still $100,000']
        ]);
        await expect(element).toBeAccessible();
    });

    describe('the waterfall', () => {
        it('shows what each kind of change added or took away, with its sign, number and running total', async () => {
            const element = mount();
            await emit();
            expect(texts(element, '.bar-name')).toEqual(['Baseline', 'Entered', 'Decreased', 'Left', 'Other', 'Today']);
            expect(texts(element, '.bar-amount bdi')).toEqual([
                ...['$100,000', '+$30,000', '-$10,000.50', '-$60,000', '+$0.50', '$60,000']
            ]);
            expect(texts(element, '.bar-count')).toEqual(['2 changes', '1 change', '1 change']);
            expect(texts(element, '.bar-amount .slds-assistive-text')).toEqual([
                ...['then $130,000', 'then $119,999.50', 'then $59,999.50', 'then $60,000']
            ]);
            await expect(element).toBeAccessible();
        });

        it('tells rises, falls and totals apart by more than their place', async () => {
            const element = mount();
            await emit();
            expect(all(element, 'rect').map((bar) => bar.getAttribute('class'))).toEqual([
                ...['bar bar_total', 'bar bar_rise', 'bar bar_fall', 'bar bar_fall', 'bar bar_rise', 'bar bar_total']
            ]);
        });

        it('explains the bar Other only where there is one', async () => {
            const element = mount();
            await emit();
            expect(texts(element, '.note')).toEqual(['c.Slip_Log_Other_Note']);
            await emit({ steps: log.steps.slice(0, -1), today: 59999.5 });
            expect(all(element, '.note')).toHaveLength(0);
        });

        it('says when its scale does not begin at zero, and marks the totals', async () => {
            const element = mount();
            await emit({ baseline: 3000000, today: 2960000 });
            expect(texts(element, '.note')[0]).toBe('begins at $2,880,000');
            expect(all(element, '.cut')).toHaveLength(2);
        });

        it.each([
            [60000, 'Since Mar 3, 2027 fallen by $40,000', 'utility:arrowdown'],
            [140000, 'Since Mar 3, 2027 risen by $40,000', 'utility:arrowup'],
            [100000, 'Evened out since Mar 3, 2027', 'utility:dash']
        ])('says in words what came of it when today is %p', async (today, sentence, icon) => {
            const element = mount();
            await emit({ today });
            expect(verdict(element).text).toBe(sentence);
            expect(texts(element, '.parts')).toEqual([
                'Sum of +$30,000 entered, -$10,000.50 shrank, -$60,000 left, and +$0.50 otherwise'
            ]);
            expect(verdict(element).iconName).toBe(icon);
        });

        it('does not list causes when changes added nothing', async () => {
            const element = mount();
            await emit({ steps: [{ change: 'Entered', amount: 0, count: 1 }], today: 100000 });
            expect(verdict(element).text).toBe('The same since Mar 3, 2027');
            expect(all(element, '.parts')).toHaveLength(0);
        });

        it("uses the plan's own currency in a multi-currency org", async () => {
            const element = mount();
            await emit({ isoCode: 'EUR' });
            expect(texts(element, '.bar-amount bdi')[0]).toBe('€100,000');
            expect(texts(element, '.entry-amount')[0]).toBe('-€60,000');
            expect(verdict(element).text).toContain('€40,000');
        });

        it('opens and closes a data table with running totals', async () => {
            const element = mount();
            await emit();
            expect(toggle(element)?.showsTable).toBe(false);
            await press(element);
            expect(all(element, '.chart')).toHaveLength(0);
            expect(texts(element, 'tbody tr:first-child > *')).toEqual(['Baseline', '', '$100,000']);
            expect(texts(element, 'tbody tr:nth-child(2) > *')).toEqual(['Entered2 changes', '+$30,000', '$130,000']);
            // Who scrolls it with the keyboard can get there.
            expect(all(element, '.table-scroller')[0].tabIndex).toBe(0);
            await expect(element).toBeAccessible();
            expect(toggle(element)?.showsTable).toBe(true);
            await press(element);
            expect(all(element, '.row')).toHaveLength(6);
        });
    });

    describe('the log', () => {
        it('tells what happened to each deal, why, by how much, by whom and when', async () => {
            const element = mount();
            await emit();
            expect(texts(element, '.entry-kind')).toEqual(['Left', 'Decreased', 'Entered', 'Entered']);
            expect(texts(element, '.entry-amount')).toEqual(['-$60,000', '-$10,000.50', '+$20,000', '+$10,000']);
            expect(texts(element, '.entry-facts')[0]).toContain('Close date moved from 5/15/2027 to 1/15/2028');
            // In the reader's time zone it is still the day before.
            expect(texts(element, '.entry-by')[0]).toMatch(/^Priya Raghunathan, Mar 4, 2027, 9:15\sPM$/);
        });

        it('shows old and new value of what changed', async () => {
            const element = mount();
            await emit();
            expect(texts(element, '.entry:nth-child(2) dd bdi')).toEqual([
                ...['$80,000', '$60,000', 'May 15, 2027', 'Jun 1, 2027']
            ]);
            expect(texts(element, '.entry:nth-child(1) dd bdi')).toEqual(['$120,000']);
        });

        it('says so when only the weight of a deal changed', async () => {
            const element = mount();
            const entry: Entry = { ...log.entries[1], To_Amount__c: 80000, To_Close_Date__c: '2027-05-15' };
            await emit({ entries: [entry], entryCount: 1 });
            expect(texts(element, '.entry-facts p')).toEqual(['Decreased', 'c.Slip_Log_Weight_Changed']);
        });

        it('links to deals, but not to deleted ones', async () => {
            const element = mount();
            await emit();
            const links = all<HTMLElement & { recordId?: string; label?: string }>(element, 'c-record-link');
            expect(links.map(({ recordId, label }) => [recordId, label])).toEqual([
                ['006000000000001', 'Acme – Rollout'],
                ['006000000000002', 'Acme – Renewal'],
                ['006000000000004', 'Acme – Uplift']
            ]);
            expect(texts(element, '.entry:nth-child(3) .entry-main > p')[0]).toBe('Acme – Pilot');
        });

        it('links to a record that is no deal, and shows its date as one', async () => {
            const element = mount();
            const invoice: Entry = {
                Id: 'a03000000000009',
                Record_Id__c: 'a09000000000001',
                Record_Name__c: 'I-0042',
                Change__c: 'Increased',
                From_Amount__c: 100,
                To_Amount__c: 125,
                From_Close_Date__c: '2027-05-15',
                To_Close_Date__c: '2027-06-01',
                Change_in_Expected_Revenue__c: 25,
                CreatedDate: '2027-03-04T18:00:00.000Z'
            };
            await emit({ entries: [invoice], entryCount: 1 });
            const links = all<HTMLElement & { recordId?: string; label?: string }>(element, 'c-record-link');
            expect(links.map(({ recordId, label }) => [recordId, label])).toEqual([['a09000000000001', 'I-0042']]);
            expect(texts(element, '.entry dt')).toEqual(['c.Slip_Log_Amount', 'c.Slip_Log_Date']);
            expect(texts(element, '.entry dd bdi')).toEqual(['$100', '$125', 'May 15, 2027', 'Jun 1, 2027']);
            await expect(element).toBeAccessible();
        });

        it('does not speak of weight when a record was won at the same amount', async () => {
            const element = mount();
            const won: Entry = {
                ...log.entries[1],
                Change__c: 'Won',
                To_Amount__c: 80000,
                To_Close_Date__c: '2027-05-15',
                Change_in_Expected_Revenue__c: 0
            };
            await emit({ entries: [won], entryCount: 1 });
            expect(texts(element, '.entry-facts p')).toEqual(['c.Slip_Log_Change_Won']);
        });

        it('offers the kinds that occur, and filters by them', async () => {
            const element = mount();
            await emit();
            const filter = all<Combobox>(element, 'lightning-combobox')[0];
            expect(filter.options.map(({ value }) => value)).toEqual(['All', 'Entered', 'Decreased', 'Left']);
            await choose(element, 'Entered');
            expect(texts(element, '.entry-kind')).toEqual(['Entered', 'Entered']);
            expect([foot(element).shown, foot(element).total]).toEqual([5, 2]);
            // The chart is not filtered.
            expect(all(element, '.row')).toHaveLength(6);
            await expect(element).toBeAccessible();
        });

        it('shows all again when no change of the chosen kind is left', async () => {
            const element = mount();
            await emit();
            await choose(element, 'Left');
            await emit({ entries: log.entries.slice(1), entryCount: 3 });
            expect(all<Combobox>(element, 'lightning-combobox')[0].value).toBe('All');
            expect(all(element, '.entry')).toHaveLength(3);
        });

        it('shows more in steps and leads the focus to the first new entry', async () => {
            const element = mount();
            const entries = Array.from({ length: 30 }, (_, index) => ({ ...log.entries[0], Id: `a03${index}` }));
            await emit({ entries, entryCount: 1234 });
            expect(texts(element, '.deals .note')).toEqual(['latest 30 of 1,234']);
            expect(all(element, '.entry')).toHaveLength(5);
            expect([foot(element).shown, foot(element).total, foot(element).step]).toEqual([5, 30, 20]);
            foot(element).dispatchEvent(new CustomEvent('more'));
            await Promise.resolve();
            expect(all(element, '.entry')).toHaveLength(25);
            expect(element.shadowRoot?.activeElement).toBe(all(element, '.entry')[5]);
            foot(element).dispatchEvent(new CustomEvent('more'));
            await Promise.resolve();
            expect(all(element, '.entry')).toHaveLength(30);
            expect(element.shadowRoot?.activeElement).toBe(all(element, '.entry')[25]);
        });

        it('says so when no entry explains the changes', async () => {
            const element = mount();
            await emit({ entries: [], entryCount: 0 });
            expect(texts(element, '.deals .note')).toEqual(['c.Slip_Log_No_Deals']);
            expect(all(element, 'lightning-combobox')).toHaveLength(0);
            await expect(element).toBeAccessible();
        });
    });

    it('says when changes of single records are not listed', async () => {
        const element = mount();
        await emit({ entries: [], entryCount: 0, unloggedSource: 'Orders' });
        expect(texts(element, '.deals .note')).toEqual(['Not listed for Orders']);
    });

    describe('when the plan changes', () => {
        it('asks for what tells so as optional fields, which not everybody may see', async () => {
            mount();
            await Promise.resolve();
            const { fields, optionalFields } = recordWire.getLastConfig();
            expect(fields).toBeUndefined();
            expect(optionalFields).toHaveLength(4);
        });

        it('fetches the log anew, once a change', async () => {
            const planId = 'a01000000000002';
            mount(planId);
            await emitPlan('2027-03-05T10:00:00.000Z', planId);
            await emit();
            expect(refreshApex).not.toHaveBeenCalled();
            await emitPlan('2027-03-05T11:00:00.000Z', planId);
            await emitPlan('2027-03-05T11:00:00.000Z', planId);
            expect(refreshApex).toHaveBeenCalledTimes(1);
        });

        it('fetches a log anew that it finds in the cache after the plan changed elsewhere', async () => {
            const planId = 'a01000000000003';
            const first = mount(planId);
            await emitPlan('2027-03-05T10:00:00.000Z', planId);
            await emit();
            first.remove();
            mount(planId);
            await emitPlan('2027-03-05T11:00:00.000Z', planId);
            expect(refreshApex).not.toHaveBeenCalled();
            await emit();
            expect(refreshApex).toHaveBeenCalledTimes(1);
        });

        it('shows why it could not be fetched anew', async () => {
            const planId = 'a01000000000004';
            const element = mount(planId);
            await emitPlan('2027-03-05T10:00:00.000Z', planId);
            await emit();
            (refreshApex as jest.Mock).mockRejectedValueOnce({ body: { message: 'The server is gone.' } });
            await emitPlan('2027-03-05T11:00:00.000Z', planId);
            await Promise.resolve();
            await Promise.resolve();
            expect(notices(element).map(({ error }) => error)).toEqual([{ body: { message: 'The server is gone.' } }]);
        });
    });
});
