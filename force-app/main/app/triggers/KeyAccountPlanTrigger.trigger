/**
 * The only Key Account Plan trigger of the package; KeyAccountPlanTriggerHandler routes.
 */
trigger KeyAccountPlanTrigger on Key_Account_Plan__c(
    before insert,
    before update,
    after insert,
    after update,
    after delete,
    after undelete
) {
    new KeyAccountPlanTriggerHandler().run();
}
