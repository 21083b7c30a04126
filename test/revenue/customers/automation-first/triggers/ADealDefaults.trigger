/**
 * A customer's trigger that changes what a person typed, before the package's own trigger runs.
 */
trigger ADealDefaults on Opportunity(before insert, before update) {
    for (Opportunity deal : Trigger.new) {
        if (deal.NextStep == 'Quarter end' && deal.CloseDate != null) {
            deal.CloseDate = Date.newInstance(deal.CloseDate.year(), (deal.CloseDate.month() + 2) / 3 * 3 + 1, 1)
                .addDays(-1);
        } else if (deal.NextStep == 'Cap' && deal.Amount > 1000) {
            deal.Amount = 1000;
        }
    }
}
