import { LightningElement, api } from 'lwc';
import type { PageFacts } from 'platform/pages';

/** Rows, columns and components of a Lightning page; one column on narrow screens. */
export default class PageView extends LightningElement {
  @api page?: PageFacts;
  @api recordId?: string;
  @api objectApiName?: string;

  get rows() {
    return (this.page?.rows ?? []).map(({ columns }, row) => ({
      key: String(row),
      columns: columns
        .filter(({ items }) => items.length > 0 || columns.length > 1)
        .map(({ width, items }, index) => ({
          key: `${row}-${index}`,
          items,
          wide: width >= 6,
          className: `column_${width}`,
        })),
    }));
  }
}
