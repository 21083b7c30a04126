/** What Apex code sees of the platform around it: amounts, licences, refused parts of a project. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApexCompileError } from '../../src/apex/ApexCompileError.ts';
import { launch } from '../../src/cli/launch.ts';
import { planProject } from '../schema/planProject.ts';
import { multiCurrencyProject } from '../support/currencies.ts';
import { metadata } from '../project/temporaryProject.ts';
import { runOnDisk } from './projectOnDisk.ts';

test('a whole amount of a standard object keeps the cents that Apex wrote, and only those', () => {
  const { outcomes } = runOnDisk({
    AmountTest: `@IsTest private class AmountTest {
      @IsTest static void cents() {
        insert new List<Account>{
          new Account(Name = 'Cents', AnnualRevenue = 12345.67),
          new Account(Name = 'Whole', AnnualRevenue = 1000) };
        Assert.areEqual(12345.67, [SELECT AnnualRevenue FROM Account WHERE AnnualRevenue = 12345.67].AnnualRevenue);
        Account whole = [SELECT AnnualRevenue FROM Account WHERE Name = 'Whole'];
        Assert.areEqual(0, whole.AnnualRevenue.scale());
        Assert.areEqual(13345.67, (Decimal) [SELECT SUM(AnnualRevenue) total FROM Account][0].get('total'));
        Assert.areEqual(1, [SELECT COUNT() FROM Account WHERE AnnualRevenue > 12345.66]);
      }
      @IsTest static void range() {
        try {
          insert new Account(Name = 'Too large', AnnualRevenue = 999999999999999999.0);
          Assert.fail('saved');
        } catch (DmlException error) {
          Assert.areEqual(StatusCode.NUMBER_OUTSIDE_VALID_RANGE, error.getDmlType(0));
        }
      }
    }`,
  });
  assert.deepEqual(outcomes, { 'AmountTest.cents': 'Pass', 'AmountTest.range': 'Pass' });
});

test('profiles have a licence; comments, list emails and users hang below their parents', () => {
  const { outcomes } = runOnDisk({
    RelationsTest: `@IsTest private class RelationsTest {
      @IsTest static void relations() {
        Assert.isFalse([SELECT Id FROM Profile WHERE UserLicense.Name = 'Salesforce'].isEmpty());
        Case problem = new Case(Subject = 'Broken');
        insert problem;
        insert new CaseComment(ParentId = problem.Id, CommentBody = 'Mended');
        Case read = [SELECT Id, (SELECT CommentBody FROM CaseComments) FROM Case];
        Assert.areEqual('Mended', read.CaseComments[0].CommentBody);
        Assert.areEqual(0, [SELECT Id, (SELECT Id FROM Users) FROM Account].size());
        Assert.areEqual(0, [SELECT Id, (SELECT Name FROM ListEmails) FROM Opportunity].size());
      }
    }`,
  });
  assert.deepEqual(outcomes, { 'RelationsTest.relations': 'Pass' });
});

test('a project that uses unsupported things is refused as a whole, or runs in part when asked to', () => {
  const classes = {
    Unsupported: `public class Unsupported {
      public static void reach() { Missing.Thing thing = new Missing.Thing(); }
      public static Integer three() { return 3; }
    }`,
    UnsupportedTest: `@IsTest private class UnsupportedTest {
      @IsTest static void beside() { Assert.areEqual(3, Unsupported.three()); }
      @IsTest static void reached() {
        try { Unsupported.reach(); } catch (Exception error) { Assert.areEqual('never caught', ''); }
      }
    }`,
  };
  assert.throws(() => runOnDisk(classes), ApexCompileError);
  const { outcomes, refused } = runOnDisk(classes, {}, { allowUnsupported: true });
  assert.equal(outcomes['UnsupportedTest.beside'], 'Pass');
  assert.match(
    outcomes['UnsupportedTest.reached'] ?? '',
    /^Not supported by the local org: .*Unsupported\.cls:2:\d+ Invalid type: Missing\.Thing$/,
  );
  assert.deepEqual(
    refused.map(({ line, message }) => [line, message]),
    [[2, 'Invalid type: Missing.Thing']],
  );
});

const PARTITION = `<PlatformCachePartition xmlns="http://soap.sforce.com/2006/04/metadata">
  <isDefaultPartition>true</isDefaultPartition><masterLabel>shelf</masterLabel>
</PlatformCachePartition>`;

test('the platform cache copies values, loads by builder, expires by time and is empty at each test’s start', () => {
  const { outcomes } = runOnDisk(
    {
      Loader: `public class Loader implements Cache.CacheBuilder {
        public static Integer loads = 0;
        public Object doLoad(String key) { loads++; return new List<String>{ key }; }
      }`,
      CacheTest: `@IsTest private class CacheTest {
        static Cache.OrgPartition shelf() { return Cache.Org.getPartition('local.shelf'); }
        @IsTest static void copies() {
          Account kept = new Account(Name = 'Before');
          shelf().put('account', new List<Account>{ kept });
          kept.Name = 'After';
          Assert.areEqual('Before', ((List<Account>) shelf().get('account'))[0].Name);
          Assert.areEqual(new Set<String>{ 'account' }, Cache.Org.getKeys());
          Assert.isTrue(Cache.Org.contains('local.shelf.account'));
          Assert.isFalse(Cache.Session.getPartition('shelf').contains('account'));
          Assert.isTrue(shelf().remove('account'));
          Assert.isNull(shelf().get('account'));
        }
        @IsTest static void loads() {
          Assert.areEqual(0, shelf().getNumKeys());
          Assert.areEqual('a', ((List<String>) shelf().get(Loader.class, 'a'))[0]);
          shelf().get(Loader.class, 'a');
          Assert.areEqual(1, Loader.loads);
        }
        @IsTest static void refuses() {
          try { shelf().put('not a key', 1); Assert.fail('put'); }
          catch (Cache.InvalidParamException error) { Assert.isTrue(error.getMessage().contains('not a key')); }
          try { Cache.Org.getPartition('local.missing'); Assert.fail('found'); }
          catch (Cache.Org.OrgCacheException error) { Assert.isTrue(error.getMessage().contains('missing')); }
          try { shelf().put('key', 1, 1); Assert.fail('too short'); }
          catch (Cache.InvalidParamException error) { Assert.isTrue(error.getMessage().contains('300')); }
        }
      }`,
    },
    { 'cachePartitions/shelf.cachePartition-meta.xml': PARTITION },
  );
  assert.deepEqual(outcomes, { 'CacheTest.copies': 'Pass', 'CacheTest.loads': 'Pass', 'CacheTest.refuses': 'Pass' });
});

test('files: the first version makes a document with its links, the next becomes its latest', () => {
  const { outcomes } = runOnDisk(
    {
      FileTest: `@IsTest private class FileTest {
        @IsTest static void versions() {
          StaticResource sheet = [SELECT Body, BodyLength, ContentType FROM StaticResource WHERE Name = 'sheet'];
          Assert.areEqual('a,b', sheet.Body.toString());
          Assert.areEqual(3, sheet.BodyLength);
          Account owner = new Account(Name = 'Owner');
          insert owner;
          insert new ContentVersion(PathOnClient = 'report.docx', VersionData = sheet.Body, FirstPublishLocationId = owner.Id);
          ContentVersion first = [SELECT ContentDocumentId, FileType, FileExtension, Title, ContentSize, VersionNumber FROM ContentVersion];
          Assert.areEqual('WORD_X docx report 3 1', String.join(new List<Object>{
            first.FileType, first.FileExtension, first.Title, first.ContentSize, first.VersionNumber }, ' '));
          ContentDocumentLink link = [SELECT ShareType, ContentDocument.LatestPublishedVersionId FROM ContentDocumentLink WHERE LinkedEntityId = :owner.Id];
          Assert.areEqual('V', link.ShareType);
          Assert.areEqual(first.Id, link.ContentDocument.LatestPublishedVersionId);
          insert new ContentVersion(PathOnClient = 'report.pdf', VersionData = Blob.valueOf('x'), ContentDocumentId = first.ContentDocumentId);
          ContentVersion second = [SELECT VersionNumber, FileType FROM ContentVersion WHERE IsLatest = true];
          Assert.areEqual('2', second.VersionNumber);
          Assert.areEqual(1, [SELECT COUNT() FROM ContentDocument WHERE LatestPublishedVersionId = :second.Id AND FileType = 'PDF']);
        }
      }`,
    },
    {
      'staticresources/sheet.csv': 'a,b',
      'staticresources/sheet.resource-meta.xml':
        '<StaticResource xmlns="http://soap.sforce.com/2006/04/metadata"><contentType>text/csv</contentType></StaticResource>',
    },
  );
  assert.deepEqual(outcomes, { 'FileTest.versions': 'Pass' });
});

const EVENT = `<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">
  <deploymentStatus>Deployed</deploymentStatus><eventType>HighVolume</eventType><label>Signal</label>
  <pluralLabel>Signals</pluralLabel><publishBehavior>PublishAfterCommit</publishBehavior>
</CustomObject>`;
const EVENT_FIELD = `<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
  <fullName>Text__c</fullName><label>Text</label><length>20</length><required>true</required><type>Text</type>
</CustomField>`;

test('publish callbacks hear of success and failure; events without required fields are not published', () => {
  const { outcomes } = runOnDisk(
    {
      Listener: `public class Listener implements EventBus.EventPublishSuccessCallback, EventBus.EventPublishFailureCallback {
        public static List<String> heard = new List<String>();
        public void onSuccess(EventBus.SuccessResult result) { heard.add('yes ' + result.getEventUuids()[0]); }
        public void onFailure(EventBus.FailureResult result) { heard.add('no ' + result.getEventUuids()[0]); }
      }`,
      SignalTest: `@IsTest private class SignalTest {
        static Signal__e signal() {
          Signal__e made = (Signal__e) Signal__e.SObjectType.newSObject(null, true);
          made.Text__c = 'on';
          return made;
        }
        @IsTest static void succeeds() {
          Signal__e made = signal();
          EventBus.publish(made, new Listener());
          Test.getEventBus().deliver();
          Assert.areEqual(new List<String>{ 'yes ' + made.EventUuid }, Listener.heard);
        }
        @IsTest static void fails() {
          Signal__e made = signal();
          EventBus.publish(made, new Listener());
          Test.getEventBus().fail();
          Test.getEventBus().deliver();
          Assert.areEqual(new List<String>{ 'no ' + made.EventUuid }, Listener.heard);
        }
        @IsTest static void lacksText() {
          Database.SaveResult result = EventBus.publish(new Signal__e());
          Assert.isFalse(result.isSuccess());
          Assert.areEqual(StatusCode.REQUIRED_FIELD_MISSING, result.getErrors()[0].getStatusCode());
        }
      }`,
    },
    {
      'objects/Signal__e/Signal__e.object-meta.xml': EVENT,
      'objects/Signal__e/fields/Text__c.field-meta.xml': EVENT_FIELD,
    },
  );
  assert.deepEqual(outcomes, {
    'SignalTest.succeeds': 'Pass',
    'SignalTest.fails': 'Pass',
    'SignalTest.lacksText': 'Pass',
  });
});

test('a bound collection after = means IN, after != NOT IN', () => {
  const { outcomes } = runOnDisk({
    BindTest: `@IsTest private class BindTest {
      @IsTest static void collections() {
        insert new List<Account>{ new Account(Name = 'A'), new Account(Name = 'B'), new Account(Name = 'C') };
        Set<String> names = new Set<String>{ 'A', 'C' };
        Assert.areEqual(2, [SELECT COUNT() FROM Account WHERE Name = :names]);
        Assert.areEqual('B', [SELECT Name FROM Account WHERE Name != :names].Name);
        Map<Id, Account> found = new Map<Id, Account>([SELECT Id FROM Account WHERE Name = :new List<String>{ 'B' }]);
        Assert.areEqual('B', [SELECT Name FROM Account WHERE Id = :found.keySet()].Name);
        String name = 'C';
        Assert.areEqual(1, [SELECT COUNT() FROM Account WHERE Name = :name]);
      }
    }`,
  });
  assert.deepEqual(outcomes, { 'BindTest.collections': 'Pass' });
});

test('a permission set group gives what its components give; stripped fields and children read as not queried', () => {
  const { outcomes } = runOnDisk(
    {
      GroupTest: `@IsTest private class GroupTest {
        static User reader() {
          User made = new User(Alias = 'reader', Email = 'reader@example.com', LastName = 'Reader',
            Username = 'reader@group.example.com', EmailEncodingKey = 'UTF-8', LanguageLocaleKey = 'en_US',
            LocaleSidKey = 'en_US', TimeZoneSidKey = 'UTC',
            ProfileId = [SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'].Id);
          insert made;
          return made;
        }
        @IsTest static void grants() {
          User made = reader();
          PermissionSetGroup readers = [SELECT Id, Status FROM PermissionSetGroup WHERE DeveloperName = 'Readers'];
          Test.calculatePermissionSetGroup(readers.Id);
          System.runAs(made) { Assert.isFalse(Account.SObjectType.getDescribe().isAccessible()); }
          insert new PermissionSetAssignment(AssigneeId = made.Id, PermissionSetGroupId = readers.Id);
          System.runAs(made) {
            Assert.isTrue(Account.SObjectType.getDescribe().isAccessible());
            Assert.isFalse(Account.Phone.getDescribe().isAccessible());
          }
        }
        @IsTest static void strips() {
          User made = reader();
          insert new PermissionSetAssignment(AssigneeId = made.Id,
            PermissionSetGroupId = [SELECT Id FROM PermissionSetGroup].Id);
          System.runAs(made) {
            Account own = new Account(Name = 'Own');
            insert as system own;
            insert as system new Contact(LastName = 'Child', AccountId = own.Id);
            SObjectAccessDecision decision = Security.stripInaccessible(AccessType.READABLE,
              [SELECT Name, Phone, (SELECT LastName FROM Contacts) FROM Account WITH SYSTEM_MODE]);
            Account stripped = (Account) decision.getRecords()[0];
            Assert.areEqual('Own', stripped.Name);
            Assert.areEqual(new Set<String>{ 'Phone', 'Contacts' }, decision.getRemovedFields().get('Account'));
            try { System.debug(stripped.Phone); Assert.fail('read'); }
            catch (SObjectException error) { Assert.isTrue(error.getMessage().contains('without querying')); }
          }
        }
      }`,
    },
    {
      'permissionsets/Account_Reader.permissionset-meta.xml':
        '<PermissionSet xmlns="http://soap.sforce.com/2006/04/metadata"><label>Account Reader</label><objectPermissions><allowCreate>false</allowCreate><allowDelete>false</allowDelete><allowEdit>false</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Account</object><viewAllRecords>true</viewAllRecords></objectPermissions></PermissionSet>',
      'permissionsetgroups/Readers.permissionsetgroup-meta.xml':
        '<PermissionSetGroup xmlns="http://soap.sforce.com/2006/04/metadata"><label>Readers</label><permissionSets>Account_Reader</permissionSets></PermissionSetGroup>',
    },
  );
  assert.deepEqual(outcomes, { 'GroupTest.grants': 'Pass', 'GroupTest.strips': 'Pass' });
});

test('ConnectApi needs SeeAllData in tests', () => {
  const { outcomes } = runOnDisk({
    FollowTest: `@IsTest private class FollowTest {
      @IsTest static void siloed() {
        try { ConnectApi.ChatterUsers.getFollowings(null, UserInfo.getUserId()); Assert.fail('answered'); }
        catch (UnsupportedOperationException error) { Assert.isTrue(error.getMessage().contains('SeeAllData')); }
      }
      @IsTest(SeeAllData=true) static void open() {
        Assert.areEqual(0, ConnectApi.ChatterUsers.getFollowings(null, UserInfo.getUserId()).total);
      }
    }`,
  });
  assert.deepEqual(outcomes, { 'FollowTest.siloed': 'Pass', 'FollowTest.open': 'Pass' });
});

test('two orgs of different shapes live in one process: each knows its own users and exceptions', () => {
  const single = launch({ source: planProject() });
  const several = launch({ source: multiCurrencyProject(false) });
  try {
    for (const { org } of [single, several, single]) {
      const outcome = org.transaction({ userId: org.administratorId }, (transaction) =>
        org.code?.executeAnonymous(
          transaction,
          `System.debug(Date.newInstance(2027, 1, 2).format());
           try { insert new Account(); } catch (DmlException refused) { System.debug('caught'); }`,
        ),
      );
      assert.equal(outcome?.exceptionMessage, null);
      assert.match(outcome.log, /1\/2\/2027/);
      assert.match(outcome.log, /caught/);
    }
  } finally {
    single.org.close();
    several.org.close();
  }
});

const relationship = (name: string, target: string, controlling = ''): string =>
  metadata(
    'CustomField',
    `<fullName>${name}</fullName><label>${name}</label><type>MetadataRelationship</type><referenceTo>${target}</referenceTo>${controlling}<relationshipName>Mappings${name.replace('__c', '')}</relationshipName>`,
  );

test('custom metadata relates to objects and fields of the org', () => {
  const { outcomes } = runOnDisk(
    {
      MappingTest: `@IsTest private class MappingTest {
        @IsTest static void definitions() {
          Mapping__mdt mapping = [
            SELECT Object__r.QualifiedApiName, Object__r.Label, Field__r.QualifiedApiName, Field__r.DataType
            FROM Mapping__mdt WHERE Field__r.QualifiedApiName = 'Rank__c'
          ];
          Assert.areEqual('Thing__c', mapping.Object__r.QualifiedApiName);
          Assert.areEqual('Thing', mapping.Object__r.Label);
          Assert.areEqual('Rank__c', mapping.Field__r.QualifiedApiName);
          Assert.areEqual('Number(4, 0)', mapping.Field__r.DataType);
          Mapping__mdt standard = [SELECT Object__c, Field__c, Field__r.QualifiedApiName FROM Mapping__mdt WHERE Object__c = 'Account'];
          Assert.areEqual('Account.Industry', standard.Field__c, 'the durable Id');
          Assert.areEqual('Industry', standard.Field__r.QualifiedApiName);
          Assert.areEqual('Account', Mapping__mdt.getInstance('Standard').Object__c);
        }
      }`,
    },
    {
      'objects/Thing__c/Thing__c.object-meta.xml': metadata(
        'CustomObject',
        '<label>Thing</label><pluralLabel>Things</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel><deploymentStatus>Deployed</deploymentStatus>',
      ),
      'objects/Thing__c/fields/Rank__c.field-meta.xml': metadata(
        'CustomField',
        '<fullName>Rank__c</fullName><label>Rank</label><type>Number</type><precision>4</precision><scale>0</scale>',
      ),
      'objects/Mapping__mdt/Mapping__mdt.object-meta.xml': metadata(
        'CustomObject',
        '<label>Mapping</label><pluralLabel>Mappings</pluralLabel><visibility>Public</visibility>',
      ),
      'objects/Mapping__mdt/fields/Object__c.field-meta.xml': relationship('Object__c', 'EntityDefinition'),
      'objects/Mapping__mdt/fields/Field__c.field-meta.xml': relationship(
        'Field__c',
        'FieldDefinition',
        '<metadataRelationshipControllingField>Mapping__mdt.Object__c</metadataRelationshipControllingField>',
      ),
      'customMetadata/Mapping.Own.md-meta.xml': mapping('Own', 'Thing__c', 'Rank__c'),
      'customMetadata/Mapping.Standard.md-meta.xml': mapping('Standard', 'Account', 'Industry'),
    },
  );
  assert.deepEqual(outcomes, { 'MappingTest.definitions': 'Pass' });
});

function mapping(label: string, object: string, field: string): string {
  const value = (name: string, text: string): string =>
    `<values><field>${name}</field><value xsi:type="xsd:string">${text}</value></values>`;
  return metadata(
    'CustomMetadata',
    `<label>${label}</label><protected>false</protected>${value('Object__c', object)}${value('Field__c', field)}`,
  );
}

test('a query before ?. is its one row, or null; maps take records without Id; finalizers begin new chains of jobs', () => {
  const { outcomes } = runOnDisk({
    Link: `public class Link implements Queueable, Finalizer {
      public void execute(QueueableContext context) { System.attachFinalizer(this); }
      public void execute(FinalizerContext context) {
        Integer count = [SELECT COUNT() FROM Account];
        insert new Account(Name = 'Link ' + count);
        if (count < 3) System.enqueueJob(new Link());
      }
    }`,
    SafeTest: `@IsTest private class SafeTest {
      @IsTest static void rows() {
        Assert.isNull([SELECT Name FROM Account LIMIT 1]?.Name);
        insert new Account(Name = 'One', Parent = null);
        Assert.areEqual('One', [SELECT Name FROM Account]?.Name);
        Assert.isNull([SELECT Parent.Name FROM Account]?.Parent?.Name);
        insert new Account(Name = 'Two');
        try { String name = [SELECT Name FROM Account]?.Name; Assert.fail(name); }
        catch (QueryException error) { Assert.areEqual('List has more than 1 row for assignment to SObject', error.getMessage()); }
        Assert.areEqual(2, [SELECT Name FROM Account]?.size());
      }
      @IsTest static void putAll() {
        Map<Id, Account> records = new Map<Id, Account>();
        records.putAll(new List<Account>{ new Account(Name = 'a'), new Account(Name = 'b') });
        Assert.areEqual('b', records.get(null).Name);
        Assert.areEqual(1, records.size());
        try { new Map<Id, Account>(new List<Account>{ new Account() }); Assert.fail('made'); }
        catch (ListException error) { Assert.areEqual('Row with null Id at index: 0', error.getMessage()); }
      }
      @IsTest static void chain() {
        Test.startTest();
        System.enqueueJob(new Link());
        Test.stopTest();
        Assert.areEqual(4, [SELECT COUNT() FROM Account]);
      }
    }`,
  });
  assert.deepEqual(outcomes, {
    'SafeTest.rows': 'Pass',
    'SafeTest.putAll': 'Pass',
    'SafeTest.chain': 'Pass',
  });
});

test('hierarchy settings: an owner without data gets a new record with defaults and what stands above', () => {
  const { outcomes } = runOnDisk(
    {
      SettingsTest: `@IsTest private class SettingsTest {
        @IsTest static void own() {
          Switches__c mine = Switches__c.getInstance();
          Assert.isNull(mine.Id);
          Assert.areEqual(UserInfo.getUserId(), mine.SetupOwnerId);
          Assert.isTrue(mine.On__c, 'the default');
          insert new Switches__c(SetupOwnerId = UserInfo.getOrganizationId(), On__c = false, Limit__c = 3);
          Switches__c profile = Switches__c.getInstance(UserInfo.getProfileId());
          mine = Switches__c.getInstance(UserInfo.getUserId());
          Assert.areEqual(3, mine.Limit__c);
          Assert.isFalse(mine.On__c);
          Assert.isNull(mine.Id);
          mine.Limit__c = 4;
          insert new List<Switches__c>{ profile, mine };
          Assert.areEqual(UserInfo.getProfileId(), profile.SetupOwnerId);
          Assert.areEqual(4, Switches__c.getInstance().Limit__c);
          Assert.areEqual(mine.Id, Switches__c.getInstance().Id);
          Assert.areEqual(3, Switches__c.getOrgDefaults().Limit__c);
        }
      }`,
    },
    {
      'objects/Switches__c/Switches__c.object-meta.xml': metadata(
        'CustomObject',
        '<label>Switches</label><customSettingsType>Hierarchy</customSettingsType><visibility>Public</visibility>',
      ),
      'objects/Switches__c/fields/On__c.field-meta.xml': metadata(
        'CustomField',
        '<fullName>On__c</fullName><label>On</label><type>Checkbox</type><defaultValue>true</defaultValue>',
      ),
      'objects/Switches__c/fields/Limit__c.field-meta.xml': metadata(
        'CustomField',
        '<fullName>Limit__c</fullName><label>Limit</label><type>Number</type><precision>4</precision><scale>0</scale>',
      ),
    },
  );
  assert.deepEqual(outcomes, { 'SettingsTest.own': 'Pass' });
});

test('DML on no records is free; asserts know Ids by 15 characters; nobody deletes users; defaults come when asked for', () => {
  const { outcomes } = runOnDisk({
    Later: 'public class Later implements Schedulable { public void execute(SchedulableContext context) {} }',
    SmallTest: `@IsTest private class SmallTest {
      @IsTest static void freeOfCharge() {
        insert new List<Account>();
        update new List<Account>();
        Database.delete(new List<Account>(), false);
        Database.upsert(new List<Account>());
        Assert.areEqual(0, Limits.getDmlStatements());
      }
      @IsTest static void ids() {
        Account account = new Account(Name = 'One');
        insert account;
        Assert.areEqual(account.Id, String.valueOf(account.Id).left(15));
        Assert.areNotEqual(account.Id, String.valueOf(account.Id).left(14));
        Assert.areEqual(String.valueOf(account.Id).left(15), new ApexPages.StandardController(account).getId());
      }
      @IsTest static void users() {
        UserRecordAccess access = [SELECT HasEditAccess, HasDeleteAccess FROM UserRecordAccess
          WHERE UserId = :UserInfo.getUserId() AND RecordId = :UserInfo.getUserId()];
        Assert.isTrue(access.HasEditAccess);
        Assert.isFalse(access.HasDeleteAccess);
      }
      @IsTest static void defaults() {
        Opportunity loaded = (Opportunity) Opportunity.SObjectType.newSObject(null, true);
        Case problem = (Case) Case.SObjectType.newSObject(null, true);
        Assert.areEqual('Medium', problem.Priority);
        Assert.isFalse(loaded.isSet('RecordTypeId'));
        Assert.areEqual(0, Case.SObjectType.newSObject(null, false).getPopulatedFieldsAsMap().size());
      }
      @IsTest static void locators() {
        Database.QueryLocator locator = Database.getQueryLocator('SELECT Id FROM Account');
        Assert.areEqual(1, Limits.getQueries());
        insert new Account(Name = 'Late');
        Assert.isTrue(locator.iterator().hasNext());
        Assert.areEqual(1, Limits.getQueries());
        Assert.areEqual(1, Limits.getQueryLocatorRows());
        try { Database.getQueryLocator('SELECT Id FROM Account WHERE Missing__c = 1'); Assert.fail('made'); }
        catch (QueryException error) { Assert.isTrue(error.getMessage().contains('Missing__c')); }
      }
      @IsTest static void bin() {
        Account account = new Account(Name = 'One');
        insert account;
        delete account;
        Database.emptyRecycleBin(account);
        Assert.areEqual(3, Limits.getDmlStatements());
        Assert.areEqual(3, Limits.getDmlRows());
      }
      @IsTest static void people() {
        Id profileId = [SELECT Id FROM Profile WHERE Name = 'Standard User'].Id;
        User someone = new User(Alias = 'some', LastName = 'One', Username = 'some.one@example.com', Email = 'some@example.com',
          ProfileId = profileId, TimeZoneSidKey = 'UTC', LocaleSidKey = 'en_US', LanguageLocaleKey = 'en_US', EmailEncodingKey = 'UTF-8');
        System.runAs(someone) { Assert.areEqual(someone.Id, UserInfo.getUserId()); }
        Assert.isNotNull(someone.Id, 'runAs saves a new user');
        Assert.areEqual(1, Limits.getDmlStatements(), 'each runAs counts');
        Assert.areEqual(0, [SELECT COUNT() FROM User WHERE AboutMe = 'x']);
        Approval.LockResult locked = (Approval.LockResult) JSON.deserialize(
          '{"success":false,"id":"' + someone.Id + '","errors":[{"message":"no","statusCode":"UNKNOWN_EXCEPTION"}]}', Approval.LockResult.class);
        Assert.areEqual('no', locked.getErrors()[0].getMessage());
        Approval.ProcessResult done = (Approval.ProcessResult) JSON.deserialize('{"success":true,"entityId":"' + someone.Id + '"}', Approval.ProcessResult.class);
        Assert.areEqual(someone.Id, done.getEntityId());
        Assert.isTrue(JSON.serialize(done).contains('"newWorkitemIds":[]'));
      }
      @IsTest static void options() {
        List<SelectOption> options = new List<SelectOption>{ new SelectOption('b', 'x'), new SelectOption('a', 'y'), new SelectOption('a', 'x') };
        options.sort();
        Assert.areEqual('x', options[0].getLabel());
        Assert.areEqual('y', options[1].getLabel());
        Assert.areEqual('b', options[2].getValue());
      }
      @IsTest static void texts() {
        Account account = new Account(Name = 'One');
        account.put('ParentId', 'no Id');
        try { insert account; Assert.fail('saved'); }
        catch (DmlException error) { Assert.areEqual(StatusCode.MALFORMED_ID, error.getDmlType(0)); }
        try { account.put('Id', 'no Id'); Assert.fail('put'); }
        catch (StringException error) { Assert.areEqual('Invalid id: no Id', error.getMessage()); }
        AggregateResult nothing = (AggregateResult) JSON.deserialize('{}', AggregateResult.class);
        Assert.areEqual(0, nothing.getPopulatedFieldsAsMap().size());
        Assert.isTrue(UserInfo.getSessionId().startsWith(UserInfo.getOrganizationId().left(15) + '!'));
        Assert.isNotNull(System.schedule('A hundred years at the most', '0 0 0 1 1 ? 2100', new Later()));
      }
      @IsTest static void headers() {
        HttpResponse response = new HttpResponse();
        response.setHeader('b', '1');
        response.setHeader('A', '2');
        Assert.areEqual(new List<String>{ 'A', 'b' }, response.getHeaderKeys());
        Assert.isNull(Type.forName('Schema.Network'), 'a class of System');
      }
    }`,
  });
  assert.deepEqual(
    Object.entries(outcomes).filter(([, outcome]) => outcome !== 'Pass'),
    [],
  );
});

test('a search in brackets is checked when it is compiled', () => {
  const searching = (search: string): Record<string, string> => ({
    Finder: `public with sharing class Finder {
      public static List<List<SObject>> find(String words) {
        return [${search}];
      }
    }`,
  });
  const refused = (search: string): string => {
    const [problem] = runOnDisk(searching(search), {}, { allowUnsupported: true }).refused;
    return problem ? `${problem.line}:${problem.column} ${problem.message}` : 'compiles';
  };
  assert.equal(
    refused("FIND :words IN NAME FIELDS RETURNING Account (Name WHERE Rating = 'Hot' LIMIT 3), Contact LIMIT 5"),
    'compiles',
  );
  assert.match(refused('FIND :words RETURNING Account (Name, Missing__c)'), /^3:54 .*No such column 'Missing__c'/);
  assert.match(
    refused('FIND :words RETURNING Account (Name WHERE Missing__c = 1)'),
    /^3:59 .*No such column 'Missing__c'/,
  );
  assert.match(
    refused('FIND :words RETURNING Account, Missing__c (Id)'),
    /^3:48 sObject type 'Missing__c' is not supported/,
  );
  assert.match(
    refused('FIND :words RETURNING Account WITH SNIPPET'),
    /does not support this part of a search: WITH SNIPPET/,
  );
});

test('the project’s flows can be queried, with their versions', () => {
  const flow = (label: string, status: string, start: string): string =>
    metadata(
      'Flow',
      `<apiVersion>65.0</apiVersion><label>${label}</label><processType>AutoLaunchedFlow</processType><start>${start}</start><status>${status}</status>`,
    );
  const { outcomes } = runOnDisk(
    {
      FlowTest: `@IsTest private class FlowTest {
        @IsTest static void flows() {
          Schema.FlowDefinitionView watch = [
            SELECT ActiveVersionId, DurableId, Label, TriggerType, RecordTriggerType, TriggerObjectOrEvent.QualifiedApiName, VersionNumber, ManageableState
            FROM FlowDefinitionView WHERE ApiName = 'Watch_Accounts'
          ];
          Assert.areEqual('Watch accounts RecordAfterSave Create Account 1 unmanaged', String.join(new List<Object>{ watch.Label, watch.TriggerType,
            watch.RecordTriggerType, watch.TriggerObjectOrEvent.QualifiedApiName, watch.VersionNumber, watch.ManageableState }, ' '));
          FlowVersionView version = [SELECT FlowDefinitionViewId, RunInMode, Status, ApiVersionRuntime FROM FlowVersionView WHERE DurableId = :watch.ActiveVersionId];
          Assert.areEqual(watch.DurableId, version.FlowDefinitionViewId);
          Assert.areEqual('Active DefaultMode 65.0', version.Status + ' ' + version.RunInMode + ' ' + version.ApiVersionRuntime);
          Assert.isNull([SELECT ActiveVersionId FROM FlowDefinitionView WHERE ApiName = 'Idle'].ActiveVersionId);
          Assert.areEqual(2, [SELECT COUNT() FROM FlowVersionView]);
        }
      }`,
    },
    {
      'flows/Watch_Accounts.flow-meta.xml': flow(
        'Watch accounts',
        'Active',
        '<object>Account</object><recordTriggerType>Create</recordTriggerType><triggerType>RecordAfterSave</triggerType>',
      ),
      'flows/Idle.flow-meta.xml': flow('Idle', 'Draft', ''),
    },
  );
  assert.deepEqual(outcomes, { 'FlowTest.flows': 'Pass' });
});

test('test data come from a static resource, by the names of their fields', () => {
  const resource = (contentType: string): string =>
    metadata('StaticResource', `<cacheControl>Private</cacheControl><contentType>${contentType}</contentType>`);
  const { outcomes } = runOnDisk(
    {
      LoadTest: `@IsTest private class LoadTest {
        @IsTest static void loads() {
          List<Contact> people = Test.loadData(Contact.SObjectType, 'people');
          Assert.areEqual(2, people.size());
          Assert.isNotNull(people[0].Id);
          Contact first = [SELECT LastName, Birthdate, DoNotCall, MailingCity FROM Contact WHERE Id = :people[0].Id];
          Assert.areEqual('Lee, "the" first', first.LastName);
          Assert.areEqual(Date.newInstance(1990, 2, 3), first.Birthdate);
          Assert.isTrue(first.DoNotCall);
          Assert.areEqual('Line 1\\nLine 2', first.MailingCity);
          Assert.isNull([SELECT Birthdate FROM Contact WHERE LastName = 'Day'].Birthdate);
          Assert.areEqual(1, Limits.getDmlStatements());
        }
        @IsTest static void refuses() {
          refuse('missing', 'there is no static resource missing');
          refuse('unknown', 'Contact has no field Nothing__c to be filled');
          refuse('wrong', 'line 2, Birthdate: “soon” is not of the type date');
        }
        static void refuse(String name, String problem) {
          try { Test.loadData(Contact.SObjectType, name); Assert.fail(name); }
          catch (StringException error) { Assert.isTrue(error.getMessage().contains(problem), error.getMessage()); }
        }
      }`,
    },
    {
      'staticresources/people.csv':
        'LastName,Birthdate,DoNotCall,MailingCity\r\n"Lee, ""the"" first",1990-02-03,TRUE,"Line 1\nLine 2"\r\nDay,,,\r\n',
      'staticresources/people.resource-meta.xml': resource('text/csv'),
      'staticresources/unknown.csv': 'LastName,Nothing__c\nA,1\n',
      'staticresources/unknown.resource-meta.xml': resource('text/csv'),
      'staticresources/wrong.csv': 'LastName,Birthdate\nA,soon\n',
      'staticresources/wrong.resource-meta.xml': resource('text/csv'),
    },
  );
  assert.deepEqual(outcomes, { 'LoadTest.loads': 'Pass', 'LoadTest.refuses': 'Pass' });
});
