import { LightningElement } from 'lwc';
import { environment } from 'platform/environment';
import { errorText } from 'platform/errors';
import { endViewAs } from 'platform/viewAs';
import { text } from 'shell/strings';
import { showToast } from 'shell/toasts';

/** Says that the page is another user's, and leads back. */
export default class ViewAsBanner extends LightningElement {
  strings = text;
  isLeaving = false;

  get isViewing(): boolean {
    return environment.viewAs.openedBy !== null;
  }

  get userName(): string {
    return environment.user.name;
  }

  get profile(): string {
    return `(${environment.user.profileName})`;
  }

  get backLabel(): string {
    return text.backTo(environment.viewAs.openedBy ?? '');
  }

  async handleBack(): Promise<void> {
    this.isLeaving = true;
    try {
      await endViewAs();
    } catch (error) {
      this.isLeaving = false;
      showToast(text.somethingWrong, 'error', errorText(error));
    }
  }
}
