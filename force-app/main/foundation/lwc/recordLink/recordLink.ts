import { LightningElement, api } from 'lwc';
import { NavigationMixin } from 'lightning/navigation';
import type { RecordPageReference } from 'lightning/navigation';

/**
 * A link to a record's page: opens it in place, and in a tab or window of its own as any link does.
 */
export default class RecordLink extends NavigationMixin(LightningElement) {
    /** Text of the link. */
    @api label?: string;

    url?: string;

    private target?: string;

    /** Id of the record. */
    @api
    get recordId(): string | undefined {
        return this.target;
    }

    set recordId(id: string | undefined) {
        this.target = id;
        if (this.isConnected) {
            this.findUrl();
        }
    }

    connectedCallback(): void {
        this.findUrl();
    }

    handleClick(event: MouseEvent): void {
        const reference = this.reference;
        if (!reference || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
            return;
        }
        event.preventDefault();
        this[NavigationMixin.Navigate](reference);
    }

    private get reference(): RecordPageReference | undefined {
        return this.target
            ? { type: 'standard__recordPage', attributes: { recordId: this.target, actionName: 'view' } }
            : undefined;
    }

    private findUrl(): void {
        const reference = this.reference;
        this.url = undefined;
        if (reference) {
            this[NavigationMixin.GenerateUrl](reference)
                .then((url) => {
                    if (reference.attributes.recordId === this.target) {
                        this.url = url;
                    }
                })
                .catch(() => {
                    // Without an address the name stays plain text, which is what it is to a person who can't go there.
                });
        }
    }
}
