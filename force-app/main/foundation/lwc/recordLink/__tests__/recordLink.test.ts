import { createElement } from 'lwc';
import type { LightningElement } from 'lwc';
import RecordLink from 'c/recordLink';

const mockNavigate = jest.fn();
const mockGenerateUrl = jest.fn((reference: { attributes: { recordId: string } }) =>
    Promise.resolve(`/lightning/r/${reference.attributes.recordId}/view`)
);

jest.mock('lightning/navigation', () => {
    const Navigate = Symbol('Navigate');
    const GenerateUrl = Symbol('GenerateUrl');
    const mixin = (Base: new () => object) =>
        class extends Base {
            [Navigate](reference: unknown): void {
                mockNavigate(reference);
            }
            [GenerateUrl](reference: { attributes: { recordId: string } }): Promise<string> {
                return mockGenerateUrl(reference);
            }
        };
    return { NavigationMixin: Object.assign(mixin, { Navigate, GenerateUrl }) };
});

/** Lets the address arrive and the link render. */
const settled = async (): Promise<void> => {
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
};

type Link = HTMLElement & { recordId?: string; label?: string };

async function mount(recordId?: string): Promise<Link> {
    const element: Link = createElement('c-record-link', { is: RecordLink as unknown as typeof LightningElement });
    element.recordId = recordId;
    element.label = 'Acme – Rollout';
    document.body.appendChild(element);
    await settled();
    return element;
}

const anchor = (element: HTMLElement): HTMLAnchorElement => element.shadowRoot?.querySelector('a') as HTMLAnchorElement;

/** Clicks the link; true when the browser would have followed it. */
function click(element: HTMLElement, keys: MouseEventInit = {}): boolean {
    let isFollowed = false;
    element.addEventListener('click', (event) => {
        isFollowed = !event.defaultPrevented;
        event.preventDefault();
    });
    anchor(element).dispatchEvent(
        new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, ...keys })
    );
    return isFollowed;
}

const reference = (recordId: string): unknown => ({
    type: 'standard__recordPage',
    attributes: { recordId, actionName: 'view' }
});

describe('c-record-link', () => {
    afterEach(() => {
        while (document.body.firstChild) {
            document.body.removeChild(document.body.firstChild);
        }
        jest.clearAllMocks();
    });

    it("links to the record's page under its name", async () => {
        const element = await mount('006000000000001');
        expect(anchor(element).textContent).toBe('Acme – Rollout');
        expect(anchor(element).getAttribute('href')).toBe('/lightning/r/006000000000001/view');
        await expect(element).toBeAccessible();
    });

    it('opens the page in place', async () => {
        const element = await mount('006000000000001');
        expect(click(element)).toBe(false);
        expect(mockNavigate).toHaveBeenCalledWith(reference('006000000000001'));
    });

    it.each(['ctrlKey', 'metaKey', 'shiftKey', 'altKey'])('leaves a click with %s to the browser', async (key) => {
        const element = await mount('006000000000001');
        expect(click(element, { [key]: true })).toBe(true);
        expect(mockNavigate).not.toHaveBeenCalled();
    });

    it('follows another record, whichever address comes first', async () => {
        const element = await mount();
        expect(anchor(element).hasAttribute('href')).toBe(false);
        let answerFirst: (url: string) => void = () => undefined;
        mockGenerateUrl.mockImplementationOnce(() => new Promise((resolve) => (answerFirst = resolve)));
        element.recordId = '006000000000001';
        element.recordId = '006000000000002';
        await settled();
        answerFirst('/lightning/r/006000000000001/view');
        await settled();
        expect(anchor(element).getAttribute('href')).toBe('/lightning/r/006000000000002/view');
    });

    it('stays plain text without an address', async () => {
        mockGenerateUrl.mockRejectedValueOnce(new Error('no such page'));
        const element = await mount('006000000000001');
        expect(anchor(element).hasAttribute('href')).toBe(false);
        expect(anchor(element).textContent).toBe('Acme – Rollout');
    });
});
