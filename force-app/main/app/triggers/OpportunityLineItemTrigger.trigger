/**
 * The only Opportunity Product trigger of the package; OpportunityLineItemTriggerHandler routes.
 */
trigger OpportunityLineItemTrigger on OpportunityLineItem(after insert, after update, after delete, after undelete) {
    new OpportunityLineItemTriggerHandler().run();
}
