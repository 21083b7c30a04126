import { createElement } from 'lwc';
import CardNotice from 'c/cardNotice';

interface Values {
    heading?: string;
    body?: string;
    iconName?: string;
    variant?: string;
    error?: unknown;
}

function mount(values: Values): HTMLElement & Values {
    const element = Object.assign(createElement('c-card-notice', { is: CardNotice }), values);
    document.body.appendChild(element);
    return element;
}

const texts = (element: HTMLElement, selector: string): (string | null)[] =>
    [...(element.shadowRoot?.querySelectorAll(selector) ?? [])].map(({ textContent }) => textContent);

type Icon = HTMLElement & { iconName?: string; variant?: string };
const icon = (element: HTMLElement): Icon | null | undefined =>
    element.shadowRoot?.querySelector<Icon>('lightning-icon');

describe('c-card-notice', () => {
    afterEach(() => document.body.replaceChildren());

    it('says that there is nothing and what to do, without alarm', async () => {
        const element = mount({
            heading: 'No records yet',
            body: 'They will appear here.',
            iconName: 'utility:record'
        });
        expect(texts(element, 'h3')).toEqual(['No records yet']);
        expect(texts(element, 'p')).toEqual(['They will appear here.']);
        expect(icon(element)?.iconName).toBe('utility:record');
        expect(element.shadowRoot?.querySelector('[role]')).toBeNull();
        await expect(element).toBeAccessible();
    });

    it('gives its icon a meaning that an error outdoes', async () => {
        const element = mount({ heading: 'Nothing is planned', iconName: 'utility:warning', variant: 'warning' });
        expect(icon(element)?.variant).toBe('warning');
        element.error = new Error('Broken');
        await Promise.resolve();
        expect(icon(element)?.variant).toBe('error');
    });

    it('announces an error with each of its messages', async () => {
        const error = { body: [{ message: 'You may not read Amount.' }, { message: 'You may not read Stage.' }] };
        const element = mount({ heading: 'The records could not be loaded', body: 'Ignored', error });
        expect(texts(element, '[role="alert"] h3')).toEqual(['The records could not be loaded']);
        expect(texts(element, '[role="alert"] p')).toEqual(['You may not read Amount.', 'You may not read Stage.']);
        expect(icon(element)?.iconName).toBe('utility:error');
        expect(icon(element)?.variant).toBe('error');
        await expect(element).toBeAccessible();
    });

    it('turns from an error into a notice', async () => {
        const element = mount({ heading: 'Title', body: 'Body', error: new Error('Broken') });
        element.error = undefined;
        await Promise.resolve();
        expect(element.shadowRoot?.querySelector('[role="alert"]')).toBeNull();
        expect(texts(element, 'p')).toEqual(['Body']);
    });
});
