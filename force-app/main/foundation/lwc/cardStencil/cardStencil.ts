import { LightningElement, api } from 'lwc';

/**
 * What a card shows while it loads: the outline of lines to come, announced once.
 */
export default class CardStencil extends LightningElement {
    /** What is being loaded, for those who hear the page; where one component shows several, only the first needs it. */
    @api label?: string;

    get role(): string | null {
        return this.label ? 'status' : null;
    }
}
