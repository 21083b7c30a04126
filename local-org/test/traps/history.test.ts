/**
 * Trap: field history is written when the transaction has ended, so tests never see any. Sources: Salesforce Help, "Field
 * History Tracking"; Salesforce Stack Exchange 4007. Trap: a share that the org-wide default gives anyway fails with
 * FIELD_FILTER_VALIDATION_EXCEPTION. Source: Apex Developer Guide, "Creating User Managed Sharing Using Apex".
 */
import { test } from 'node:test';
import { metadata } from '../project/temporaryProject.ts';
import { assertPasses } from './trap.ts';

const STORY = 'force-app/main/objects/Story__c';

void test('tests see no field history; a trivial share is refused as documented', () =>
  assertPasses(
    {
      files: {
        [`${STORY}/Story__c.object-meta.xml`]: metadata(
          'CustomObject',
          '<label>Story</label><pluralLabel>Stories</pluralLabel><nameField><label>Name</label><type>Text</type><trackHistory>true</trackHistory></nameField><sharingModel>Read</sharingModel><deploymentStatus>Deployed</deploymentStatus><enableHistory>true</enableHistory>',
        ),
      },
      apex: {
        StoryTest: `@IsTest private with sharing class StoryTest {
  @IsTest static void noHistory() {
    Story__c story = new Story__c(Name = 'Once');
    insert as system story;
    update as system new Story__c(Id = story.Id, Name = 'Upon');
    List<Story__History> rows = [SELECT Field, OldValue, NewValue FROM Story__History WHERE ParentId = :story.Id WITH SYSTEM_MODE];
    Object before = rows.isEmpty() ? null : rows[0].OldValue;
    Assert.areEqual(0, rows.size());
    Assert.isNull(before);
  }
  @IsTest static void trivialShare() {
    Story__c story = new Story__c(Name = 'Open');
    insert as system story;
    Story__Share share = new Story__Share(ParentId = story.Id, UserOrGroupId = People.reader('reader').Id, AccessLevel = 'Read', RowCause = 'Manual');
    Database.SaveResult result = Database.insert(share, false, AccessLevel.SYSTEM_MODE);
    Assert.isFalse(result.isSuccess());
    Assert.areEqual(StatusCode.FIELD_FILTER_VALIDATION_EXCEPTION, result.getErrors()[0].getStatusCode());
    Assert.isTrue(result.getErrors()[0].getMessage().contains('AccessLevel'));
  }
}`,
      },
    },
    2,
  ));
