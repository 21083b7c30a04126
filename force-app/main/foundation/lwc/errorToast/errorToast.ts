import { ShowToastEvent } from 'lightning/platformShowToastEvent';

import { errorMessages } from 'c/errorMessages';

/**
 * What a person is told when an action fails; for what can't be shown at all there is c-card-notice.
 *
 * @param title what failed, in a few words
 * @param error what Apex, Lightning Data Service or the browser threw
 * @returns the message to dispatch, with all that is known of the reason
 */
export function errorToast(title: string, error: unknown): ShowToastEvent {
    return new ShowToastEvent({ title, message: errorMessages(error).join(' '), variant: 'error' });
}
