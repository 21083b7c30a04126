/**
 * Tells Keystone that orders have changed; plans that are measured by them follow.
 */
trigger OrderRevenue on Order(after insert, after update, after delete, after undelete) {
    RevenueSourceTrigger.run();
}
