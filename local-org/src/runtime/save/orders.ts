/** Orders and their products (Object Reference, Order and OrderItem). */
import { updateTotals } from './consequences.ts';
import { addError } from './rows.ts';
import type { StandardRules } from './standardRules.ts';

export const orderRules: StandardRules = {
  Order: {
    check: (row, { store }) => {
      const { values } = row.record;
      if (values.get('StatusCode') !== 'Activated' || row.old?.values.get('StatusCode') === 'Activated') return;
      if (!row.old) {
        addError(
          row,
          'FAILED_ACTIVATION',
          'Choose a valid order status and save your changes. Orders are created as drafts.',
          ['Status'],
        );
        return;
      }
      const items = store.all('SELECT 1 FROM "OrderItem" WHERE "IsDeleted" = 0 AND "OrderId" = ? LIMIT 1', [
        row.record.id,
      ]);
      if (items.length === 0)
        addError(row, 'FAILED_ACTIVATION', 'An order must have at least one product.', ['Status']);
    },
  },
  OrderItem: {
    after: (rows, services, request) => updateTotals(rows, 'OrderItem', services, request),
  },
};
