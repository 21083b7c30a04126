import { LightningElement, api } from 'lwc';

/** `lightning-quick-action-panel`: header, content and footer of a component in a quick action's window, which they belong to. */
export default class QuickActionPanel extends LightningElement {
  @api header = '';
}
