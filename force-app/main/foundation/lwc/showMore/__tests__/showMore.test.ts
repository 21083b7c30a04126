import { createElement } from 'lwc';
import ShowMore from 'c/showMore';

jest.mock('@salesforce/label/c.Show_More', () => ({ default: 'Show {0} more' }), { virtual: true });
jest.mock('@salesforce/label/c.Show_More_Shown', () => ({ default: '{0} of {1} shown' }), { virtual: true });

function mount(shown: number, total: number, step: number): HTMLElement & { shown: number } {
    const element = Object.assign(createElement('c-show-more', { is: ShowMore }), { shown, total, step });
    document.body.appendChild(element);
    return element;
}

type Button = HTMLElement & { label?: string };
const button = (element: HTMLElement): Button | null | undefined =>
    element.shadowRoot?.querySelector<Button>('lightning-button');
const status = (element: HTMLElement): string | null | undefined =>
    element.shadowRoot?.querySelector('[role="status"]')?.textContent;

describe('c-show-more', () => {
    afterEach(() => document.body.replaceChildren());

    it('says how much is shown and offers the next portion', async () => {
        const element = mount(50, 1200, 50);
        const more = jest.fn();
        element.addEventListener('more', more);
        expect(status(element)).toBe('50 of 1,200 shown');
        expect(button(element)?.label).toBe('Show 50 more');
        button(element)?.click();
        expect(more).toHaveBeenCalledTimes(1);
        await expect(element).toBeAccessible();
    });

    it('offers no more than there is', async () => {
        const element = mount(50, 57, 50);
        expect(button(element)?.label).toBe('Show 7 more');
        element.shown = 100;
        await Promise.resolve();
        expect(button(element)).toBeNull();
        expect(status(element)).toBe('57 of 57 shown');
    });
});
