/**
 * A customer's trigger that changes what a person typed, after the package's own trigger has linked the deal.
 */
trigger ZDealDefaults on Opportunity(before insert, before update) {
    for (Opportunity deal : Trigger.new) {
        if (deal.NextStep == 'Year end' && deal.CloseDate != null) {
            deal.CloseDate = Date.newInstance(deal.CloseDate.year(), 12, 31);
        } else if (deal.NextStep == 'Round up' && deal.Amount != null) {
            deal.Amount = Math.ceil(deal.Amount / 100) * 100;
        } else if (deal.NextStep == 'Detach') {
            deal.AccountId = null;
        }
    }
}
