import { LightningElement, api } from 'lwc';

/**
 * Switches between a chart and its table.
 *
 * @fires toggle a person wants the other one
 */
export default class TableToggle extends LightningElement {
    /** The table is shown now. */
    @api showsTable = false;

    /** What the button says while the chart is shown. */
    @api tableLabel?: string;

    /** What it says while the table is shown. */
    @api chartLabel?: string;

    get label(): string | undefined {
        return this.showsTable ? this.chartLabel : this.tableLabel;
    }

    get iconName(): string {
        return this.showsTable ? 'utility:metrics' : 'utility:table';
    }

    handleClick(): void {
        this.dispatchEvent(new CustomEvent('toggle'));
    }
}
