/** Default values of fields, as newSObject(recordTypeId, true) loads them. */
import { compileFormula } from '../../formula/compile.ts';
import { FormulaError } from '../../formula/errors.ts';
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';
import { Decimal } from '../../values/Decimal.ts';
import { makeException } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { localDate, now } from './calendar.ts';

/** The picklist's default, or what the default value's formula comes to; null when there is none. */
export function defaultValueOf(object: ObjectDescribe, field: FieldDescribe): unknown {
  const chosen = field.picklistValues.find((candidate) => candidate.isDefault);
  if (chosen) return chosen.value;
  if (field.defaultValueFormula === null) return null;
  const { schema } = execution().program.table;
  const environment = { today: localDate(now()), now: now().milliseconds, global: () => null };
  try {
    const { evaluate } = compileFormula(field.defaultValueFormula, {
      schema,
      object,
      blanksAsZero: false,
      isRule: false,
      checkGlobal: (parts, offset) => {
        throw new FormulaError(
          `Default values with ${parts.join('.')} are worked out when a record is saved only`,
          offset,
        );
      },
    });
    const value = evaluate({ values: [], prior: null, isNew: true, environment });
    if (!(value instanceof Decimal)) return value;
    return field.type === 'int' ? value.intValue() : value.setScale(field.scale, 'HALF_UP');
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw makeException('UnsupportedOperationException', error.message);
  }
}
