/** Values as text: string concatenation, System.debug and String.valueOf. */
import { SObjectRecord } from '../../schema/record.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexException, exceptionTypeName } from './errors.ts';
import { ApexList } from './ApexList.ts';
import { ApexMap } from './ApexMap.ts';
import { ApexSet } from './ApexSet.ts';
import type { ApexType } from '../types/symbols.ts';

interface UserObject {
  tostring$?(): string | null;
  readonly $type?: ApexType;
  readonly $isStub?: boolean;
}

/** What `'' + value` gives. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return '';
  if (value instanceof ApexDate) return `${value.toString()} 00:00:00`;
  if (value instanceof ApexList) return `(${value.items.map(toText).join(', ')})`;
  if (value instanceof ApexSet) return `{${[...value.values()].map(toText).join(', ')}}`;
  if (value instanceof ApexMap)
    return `{${[...value.entries()].map(([key, item]) => `${toText(key)}=${toText(item)}`).join(', ')}}`;
  if (value instanceof SObjectRecord) return recordText(value);
  const object = value as UserObject;
  if (typeof object.tostring$ === 'function') return object.tostring$() ?? 'null';
  if (value instanceof ApexException) {
    const message = value.getmessage$();
    return `${exceptionTypeName(value)}: ${message ?? 'Script-thrown exception'}`;
  }
  if (object.$type && !object.$type.symbol.isLibrary) {
    const fields = Object.entries(object).map(([name, field]) => `${name}=${toText(field)}`);
    // A stub's text shows the class that the platform generates for it; mocking libraries read the name from there.
    return `${object.$type.symbol.name}${object.$isStub ? '__sfdc_ApexStub' : ''}:[${fields.join(', ')}]`;
  }
  return (value as { toString(): string }).toString();
}

function recordText(record: SObjectRecord): string {
  const parts = [...record.values].map(([name, value]) => `${name}=${toText(value)}`);
  for (const [name, value] of record.related) {
    if (value instanceof SObjectRecord) parts.push(`${name}=${recordText(value)}`);
    else if (Array.isArray(value)) parts.push(`${name}=(${value.map(toText).join(', ')})`);
  }
  return `${record.describe.name}:{${parts.join(', ')}}`;
}
