import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import type { AppFacts } from 'platform/pages';
import { tabUrl } from 'platform/tabs';
import { text } from 'shell/strings';

/** Every app, and every item of any app; closes with `{ app }` or `{ url }`. */
export default class AppLauncher extends LightningModal {
  @api apps: readonly AppFacts[] = [];

  strings = text;
  term = '';

  matches(label: string): boolean {
    return label.toLowerCase().includes(this.term.trim().toLowerCase());
  }

  get shownApps() {
    return this.apps
      .filter(({ label }) => this.matches(label))
      .map((app) => ({
        ...app,
        initials: app.label
          .split(/\s+/)
          .map((word) => word.charAt(0))
          .join('')
          .slice(0, 2)
          .toUpperCase(),
        style: `background: ${app.headerColor ?? '#0b5cab'}`,
      }));
  }

  get shownItems() {
    const items = new Map(
      this.apps.flatMap(({ navItems }) => navItems).map((tab) => [tab.developerName, { ...tab, url: tabUrl(tab) }]),
    );
    return [...items.values()]
      .filter(({ label }) => this.matches(label))
      .sort((a, b) => a.label.localeCompare(b.label));
  }

  get isEmpty(): boolean {
    return this.shownApps.length + this.shownItems.length === 0;
  }

  handleSearch(event: CustomEvent<{ value: string }>): void {
    this.term = event.detail.value;
  }

  handleApp(event: Event): void {
    this.close({ app: (event.currentTarget as HTMLElement).dataset.app });
  }

  handleItem(event: Event): void {
    this.close({ url: (event.currentTarget as HTMLElement).dataset.url });
  }
}
