import { createElement } from 'lwc';
import { refreshApex } from '@salesforce/apex';
import getLedger from '@salesforce/apex/RevenueLedgerController.getLedger';
import { getRecord } from 'lightning/uiRecordApi';
import KeyAccountPlanLedger from 'c/keyAccountPlanLedger';
import type { LedgerRow } from 'c/keyAccountPlanLedgerTable';
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
jest.mock('@salesforce/label/c.Ledger_Empty_Title', () => ({ default: 'Nothing yet' }), { virtual: true });
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
        is: KeyAccountPlanLedger
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
type Notice = HTMLElement & { heading?: string; body?: string; error?: unknown };
const notices = (element: HTMLElement): Notice[] => all(element, 'c-card-notice');
const verdict = (element: HTMLElement): string | undefined =>
    (all(element, 'c-card-verdict')[0] as HTMLElement & { text?: string }).text;

type Table = HTMLElement & { label?: string; rows: LedgerRow[]; isoCode?: string; sum?: number };
const tables = (element: HTMLElement): Table[] => all(element, 'c-key-account-plan-ledger-table') as Table[];
const namesOf = (table: Table): (string | undefined)[] => table.rows.map(({ name }) => name);
const texts = (element: HTMLElement, selector: string): string[] =>
    all(element, selector).map((found) => (found.textContent ?? '').trim());

const textOf = (blob: Blob): Promise<string> =>
    new Promise((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result as string);
        reader.readAsText(blob);
    });

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
        expect(all(element, 'c-card-stencil')).toHaveLength(1);
        await expect(element).toBeAccessible();
    });

    it('says why the records could not be loaded', async () => {
        const element = mount();
        apex.error({ message: 'You may not read Amount.' });
        await settle();
        expect(notices(element).map(({ error }) => error)).toEqual([
            expect.objectContaining({ body: { message: 'You may not read Amount.' } })
        ]);
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
        expect(notices(element).map(({ heading, error }) => [heading, error])).toEqual([['Nothing yet', undefined]]);
        expect(tables(element)).toHaveLength(0);
        expect(all(element, 'lightning-button-icon')).toHaveLength(0);
        await expect(element).toBeAccessible();
    });

    it('shows what counts and what is left out, with the sum and the verdict', async () => {
        const element = await mountWith(ledger);
        expect(texts(element, '.group-title')).toEqual(['Counted (3)', 'Left out (1)']);
        const [counted, leftOut] = tables(element);
        expect([counted.label, leftOut.label]).toEqual(['Counted (3)', 'Left out (1)']);
        expect(counted.rows.map(({ name, amount }) => [name, amount])).toEqual([
            ['Renewal', 100.1],
            ['Expansion', 200],
            ['Rollout', 500]
        ]);
        expect([counted.sum, leftOut.sum]).toEqual([800.1, undefined]);
        expect(leftOut.rows.map(({ name, amount, reason }) => [name, amount, reason])).toEqual([
            ['=Pilot, "small"', 70, 'Closes later']
        ]);
        expect(verdict(element)).toMatch(/\$800.10$/);
        await expect(element).toBeAccessible();
    });

    it('explains another figure, whose missing records get a reason too', async () => {
        const element = await mountWith(ledger);
        const won = all(element, '.figure')[1];
        won.click();
        await settle();
        expect(all(element, '.figure')[1].getAttribute('aria-pressed')).toBe('true');
        expect(texts(element, '.group-title')).toEqual(['Counted (2)', 'Left out (2)']);
        const [counted, leftOut] = tables(element);
        expect(counted.rows.map(({ reason }) => reason)).toEqual([undefined, 'Pinned to this plan']);
        expect(leftOut.rows.map(({ amount, reason }) => [amount, reason])).toEqual([
            [1000, 'Still open'],
            [70, 'Closes later']
        ]);
    });

    it('says that nothing counts, and names what is won already', async () => {
        const [won] = ledger.entries;
        const element = await mountWith({ ...ledger, entries: [won] });
        all(element, '.figure')[2].click();
        await settle();
        expect(tables(element).map(namesOf)).toEqual([['Renewal']]);
        expect(tables(element)[0].rows[0].reason).toBe('Won already');
        expect(texts(element, 'section .muted')).toHaveLength(1);
    });

    it('says how much the person may not see', async () => {
        const element = await mountWith({ ...ledger, wonRevenue: 350.1, hiddenCount: 2 });
        expect(verdict(element)).toMatch(/^2 hidden, \$50 of .*\(\$850.10\)$/);
    });

    it("uses the plan's own currency", async () => {
        const element = await mountWith({ ...ledger, isoCode: 'EUR' });
        expect(texts(element, '.figure-amount')[0]).toBe('€800.10');
        expect(tables(element).map(({ isoCode }) => isoCode)).toEqual(['EUR', 'EUR']);
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
        const lines = (await textOf(blobs[0])).split('\r\n');
        expect(lines.slice(1)).toEqual([
            'Renewal,Acme,2027-03-01,100.1,,100.1',
            'Expansion,Acme East,2027-02-01,200,Pinned to this plan,200',
            'Rollout,Acme,2027-04-01,1000,,500',
            '"\'=Pilot, ""small""",Acme,2028-01-01,70,Closes later,'
        ]);
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
