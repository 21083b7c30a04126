/** `lightning/actions`: what a component in a quick action's window can ask for. */

export const closeActionScreenEventName = 'lightning__actionsclosescreen';

export class CloseActionScreenEvent extends CustomEvent<undefined> {
  constructor(options: CustomEventInit = {}) {
    super(closeActionScreenEventName, { bubbles: true, composed: true, cancelable: true, ...options });
  }
}
