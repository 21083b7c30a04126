import { createElement } from 'lwc';
import CardStencil from 'c/cardStencil';

describe('c-card-stencil', () => {
    afterEach(() => document.body.replaceChildren());

    it('draws lines and announces what is loading', async () => {
        const element = createElement('c-card-stencil', { is: CardStencil });
        element.label = 'Loading the records';
        document.body.appendChild(element);
        const status = element.shadowRoot?.querySelector('[role="status"]');
        expect(status?.textContent).toBe('Loading the records');
        expect(status?.querySelectorAll('.line')).toHaveLength(4);
        await expect(element).toBeAccessible();
    });

    it('only draws where another one tells', async () => {
        const element = createElement('c-card-stencil', { is: CardStencil });
        document.body.appendChild(element);
        expect(element.shadowRoot?.querySelectorAll('.line')).toHaveLength(4);
        expect(element.shadowRoot?.querySelector('[role], .slds-assistive-text')).toBeNull();
        await expect(element).toBeAccessible();
    });
});
