import { LightningElement, api } from 'lwc';

/**
 * What a card shows while it loads: the outline of lines to come, announced once.
 */
export default class CardStencil extends LightningElement {
    /** What is being loaded, for those who hear the page. */
    @api label?: string;
}
