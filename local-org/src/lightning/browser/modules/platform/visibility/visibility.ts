/** Visibility rules of components on a page. */
import { environment } from 'platform/environment';
import type { VisibilityRule } from 'platform/pages';
import type { RecordRepresentation } from 'platform/records';

const recordPrefix = 'Record.';

/** Fields of the record that a rule reads. */
export const recordPaths = (rule: VisibilityRule | null): readonly string[] =>
  (rule?.criteria ?? []).flatMap(({ left }) =>
    left.startsWith(recordPrefix) ? [left.slice(recordPrefix.length)] : [],
  );

/** Does the rule let the component be seen? Rules on a record hide it until the record is there. */
export function isShown(rule: VisibilityRule | null, record: RecordRepresentation | undefined): boolean {
  if (!rule || rule.criteria.length === 0) return true;
  if (!record && recordPaths(rule).length > 0) return false;
  const results = rule.criteria.map(({ left, operator, right }) => compare(valueOf(left, record), operator, right));
  return rule.logic === null ? results.every(Boolean) : evaluate(rule.logic, results);
}

function valueOf(left: string, record: RecordRepresentation | undefined): unknown {
  if (left === '$Client.FormFactor') return environment.formFactor;
  if (left.startsWith('$Permission.CustomPermission.'))
    return environment.customPermissions.includes(left.split('.').at(-1) ?? '');
  const steps = left.slice(recordPrefix.length).split('.');
  let current: RecordRepresentation | null | undefined = record;
  for (const [index, step] of steps.entries()) {
    const value: unknown = current?.fields[step]?.value;
    if (index === steps.length - 1) return value;
    current = value as RecordRepresentation | null | undefined;
  }
  return undefined;
}

function compare(value: unknown, operator: string, right: string): boolean {
  const text = value === null || value === undefined ? '' : String(value);
  const numeric = typeof value === 'number' && right.trim() !== '' && !Number.isNaN(Number(right));
  const order = numeric
    ? (value as number) - Number(right)
    : text.toLowerCase() < right.toLowerCase()
      ? -1
      : text.toLowerCase() > right.toLowerCase()
        ? 1
        : 0;
  switch (operator) {
    case 'EQUAL':
      return order === 0;
    case 'NE':
      return order !== 0;
    case 'GT':
      return text !== '' && order > 0;
    case 'GE':
      return text !== '' && order >= 0;
    case 'LT':
      return text !== '' && order < 0;
    case 'LE':
      return text !== '' && order <= 0;
    case 'CONTAINS':
      return text.toLowerCase().includes(right.toLowerCase());
    default:
      return false;
  }
}

/** `1 AND (2 OR NOT 3)` by recursive descent. */
function evaluate(logic: string, results: readonly boolean[]): boolean {
  const tokens = logic.toUpperCase().match(/\d+|AND|OR|NOT|\(|\)/g) ?? [];
  let at = 0;
  const or = (): boolean => {
    let value = and();
    while (tokens[at] === 'OR') {
      at += 1;
      const next = and();
      value = value || next;
    }
    return value;
  };
  const and = (): boolean => {
    let value = not();
    while (tokens[at] === 'AND') {
      at += 1;
      const next = not();
      value = value && next;
    }
    return value;
  };
  const not = (): boolean => {
    const token = tokens[at];
    at += 1;
    if (token === 'NOT') return !not();
    if (token === '(') {
      const value = or();
      at += 1;
      return value;
    }
    return results[Number(token) - 1] ?? false;
  };
  return or();
}
