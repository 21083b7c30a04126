import { createElement } from 'lwc';
import CardVerdict from 'c/cardVerdict';

describe('c-card-verdict', () => {
    afterEach(() => document.body.replaceChildren());

    it('says the sentence beside its icon, and announces it when it changes', async () => {
        const element = createElement('c-card-verdict', { is: CardVerdict });
        Object.assign(element, { text: 'Behind by $5', iconName: 'utility:warning', variant: 'warning' });
        document.body.appendChild(element);
        const live = element.shadowRoot?.querySelector('[aria-live="polite"]');
        const icon = live?.querySelector<HTMLElement & { iconName?: string; variant?: string }>('lightning-icon');
        expect(live?.textContent).toBe('Behind by $5');
        expect([icon?.iconName, icon?.variant]).toEqual(['utility:warning', 'warning']);
        element.text = 'Ahead by $5';
        await Promise.resolve();
        expect(live?.textContent).toBe('Ahead by $5');
        await expect(element).toBeAccessible();
    });
});
