/**
 * Tells Keystone that invoices have changed; plans that are measured by them follow.
 */
trigger ImportedInvoiceRevenue on Imported_Invoice__c(after insert, after update, after delete, after undelete) {
    RevenueSourceTrigger.run();
}
