/**
 * Duplicate rules on save: after validation rules, before the record is written (Apex Developer Guide, "Triggers and Order
 * of Execution"; Salesforce Help, "Duplicate Rules": on edits they run when a field of the matching rule changed).
 */
import type { ObjectDescribe } from '../../schema/types.ts';
import { encode, foldedColumn, quote } from '../../store/encoding.ts';
import type { StoredValue } from '../../store/encoding.ts';
import { fold } from '../../store/folding.ts';
import { addError, isBlank, sameValue } from '../save/rows.ts';
import type { SaveRow } from '../save/rows.ts';
import type { SaveRequest, SaveServices } from '../save/services.ts';
import type { DuplicateRule, MatchingRule, MatchItem } from './metadata.ts';

/** Refuses rows that a rule blocks, and those that it alerts about unless the request allows to save them. */
export function checkDuplicates(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  services: SaveServices,
  request: SaveRequest,
): void {
  for (const rule of services.duplicateRules.filter(({ object }) => object === describe))
    for (const row of rows) {
      if (row.errors.length > 0) continue;
      const action = row.old === null ? rule.onInsert : rule.onUpdate;
      if (action === 'allow' || (action === 'alert' && request.allowedDuplicates?.has(row.input) === true)) continue;
      if (rule.matching.some((matching) => hasDuplicates(matching, rule, row, services)))
        addError(row, 'DUPLICATES_DETECTED', rule.message);
    }
}

function hasDuplicates(matching: MatchingRule, rule: DuplicateRule, row: SaveRow, services: SaveServices): boolean {
  const { old, record } = row;
  const changed = matching.items.some(
    ({ field }) => !old || !sameValue(old.values.get(field.name), record.values.get(field.name)),
  );
  if (!changed) return false;
  const terms = matching.items.map((item) => conditionOf(item, row));
  const parameters: StoredValue[] = [];
  const term = (index: number): string => {
    const found = terms[index];
    if (!found) return '0';
    parameters.push(...found.parameters);
    return found.sql;
  };
  const condition =
    matching.logic === null
      ? terms.map((_term, index) => term(index)).join(' AND ')
      : matching.logic.replaceAll(/\d+/g, (number) => term(Number(number) - 1));
  const live = rule.object.softDelete ? ' AND "IsDeleted" = 0' : '';
  const ids = services.store
    .all(`SELECT "Id" FROM ${quote(rule.object.name)} WHERE (${condition}) AND "Id" IS NOT ?${live}`, [
      ...parameters,
      record.id,
    ])
    .map((found) => String(found[0]));
  if (ids.length === 0 || !rule.enforcesSharing) return ids.length > 0;
  const hidden = services.access('user', 'with')?.withoutReadAccess(rule.object, ids) ?? new Set<string>();
  return ids.some((id) => !hidden.has(id));
}

function conditionOf(
  { field, matchesBlanks }: MatchItem,
  { record }: SaveRow,
): { sql: string; parameters: StoredValue[] } {
  const value = record.values.get(field.name);
  const folded = foldedColumn(field);
  if (isBlank(value)) return { sql: matchesBlanks ? `${quote(field.name)} IS NULL` : '0', parameters: [] };
  return folded === null
    ? { sql: `${quote(field.name)} = ?`, parameters: [encode(field, value)] }
    : { sql: `${quote(folded)} = ?`, parameters: [fold(String(value))] };
}
