/**
 * Approvals and locks from Apex. Source: Apex Developer Guide, "Approval Processing", "Apex Approval Processing Example",
 * "Locking and Unlocking Records"; Apex Reference Guide, "Approval Class".
 */
import { test } from 'node:test';
import { metadata } from '../project/temporaryProject.ts';
import { process } from '../runtime/approvalProject.ts';
import { assertPasses } from './trap.ts';

const ROOT = 'force-app/main';

void test('Approval.process submits and answers, its errors are DmlExceptions, triggers see field updates', () =>
  assertPasses(
    {
      files: {
        [`${ROOT}/approvalProcesses/Parent__c.Sizes.approvalProcess-meta.xml`]: process({
          order: 1,
          criteria:
            '<criteriaItems><field>Parent__c.Size__c</field><operation>greaterThan</operation><value>10</value></criteriaItems>',
          steps: [{ name: 'Chosen', approvers: [['adhoc']] }],
          more: '<finalApprovalActions><action><name>Settle</name><type>FieldUpdate</type></action></finalApprovalActions>',
        }),
        [`${ROOT}/workflows/Parent__c.workflow-meta.xml`]: metadata(
          'Workflow',
          '<fieldUpdates><fullName>Settle</fullName><name>Settle</name><field>Secret__c</field><operation>Formula</operation><formula>Size__c * 2</formula><notifyAssignee>false</notifyAssignee><protected>false</protected></fieldUpdates>',
        ),
      },
      apex: {
        Watch: `trigger Watch on Parent__c (before update) {
  for (Parent__c parent : Trigger.new) if (parent.Secret__c != Trigger.oldMap.get(parent.Id).Secret__c) parent.Name = 'settled';
}`,
        ApprovalTest: `@IsTest private class ApprovalTest {
  static Approval.ProcessSubmitRequest request(Id recordId, Id approver) {
    Approval.ProcessSubmitRequest request = new Approval.ProcessSubmitRequest();
    request.setComments('Please');
    request.setObjectId(recordId);
    request.setNextApproverIds(new Id[] { approver });
    return request;
  }
  @IsTest static void submitAndApprove() {
    Parent__c parent = new Parent__c(Name = 'One', Size__c = 20);
    insert as system parent;
    Approval.ProcessResult submitted = Approval.process(request(parent.Id, UserInfo.getUserId()));
    Assert.isTrue(submitted.isSuccess());
    Assert.areEqual('Pending', submitted.getInstanceStatus());
    Assert.areEqual(parent.Id, submitted.getEntityId());
    Assert.isTrue(Approval.isLocked(parent.Id));
    Assert.areEqual(1, [SELECT COUNT() FROM ProcessInstanceWorkitem WHERE ProcessInstance.TargetObjectId = :parent.Id]);
    Approval.ProcessWorkitemRequest answer = new Approval.ProcessWorkitemRequest();
    answer.setAction('Approve');
    answer.setWorkitemId(submitted.getNewWorkitemIds()[0]);
    Integer statements = Limits.getDmlStatements();
    Approval.ProcessResult done = Approval.process(answer);
    Assert.areEqual(statements + 1, Limits.getDmlStatements());
    Assert.areEqual('Approved', done.getInstanceStatus());
    Parent__c after = [SELECT Name, Secret__c, (SELECT Id FROM ProcessSteps) FROM Parent__c WITH SYSTEM_MODE];
    Assert.areEqual('settled', after.Name);
    Assert.areEqual(40, after.Secret__c);
    Assert.areEqual(2, after.ProcessSteps.size());
  }
  @IsTest static void errors() {
    Parent__c parent = new Parent__c(Name = 'Small', Size__c = 1);
    insert as system parent;
    try { Approval.process(request(parent.Id, UserInfo.getUserId())); Assert.fail(); }
    catch (DmlException error) {
      Assert.areEqual(StatusCode.NO_APPLICABLE_PROCESS, error.getDmlType(0));
      Assert.isTrue(error.getMessage().startsWith('Process failed. First exception on row 0; first error: NO_APPLICABLE_PROCESS'), error.getMessage());
    }
    List<Approval.ProcessResult> results = Approval.process(new List<Approval.ProcessRequest>{ request(parent.Id, UserInfo.getUserId()) }, false);
    Assert.isFalse(results[0].isSuccess());
    Assert.areEqual(StatusCode.NO_APPLICABLE_PROCESS, results[0].getErrors()[0].getStatusCode());
  }
  @IsTest static void locks() {
    User reader = People.reader('reader');
    System.runAs(reader) {
      Parent__c parent = new Parent__c(Name = 'Mine');
      insert as system parent;
      Approval.LockResult locked = Approval.lock(parent.Id);
      Assert.isTrue(locked.isSuccess());
      Assert.isTrue(Approval.isLocked(new List<Id>{ parent.Id }).get(parent.Id));
      try { update as system new Parent__c(Id = parent.Id, Size__c = 1); Assert.fail(); }
      catch (DmlException error) { Assert.areEqual(StatusCode.ENTITY_IS_LOCKED, error.getDmlType(0)); }
      List<Approval.UnlockResult> freed = Approval.unlock(new List<Parent__c>{ parent }, false);
      Assert.isTrue(freed[0].isSuccess());
      update as system new Parent__c(Id = parent.Id, Size__c = 1);
      Assert.isFalse(Approval.isLocked(parent));
    }
  }
}`,
      },
    },
    3,
  ));
