import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addSampleUsers } from '../../src/cli/sampleUsers.ts';
import { openSharingOrg } from '../security/sharingProject.ts';
import { query } from '../runtime/helpers.ts';

test('there is a sample user for each permission set, with the permission set', () => {
  const { org } = openSharingOrg();
  try {
    assert.deepEqual(addSampleUsers(org), ['Sample Dealer', 'Sample Importer', 'Sample Seer']);
    const rows = org.transaction({ userId: org.administratorId }, (transaction) =>
      query(
        transaction,
        "SELECT Assignee.Username, PermissionSet.Name FROM PermissionSetAssignment WHERE Assignee.FirstName = 'Sample' ORDER BY Assignee.Username",
      ),
    );
    assert.deepEqual(rows[0], { Assignee: { Username: 'dealer@local.org' }, PermissionSet: { Name: 'Dealer' } });
    assert.equal(rows.length, 3);
  } finally {
    org.close();
  }
});
