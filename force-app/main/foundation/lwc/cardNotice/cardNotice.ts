import { LightningElement, api } from 'lwc';

import { errorMessages } from 'c/errorMessages';

/**
 * Says in a card why there is nothing to show: an error, which is announced, or that there is nothing yet and what to do
 * about it.
 */
export default class CardNotice extends LightningElement {
    /** What is the matter, in a few words. */
    @api heading?: string;

    /** What to do, or what will appear here; an error speaks for itself. */
    @api body?: string;

    /** Icon of a notice that is no error, such as utility:metrics. */
    @api iconName?: string;

    /** Variant of that icon: success, warning or none. */
    @api variant?: string;

    /** What a wire or a promise threw; makes the notice an error. */
    @api error?: unknown;

    get role(): string | null {
        return this.isError ? 'alert' : null;
    }

    get icon(): string | undefined {
        return this.isError ? 'utility:error' : this.iconName;
    }

    get iconVariant(): string | undefined {
        return this.isError ? 'error' : this.variant;
    }

    get iconSize(): string {
        return this.isError ? 'small' : 'medium';
    }

    get messages(): string[] {
        if (this.isError) {
            return errorMessages(this.error);
        }
        return this.body ? [this.body] : [];
    }

    private get isError(): boolean {
        return this.error !== undefined && this.error !== null;
    }
}
