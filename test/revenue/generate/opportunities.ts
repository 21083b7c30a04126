/** What people do with opportunities. */
import type { Row, Statement, Value } from '../history.ts';
import { accountOf, BULK, ownerOf } from './scene.ts';
import type { Known, Scene } from './scene.ts';

const OPEN_STAGES = ['Prospecting', 'Needs Analysis', 'Value Proposition', 'Negotiation/Review'];
/** Most Likely is not active in a new org. */
const CATEGORIES = ['Omitted', 'Pipeline', 'Best Case', 'Commit'];

const NEXT_STEPS = ['Quarter end', 'Cap', 'Year end', 'Round up', 'Detach', 'Follow up', 'Disputed'];

export class OpportunitySteps {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  insert(count: number): Statement {
    const rows: Row[] = [];
    const accounts = this.#scene.random.some(this.#scene.alive('Account'), count > BULK ? 3 : 8);
    for (let index = 0; index < count; index++) {
      const account =
        accounts.length === 0 || this.#scene.random.chance(0.04) ? null : this.#scene.random.pick(accounts);
      rows.push(this.newRow(account?.name ?? null));
    }
    return this.#scene.write('insert', 'Opportunity', rows, count < BULK);
  }

  newRow(account: string | null): Row {
    const random = this.#scene.random;
    const currency = this.#scene.currency();
    const owner = this.#scene.owner();
    const known = this.#scene.add('Opportunity', 'o', account, {
      currency: currency.CurrencyIsoCode ?? null,
      ...ownerOf(owner),
    });
    const isPinned = random.chance(0.05) && this.#scene.alive('Key_Account_Plan__c').length > 0;
    return {
      name: known.name,
      fields: {
        Name: `Deal ${known.name}`,
        ...accountOf(account),
        CloseDate: this.#scene.day(),
        ...this.#stage(),
        Amount: this.#scene.amount(),
        ...currency,
        ...owner,
        ...(this.#scene.variant.isAutomated ? { Region__c: 'North', ...this.#nextStep(0.3) } : {}),
        ...(random.chance(0.2) ? { Probability: this.#probability() } : {}),
        ...(random.chance(0.2) ? { ForecastCategoryName: random.pick(CATEGORIES) } : {}),
        ...(isPinned
          ? {
              Plan_Assignment__c: 'Pinned',
              Key_Account_Plan__c: `@${random.pick(this.#scene.alive('Key_Account_Plan__c')).name}`,
            }
          : random.chance(0.05)
            ? { Plan_Assignment__c: random.pick(['Kept Out', null]) }
            : {}),
      },
    };
  }

  change(): Statement {
    const rows = this.#scene.random
      .some(this.#scene.alive('Opportunity'), this.#scene.random.integer(1, 5))
      .map((known) => this.changedRow(known));
    return this.#scene.write('update', 'Opportunity', rows);
  }

  changedRow(known: Known): Row {
    const random = this.#scene.random;
    const change = random.weighted<() => Record<string, Value>>([
      [() => ({ CloseDate: this.#scene.day() }), 5],
      [() => ({ Amount: this.#scene.amount() }), 4],
      [() => this.#stage(), 4],
      [() => ({ Probability: this.#probability() }), 2],
      [() => ({ ForecastCategoryName: random.pick(CATEGORIES) }), 2],
      [() => this.#moveTo(known), 4],
      [
        () => ({
          ...this.#moveTo(known),
          CloseDate: this.#scene.day(),
          ...this.#stage(),
          Amount: this.#scene.amount(),
        }),
        2,
      ],
      [() => ({ NextStep: 'Call', ...this.#scene.currency() }), 1],
      [() => this.#scene.owner(), this.#scene.variant.hasUsers ? 2 : 0],
      [() => this.#nextStep(1), this.#scene.variant.isAutomated ? 5 : 0],
      [() => ({ ...this.#nextStep(1), CloseDate: this.#scene.day() }), this.#scene.variant.isAutomated ? 4 : 0],
    ]);
    return { name: known.name, fields: change() };
  }

  /** What the customer's triggers and rules go by. */
  #nextStep(chance: number): Record<string, Value> {
    const { random } = this.#scene;
    return random.chance(chance) ? { NextStep: random.pick([...NEXT_STEPS, null]) } : {};
  }

  #moveTo(known: Known): Record<string, Value> {
    const account = this.#scene.random.chance(0.05) ? null : this.#scene.maybe('Account');
    known.account = account?.name ?? null;
    return { AccountId: known.account === null ? null : `@${known.account}` };
  }

  upsert(): Statement {
    const rows: Row[] = this.#scene.random
      .some(this.#scene.alive('Opportunity'), 3)
      .map((known) => this.changedRow(known));
    rows.push(this.newRow(this.#scene.maybe('Account')?.name ?? null));
    if (this.#scene.random.chance(0.5)) rows.reverse();
    return this.#scene.write('upsert', 'Opportunity', rows);
  }

  /** Pinned, kept out, left to the machine again, or the lookup written by hand. */
  assign(): Statement {
    const random = this.#scene.random;
    const rows = random.some(this.#scene.alive('Opportunity'), random.integer(1, 3)).map((known): Row => {
      const plan = this.#scene.maybe('Key_Account_Plan__c');
      const link = { Key_Account_Plan__c: plan ? `@${plan.name}` : null };
      const fields = random.weighted<Record<string, Value>>([
        [{ Plan_Assignment__c: 'Pinned', ...link }, 5],
        [{ Plan_Assignment__c: 'Pinned' }, 1],
        [{ Plan_Assignment__c: 'Kept Out' }, 3],
        [{ Plan_Assignment__c: 'Automatic' }, 4],
        [{ Plan_Assignment__c: null }, 1],
        [link, 2],
        [{ Key_Account_Plan__c: null }, 1],
        [{ Plan_Assignment__c: 'Automatic', CloseDate: this.#scene.day() }, 1],
      ]);
      return { name: known.name, fields };
    });
    return this.#scene.write('update', 'Opportunity', rows);
  }

  #stage(): Record<string, Value> {
    const random = this.#scene.random;
    return {
      StageName: random.weighted<string>([
        [random.pick(OPEN_STAGES), 6],
        ['Closed Won', 3],
        ['Closed Lost', 1.5],
      ]),
    };
  }

  #probability(): Value {
    return this.#scene.random.pick(['0', '1', '10', '33', '50', '67', '99', '100']);
  }
}
