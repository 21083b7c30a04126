import { LightningElement, api } from 'lwc';

/**
 * What a card's figures come to, in a sentence; announced when it changes.
 *
 * @slot default what explains the sentence
 */
export default class CardVerdict extends LightningElement {
    /** The sentence. */
    @api text?: string;

    /** Icon that says the same, such as utility:success. */
    @api iconName?: string;

    /** Variant of the icon: success, warning, error or none. */
    @api variant?: string;
}
