/** Makes a history from a seed. */
import { DATED_RATES, RATES } from '../expected.ts';
import type { History, Operation, Statement } from '../history.ts';
import { AccountSteps } from './accounts.ts';
import { OpportunitySteps } from './opportunities.ts';
import { PlanSteps } from './plans.ts';
import { BULK, bare, Scene } from './scene.ts';
import { SourceSteps } from './sources.ts';
import type { Step } from './sources.ts';

export function generateHistory(seed: number, length: number): History {
  return new Generator(seed).history(length);
}

class Generator {
  readonly #seed: number;
  readonly #scene: Scene;
  readonly #accounts: AccountSteps;
  readonly #opportunities: OpportunitySteps;
  readonly #plans: PlanSteps;
  readonly #sources: SourceSteps;
  #bulks = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#scene = new Scene(seed);
    this.#accounts = new AccountSteps(this.#scene);
    this.#opportunities = new OpportunitySteps(this.#scene);
    this.#sources = new SourceSteps(this.#scene);
    this.#plans = new PlanSteps(this.#scene, this.#sources);
  }

  history(length: number): History {
    const operations: Operation[] = [
      this.#operation('accounts', [this.#accounts.insert(this.#scene.random.integer(2, 4))]),
      this.#operation('more accounts', [this.#accounts.insert(this.#scene.random.integer(2, 4))]),
      ...(this.#scene.mood.deep ? [this.#operation('accounts put in a chain', [this.#accounts.chain()])] : []),
      ...(this.#scene.settings.sources.length > 0
        ? [this.#operation('plans by other sources', [this.#plans.insertCovering()])]
        : []),
      this.#operation('plans', [this.#plans.insert(this.#scene.random.integer(4, 8))]),
      this.#operation('opportunities', [this.#opportunities.insert(this.#scene.random.integer(8, 25))]),
    ];
    if (this.#scene.settings.sources.length > 0)
      operations.push(this.#operation('accounts without deals', [this.#accounts.insert(4)]));
    for (const [label, statement] of this.#sources.firstRecords()) operations.push(this.#operation(label, [statement]));
    this.#scene.spoils = true;
    while (operations.length < length) operations.push(this.#next());
    if (this.#scene.variant.isAutomated) {
      this.#scene.actor = null;
      // What a rule refused is tried again, at the latest by the nightly audit.
      operations.push({ ...this.#operation('the nightly audit', []), minutes: 24 * 60, more: 'audit' });
    }
    return { seed: this.#seed, settings: this.#scene.settings, operations };
  }

  #next(): Operation {
    const random = this.#scene.random;
    this.#scene.cast();
    if (this.#scene.mood.drifts && random.chance(0.1)) return this.#drift();
    if (this.#scene.settings.jobsLag && random.chance(0.12))
      return { ...this.#operation('jobs run', []), more: 'jobs' };
    if (random.chance(0.01)) return { ...this.#operation('the recycle bin is emptied', []), more: 'empty recycle bin' };
    if (random.chance(0.03)) return { ...this.#operation('a day passes', []), minutes: 24 * 60 };
    if (this.#scene.mood.bulk && this.#bulks < 3 && random.chance(0.15)) return this.#bulk();
    if (random.chance(0.12)) return this.#transaction();
    const [label, statement] = this.#step();
    return this.#operation(label, [statement]);
  }

  #operation(label: string, statements: readonly Statement[], catches = false): Operation {
    const { actor } = this.#scene;
    return { label, statements, catches, minutes: 1, ...(actor === null ? {} : { by: actor }) };
  }

  /** Data that is loaded while the triggers are off, or another exchange rate; an audit comes after it. */
  #drift(): Operation {
    const { random, variant } = this.#scene;
    this.#scene.actor = null;
    const steps = Array.from({ length: random.integer(1, 4) }, () => this.#step());
    const label = `while the triggers are off: ${steps.map(([name]) => name).join(', ')}`;
    const operation = this.#operation(
      label,
      steps.map(([, statement]) => statement),
      true,
    );
    if (!variant.hasCurrencies || random.chance(0.4)) return { ...operation, more: 'audit' };
    const isDated = random.chance(0.7);
    const [isoCode, from] = random.pick<readonly [string, string | null]>(
      isDated
        ? DATED_RATES.map(([code, day]) => [code, day] as const)
        : Object.keys(RATES).map((code) => [code, null] as const),
    );
    return { ...operation, more: 'audit', rate: { isoCode, from, rate: random.pick(['0.4', '0.77', '1.3']) } };
  }

  /** A plan that is taken back after opportunities of its account were linked to it, and more of them after that. */
  #takenBackPlan(): Operation {
    const plan = this.#plans.insert(1);
    const account = this.#scene.known.Key_Account_Plan__c.at(-1)?.account ?? null;
    const deals = (count: number): Statement => ({
      verb: 'insert',
      object: 'Opportunity',
      rows: Array.from({ length: count }, () => this.#opportunities.newRow(account)),
      allOrNone: true,
    });
    return this.#operation(
      'one transaction: a plan with opportunities taken back, opportunities inserted',
      [{ verb: 'savepoint' }, plan, deals(4), { verb: 'rollback' }, deals(2)],
      true,
    );
  }

  /** Several statements in one transaction, some of them taken back. */
  #transaction(): Operation {
    const random = this.#scene.random;
    if (random.chance(0.2)) return this.#takenBackPlan();
    const statements: Statement[] = [];
    const labels: string[] = [];
    const count = random.integer(2, 4);
    const rollsBack = random.chance(0.6);
    if (random.chance(0.3)) {
      const [label, statement] = this.#step();
      labels.push(label);
      statements.push(statement);
    }
    if (rollsBack) statements.push({ verb: 'savepoint' });
    for (let index = 0; index < count; index++) {
      const [label, statement] = this.#step();
      labels.push(label);
      statements.push(statement);
      if (rollsBack && (index === count - 1 || random.chance(0.2))) statements.push({ verb: 'rollback' });
    }
    if (rollsBack && random.chance(0.6)) {
      const [label, statement] = this.#step();
      labels.push(label);
      statements.push(statement);
    }
    return this.#operation(`one transaction: ${labels.join(', ')}`, statements, random.chance(0.8));
  }

  #step(): readonly [string, Statement] {
    // Accounts that move take records of other sources along without a trigger.
    const moves = this.#scene.settings.sources.length > 0 ? 3 : 1;
    const steps: readonly (readonly [Step, number])[] = [
      ...this.#sources.steps(),
      [() => ['opportunities inserted', this.#opportunities.insert(this.#scene.random.integer(1, 8))], 9],
      [() => ['opportunities changed', this.#opportunities.change()], 22],
      [() => ['opportunities upserted', this.#opportunities.upsert()], 4],
      [() => ['opportunities deleted', this.#scene.remove('Opportunity', 3)], 4],
      [() => ['opportunities undeleted', this.#scene.restore('Opportunity', 4)], 4],
      [() => ['opportunities assigned', this.#opportunities.assign()], 9],
      [() => ['accounts inserted', this.#accounts.insert(this.#scene.random.integer(1, 2))], 2],
      [() => ['accounts moved in the hierarchy', this.#accounts.move()], 7 * moves],
      [() => ['accounts merged', this.#accounts.merge()], 4 * moves],
      [() => ['accounts deleted', this.#scene.remove('Account', 2)], 5 * moves],
      [() => ['accounts undeleted', this.#scene.restore('Account', 2)], 5 * moves],
      [() => ['plans inserted', this.#plans.insert(this.#scene.random.integer(1, 2))], 6],
      [() => ['plans changed', this.#plans.change()], 14],
      [() => ['plan figures overwritten', this.#plans.overwrite()], 3],
      [() => ['plans deleted', this.#scene.remove('Key_Account_Plan__c', 2)], 5],
      [() => ['plans undeleted', this.#scene.restore('Key_Account_Plan__c', 2)], 5],
    ];
    return this.#scene.random.weighted(steps)();
  }

  #bulk(): Operation {
    this.#bulks++;
    const random = this.#scene.random;
    const count = random.integer(BULK, 2 * BULK);
    const many = this.#scene.alive('Opportunity');
    if (many.length < BULK || random.chance(0.35))
      return this.#operation('many opportunities inserted', [this.#opportunities.insert(count)]);
    const rows = random.some(many, count);
    return random.weighted<() => Operation>([
      [
        () =>
          this.#operation('many opportunities changed', [
            this.#scene.write(
              'update',
              'Opportunity',
              rows.map((known) => this.#opportunities.changedRow(known)),
            ),
          ]),
        4,
      ],
      [
        () => {
          for (const known of rows) known.isDeleted = true;
          return this.#operation('many opportunities deleted', [
            { verb: 'delete', object: 'Opportunity', rows: rows.map(bare), allOrNone: true },
          ]);
        },
        1,
      ],
      [
        () => {
          const all = this.#scene.known.Opportunity.filter(({ isDeleted }) => isDeleted);
          for (const known of all) known.isDeleted = false;
          return this.#operation('all deleted opportunities undeleted', [
            { verb: 'undelete', object: 'Opportunity', rows: all.map(bare), allOrNone: false },
          ]);
        },
        1,
      ],
    ])();
  }
}
