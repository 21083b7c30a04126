/** Change Data Capture: written rows are handed to the code host, which knows whether anything subscribes to them. */
import type { ObjectDescribe } from '../../schema/types.ts';
import type { CapturedChange } from '../types.ts';
import type { SaveRow } from './rows.ts';
import type { SaveServices } from './services.ts';

export function captureRows(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  kind: CapturedChange['kind'],
  services: SaveServices,
): void {
  if (rows.length === 0) return;
  services.code?.captureChanges(
    services.transaction,
    describe,
    rows.map(({ record, old }) => ({ kind, record: kind === 'DELETE' ? (old ?? record) : record, old })),
  );
}
