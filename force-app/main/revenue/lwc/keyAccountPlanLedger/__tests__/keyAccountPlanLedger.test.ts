import { createElement } from 'lwc';
import type { LightningElement } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import getLedger from '@salesforce/apex/RevenueLedgerController.getLedger';
import { getRecord } from 'lightning/uiRecordApi';
import KeyAccountPlanLedger from 'c/keyAccountPlanLedger';
import ledger from './data/ledger.json';

jest.mock(
    '@salesforce/apex/RevenueLedgerController.getLedger',
    () => {
        const stubs = jest.requireActual<{ createApexTestWireAdapter(method: unknown): unknown }>(
            '@salesforce/sfdx-lwc-jest'
        );
        return { default: stubs.createApexTestWireAdapter(jest.fn()) };
    },
    { virtual: true }
);
jest.mock('@salesforce/apex', () => ({ refreshApex: jest.fn(() => Promise.resolve()) }), { virtual: true });
jest.mock('@salesforce/label/c.Ledger_Adds_Up', () => ({ default: 'Adds up to {0}: {1}' }), { virtual: true });
jest.mock('@salesforce/label/c.Ledger_Hidden', () => ({ default: '{0} hidden, {1} of {2} ({3})' }), { virtual: true });
jest.mock('@salesforce/label/c.Ledger_Stale', () => ({ default: 'Stale {0}' }), { virtual: true });
jest.mock('@salesforce/label/c.Ledger_Counted', () => ({ default: 'Counted ({0})' }), { virtual: true });
jest.mock('@salesforce/label/c.Ledger_Left_Out', () => ({ default: 'Left out ({0})' }), { virtual: true });
jest.mock('@salesforce/label/c.Ledger_Still_Open', () => ({ default: 'Still open' }), { virtual: true });
jest.mock('@salesforce/label/c.Ledger_Won_Already', () => ({ default: 'Won already' }), { virtual: true });

type Emit = { emit(value: unknown): void; error(value: unknown): void };
const apex = getLedger as unknown as Emit;
const plan = getRecord as unknown as Emit;

function mount(): HTMLElement {
    const element = createElement('c-key-account-plan-ledger', {
        is: KeyAccountPlanLedger as unknown as typeof LightningElement
    }) as HTMLElement & { recordId?: string };
    element.recordId = 'a00000000000001AAA';
    document.body.appendChild(element);
    return element;
}

/** Lets wires, promises and renderings settle. */
const settle = async (): Promise<void> => {
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
};

const all = (element: HTMLElement, selector: string): HTMLElement[] => [
    ...(element.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])
];
const texts = (element: HTMLElement, selector: string): string[] =>
    all(element, selector).map((found) => (found.textContent ?? '').trim());

async function mountWith(data: unknown): Promise<HTMLElement> {
    const element = mount();
    apex.emit(data);
    await settle();
    return element;
}

