/**
 * A lead becomes an account, a contact and an opportunity, or goes into existing ones.
 * Source: Apex Developer Guide, "Converting Leads"; Apex Reference Guide, "LeadConvert Class"; SOAP API Developer Guide,
 * "convertLead()"; Metadata API Developer Guide, "LeadConvertSettings"; Salesforce Help, "Lead Conversion Field Mapping".
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { MetadataError } from '../../src/project/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { metadata } from '../project/temporaryProject.ts';
import { assertPasses, trapProject } from './trap.ts';

const SETTINGS = 'force-app/main/LeadConvertSettings/LeadConvertSettings.LeadConvertSetting-meta.xml';
const field = (object: string, name: string): readonly [string, string] => [
  `force-app/main/objects/${object}/fields/${name}.field-meta.xml`,
  metadata('CustomField', `<fullName>${name}</fullName><label>${name}</label><type>Text</type><length>40</length>`),
];
const mapping = (from: string, to: string): string =>
  metadata(
    'LeadConvertSettings',
    `<allowOwnerChange>true</allowOwnerChange><objectMapping><inputObject>Lead</inputObject><mappingFields><inputField>${from}</inputField><outputField>${to}</outputField></mappingFields><outputObject>Opportunity</outputObject></objectMapping>`,
  );

void test('a lead is converted', () =>
  assertPasses(
    {
      files: {
        ...Object.fromEntries([field('Lead', 'Budget__c'), field('Opportunity', 'Means__c')]),
        [SETTINGS]: mapping('Budget__c', 'Means__c'),
      },
      apex: {
        Fired: `public class Fired { public static List<String> events = new List<String>(); }`,
        AccountTrigger: `trigger AccountTrigger on Account(after insert, before update) { Fired.events.add('Account ' + Trigger.operationType + ' ' + Trigger.size); }`,
        ContactTrigger: `trigger ContactTrigger on Contact(after insert) { Fired.events.add('Contact ' + Trigger.operationType + ' ' + Trigger.size); }`,
        OpportunityTrigger: `trigger OpportunityTrigger on Opportunity(before insert, after insert) {
  Fired.events.add('Opportunity ' + Trigger.operationType + ' ' + Trigger.size);
  for (Opportunity deal : Trigger.new) { if (deal.Name == 'Refused') { deal.addError('No.'); } }
}`,
        LeadTrigger: `trigger LeadTrigger on Lead(before update, after update) { Fired.events.add('Lead ' + Trigger.operationType + ' ' + Trigger.size); }`,
        LeadConversionTest: `@IsTest private class LeadConversionTest {
  private static final String CONVERTED = [SELECT ApiName FROM LeadStatus WHERE IsConverted = TRUE LIMIT 1].ApiName;
  private static Lead lead(String company) {
    Lead made = new Lead(LastName = 'Fry', FirstName = 'Ada', Company = company, Email = 'ada@example.com', Phone = '1',
      LeadSource = 'Web', Industry = 'Energy', City = 'Graz', AnnualRevenue = 10, Description = 'Met.', Budget__c = 'Ample');
    insert made;
    return made;
  }
  private static Database.LeadConvert request(Id leadId) {
    Database.LeadConvert made = new Database.LeadConvert();
    made.setLeadId(leadId);
    made.setConvertedStatus(CONVERTED);
    return made;
  }
  @IsTest static void makesThree() {
    Lead lead = lead('Fry And Sons');
    Task call = new Task(Subject = 'Call', WhoId = lead.Id);
    insert call;
    Integer statements = Limits.getDmlStatements();
    Fired.events.clear();
    Database.LeadConvertResult result = Database.convertLead(request(lead.Id));
    Assert.isTrue(result.isSuccess());
    Assert.areEqual(lead.Id, result.getLeadId());
    Assert.areEqual(statements + 1, Limits.getDmlStatements());
    Assert.areEqual(new List<String>{ 'Account AFTER_INSERT 1', 'Contact AFTER_INSERT 1', 'Opportunity BEFORE_INSERT 1',
      'Opportunity AFTER_INSERT 1', 'Lead BEFORE_UPDATE 1', 'Lead AFTER_UPDATE 1' }, Fired.events);
    Account account = [SELECT Name, Phone, Industry, BillingCity, AnnualRevenue, AccountSource FROM Account WHERE Id = :result.getAccountId()];
    Assert.areEqual('Fry And Sons', account.Name);
    Assert.areEqual('Graz', account.BillingCity);
    Assert.areEqual('Web', account.AccountSource);
    Contact contact = [SELECT Name, Email, MailingCity, AccountId, Description FROM Contact WHERE Id = :result.getContactId()];
    Assert.areEqual('Ada Fry', contact.Name);
    Assert.areEqual(account.Id, contact.AccountId);
    Assert.areEqual('Met.', contact.Description);
    Opportunity deal = [SELECT Name, AccountId, StageName, CloseDate, LeadSource, Means__c, (SELECT ContactId, IsPrimary FROM OpportunityContactRoles) FROM Opportunity WHERE Id = :result.getOpportunityId()];
    Assert.areEqual('Fry And Sons', deal.Name);
    Assert.areEqual(account.Id, deal.AccountId);
    Assert.areEqual('Prospecting', deal.StageName);
    Date today = Date.today();
    Integer quarter = (today.month() - 1) / 3;
    Assert.areEqual(Date.newInstance(today.year(), quarter * 3 + 3, Date.daysInMonth(today.year(), quarter * 3 + 3)), deal.CloseDate);
    Assert.areEqual('Ample', deal.Means__c);
    Assert.areEqual(contact.Id, deal.OpportunityContactRoles[0].ContactId);
    Assert.isTrue(deal.OpportunityContactRoles[0].IsPrimary);
    lead = [SELECT IsConverted, Status, ConvertedDate, ConvertedAccountId, ConvertedContactId, ConvertedOpportunityId FROM Lead WHERE Id = :lead.Id];
    Assert.isTrue(lead.IsConverted);
    Assert.areEqual(CONVERTED, lead.Status);
    Assert.areEqual(today, lead.ConvertedDate);
    Assert.areEqual(deal.Id, lead.ConvertedOpportunityId);
    call = [SELECT WhoId, WhatId, AccountId FROM Task WHERE Id = :call.Id];
    Assert.areEqual(contact.Id, call.WhoId);
    Assert.areEqual(deal.Id, call.WhatId);
    Assert.areEqual(account.Id, call.AccountId);
  }
  @IsTest static void goesIntoExistingRecords() {
    Account account = new Account(Name = 'Known', Industry = 'Banking');
    insert account;
    Contact contact = new Contact(LastName = 'Known', AccountId = account.Id, LeadSource = 'Other');
    insert contact;
    Lead lead = lead('Other name');
    Database.LeadConvert request = request(lead.Id);
    request.setAccountId(account.Id);
    request.setContactId(contact.Id);
    request.setDoNotCreateOpportunity(true);
    request.setOverwriteLeadSource(true);
    Database.LeadConvertResult result = Database.convertLead(request);
    Assert.areEqual(account.Id, result.getAccountId());
    Assert.areEqual(contact.Id, result.getContactId());
    Assert.isNull(result.getOpportunityId());
    account = [SELECT Name, Industry, BillingCity FROM Account WHERE Id = :account.Id];
    Assert.areEqual('Known', account.Name);
    Assert.areEqual('Banking', account.Industry);
    Assert.areEqual('Graz', account.BillingCity);
    contact = [SELECT LastName, FirstName, LeadSource FROM Contact WHERE Id = :contact.Id];
    Assert.areEqual('Known', contact.LastName);
    Assert.areEqual('Ada', contact.FirstName);
    Assert.areEqual('Web', contact.LeadSource);
    Assert.areEqual(0, [SELECT COUNT() FROM Opportunity]);
  }
  @IsTest static void failuresAreTakenBack() {
    List<Database.LeadConvert> requests = new List<Database.LeadConvert>();
    for (String name : new List<String>{ 'First', 'Refused', 'Third' }) { requests.add(request(lead(name).Id)); }
    try { List<Database.LeadConvertResult> all = Database.convertLead(requests); Assert.fail(); }
    catch (DmlException error) {
      Assert.isTrue(error.getMessage().startsWith('ConvertLead failed. First exception on row 1 with id ' + requests[1].getLeadId() + '; first error: FIELD_CUSTOM_VALIDATION_EXCEPTION, No.'), error.getMessage());
    }
    Assert.areEqual(0, [SELECT COUNT() FROM Account]);
    List<Database.LeadConvertResult> results = Database.convertLead(requests, false);
    Assert.isTrue(results[0].isSuccess() && !results[1].isSuccess() && results[2].isSuccess());
    Assert.areEqual('No.', results[1].getErrors()[0].getMessage());
    Assert.isNull(results[1].getAccountId());
    Assert.areEqual(2, [SELECT COUNT() FROM Account]);
    Assert.areEqual(2, [SELECT COUNT() FROM Lead WHERE IsConverted = TRUE]);
  }
  private static void assertFails(Database.LeadConvert request, StatusCode code) {
    Database.LeadConvertResult result = Database.convertLead(request, false);
    Assert.isFalse(result.isSuccess());
    Assert.areEqual(code, result.getErrors()[0].getStatusCode());
  }
  @IsTest static void refusals() {
    Lead lead = lead('Once');
    Database.LeadConvert wrongStatus = request(lead.Id);
    wrongStatus.setConvertedStatus('Working - Contacted');
    assertFails(wrongStatus, StatusCode.INVALID_STATUS);
    Database.LeadConvert named = request(lead.Id);
    named.setDoNotCreateOpportunity(true);
    named.setOpportunityName('Deal');
    assertFails(named, StatusCode.INVALID_FIELD);
    Assert.isTrue(Database.convertLead(request(lead.Id)).isSuccess());
    assertFails(request(lead.Id), StatusCode.CANNOT_UPDATE_CONVERTED_LEAD);
    Database.SaveResult saved = Database.update(new Lead(Id = lead.Id, Title = 'Dr.'), false);
    Assert.areEqual(StatusCode.CANNOT_UPDATE_CONVERTED_LEAD, saved.getErrors()[0].getStatusCode());
  }
  @IsTest static void userModeAsksForAccess() {
    Lead lead = lead('Hidden');
    System.runAs(People.reader('reader')) {
      try { Database.LeadConvertResult result = Database.convertLead(request(lead.Id), AccessLevel.USER_MODE); Assert.fail(); }
      catch (SecurityException error) { Assert.areEqual('Access to entity \\'Lead\\' denied', error.getMessage()); }
    }
  }
}`,
      },
    },
    5,
  ));

void test('a mapping of a field that does not exist is refused', () => {
  const source = trapProject({ apex: {}, files: { [SETTINGS]: mapping('Missing__c', 'Name') } });
  assert.throws(
    () => openOrg({ project: loadProject(source) }),
    (error) => error instanceof MetadataError && /Lead has no field Missing__c/.test(error.message),
  );
});
