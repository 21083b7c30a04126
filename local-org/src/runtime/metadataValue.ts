/** Values that stand as text in metadata. */
import type { FieldDescribe } from '../schema/types.ts';
import { ApexDate } from '../values/ApexDate.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { ApexTime } from '../values/ApexTime.ts';
import { Decimal } from '../values/Decimal.ts';

/**
 * A field's value from its text in metadata.
 * @throws Error when the text does not suit the field
 */
export function valueOfText(field: FieldDescribe, text: string): unknown {
  switch (field.type) {
    case 'boolean':
      if (!/^(true|false|1|0)$/.test(text)) throw new Error('it must be true or false');
      return text === 'true' || text === '1';
    case 'double':
    case 'currency':
    case 'percent':
      return Decimal.parse(text);
    case 'int':
      return Decimal.parse(text).intValue();
    case 'long':
      return BigInt(text);
    case 'date':
      return ApexDate.parse(text);
    case 'datetime':
      return ApexDatetime.parse(text);
    case 'time':
      return ApexTime.parse(text);
    default:
      return text;
  }
}
