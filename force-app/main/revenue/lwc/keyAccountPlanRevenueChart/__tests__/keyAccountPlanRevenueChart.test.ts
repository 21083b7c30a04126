import { createElement } from 'lwc';
import { getRecord } from 'lightning/uiRecordApi';
import KeyAccountPlanRevenueChart from 'c/keyAccountPlanRevenueChart';
import plan from './data/plan.json';

jest.mock('@salesforce/label/c.Revenue_Chart_Ahead', () => ({ default: 'Ahead by {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Chart_Behind', () => ({ default: 'Behind by {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Chart_Exactly', () => ({ default: 'Exactly' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Chart_Of_Target', () => ({ default: '{0} of target' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Chart_Coverage_Times', () => ({ default: '{0}x' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Chart_Not_Applicable', () => ({ default: 'none' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Chart_Linked_Opportunity', () => ({ default: 'one' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Chart_Linked_Opportunities', () => ({ default: '{0} deals' }), {
    virtual: true
});
jest.mock('@salesforce/label/c.Revenue_Chart_No_Target_Title', () => ({ default: 'No target' }), { virtual: true });
jest.mock('@salesforce/label/c.Revenue_Chart_No_Target_Body', () => ({ default: 'Enter one' }), { virtual: true });

type FieldValues = Partial<Record<keyof typeof plan.fields | 'CurrencyIsoCode', unknown>>;

/** The plan of the fixture with other field values. */
function planWith(values: FieldValues): typeof plan {
    const fields = Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, { value, displayValue: null }])
    );
    return { ...plan, fields: { ...plan.fields, ...fields } };
}

function mount(): HTMLElement {
    const element = createElement('c-key-account-plan-revenue-chart', { is: KeyAccountPlanRevenueChart });
    element.recordId = plan.id;
    document.body.appendChild(element);
    return element;
}

const emit = async (record: unknown): Promise<void> => {
    (getRecord as unknown as { emit(record: unknown): void }).emit(record);
    await Promise.resolve();
};

const all = (element: HTMLElement, selector: string): HTMLElement[] => [
    ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])
];

const texts = (element: HTMLElement, selector: string): string[] =>
    all(element, selector).map((found) => (found.textContent ?? '').trim());

type Notice = HTMLElement & { heading?: string; body?: string; error?: unknown };
const notices = (element: HTMLElement): Notice[] => all(element, 'c-card-notice');

const toggle = (element: HTMLElement): (HTMLElement & { showsTable?: boolean }) | undefined =>
    all(element, 'c-table-toggle')[0];
const press = async (element: HTMLElement): Promise<void> => {
    toggle(element)?.dispatchEvent(new CustomEvent('toggle'));
    await Promise.resolve();
};

describe('c-key-account-plan-revenue-chart', () => {
    afterEach(() => {
        while (document.body.firstChild) {
            document.body.removeChild(document.body.firstChild);
        }
    });

    it('shows a stencil that is announced while the plan loads', async () => {
        const element = mount();
        expect(all(element, 'c-card-stencil')).toHaveLength(1);
        expect(all(element, '.chart')).toHaveLength(0);
        await expect(element).toBeAccessible();
    });

    it('asks for the currency as an optional field, which single-currency orgs do not have', async () => {
        mount();
        await Promise.resolve();
        const { optionalFields, recordId } = (
            getRecord as unknown as { getLastConfig(): { optionalFields: string[]; recordId: string } }
        ).getLastConfig();
        expect(recordId).toBe(plan.id);
        expect(optionalFields).toEqual(['Key_Account_Plan__c.CurrencyIsoCode']);
    });

    it('shows target, won, weighted pipeline and variance with amount and percentage', async () => {
        const element = mount();
        await emit(plan);
        expect(texts(element, '.chart-amount')).toEqual(['$1,000,000', '$400,000', '$350,000.50', '-$249,999.50']);
        expect(texts(element, '.chart-percent')).toEqual(['', '40% of target', '35% of target', '-25% of target']);
        const widths = all(element, '.bar').map((bar) => Math.round(parseFloat(bar.getAttribute('width') ?? '')));
        expect(widths).toEqual([80, 32, 28, 20]);
        expect(texts(element, '.figure-amount')).toEqual(['$500,000', '$750,000.50', '0.83x']);
        expect(texts(element, '.linked')).toEqual(['7 deals']);
        await expect(element).toBeAccessible();
    });

    it.each([
        [-249999.5, 'Behind by $249,999.50', 'utility:warning'],
        [0, 'Exactly', 'utility:success'],
        [1200, 'Ahead by $1,200', 'utility:success']
    ])('gives the verdict for a variance of %p', async (variance, verdict, icon) => {
        const element = mount();
        await emit(planWith({ Forecast_Target_Variance__c: variance }));
        const [shown] = all(element, 'c-card-verdict') as (HTMLElement & { text?: string; iconName?: string })[];
        expect([shown.text, shown.iconName]).toEqual([verdict, icon]);
    });

    it('follows the plan when the figures change', async () => {
        const element = mount();
        await emit(plan);
        await emit(planWith({ Won_Revenue__c: 900000, Linked_Opportunity_Count__c: 1, Pipeline_Coverage__c: null }));
        expect(texts(element, '.chart-amount')[1]).toBe('$900,000');
        expect(texts(element, '.linked')).toEqual(['one']);
        expect(texts(element, '.figure-amount')[2]).toBe('none');
    });

    it("uses the plan's own currency in a multi-currency org", async () => {
        const element = mount();
        await emit(planWith({ CurrencyIsoCode: 'EUR' }));
        expect(texts(element, '.chart-amount')[0]).toBe('€1,000,000');
    });

    it('opens and closes a data table with every figure', async () => {
        const element = mount();
        await emit(plan);
        expect(toggle(element)?.showsTable).toBe(false);
        await press(element);
        expect(all(element, '.chart')).toHaveLength(0);
        expect(texts(element, 'tbody td')).toEqual([
            ...['$1,000,000', '100%', '$400,000', '40%', '$500,000', '50%'],
            ...['$350,000.50', '35%', '$750,000.50', '75%', '-$249,999.50', '-25%']
        ]);
        await expect(element).toBeAccessible();
        await press(element);
        expect(all(element, '.chart-row')).toHaveLength(4);
    });

    it.each([null, 0])('says what to do when the target is %p, and still shows what is won', async (target) => {
        const element = mount();
        await emit(planWith({ Sales_Target__c: target }));
        expect(notices(element).map(({ heading, body }) => [heading, body])).toEqual([['No target', 'Enter one']]);
        expect(all(element, 'c-card-verdict')).toHaveLength(0);
        expect(all(element, '.chart')).toHaveLength(0);
        expect(toggle(element)).toBeUndefined();
        expect(texts(element, '.figure-amount')[0]).toBe('$400,000');
        await expect(element).toBeAccessible();
    });

    it('shows why the plan could not be read', async () => {
        const element = mount();
        (getRecord as unknown as { error(body: unknown): void }).error({ message: 'You have no access.' });
        await Promise.resolve();
        expect(notices(element).map(({ error }) => error)).toEqual([
            expect.objectContaining({ body: { message: 'You have no access.' } })
        ]);
        expect(all(element, '.chart')).toHaveLength(0);
        await expect(element).toBeAccessible();
    });
});