describe('c-key-account-plan-ledger', () => {
    afterEach(() => {
        document.body.replaceChildren();
        jest.clearAllMocks();
    });

    it('shows a stencil that is announced while the records load', async () => {
        const element = mount();
        expect(all(element, '[role="status"] .stencil-line')).not.toHaveLength(0);
        await expect(element).toBeAccessible();
    });

    it('says why the records could not be loaded', async () => {
        const element = mount();
        apex.error({ message: 'You may not read Amount.' });
        await settle();
        expect(all(element, '[role="alert"]')[0].textContent).toContain('You may not read Amount.');
        await expect(element).toBeAccessible();
    });

    it('says what will appear where there are no records', async () => {
        const element = await mountWith({
            ...ledger,
            wonRevenue: 0,
            pipeline: 0,
            weightedPipeline: 0,
            entries: []
        });
        expect(all(element, '.notice_empty')).toHaveLength(1);
        expect(all(element, 'table')).toHaveLength(0);
        await expect(element).toBeAccessible();
    });

    it('shows what counts and what is left out, with the sum and the verdict', async () => {
        const element = await mountWith(ledger);
        expect(texts(element, '.group-title')).toEqual(['Counted (3)', 'Left out (1)']);
        expect(texts(element, 'tbody .name')).toEqual(['Expansion', 'Renewal', 'Rollout', '=Pilot, "small"']);
        expect(texts(element, 'tbody .number')).toEqual(['$200', '$100.10', '$500', '$70']);
        expect(texts(element, 'tfoot .number')).toEqual(['$800.10']);
        expect(texts(element, '.verdict-text')[0]).toMatch(/\$800.10$/);
        expect(texts(element, 'tbody .reason')[3]).toBe('Closes later');
        await expect(element).toBeAccessible();
    });

    it('explains another figure, whose missing records get a reason too', async () => {
        const element = await mountWith(ledger);
        const won = all(element, '.figure')[1];
        won.click();
        await settle();
        expect(all(element, '.figure')[1].getAttribute('aria-pressed')).toBe('true');
        expect(texts(element, '.group-title')).toEqual(['Counted (2)', 'Left out (2)']);
        expect(texts(element, 'tbody .reason')).toEqual(['Pinned to this plan', '', 'Still open', 'Closes later']);
    });

    it('sorts by a column and back, and says so', async () => {
        const element = await mountWith(ledger);
        const amount = (): HTMLElement => all(element, '.sort')[3];
        amount().click();
        await settle();
        expect(texts(element, 'tbody .name').slice(0, 3)).toEqual(['Renewal', 'Expansion', 'Rollout']);
        amount().click();
        await settle();
        expect(texts(element, 'tbody .name').slice(0, 3)).toEqual(['Rollout', 'Expansion', 'Renewal']);
        expect(all(element, 'th[aria-sort="descending"]')).toHaveLength(2);
    });

    it('says how much the person may not see', async () => {
        const element = await mountWith({ ...ledger, wonRevenue: 350.1, hiddenCount: 2 });
        expect(texts(element, '.verdict-text')[0]).toMatch(/^2 hidden, \$50 of .*\(\$850.10\)$/);
    });

    it("uses the plan's own currency", async () => {
        const element = await mountWith({ ...ledger, isoCode: 'EUR' });
        expect(texts(element, 'tfoot .number')).toEqual(['€800.10']);
    });

    it('shows long ledgers in portions', async () => {
        const entries = Array.from({ length: 120 }, (_, index) => ({
            ...ledger.entries[0],
            key: String(index),
            amount: 1
        }));
        const element = await mountWith({ ...ledger, entries });
        expect(all(element, 'tbody tr')).toHaveLength(50);
        all(element, 'lightning-button')[0].click();
        await settle();
        expect(all(element, 'tbody tr')).toHaveLength(100);
    });

    it('hands the whole ledger over as a file', async () => {
        const element = await mountWith(ledger);
        const blobs: Blob[] = [];
        const created = jest.fn((blob: Blob) => {
            blobs.push(blob);
            return 'blob:ledger';
        });
        Object.assign(URL, { createObjectURL: created, revokeObjectURL: jest.fn() });
        const click = jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
        all(element, 'lightning-button-icon')[0].click();
        expect(click).toHaveBeenCalledTimes(1);
        expect((click.mock.contexts[0] as HTMLAnchorElement).download).toBe('Acme 2027.csv');
        expect(blobs[0].type).toContain('text/csv');
        click.mockRestore();
    });

    it('asks anew when the plan changes', async () => {
        mount();
        plan.emit({ id: 'a00000000000001AAA', apiName: 'Key_Account_Plan__c', fields: {} });
        await settle();
        expect(refreshApex).not.toHaveBeenCalled();
        plan.emit({ id: 'a00000000000001AAA', apiName: 'Key_Account_Plan__c', fields: { Name: { value: 'x' } } });
        await settle();
        expect(refreshApex).toHaveBeenCalledTimes(1);
    });
});
