import { createElement } from 'lwc';
import TableToggle from 'c/tableToggle';

type Button = HTMLElement & { alternativeText?: string; title?: string; iconName?: string };

describe('c-table-toggle', () => {
    afterEach(() => document.body.replaceChildren());

    it('offers the table while the chart is shown, and the other way round', async () => {
        const element = createElement('c-table-toggle', { is: TableToggle });
        Object.assign(element, { tableLabel: 'Show table', chartLabel: 'Show chart' });
        const toggle = jest.fn();
        element.addEventListener('toggle', toggle);
        document.body.appendChild(element);
        const button = (): Button => element.shadowRoot?.querySelector('lightning-button-icon') as Button;
        const face = (): (string | undefined)[] => [button().alternativeText, button().title, button().iconName];
        expect(face()).toEqual(['Show table', 'Show table', 'utility:table']);
        button().click();
        expect(toggle).toHaveBeenCalledTimes(1);
        element.showsTable = true;
        await Promise.resolve();
        expect(face()).toEqual(['Show chart', 'Show chart', 'utility:metrics']);
        await expect(element).toBeAccessible();
    });
});
