import LightningModal from 'lightning/modal';
import { environment } from 'platform/environment';
import { errorText } from 'platform/errors';
import { findUsers, viewAs } from 'platform/viewAs';
import type { ViewedUser } from 'platform/viewAs';
import { text } from 'shell/strings';

const typingPause = 180;

/** Chooses the user whose eyes the org is seen through. */
export default class ViewAsModal extends LightningModal {
  strings = text;
  term = '';
  users: readonly ViewedUser[] = [];
  isLoading = true;
  isSwitching = false;
  errorMessage = '';
  search = 0;
  timer: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    void this.find();
  }

  get hasUsers(): boolean {
    return this.users.length > 0;
  }

  get choices() {
    return this.users.map((user) => {
      const isCurrent = user.id === environment.user.id;
      return {
        ...user,
        isCurrent,
        isDisabled: isCurrent || this.isSwitching,
        detail: [user.username, user.profileName, user.roleName].filter(Boolean).join(' · '),
        sets: user.permissionSets.join(', '),
      };
    });
  }

  get status(): string {
    return this.isLoading ? text.searching : text.viewAsCount(this.users.length);
  }

  handleTerm(event: CustomEvent<{ value: string }>): void {
    this.term = event.detail.value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.find(), typingPause);
  }

  async find(): Promise<void> {
    this.search += 1;
    const { search } = this;
    try {
      const users = await findUsers(this.term.trim());
      if (search !== this.search) return;
      this.users = users;
      this.errorMessage = '';
    } catch (error) {
      if (search === this.search) this.errorMessage = errorText(error);
    } finally {
      if (search === this.search) this.isLoading = false;
    }
  }

  async handleUser(event: Event): Promise<void> {
    const { id = '' } = (event.currentTarget as HTMLElement).dataset;
    this.isSwitching = true;
    try {
      await viewAs(id);
    } catch (error) {
      this.isSwitching = false;
      this.errorMessage = errorText(error);
    }
  }
}
