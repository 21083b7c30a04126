import { LightningElement, api } from 'lwc';
import { environment } from 'platform/environment';
import { fetchHomePage } from 'platform/pages';
import type { AppFacts, PageFacts } from 'platform/pages';
import { open } from 'platform/router';
import { tabUrl } from 'platform/tabs';
import { text } from 'shell/strings';

/** The project's home page, or the app's tabs to choose from. */
export default class HomePage extends LightningElement {
  @api app?: AppFacts;

  strings = text;
  page: PageFacts | null = null;
  loaded = false;

  async connectedCallback(): Promise<void> {
    document.title = `${text.home} | ${text.productName}`;
    try {
      this.page = await fetchHomePage();
    } finally {
      this.loaded = true;
    }
  }

  get welcome(): string {
    return text.welcome(environment.user.name);
  }

  get hint(): string {
    return this.app ? text.welcomeHint : text.noApps;
  }

  get items() {
    return (this.app?.navItems ?? [])
      .filter(({ itemType }) => itemType !== 'home')
      .map((tab) => ({ ...tab, url: tabUrl(tab) }));
  }

  handleItem(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open((event.currentTarget as HTMLElement).dataset.url ?? '');
  }
}
