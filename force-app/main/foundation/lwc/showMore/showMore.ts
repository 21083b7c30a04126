import { LightningElement, api } from 'lwc';

import moreLabel from '@salesforce/label/c.Show_More';
import shownLabel from '@salesforce/label/c.Show_More_Shown';

import { fillLabel } from 'c/labelText';
import { numberText } from 'c/valueText';

/**
 * The foot of a list that is shown in portions: says how much is shown and offers the next portion. The button goes with
 * the last portion, so the list gives the focus to the first entry that came.
 *
 * @fires more a person wants the next portion
 */
export default class ShowMore extends LightningElement {
    /** Entries that may be shown; more than there are counts as all. */
    @api shown = 0;

    /** Entries that there are. */
    @api total = 0;

    /** Entries that one press adds. */
    @api step = 0;

    get shownText(): string {
        return fillLabel(shownLabel, numberText(Math.min(this.shown, this.total)), numberText(this.total));
    }

    get hasMore(): boolean {
        return this.total > this.shown;
    }

    get buttonLabel(): string {
        return fillLabel(moreLabel, numberText(Math.min(this.step, this.total - this.shown)));
    }

    handleClick(): void {
        this.dispatchEvent(new CustomEvent('more'));
    }
}
