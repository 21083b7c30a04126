/**
 * A customer's trigger that saves deals once more.
 */
trigger ZDealFollowUp on Opportunity(after insert, after update) {
    List<Opportunity> changes = new List<Opportunity>();
    for (Opportunity deal : Trigger.new) {
        if (deal.NextStep == 'Follow up') {
            changes.add(new Opportunity(Id = deal.Id, NextStep = null, CloseDate = deal.CloseDate.addMonths(3)));
        }
    }
    update as system changes;
}
