import { LightningElement, api } from 'lwc';

/** A drawing, what happened, and (in the slot) what to do next: for empty places and errors. */
export default class MessagePage extends LightningElement {
  @api heading = '';
  @api message = '';
}
