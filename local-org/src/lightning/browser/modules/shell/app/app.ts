import { LightningElement } from 'lwc';
import { componentConstructor } from 'platform/components';

export default class App extends LightningElement {
  ctor: unknown;

  async connectedCallback(): Promise<void> {
    this.ctor = await componentConstructor('keyAccountPlanRevenueChart');
  }
}
