/** Entry criteria of metadata: filter items with a logic, or a formula. */
import type { FormulaCatalog } from '../../formula/catalog.ts';
import type { CompiledFormula } from '../../formula/compile.ts';
import { MetadataError } from '../../project/errors.ts';
import type { MetadataElement } from '../../project/types.ts';
import type { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { quote } from '../../store/encoding.ts';
import { FILTER_OPERATIONS, filterLogic } from '../../store/filterCondition.ts';
import type { FilterItem } from '../../store/filterCondition.ts';
import type { SaveServices } from '../save/services.ts';

export interface Criteria {
  readonly filters: readonly FilterItem[];
  readonly logic: string | null;
  /** Goes before the filters; null when there is none. */
  readonly formula: CompiledFormula | null;
}

/**
 * Reads `criteriaItems`, `booleanFilter` and `formula` of an element. The element's other children are left to the caller.
 * @returns null when there are no criteria: every record meets them
 * @throws MetadataError for fields and operations that the local org can't compare
 */
export function readCriteria(
  element: MetadataElement,
  object: ObjectDescribe,
  catalog: FormulaCatalog,
): Criteria | null {
  const filters = element.children('criteriaItems').map((item) => readItem(item, object));
  const logic = element.string('booleanFilter') ?? null;
  const formula = element.child('formula');
  if (!formula && filters.length === 0) return null;
  if (!formula)
    try {
      filterLogic(object, filters, logic);
    } catch (error) {
      throw new MetadataError(element.position, (error as Error).message);
    }
  return { filters, logic, formula: formula ? catalog.condition(formula.text, object, formula.position) : null };
}

/** `Opportunity.Amount` or `Amount`. */
function readItem(item: MetadataElement, object: ObjectDescribe): FilterItem {
  const path = item.requiredString('field').split('.');
  const operation = item.requiredString('operation');
  const value = item.string('value') ?? '';
  item.finish();
  const owner = path.length === 1 ? object.name : path[0];
  const field = owner === object.name ? object.field(path.at(-1) ?? '') : undefined;
  if (!field || field.calculated || path.length > 2)
    throw new MetadataError(
      item.position,
      `criteria about ${object.name} can't use ${path.join('.')}: they take stored fields of the object itself; use a formula`,
    );
  if (!FILTER_OPERATIONS.includes(operation))
    throw new MetadataError(item.position, `criteria know no operation ${operation}`);
  return { field: field.name, operation, value };
}

/** True when the stored record meets the criteria. `old`: its values before the save; null where nothing is saved. */
export function meets(
  criteria: Criteria | null,
  record: SObjectRecord,
  services: SaveServices,
  old: SObjectRecord | null = null,
  isNew = false,
): boolean {
  if (criteria === null) return true;
  if (criteria.formula) return services.holds(criteria.formula, record, old, isNew);
  const { sql, parameters } = filterLogic(record.describe, criteria.filters, criteria.logic);
  return (
    services.store.all(`SELECT 1 FROM ${quote(record.describe.name)} WHERE "Id" = ? AND ${sql}`, [
      record.id ?? '',
      ...parameters,
    ]).length > 0
  );
}
