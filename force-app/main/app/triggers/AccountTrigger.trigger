/**
 * The only Account trigger of the package; AccountTriggerHandler routes.
 */
trigger AccountTrigger on Account(before delete, after update, after delete, after undelete) {
    new AccountTriggerHandler().run();
}
