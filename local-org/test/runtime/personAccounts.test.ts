/** Person accounts: Object Reference, "Account"; Salesforce Help, "Considerations for Using Person Accounts". */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { DmlFailure } from '../../src/runtime/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { Transaction } from '../../src/runtime/types.ts';
import { fieldFile, planProject } from '../schema/planProject.ts';
import { dml, insert, query, record } from './helpers.ts';

const org = openOrg({
  project: loadProject(
    planProject({
      'config/project-scratch-def.json': JSON.stringify({ features: ['PersonAccounts'] }),
      'force-app/main/objects/Contact/fields/Hobby__c.field-meta.xml': fieldFile(
        'Text',
        'Hobby__c',
        '<length>40</length>',
      ),
    }),
  ),
});
after(() => org.close());
const work = <T>(run: (transaction: Transaction) => T): T =>
  org.transaction({ userId: org.administratorId }, (transaction) => run(transaction));
const fails = (run: (transaction: Transaction) => unknown, pattern: RegExp): void =>
  assert.throws(
    () => work(run),
    (error) => error instanceof DmlFailure && pattern.test(error.message),
  );
const person = (transaction: Transaction, facts: Readonly<Record<string, unknown>> = {}): string =>
  insert(transaction, record(org, 'Account', { FirstName: 'Ann', LastName: 'Lee', ...facts }))[0] ?? '';

void test('a person account is named after its person and has a contact that mirrors it', () => {
  work((transaction) => {
    const id = person(transaction, { PersonEmail: 'ann@example.com', Hobby__pc: 'Chess', Phone: '1' });
    assert.deepEqual(
      query(
        transaction,
        `SELECT Name, IsPersonAccount, RecordType.DeveloperName, RecordType.IsPersonType, PersonContact.Name, PersonContact.Email, PersonContact.Hobby__c, PersonContact.Phone, PersonContact.IsPersonAccount FROM Account WHERE Id = '${id}'`,
      ),
      [
        {
          Name: 'Ann Lee',
          IsPersonAccount: true,
          RecordType: { DeveloperName: 'PersonAccount', IsPersonType: true },
          PersonContact: {
            Name: 'Ann Lee',
            Email: 'ann@example.com',
            Hobby__c: 'Chess',
            Phone: '1',
            IsPersonAccount: true,
          },
        },
      ],
    );
    dml(transaction, 'update', [record(org, 'Account', { Id: id, LastName: 'Moe', PersonEmail: null })]);
    assert.deepEqual(query(transaction, `SELECT Name, Email, Account.Name FROM Contact WHERE AccountId = '${id}'`), [
      { Name: 'Ann Moe', Email: null, Account: { Name: 'Ann Moe' } },
    ]);
    dml(transaction, 'delete', [record(org, 'Account', { Id: id })]);
    assert.deepEqual(query(transaction, `SELECT Id FROM Contact WHERE AccountId = '${id}'`), []);
  });
});

void test('business accounts stay as they are', () => {
  work((transaction) => {
    const [id = ''] = insert(transaction, record(org, 'Account', { Name: 'Acme' }));
    insert(transaction, record(org, 'Contact', { LastName: 'Zed', AccountId: id }));
    assert.deepEqual(query(transaction, `SELECT IsPersonAccount, PersonContactId FROM Account WHERE Id = '${id}'`), [
      { IsPersonAccount: false, PersonContactId: null },
    ]);
  });
  const type = work(
    (transaction) =>
      (query(transaction, "SELECT Id FROM RecordType WHERE DeveloperName = 'PersonAccount'") as { Id: string }[])[0]
        ?.Id,
  );
  fails((transaction) => {
    const [id] = insert(transaction, record(org, 'Account', { Name: 'Acme' }));
    dml(transaction, 'update', [record(org, 'Account', { Id: id, RecordTypeId: type })]);
  }, /can't become a person account/);
  fails((transaction) => {
    const [id] = insert(transaction, record(org, 'Account', { Name: 'Acme' }));
    dml(transaction, 'update', [record(org, 'Account', { Id: id, PersonEmail: 'a@b.de' })]);
  }, /bad field names on insert\/update call: PersonEmail/);
});

void test('what a person account does not allow fails', () => {
  // Apex Developer Guide, "sObjects That Don’t Support DML Operations": Name can't be modified.
  fails((transaction) => person(transaction, { Name: 'Other' }), /bad field names on insert\/update call: Name/);
  fails(
    (transaction) => insert(transaction, record(org, 'Contact', { LastName: 'X', AccountId: person(transaction) })),
    /a person account has no contacts/,
  );
  fails(
    (transaction) => insert(transaction, record(org, 'Account', { Name: 'Child', ParentId: person(transaction) })),
    /no parents/,
  );
  const contactOf = (transaction: Transaction, id: string): string =>
    (query(transaction, `SELECT PersonContactId FROM Account WHERE Id = '${id}'`) as { PersonContactId: string }[])[0]
      ?.PersonContactId ?? '';
  fails((transaction) => {
    const contact = contactOf(transaction, person(transaction));
    dml(transaction, 'update', [record(org, 'Contact', { Id: contact, LastName: 'Y' })]);
  }, /changed through the account/);
  fails((transaction) => {
    const contact = contactOf(transaction, person(transaction));
    dml(transaction, 'delete', [record(org, 'Contact', { Id: contact })]);
  }, /deleted with the account/);
});

void test('persons are merged with persons only, and their contacts with them', () => {
  work((transaction) => {
    const winner = person(transaction);
    const loser = person(transaction, { LastName: 'Loser' });
    const contact = `SELECT Id FROM Contact WHERE AccountId = '${loser}'`;
    const [shadow] = query(transaction, contact) as { Id: string }[];
    insert(transaction, record(org, 'Task', { Subject: 'Call', WhoId: shadow?.Id }));
    dml(transaction, 'merge', [record(org, 'Account', { Id: loser })], {
      master: record(org, 'Account', { Id: winner }),
    });
    assert.deepEqual(query(transaction, contact), []);
    assert.deepEqual(query(transaction, `SELECT Name FROM Contact WHERE AccountId = '${winner}'`), [
      { Name: 'Ann Lee' },
    ]);
    assert.deepEqual(query(transaction, "SELECT Who.Name FROM Task WHERE Subject = 'Call'"), [
      { Who: { Name: 'Ann Lee' } },
    ]);
  });
  fails((transaction) => {
    const [business] = insert(transaction, record(org, 'Account', { Name: 'Acme' }));
    dml(transaction, 'merge', [record(org, 'Account', { Id: person(transaction) })], {
      master: record(org, 'Account', { Id: business }),
    });
  }, /only be merged with person accounts/);
});
