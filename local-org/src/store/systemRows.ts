/** Rows that the platform writes itself, outside the save order. */
import type { ObjectDescribe } from '../schema/types.ts';
import type { ApexDatetime } from '../values/ApexDatetime.ts';
import type { Store } from './Store.ts';

/** Inserts a row without the save order; system fields are filled. Returns the Id. */
export function insertSystemRow(
  store: Store,
  describe: ObjectDescribe,
  values: Readonly<Record<string, unknown>>,
  userId: string,
  now: ApexDatetime,
): string {
  const id = typeof values['Id'] === 'string' ? values['Id'] : store.nextId(describe);
  const row = new Map<string, unknown>();
  for (const field of describe.fields) {
    if (field.type === 'boolean') row.set(field.name, false);
    else if (field.name === 'CurrencyIsoCode')
      row.set(field.name, field.picklistValues.find(({ isDefault }) => isDefault)?.value ?? null);
    else if (field.name === 'CreatedById' || field.name === 'LastModifiedById' || field.name === 'OwnerId')
      row.set(field.name, userId);
    else if (field.name === 'CreatedDate' || field.name === 'LastModifiedDate' || field.name === 'SystemModstamp')
      row.set(field.name, now);
  }
  for (const [name, value] of Object.entries(values)) row.set(name, value);
  row.set('Id', id);
  store.insert(describe, row);
  return id;
}
