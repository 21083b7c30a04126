/** Lookup filters of relationship fields (Metadata API Developer Guide, "CustomField", LookupFilter). */
import { MetadataError } from '../project/errors.ts';
import type { MetadataElement } from '../project/types.ts';
import type { LookupFilter, LookupFilterItem } from './types.ts';

const OPERATIONS = [
  'equals',
  'notEqual',
  'lessThan',
  'greaterThan',
  'lessOrEqual',
  'greaterOrEqual',
  'contains',
  'notContain',
  'startsWith',
  'includes',
  'excludes',
] as const;

/** The active filter in `lookupFilter` of a field's metadata; null when there is none. */
export function readLookupFilter(root: MetadataElement): LookupFilter | null {
  const element = root.child('lookupFilter');
  if (!element) return null;
  const active = element.boolean('active', true);
  const filter: LookupFilter = {
    items: element.children('filterItems').map(readItem),
    logic: element.string('booleanFilter') ?? null,
    optional: element.boolean('isOptional', false),
    errorMessage: element.string('errorMessage') ?? null,
    infoMessage: element.string('infoMessage') ?? null,
    position: element.position,
  };
  element.ignore('describes, does not act', 'description');
  element.finish();
  if (!active) return null;
  if (filter.items.length === 0) throw new MetadataError(element.position, 'a lookup filter needs filterItems');
  return filter;
}

function readItem(element: MetadataElement): LookupFilterItem {
  const item: LookupFilterItem = {
    field: element.requiredString('field'),
    operation: element.oneOf('operation', OPERATIONS) ?? 'equals',
    value: element.string('value') ?? '',
    valueField: element.string('valueField') ?? null,
    position: element.position,
  };
  element.finish();
  return item;
}
