/** What people do with plans. */
import { FISCAL_STARTS } from '../fiscal.ts';
import type { Row, Statement, Value } from '../history.ts';
import { dayOf, ownerOf } from './scene.ts';
import type { Scene } from './scene.ts';
import type { SourceSteps } from './sources.ts';

const STARTS = ['2027-01-01', '2027-01-01', '2027-04-01', '2027-07-01', '2027-07-01', '2027-10-01', '2027-02-15'];

export class PlanSteps {
  readonly #scene: Scene;
  readonly #sources: SourceSteps;

  constructor(scene: Scene, sources: SourceSteps) {
    this.#scene = scene;
    this.#sources = sources;
  }

  /** A year's plan by another source for each company that stands at the top, with the accounts below it. */
  insertCovering(): Statement {
    const { random, settings } = this.#scene;
    const tops = this.#scene.alive('Account').filter(({ account, isPerson }) => account === null && !isPerson);
    const rows = tops.map((top): Row => {
      const known = this.#scene.add('Key_Account_Plan__c', 'p', top.name);
      return {
        name: known.name,
        fields: {
          Account__c: `@${top.name}`,
          Period__c: 'Year',
          Start_Date__c: '2027-01-01',
          Covers_Child_Accounts__c: true,
          Revenue_Source__c: random.pick(settings.sources),
          ...this.#scene.currency(),
        },
      };
    });
    return this.#scene.write('insert', 'Key_Account_Plan__c', rows);
  }

  insert(count: number): Statement {
    const rows: Row[] = [];
    for (let index = 0; index < count; index++) {
      const account = this.#scene.maybe('Account');
      const owner = this.#scene.owner();
      const known = this.#scene.add('Key_Account_Plan__c', 'p', account?.name ?? null, ownerOf(owner));
      rows.push({
        name: known.name,
        fields: {
          ...(account ? { Account__c: `@${account.name}` } : {}),
          ...this.#period(),
          Covers_Child_Accounts__c: this.#scene.random.chance(this.#scene.settings.sources.length > 0 ? 0.8 : 0.5),
          Sales_Target__c: this.#target(),
          ...this.#scene.currency(),
          ...this.#sources.source(),
          ...owner,
          ...(this.#scene.variant.isAutomated ? { Division__c: 'Valves' } : {}),
          ...(this.#scene.random.chance(0.2) ? { Approval_Status__c: 'Approved' } : {}),
          ...(this.#scene.random.chance(0.1) ? { Won_Revenue__c: '77', Linked_Opportunity_Count__c: '7' } : {}),
        },
      });
    }
    return this.#scene.write('insert', 'Key_Account_Plan__c', rows);
  }

  #period(): Record<string, Value> {
    const random = this.#scene.random;
    const start = random.pick(this.#scene.variant.hasCustomFiscalYears ? [...STARTS, ...FISCAL_STARTS] : STARTS);
    const period = random.pick(['Quarter', 'Half-Year', 'Half-Year', 'Year', 'Custom']);
    if (period !== 'Custom') return { Period__c: period, Start_Date__c: start };
    const first = random.integer(0, 300);
    return {
      Period__c: period,
      Start_Date__c: dayOf(first),
      // Now and then a period that ends before it begins, which is refused.
      End_Date__c: dayOf(first + random.integer(random.chance(0.08) ? -5 : 0, 100)),
    };
  }

  change(): Statement {
    const random = this.#scene.random;
    const rows = random.some(this.#scene.alive('Key_Account_Plan__c'), random.integer(1, 2)).map((known): Row => {
      const change = random.weighted<() => Record<string, Value>>([
        [() => this.#period(), 5],
        [() => ({ End_Date__c: this.#scene.day(), Period__c: 'Custom' }), 2],
        [
          () => {
            const account = this.#scene.maybe('Account');
            known.account = account?.name ?? null;
            return account ? { Account__c: `@${account.name}` } : { Account__c: null };
          },
          4,
        ],
        [() => ({ Covers_Child_Accounts__c: random.chance(0.6) }), 4],
        [() => ({ Approval_Status__c: random.pick(['Draft', 'Submitted', 'Approved', 'Approved', 'Rejected']) }), 4],
        [() => ({ Sales_Target__c: this.#target(), ...this.#scene.currency() }), 2],
        [() => this.#sources.source(), this.#scene.settings.sources.length > 0 ? 4 : 0],
        [() => ({ Locked__c: random.chance(0.4) }), this.#scene.variant.isAutomated ? 3 : 0],
        [() => this.#scene.owner(), this.#scene.variant.hasUsers ? 2 : 0],
      ]);
      return { name: known.name, fields: change() };
    });
    return this.#scene.write('update', 'Key_Account_Plan__c', rows);
  }

  overwrite(): Statement {
    const random = this.#scene.random;
    const rows = random.some(this.#scene.alive('Key_Account_Plan__c'), random.integer(1, 2)).map((known): Row => ({
      name: known.name,
      fields: random.pick<Record<string, Value>>([
        { Won_Revenue__c: '123.45' },
        { Pipeline__c: null, Weighted_Pipeline__c: '-1' },
        { Commit_Pipeline__c: '5', Best_Case_Pipeline__c: '6' },
        { Linked_Opportunity_Count__c: '99999' },
        { Linked_Opportunity_Count__c: null },
        { Early_Pipeline__c: '1', Most_Likely_Pipeline__c: '2', Needs_Recalculation__c: true },
      ]),
    }));
    return this.#scene.write('update', 'Key_Account_Plan__c', rows);
  }

  #target(): Value {
    return this.#scene.random.pick<Value>([null, '0', '1', '1000', '33333.33', '500000']);
  }
}
