/** Records that nobody may edit while they are being approved, or because Apex locked them. */
import type { Store } from '../../store/Store.ts';

export class Locks {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.run('CREATE TABLE IF NOT EXISTS "$lock" (id TEXT PRIMARY KEY) WITHOUT ROWID', []);
  }

  set(id: string, locked: boolean): void {
    this.#store.run(locked ? 'INSERT OR IGNORE INTO "$lock" (id) VALUES (?)' : 'DELETE FROM "$lock" WHERE id = ?', [
      id,
    ]);
  }

  among(ids: readonly string[]): ReadonlySet<string> {
    const rows = this.#store.all('SELECT id FROM "$lock" WHERE id IN (SELECT value FROM json_each(?))', [
      JSON.stringify(ids),
    ]);
    return new Set(rows.map((row) => String(row[0])));
  }
}
