import { LightningElement, api } from 'lwc';
import type { AppFacts } from 'platform/pages';
import { open } from 'platform/router';
import type { PageReference } from 'platform/router';
import { isCurrentTab, tabUrl } from 'platform/tabs';
import AppLauncher from 'shell/appLauncher';
import { text } from 'shell/strings';

/** App launcher, the app's name and its tabs. */
export default class NavigationBar extends LightningElement {
  @api app?: AppFacts;
  @api apps: readonly AppFacts[] = [];
  @api page?: PageReference;

  strings = text;

  get appLabel(): string {
    return this.app?.label ?? '';
  }

  get navigationLabel(): string {
    return `${this.appLabel} ${text.appNavigation}`.trim();
  }

  get tabs() {
    return (this.app?.navItems ?? []).map((tab) => {
      const isCurrent = isCurrentTab(tab, this.page);
      return {
        ...tab,
        url: tabUrl(tab),
        current: isCurrent ? 'page' : undefined,
        className: isCurrent ? 'item item_current' : 'item',
      };
    });
  }

  /** The open tab is in sight where the tabs do not all fit. */
  renderedCallback(): void {
    this.template?.querySelector('.item_current')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  handleTab(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open((event.currentTarget as HTMLElement).dataset.url ?? '');
  }

  async handleLauncher(): Promise<void> {
    const choice = (await AppLauncher.open({ size: 'small', label: text.appLauncher, apps: this.apps })) as
      { app?: string; url?: string } | undefined;
    if (choice?.app) this.dispatchEvent(new CustomEvent('appchosen', { detail: { app: choice.app } }));
    else if (choice?.url) open(choice.url);
  }
}
