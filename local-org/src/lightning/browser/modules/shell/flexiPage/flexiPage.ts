import { LightningElement, api } from 'lwc';
import { componentConstructor, hasComponent } from 'platform/components';
import { errorText } from 'platform/errors';
import { fetchPage } from 'platform/pages';
import type { PageFacts, TabFacts } from 'platform/pages';
import { text } from 'shell/strings';

/** What a tab opens that is no object: a Lightning page or a component. */
export default class FlexiPage extends LightningElement {
  _tab?: TabFacts;
  page: PageFacts | undefined;
  component: unknown;
  heading = '';
  message = '';

  @api get tab(): TabFacts | undefined {
    return this._tab;
  }

  set tab(tab: TabFacts | undefined) {
    this._tab = tab;
    this.page = undefined;
    this.component = undefined;
    this.message = '';
    if (tab) void this.load(tab);
  }

  async load(tab: TabFacts): Promise<void> {
    document.title = `${tab.label} | ${text.productName}`;
    this.heading = tab.label;
    if (tab.itemType === 'refused') {
      this.message = text.tabRefused(tab.target);
      return;
    }
    try {
      if (tab.itemType === 'component') {
        if (!hasComponent(tab.target)) this.message = text.componentsDoNotCompile;
        else this.component = await componentConstructor(tab.target);
      } else this.page = await fetchPage(tab.target);
    } catch (error) {
      this.message = errorText(error);
    }
  }
}
