/**
 * Person accounts (Object Reference, "Account" and "Contact"; Salesforce Help, "Considerations for Using Person Accounts"):
 * an account that is a person has a contact of its own, which mirrors it and can't be changed by itself.
 */
import type { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { insertSystemRow } from '../../store/systemRows.ts';
import { addError, isBlank, sameValue } from './rows.ts';
import type { SaveRow } from './rows.ts';
import type { SaveServices } from './services.ts';
import type { StandardRules } from './standardRules.ts';

/** Fields that a person account and its contact share by name. */
const SHARED: ReadonlySet<string> = new Set(['FirstName', 'LastName', 'Salutation', 'Name', 'Phone', 'Fax', 'OwnerId']);

/** Contact's field that an account's field mirrors, if it does. */
function contactFieldOf(name: string, contact: ObjectDescribe): string | undefined {
  const mirrored = SHARED.has(name)
    ? name
    : name.endsWith('__pc')
      ? name.replace(/__pc$/, '__c')
      : name.startsWith('Person') && name !== 'PersonContactId'
        ? name.slice('Person'.length)
        : undefined;
  const field = mirrored === undefined ? undefined : contact.field(mirrored);
  return field?.type === 'address' ? undefined : field?.name;
}

/** Fields that only a person has. */
function isPersonal(name: string, contact: ObjectDescribe): boolean {
  return (
    (!SHARED.has(name) || ['FirstName', 'LastName', 'Salutation'].includes(name)) &&
    contactFieldOf(name, contact) !== undefined
  );
}

function isPerson(record: SObjectRecord): boolean {
  return record.values.get('IsPersonAccount') === true;
}

function badFields(row: SaveRow, names: readonly string[]): void {
  addError(
    row,
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Account: bad field names on insert/update call: ${names.join(', ')}`,
    names,
  );
}

/** True when the caller gave the field a value that it doesn't have already. */
function gives(row: SaveRow, name: string): boolean {
  const value = row.input.values.get(name);
  return !isBlank(value) && value !== false && !(row.old && sameValue(row.old.values.get(name), value));
}

function checkAccount(row: SaveRow, { schema, derivation }: SaveServices): void {
  const contact = schema.object('Contact');
  const { record, old } = row;
  if (!contact || !record.describe.field('IsPersonAccount')) return;
  if (old && isPerson(old) !== isPerson(record)) {
    addError(
      row,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      "Record Type ID: a business account can't become a person account here, nor the other way round",
      ['RecordTypeId'],
    );
    return;
  }
  const parent = record.values.get('ParentId');
  const parentIsPerson = typeof parent === 'string' && derivation.lookUp('Account', parent, 'IsPersonAccount') === true;
  if (parentIsPerson || (isPerson(record) && !isBlank(parent)))
    addError(
      row,
      'FIELD_INTEGRITY_EXCEPTION',
      'field integrity exception: person accounts have no parents and are none',
      ['ParentId'],
    );
  if (!isPerson(record)) {
    const personal = [...row.input.values.keys()].filter((name) => isPersonal(name, contact) && gives(row, name));
    if (personal.length > 0) badFields(row, personal);
    return;
  }
  if (gives(row, 'Name')) badFields(row, ['Name']);
  if (isBlank(record.values.get('LastName')))
    addError(row, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [LastName]', ['LastName']);
}

/** Writes the person's contact. No trigger of contacts fires. */
function mirror(row: SaveRow, services: SaveServices): void {
  const contact = services.schema.object('Contact');
  const { record } = row;
  if (!contact || !isPerson(record)) return;
  const values = new Map<string, unknown>();
  for (const field of record.describe.fields) {
    const name = contactFieldOf(field.name, contact);
    if (name !== undefined && record.values.has(field.name)) values.set(name, record.values.get(field.name));
  }
  if (record.values.has('CurrencyIsoCode')) values.set('CurrencyIsoCode', record.values.get('CurrencyIsoCode'));
  const existing = record.values.get('PersonContactId');
  if (typeof existing === 'string') {
    services.store.update(contact, existing, values);
    return;
  }
  const id = insertSystemRow(
    services.store,
    contact,
    { ...Object.fromEntries(values), AccountId: record.id, IsPersonAccount: true },
    services.userId,
    new ApexDatetime(Math.floor(services.transaction.now() / 1000) * 1000),
  );
  record.values.set('PersonContactId', id);
  services.store.update(record.describe, record.id ?? '', new Map([['PersonContactId', id]]));
}

function checkContact(row: SaveRow, { derivation }: SaveServices): void {
  const { record, old } = row;
  if (!record.describe.field('IsPersonAccount')) return;
  if (old && isPerson(old)) {
    addError(
      row,
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'the contact of a person account is changed through the account',
    );
    return;
  }
  const account = record.values.get('AccountId');
  if (typeof account === 'string' && derivation.lookUp('Account', account, 'IsPersonAccount') === true)
    addError(
      row,
      'FIELD_INTEGRITY_EXCEPTION',
      'field integrity exception: AccountId (a person account has no contacts)',
      ['AccountId'],
    );
}

/**
 * Before a person account is merged into another: what belongs to the loser's contact goes to the winner's.
 * @returns why they can't be merged, or null
 */
export function mergePersons(
  loserId: string,
  winnerId: string,
  services: SaveServices,
  moveChildren: (from: string, to: string, describe: ObjectDescribe) => void,
): string | null {
  const account = services.schema.object('Account');
  const contact = services.schema.object('Contact');
  if (!account?.field('IsPersonAccount') || !contact) return null;
  const stored = services.store.load(account, [loserId, winnerId]);
  const loser = stored.get(loserId);
  const winner = stored.get(winnerId);
  if (loser?.get('IsPersonAccount') !== winner?.get('IsPersonAccount'))
    return 'a person account can only be merged with person accounts';
  const from = loser?.get('PersonContactId');
  const to = winner?.get('PersonContactId');
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  moveChildren(from, to, contact);
  // The loser's contact goes with its account.
  services.store.update(
    contact,
    from,
    new Map<string, unknown>([
      ['AccountId', loserId],
      ['MasterRecordId', to],
      ['IsDeleted', true],
    ]),
  );
  return null;
}

export const personAccountRules: StandardRules = {
  Account: { check: checkAccount, written: mirror },
  Contact: {
    check: checkContact,
    checkDelete: (row) => {
      if (row.old && isPerson(row.old))
        addError(row, 'DELETE_FAILED', 'the contact of a person account is deleted with the account');
    },
  },
};
