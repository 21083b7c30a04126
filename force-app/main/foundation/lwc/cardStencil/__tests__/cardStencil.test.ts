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
});
