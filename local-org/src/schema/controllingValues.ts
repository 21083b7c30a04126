/** Values of the field that a dependent picklist follows, in the order that describes number them. */
import type { FieldDescribe, ObjectDescribe, PicklistValue } from './types.ts';

/** `true` and `false` for a checkbox: unchecked comes first. Null when the picklist depends on nothing. */
export function controllingValues(object: ObjectDescribe, field: FieldDescribe): readonly string[] | null {
  const controller = field.controllerName === null ? undefined : object.field(field.controllerName);
  if (!controller) return null;
  return controller.type === 'boolean'
    ? ['false', 'true']
    : controller.picklistValues.filter(({ active }) => active).map(({ value }) => value);
}

/** Numbers of the controlling values that a value can be chosen for. */
export function validIndexes(value: PicklistValue, controlling: readonly string[]): readonly number[] {
  return controlling.flatMap((name, index) => (value.validFor?.includes(name) ? [index] : []));
}
