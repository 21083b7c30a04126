import { createElement } from 'lwc';
import KeyAccountPlanLedgerTable from 'c/keyAccountPlanLedgerTable';
import type { LedgerRow } from 'c/keyAccountPlanLedgerTable';

jest.mock('@salesforce/label/c.Ledger_Sum', () => ({ default: 'Sum' }), { virtual: true });

const ROWS: LedgerRow[] = [
    {
        key: '1',
        recordId: '006000000000001AAA',
        name: 'Renewal',
        accountName: 'Acme',
        day: '2027-03-01',
        amount: 100.1
    },
    { key: '2', recordId: '006000000000002AAA', name: 'Expansion', day: '2027-02-01', amount: 200, reason: 'Pinned' },
    { key: '3', recordId: '006000000000003AAA', amount: 1000 }
];

interface Values {
    rows?: readonly LedgerRow[];
    isoCode?: string;
    sum?: number;
}

function mount(values: Values = {}): HTMLElement & Values {
    const element = Object.assign(createElement('c-key-account-plan-ledger-table', { is: KeyAccountPlanLedgerTable }), {
        label: 'Counted (3)',
        rows: ROWS,
        ...values
    });
    document.body.appendChild(element);
    return element;
}

const all = <Found extends HTMLElement>(element: HTMLElement, selector: string): Found[] => [
    ...(element.shadowRoot?.querySelectorAll<Found>(selector) ?? [])
];
const texts = (element: HTMLElement, selector: string): (string | null)[] =>
    all(element, selector).map(({ textContent }) => textContent);
const names = (element: HTMLElement): (string | undefined)[] =>
    all<HTMLElement & { label?: string }>(element, 'tbody c-record-link').map(({ label }) => label);

const many = (count: number): LedgerRow[] =>
    Array.from({ length: count }, (_, index) => ({ ...ROWS[0], key: String(index), name: `Deal ${index}` }));

describe('c-key-account-plan-ledger-table', () => {
    afterEach(() => document.body.replaceChildren());

    it('shows the records by date, each with a link, and their sum', async () => {
        const element = mount({ sum: 1300.1 });
        expect(element.shadowRoot?.querySelector('table')?.getAttribute('aria-label')).toBe('Counted (3)');
        expect(names(element)).toEqual(['Expansion', 'Renewal', '006000000000003AAA']);
        expect(
            all<HTMLElement & { recordId?: string }>(element, 'tbody c-record-link').map(({ recordId }) => recordId)
        ).toEqual(['006000000000002AAA', '006000000000001AAA', '006000000000003AAA']);
        expect(texts(element, 'tbody .account')).toEqual(['', 'Acme', '']);
        expect(texts(element, 'tbody .day')).toEqual(['Feb 1, 2027', 'Mar 1, 2027', '']);
        expect(texts(element, 'tbody .number')).toEqual(['$200', '$100.10', '$1,000']);
        expect(texts(element, 'tbody .reason')).toEqual(['Pinned', '', '']);
        expect(texts(element, 'tfoot th, tfoot .number')).toEqual(['Sum', '$1,300.10']);
        expect(all(element, 'c-show-more')).toHaveLength(0);
        await expect(element).toBeAccessible();
    });

    it('has no foot without a sum, and one for a sum of nothing', () => {
        expect(all(mount(), 'tfoot')).toHaveLength(0);
        expect(texts(mount({ sum: 0 }), 'tfoot .number')).toEqual(['$0']);
    });

    it("writes amounts in the plan's currency", () => {
        const element = mount({ isoCode: 'EUR', sum: 1300.1 });
        expect(texts(element, 'td.number')).toEqual(['€200', '€100.10', '€1,000', '€1,300.10']);
    });

    it('sorts by a column and back, says so and keeps the focus', async () => {
        const element = mount();
        const headings = (): (string | null)[] => all(element, 'thead th').map((th) => th.getAttribute('aria-sort'));
        const icon = (): string | undefined =>
            all<HTMLElement & { iconName?: string }>(element, 'thead lightning-icon')[0].iconName;
        expect(headings()).toEqual(['none', 'none', 'ascending', 'none', 'none']);
        const amount = all<HTMLButtonElement>(element, '.sort')[3];
        amount.focus();
        amount.click();
        await Promise.resolve();
        expect(names(element)).toEqual(['Renewal', 'Expansion', '006000000000003AAA']);
        expect(headings()).toEqual(['none', 'none', 'none', 'ascending', 'none']);
        expect(icon()).toBe('utility:arrowup');
        amount.click();
        await Promise.resolve();
        expect(names(element)).toEqual(['006000000000003AAA', 'Expansion', 'Renewal']);
        expect(headings()[3]).toBe('descending');
        expect(icon()).toBe('utility:arrowdown');
        expect(element.shadowRoot?.activeElement).toBe(amount);
        await expect(element).toBeAccessible();
    });

    it('begins with ascending order in another column', async () => {
        const element = mount();
        const [name, , , amount] = all<HTMLButtonElement>(element, '.sort');
        amount.click();
        amount.click();
        name.click();
        await Promise.resolve();
        expect(all(element, 'thead th')[0].getAttribute('aria-sort')).toBe('ascending');
    });

    it('reaches every way to sort with the keyboard', () => {
        const buttons = all<HTMLButtonElement>(mount(), 'thead th > button');
        expect(buttons).toHaveLength(5);
        expect(buttons.every(({ tabIndex, disabled }) => tabIndex === 0 && !disabled)).toBe(true);
    });

    it('shows long tables in portions and gives the focus to the first record that came', async () => {
        const element = mount({ rows: many(120) });
        const foot = (): HTMLElement & { shown?: number; total?: number; step?: number } =>
            all<HTMLElement>(element, 'c-show-more')[0];
        expect(all(element, 'tbody tr')).toHaveLength(50);
        expect([foot().shown, foot().total, foot().step]).toEqual([50, 120, 50]);
        foot().dispatchEvent(new CustomEvent('more'));
        await Promise.resolve();
        expect(all(element, 'tbody tr')).toHaveLength(100);
        expect(element.shadowRoot?.activeElement).toBe(all(element, 'tbody tr')[50]);
    });

    it('stays where it is when the records change', async () => {
        const element = mount({ rows: many(120) });
        all(element, 'c-show-more')[0].dispatchEvent(new CustomEvent('more'));
        all<HTMLButtonElement>(element, '.sort')[0].click();
        await Promise.resolve();
        element.rows = [...many(119), { ...ROWS[0], key: 'new', name: 'A new deal' }];
        await Promise.resolve();
        expect(all(element, 'tbody tr')).toHaveLength(100);
        expect(names(element)[0]).toBe('A new deal');
    });
});
