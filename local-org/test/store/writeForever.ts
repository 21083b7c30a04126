/** Writes an account with two contacts a transaction and tells its parent each committed Id, until it is killed. */
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { insert, record } from '../runtime/helpers.ts';

const [source = '', databaseFile = ''] = process.argv.slice(2);
const org = openOrg({ project: loadProject(source), databaseFile });
const write = (count: number): void => {
  const id = org.transaction({ userId: org.administratorId }, (transaction) => {
    const [account] = insert(transaction, record(org, 'Account', { Name: `Account ${count}` }));
    insert(
      transaction,
      record(org, 'Contact', { LastName: 'One', AccountId: account }),
      record(org, 'Contact', { LastName: 'Two', AccountId: account }),
    );
    return account;
  });
  process.send?.(id, () => write(count + 1));
};
write(1);
