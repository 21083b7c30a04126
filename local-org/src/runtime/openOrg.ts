import { Store } from '../store/Store.ts';
import { OrgRuntime } from './OrgRuntime.ts';
import type { OpenOptions } from './OrgRuntime.ts';

export type { OpenOptions } from './OrgRuntime.ts';

/**
 * Opens an org: builds the schema, compiles every formula, migrates and seeds the database.
 * @throws MetadataError, ProjectError or StoreError, each saying where and what to do
 */
export function openOrg(options: OpenOptions): OrgRuntime {
  const store = Store.open(options.databaseFile ?? ':memory:');
  try {
    return new OrgRuntime(store, options);
  } catch (error) {
    store.close();
    throw error;
  }
}
