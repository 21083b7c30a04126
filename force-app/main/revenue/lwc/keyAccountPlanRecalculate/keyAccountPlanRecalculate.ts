import { LightningElement, api } from 'lwc';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import recalculate from '@salesforce/apex/PlanRecalculationController.recalculate';
import failedLabel from '@salesforce/label/c.Recalculate_Failed_Title';
import titleLabel from '@salesforce/label/c.Recalculate_Title';
import { errorToast } from 'c/errorToast';

interface Result {
    status: 'Completed' | 'Queued' | 'Failed';
    message: string;
}

const VARIANTS = { Completed: 'success', Queued: 'info', Failed: 'error' } as const;

/**
 * The Recalculate button of a plan's page: brings links and figures up to date and says what came of it. The page's figures
 * follow by themselves.
 */
export default class KeyAccountPlanRecalculate extends LightningElement {
    /** Id of the Key Account Plan; set by the record page. */
    @api recordId?: string;

    private isRunning = false;

    /** Called by the platform when the button is pressed; does nothing while it runs. */
    @api async invoke(): Promise<void> {
        if (this.isRunning || !this.recordId) {
            return;
        }
        this.isRunning = true;
        try {
            const { status, message } = (await recalculate({ planId: this.recordId })) as Result;
            await notifyRecordUpdateAvailable([{ recordId: this.recordId }]);
            this.dispatchEvent(
                new ShowToastEvent({
                    title: status === 'Failed' ? failedLabel : titleLabel,
                    message,
                    variant: VARIANTS[status]
                })
            );
        } catch (error) {
            this.dispatchEvent(errorToast(failedLabel, error));
        } finally {
            this.isRunning = false;
        }
    }
}
