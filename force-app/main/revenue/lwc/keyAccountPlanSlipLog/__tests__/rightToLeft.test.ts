import { createElement } from 'lwc';
import getSlipLog from '@salesforce/apex/SlipLogController.getSlipLog';
import KeyAccountPlanSlipLog from 'c/keyAccountPlanSlipLog';
import log from './data/log.json';

jest.mock('@salesforce/i18n/dir', () => ({ default: 'rtl' }), { virtual: true });
jest.mock('@salesforce/i18n/timeZone', () => ({ default: 'America/New_York' }), { virtual: true });
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

describe('c-key-account-plan-slip-log from right to left', () => {
    it('mirrors the drawing and isolates the amounts, whose signs would change sides', async () => {
        const element = createElement('c-key-account-plan-slip-log', { is: KeyAccountPlanSlipLog });
        element.recordId = 'a01000000000001';
        document.body.appendChild(element);
        (getSlipLog as unknown as { emit(value: unknown): void }).emit(log);
        await Promise.resolve();
        const drawings = [...(element.shadowRoot?.querySelectorAll('.drawing') ?? [])];
        expect(drawings).toHaveLength(6);
        expect(drawings.every(({ classList }) => classList.contains('mirrored'))).toBe(true);
        expect(element.shadowRoot?.querySelectorAll('.bar-amount > bdi')).toHaveLength(6);
        await expect(element).toBeAccessible();
    });
});
