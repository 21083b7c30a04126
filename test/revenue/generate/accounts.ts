/** What people do with accounts. */
import type { Row, Statement } from '../history.ts';
import { bare, DEEPEST, ownerOf, parentOf } from './scene.ts';
import type { Known, Scene } from './scene.ts';

export class AccountSteps {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  insert(count: number): Statement {
    const rows: Row[] = [];
    for (let index = 0; index < count; index++) {
      const isPerson = this.#scene.variant.hasPersons === true && this.#scene.random.chance(0.25);
      const parent = !isPerson && this.#scene.random.chance(0.5) ? this.#company() : null;
      const owner = this.#scene.owner();
      const known = this.#scene.add('Account', 'a', parent?.name ?? null, { isPerson, ...ownerOf(owner) });
      // A parent of the same statement has no Id yet.
      const isOlder = parent !== null && !rows.some(({ name }) => name === parent.name);
      if (!isOlder) known.account = null;
      const naming: Row['fields'] = isPerson
        ? { FirstName: 'Ann', LastName: known.name }
        : { Name: `Account ${known.name}` };
      rows.push({ name: known.name, fields: { ...naming, ...parentOf(known.account), ...owner } });
    }
    return this.#scene.write('insert', 'Account', rows);
  }

  move(): Statement {
    const rows = this.#scene.random.some(this.#companies(), this.#scene.random.integer(1, 2)).map((known): Row => {
      const others = this.#scene
        .alive('Account')
        .filter(
          ({ name, isPerson }) =>
            !isPerson &&
            name !== known.name &&
            !this.#above(name).includes(known.name) &&
            this.#above(name).length < DEEPEST,
        );
      known.account =
        this.#scene.random.chance(0.2) || others.length === 0 ? null : this.#scene.random.pick(others).name;
      return { name: known.name, fields: { ParentId: known.account === null ? null : `@${known.account}` } };
    });
    return this.#scene.write('update', 'Account', rows);
  }

  chain(): Statement {
    const accounts = this.#companies().slice(0, DEEPEST + 1);
    const rows = accounts.map((known, index): Row => {
      known.account = accounts[index - 1]?.name ?? null;
      return { name: known.name, fields: { ParentId: known.account === null ? null : `@${known.account}` } };
    });
    return this.#scene.write('update', 'Account', rows, false);
  }

  /** Persons have no parents and no children. */
  #companies(): readonly Known[] {
    return this.#scene.alive('Account').filter(({ isPerson }) => !isPerson);
  }

  #company(): Known | null {
    const companies = this.#companies();
    return companies.length === 0 ? null : this.#scene.random.pick(companies);
  }

  /** Names of the accounts above an account. */
  #above(name: string): string[] {
    const above: string[] = [];
    let level = this.#scene.find('Account', name)?.account ?? null;
    while (level !== null && !above.includes(level)) {
      above.push(level);
      level = this.#scene.find('Account', level)?.account ?? null;
    }
    return above;
  }

  merge(): Statement {
    const arePersons = this.#scene.variant.hasPersons === true && this.#scene.random.chance(0.4);
    const accounts = this.#scene.alive('Account').filter(({ isPerson }) => isPerson === arePersons);
    const [winner, ...losers] = this.#scene.random.some(accounts, this.#scene.random.integer(2, 3));
    if (!winner || losers.length === 0) return this.insert(2);
    for (const loser of losers) {
      loser.isDeleted = true;
      for (const known of Object.values(this.#scene.known).flat())
        if (known.account === loser.name) known.account = known === winner ? null : winner.name;
    }
    return { verb: 'merge', rows: [bare(winner), ...losers.map(bare)] };
  }
}
