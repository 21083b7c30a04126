import { createElement } from 'lwc';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import recalculate from '@salesforce/apex/PlanRecalculationController.recalculate';
import KeyAccountPlanRecalculate from 'c/keyAccountPlanRecalculate';

jest.mock('@salesforce/apex/PlanRecalculationController.recalculate', () => ({ default: jest.fn() }), {
    virtual: true
});
jest.mock('@salesforce/label/c.Recalculate_Title', () => ({ default: 'Recalculated' }), { virtual: true });
jest.mock('@salesforce/label/c.Recalculate_Failed_Title', () => ({ default: 'Not recalculated' }), {
    virtual: true
});

/** Name that ShowToastEvent gives its events, in the platform and in its stub alike. */
const SHOW_TOAST = 'lightning__showtoast';

const apex = recalculate as unknown as jest.Mock;

function mount(): { element: KeyAccountPlanRecalculate & HTMLElement; toasts: Record<string, string>[] } {
    const element = createElement('c-key-account-plan-recalculate', { is: KeyAccountPlanRecalculate });
    element.recordId = 'a00000000000001AAA';
    const toasts: Record<string, string>[] = [];
    element.addEventListener(SHOW_TOAST, (event) => toasts.push((event as CustomEvent<Record<string, string>>).detail));
    document.body.appendChild(element);
    return { element: element as KeyAccountPlanRecalculate & HTMLElement, toasts };
}

describe('c-key-account-plan-recalculate', () => {
    afterEach(() => {
        document.body.replaceChildren();
        jest.clearAllMocks();
    });

    it.each([
        ['Completed', 'Recalculated', 'success'],
        ['Queued', 'Recalculated', 'info'],
        ['Failed', 'Not recalculated', 'error']
    ])('says what came of it when the result is %s', async (status, title, variant) => {
        apex.mockResolvedValue({ status, message: 'In words.' });
        const { element, toasts } = mount();
        await element.invoke();
        expect(apex).toHaveBeenCalledWith({ planId: 'a00000000000001AAA' });
        expect(notifyRecordUpdateAvailable).toHaveBeenCalledWith([{ recordId: 'a00000000000001AAA' }]);
        expect(toasts).toEqual([expect.objectContaining({ title, message: 'In words.', variant })]);
    });

    it('tells why Apex refused', async () => {
        apex.mockRejectedValue({ body: { message: 'You may not see it.' } });
        const { element, toasts } = mount();
        await element.invoke();
        expect(toasts).toEqual([expect.objectContaining({ message: 'You may not see it.', variant: 'error' })]);
    });

    it('does not run twice at once', async () => {
        apex.mockResolvedValue({ status: 'Completed', message: '' });
        const { element } = mount();
        await Promise.all([element.invoke(), element.invoke()]);
        expect(apex).toHaveBeenCalledTimes(1);
        await element.invoke();
        expect(apex).toHaveBeenCalledTimes(2);
    });
});
