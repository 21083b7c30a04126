import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import { text } from 'shell/strings';

/** A question with two answers; closes with true or undefined. */
export default class ConfirmModal extends LightningModal {
  @api question = '';
  @api confirmLabel = '';

  strings = text;

  handleCancel(): void {
    this.close();
  }

  handleConfirm(): void {
    this.close(true);
  }
}
