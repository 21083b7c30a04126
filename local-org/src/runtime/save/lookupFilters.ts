/** Required lookup filters (Salesforce Help, "Lookup Filters": saved values must match when a required filter is active). */
import type { ObjectDescribe } from '../../schema/types.ts';
import { addError, isBlank, sameValue } from './rows.ts';
import type { SaveRow } from './rows.ts';
import type { SaveServices } from './services.ts';

const NO_MATCH = 'Value does not exist or does not match filter criteria.';

/** Checks lookups that changed, or whose filter reads a field of the record that changed. */
export function checkLookupFilters(rows: readonly SaveRow[], describe: ObjectDescribe, services: SaveServices): void {
  for (const field of describe.fields) {
    const filter = services.lookupFilter(field);
    if (!filter || field.lookupFilter?.optional !== false) continue;
    for (const row of rows) {
      const touched = [field.name, ...filter.sourceFields].some(
        (name) => !row.old || !sameValue(row.old.values.get(name), row.record.values.get(name)),
      );
      if (isBlank(row.record.values.get(field.name)) || !touched) continue;
      if (!services.holds(filter.condition, row.record, row.old, row.old === null))
        addError(row, 'FIELD_FILTER_VALIDATION_EXCEPTION', field.lookupFilter.errorMessage ?? NO_MATCH, [field.name]);
    }
  }
}
