import { LightningElement, api } from 'lwc';
import { text } from 'shell/strings';

/** Grey lines in the place of what is being loaded. */
export default class Stencil extends LightningElement {
  @api rows = 4;

  strings = text;

  get lines(): readonly { key: number; className: string }[] {
    return Array.from({ length: Number(this.rows) }, (_line, key) => ({
      key,
      className: key % 2 === 0 ? 'line' : 'line line_short',
    }));
  }
}
