/**
 * Tells Keystone that opportunity splits have changed; plans that are measured by them follow.
 */
trigger OpportunitySplitRevenue on OpportunitySplit(after insert, after update, after delete, after undelete) {
    RevenueSourceTrigger.run();
}
