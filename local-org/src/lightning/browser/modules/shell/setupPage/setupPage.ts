import { LightningElement, api } from 'lwc';
import { navigate, urlOf } from 'platform/router';
import { text } from 'shell/strings';

interface SetupItem {
  /** The page's name in its address. */
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly iconName: string;
}

const jobs: readonly SetupItem[] = [
  { name: 'AsyncApexJobs', label: text.apexJobs, hint: text.apexJobsHint, iconName: 'standard:apex' },
  { name: 'ScheduledJobs', label: text.scheduledJobs, hint: text.scheduledJobsHint, iconName: 'standard:today' },
];
const home = 'SetupOneHome';

/** Setup: its menu and one of its pages. */
export default class SetupPage extends LightningElement {
  @api pageName = home;

  strings = text;

  get isHome(): boolean {
    return this.pageName === home;
  }

  get isJobs(): boolean {
    return jobs.some(({ name }) => name === this.pageName);
  }

  /** Each page is an element of its own. */
  get keyedPage(): readonly string[] {
    return [this.pageName];
  }

  get items() {
    return jobs.map((item) => ({
      ...item,
      url: urlOf(pageOf(item.name)),
      current: item.name === this.pageName ? 'page' : undefined,
      className: `slds-nav-vertical__item${item.name === this.pageName ? ' slds-is-active' : ''}`,
    }));
  }

  get homeUrl(): string {
    return urlOf(pageOf(home));
  }

  connectedCallback(): void {
    if (this.isHome) document.title = `${text.setup} | ${text.productName}`;
  }

  handleItem(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate(pageOf((event.currentTarget as HTMLElement).dataset.name ?? home));
  }
}

const pageOf = (pageName: string) => ({ type: 'localOrg__setupPage', attributes: { pageName } });
