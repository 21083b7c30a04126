import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import type { RecordTypeChoice } from 'platform/metadata';
import { text } from 'shell/strings';

/** The choice of a new record's type; closes with its Id, or undefined when cancelled. */
export default class RecordTypeModal extends LightningModal {
  @api choices: readonly RecordTypeChoice[] = [];
  /** Id of the type that is chosen at first. */
  @api chosen = '';

  strings = text;
  picked: string | undefined;

  get items() {
    return this.choices.map((choice, index) => ({
      ...choice,
      id: `type-${index}`,
      detailId: `type-${index}-detail`,
      checked: choice.recordTypeId === this.current,
    }));
  }

  /** Without a default among the choices the first one. */
  get current(): string {
    return (
      this.picked ??
      this.choices.find(({ recordTypeId }) => recordTypeId === this.chosen)?.recordTypeId ??
      this.choices[0]?.recordTypeId ??
      ''
    );
  }

  handleChange(event: Event): void {
    this.picked = (event.target as HTMLInputElement).value;
  }

  /** Enter in the list goes on, as in a form. */
  handleKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    // The button that gets the focus back must not take the key for a click.
    event.preventDefault();
    this.handleNext();
  }

  handleCancel(): void {
    this.close();
  }

  handleNext(): void {
    this.close(this.current);
  }
}
