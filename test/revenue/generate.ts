/** Makes a history from a seed. Names are tracked as if every statement succeeded, so that most operations find their records. */
import type { History, ObjectName, Operation, OrgSettings, Row, Statement, Value } from './history.ts';
import { Random } from './random.ts';

/** Days at and around the edges of quarters, half-years and years. */
const EDGES = [
  '2026-12-31',
  '2027-01-01',
  '2027-03-31',
  '2027-04-01',
  '2027-06-30',
  '2027-07-01',
  '2027-09-30',
  '2027-10-01',
  '2027-12-31',
  '2028-01-01',
  '2028-02-29',
];
const STARTS = ['2027-01-01', '2027-01-01', '2027-04-01', '2027-07-01', '2027-07-01', '2027-10-01', '2027-02-15'];
const OPEN_STAGES = ['Prospecting', 'Needs Analysis', 'Value Proposition', 'Negotiation/Review'];
/** Most Likely is not active in a new org. */
const CATEGORIES = ['Omitted', 'Pipeline', 'Best Case', 'Commit'];
/** Two of these are more than a plan's figure can hold. */
const HUGE = '9000000000000000';
const CURRENCIES = ['USD', 'EUR', 'GBP'];
const BULK = 201;
const DEEPEST = 7;

interface Known {
  readonly name: string;
  isDeleted: boolean;
  /** Account of a plan or opportunity, parent of an account. */
  account: string | null;
}

/** Chances of what makes a history slow or unusual. */
interface Mood {
  readonly bulk: boolean;
  readonly huge: boolean;
  /** Accounts begin in one chain, so that plans reach their limit of levels. */
  readonly deep: boolean;
}

export function generateHistory(seed: number, length: number): History {
  return new Generator(seed).history(length);
}

class Generator {
  readonly #seed: number;
  readonly #random: Random;
  readonly #known: Readonly<Record<ObjectName, Known[]>> = { Account: [], Opportunity: [], Key_Account_Plan__c: [] };
  readonly #mood: Mood;
  readonly #settings: OrgSettings;
  #bulks = 0;
  /** No invalid rows while the scene is set. */
  #spoils = false;

  constructor(seed: number) {
    this.#seed = seed;
    const random = new Random(seed);
    this.#random = random;
    const isLean = random.chance(0.35);
    this.#settings = {
      allowsOverlaps: random.chance(0.35),
      rowBudget: isLean ? random.pick([0, 1, 4, 12, 40, 300]) : null,
      jobsLag: random.chance(isLean ? 0.4 : 0.1),
      isMultiCurrency: random.chance(0.2),
    };
    this.#mood = { bulk: random.chance(0.1), huge: random.chance(0.08), deep: random.chance(0.25) };
  }

  history(length: number): History {
    const operations: Operation[] = [
      this.#operation('accounts', [this.#insertAccounts(this.#random.integer(2, 4))]),
      this.#operation('more accounts', [this.#insertAccounts(this.#random.integer(2, 4))]),
      ...(this.#mood.deep ? [this.#operation('accounts put in a chain', [this.#chainAccounts()])] : []),
      this.#operation('plans', [this.#insertPlans(this.#random.integer(4, 8))]),
      this.#operation('opportunities', [this.#insertOpportunities(this.#random.integer(8, 25))]),
    ];
    this.#spoils = true;
    while (operations.length < length) operations.push(this.#next());
    return { seed: this.#seed, settings: this.#settings, operations };
  }

  #next(): Operation {
    const random = this.#random;
    if (this.#settings.jobsLag && random.chance(0.12)) return { ...this.#operation('jobs run', []), more: 'jobs' };
    if (random.chance(0.01)) return { ...this.#operation('the recycle bin is emptied', []), more: 'empty recycle bin' };
    if (random.chance(0.03)) return { ...this.#operation('a day passes', []), minutes: 24 * 60 };
    if (this.#mood.bulk && this.#bulks < 3 && random.chance(0.15)) return this.#bulk();
    if (random.chance(0.12)) return this.#transaction();
    const [label, statement] = this.#step();
    return this.#operation(label, [statement]);
  }

  #operation(label: string, statements: readonly Statement[], catches = false): Operation {
    return { label, statements, catches, minutes: 1 };
  }

  /** A plan that is taken back after opportunities of its account were linked to it, and more of them after that. */
  #takenBackPlan(): Operation {
    const plan = this.#insertPlans(1);
    const account = this.#known.Key_Account_Plan__c.at(-1)?.account ?? null;
    const deals = (count: number): Statement => ({
      verb: 'insert',
      object: 'Opportunity',
      rows: Array.from({ length: count }, () => this.#newOpportunity(account)),
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
    const random = this.#random;
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
    const steps: readonly (readonly [() => readonly [string, Statement], number])[] = [
      [() => ['opportunities inserted', this.#insertOpportunities(this.#random.integer(1, 8))], 9],
      [() => ['opportunities changed', this.#changeOpportunities()], 22],
      [() => ['opportunities upserted', this.#upsertOpportunities()], 4],
      [() => ['opportunities deleted', this.#remove('Opportunity', 3)], 4],
      [() => ['opportunities undeleted', this.#restore('Opportunity', 4)], 4],
      [() => ['opportunities assigned', this.#assign()], 9],
      [() => ['accounts inserted', this.#insertAccounts(this.#random.integer(1, 2))], 2],
      [() => ['accounts moved in the hierarchy', this.#moveAccounts()], 7],
      [() => ['accounts merged', this.#mergeAccounts()], 4],
      [() => ['accounts deleted', this.#remove('Account', 2)], 5],
      [() => ['accounts undeleted', this.#restore('Account', 2)], 5],
      [() => ['plans inserted', this.#insertPlans(this.#random.integer(1, 2))], 6],
      [() => ['plans changed', this.#changePlans()], 14],
      [() => ['plan figures overwritten', this.#overwritePlans()], 3],
      [() => ['plans deleted', this.#remove('Key_Account_Plan__c', 2)], 5],
      [() => ['plans undeleted', this.#restore('Key_Account_Plan__c', 2)], 5],
    ];
    return this.#random.weighted(steps)();
  }

  #bulk(): Operation {
    this.#bulks++;
    const random = this.#random;
    const count = random.integer(BULK, 2 * BULK);
    const many = this.#alive('Opportunity');
    if (many.length < BULK || random.chance(0.35))
      return this.#operation('many opportunities inserted', [this.#insertOpportunities(count)]);
    const rows = random.some(many, count);
    return random.weighted<() => Operation>([
      [
        () =>
          this.#operation('many opportunities changed', [
            this.#write(
              'update',
              'Opportunity',
              rows.map((known) => this.#changedOpportunity(known)),
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
          const all = this.#known.Opportunity.filter(({ isDeleted }) => isDeleted);
          for (const known of all) known.isDeleted = false;
          return this.#operation('all deleted opportunities undeleted', [
            { verb: 'undelete', object: 'Opportunity', rows: all.map(bare), allOrNone: false },
          ]);
        },
        1,
      ],
    ])();
  }

  // --- accounts

  #insertAccounts(count: number): Statement {
    const rows: Row[] = [];
    for (let index = 0; index < count; index++) {
      const parent = this.#random.chance(0.5) ? this.#maybe('Account') : null;
      const known = this.#add('Account', 'a', parent?.name ?? null);
      // A parent of the same statement has no Id yet.
      const isOlder = parent !== null && !rows.some(({ name }) => name === parent.name);
      if (!isOlder) known.account = null;
      rows.push({ name: known.name, fields: { Name: `Account ${known.name}`, ...parentOf(known.account) } });
    }
    return this.#write('insert', 'Account', rows);
  }

  #moveAccounts(): Statement {
    const rows = this.#random.some(this.#alive('Account'), this.#random.integer(1, 2)).map((known): Row => {
      const others = this.#alive('Account').filter(
        ({ name }) =>
          name !== known.name && !this.#above(name).includes(known.name) && this.#above(name).length < DEEPEST,
      );
      known.account = this.#random.chance(0.2) || others.length === 0 ? null : this.#random.pick(others).name;
      return { name: known.name, fields: { ParentId: known.account === null ? null : `@${known.account}` } };
    });
    return this.#write('update', 'Account', rows);
  }

  #chainAccounts(): Statement {
    const accounts = this.#alive('Account').slice(0, DEEPEST + 1);
    const rows = accounts.map((known, index): Row => {
      known.account = accounts[index - 1]?.name ?? null;
      return { name: known.name, fields: { ParentId: known.account === null ? null : `@${known.account}` } };
    });
    return this.#write('update', 'Account', rows, false);
  }

  /** Names of the accounts above an account. */
  #above(name: string): string[] {
    const above: string[] = [];
    let level = this.#find('Account', name)?.account ?? null;
    while (level !== null && !above.includes(level)) {
      above.push(level);
      level = this.#find('Account', level)?.account ?? null;
    }
    return above;
  }

  #mergeAccounts(): Statement {
    const [winner, ...losers] = this.#random.some(this.#alive('Account'), this.#random.integer(2, 3));
    if (!winner || losers.length === 0) return this.#insertAccounts(2);
    for (const loser of losers) {
      loser.isDeleted = true;
      for (const known of Object.values(this.#known).flat())
        if (known.account === loser.name) known.account = known === winner ? null : winner.name;
    }
    return { verb: 'merge', rows: [bare(winner), ...losers.map(bare)] };
  }

  // --- opportunities

  #insertOpportunities(count: number): Statement {
    const rows: Row[] = [];
    const accounts = this.#random.some(this.#alive('Account'), count > BULK ? 3 : 8);
    for (let index = 0; index < count; index++) {
      const account = accounts.length === 0 || this.#random.chance(0.04) ? null : this.#random.pick(accounts);
      rows.push(this.#newOpportunity(account?.name ?? null));
    }
    return this.#write('insert', 'Opportunity', rows, count < BULK);
  }

  #newOpportunity(account: string | null): Row {
    const random = this.#random;
    const known = this.#add('Opportunity', 'o', account);
    const isPinned = random.chance(0.05) && this.#alive('Key_Account_Plan__c').length > 0;
    return {
      name: known.name,
      fields: {
        Name: `Deal ${known.name}`,
        ...accountOf(account),
        CloseDate: this.#day(),
        ...this.#stage(),
        Amount: this.#amount(),
        ...this.#currency(),
        ...(random.chance(0.2) ? { Probability: this.#probability() } : {}),
        ...(random.chance(0.2) ? { ForecastCategoryName: random.pick(CATEGORIES) } : {}),
        ...(isPinned
          ? {
              Plan_Assignment__c: 'Pinned',
              Key_Account_Plan__c: `@${random.pick(this.#alive('Key_Account_Plan__c')).name}`,
            }
          : random.chance(0.05)
            ? { Plan_Assignment__c: random.pick(['Kept Out', null]) }
            : {}),
      },
    };
  }

  #changeOpportunities(): Statement {
    const rows = this.#random
      .some(this.#alive('Opportunity'), this.#random.integer(1, 5))
      .map((known) => this.#changedOpportunity(known));
    return this.#write('update', 'Opportunity', rows);
  }

  #changedOpportunity(known: Known): Row {
    const random = this.#random;
    const change = random.weighted<() => Record<string, Value>>([
      [() => ({ CloseDate: this.#day() }), 5],
      [() => ({ Amount: this.#amount() }), 4],
      [() => this.#stage(), 4],
      [() => ({ Probability: this.#probability() }), 2],
      [() => ({ ForecastCategoryName: random.pick(CATEGORIES) }), 2],
      [() => this.#moveTo(known), 4],
      [() => ({ ...this.#moveTo(known), CloseDate: this.#day(), ...this.#stage(), Amount: this.#amount() }), 2],
      [() => ({ NextStep: 'Call', ...this.#currency() }), 1],
    ]);
    return { name: known.name, fields: change() };
  }

  #moveTo(known: Known): Record<string, Value> {
    const account = this.#random.chance(0.05) ? null : this.#maybe('Account');
    known.account = account?.name ?? null;
    return { AccountId: known.account === null ? null : `@${known.account}` };
  }

  #upsertOpportunities(): Statement {
    const rows: Row[] = this.#random
      .some(this.#alive('Opportunity'), 3)
      .map((known) => this.#changedOpportunity(known));
    rows.push(this.#newOpportunity(this.#maybe('Account')?.name ?? null));
    if (this.#random.chance(0.5)) rows.reverse();
    return this.#write('upsert', 'Opportunity', rows);
  }

  /** Pinned, kept out, left to the machine again, or the lookup written by hand. */
  #assign(): Statement {
    const random = this.#random;
    const rows = random.some(this.#alive('Opportunity'), random.integer(1, 3)).map((known): Row => {
      const plan = this.#maybe('Key_Account_Plan__c');
      const link = { Key_Account_Plan__c: plan ? `@${plan.name}` : null };
      const fields = random.weighted<Record<string, Value>>([
        [{ Plan_Assignment__c: 'Pinned', ...link }, 5],
        [{ Plan_Assignment__c: 'Pinned' }, 1],
        [{ Plan_Assignment__c: 'Kept Out' }, 3],
        [{ Plan_Assignment__c: 'Automatic' }, 4],
        [{ Plan_Assignment__c: null }, 1],
        [link, 2],
        [{ Key_Account_Plan__c: null }, 1],
        [{ Plan_Assignment__c: 'Automatic', CloseDate: this.#day() }, 1],
      ]);
      return { name: known.name, fields };
    });
    return this.#write('update', 'Opportunity', rows);
  }

  #stage(): Record<string, Value> {
    const random = this.#random;
    return {
      StageName: random.weighted<string>([
        [random.pick(OPEN_STAGES), 6],
        ['Closed Won', 3],
        ['Closed Lost', 1.5],
      ]),
    };
  }

  #amount(): Value {
    const random = this.#random;
    if (this.#mood.huge && random.chance(0.15)) return HUGE;
    if (random.chance(0.1)) return null;
    const cents = random.pick([0, 1, 5, 33, 99, random.integer(0, 99)]);
    const amount = `${random.integer(0, random.pick([9, 1000, 250_000]))}.${String(cents).padStart(2, '0')}`;
    return random.chance(0.08) ? `-${amount}` : amount;
  }

  #currency(): Record<string, Value> {
    return this.#settings.isMultiCurrency && this.#random.chance(0.7)
      ? { CurrencyIsoCode: this.#random.pick(CURRENCIES) }
      : {};
  }

  #probability(): Value {
    return this.#random.pick(['0', '1', '10', '33', '50', '67', '99', '100']);
  }

  #day(): string {
    const random = this.#random;
    return random.chance(0.55) ? random.pick(EDGES) : dayOf(random.integer(0, 420));
  }

  // --- plans

  #insertPlans(count: number): Statement {
    const rows: Row[] = [];
    for (let index = 0; index < count; index++) {
      const account = this.#maybe('Account');
      const known = this.#add('Key_Account_Plan__c', 'p', account?.name ?? null);
      rows.push({
        name: known.name,
        fields: {
          ...(account ? { Account__c: `@${account.name}` } : {}),
          ...this.#period(),
          Covers_Child_Accounts__c: this.#random.chance(0.5),
          Sales_Target__c: this.#target(),
          ...this.#currency(),
          ...(this.#random.chance(0.2) ? { Approval_Status__c: 'Approved' } : {}),
          ...(this.#random.chance(0.1) ? { Won_Revenue__c: '77', Linked_Opportunity_Count__c: '7' } : {}),
        },
      });
    }
    return this.#write('insert', 'Key_Account_Plan__c', rows);
  }

  #period(): Record<string, Value> {
    const random = this.#random;
    const start = random.pick(STARTS);
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

  #changePlans(): Statement {
    const random = this.#random;
    const rows = random.some(this.#alive('Key_Account_Plan__c'), random.integer(1, 2)).map((known): Row => {
      const change = random.weighted<() => Record<string, Value>>([
        [() => this.#period(), 5],
        [() => ({ End_Date__c: this.#day(), Period__c: 'Custom' }), 2],
        [
          () => {
            const account = this.#maybe('Account');
            known.account = account?.name ?? null;
            return account ? { Account__c: `@${account.name}` } : { Account__c: null };
          },
          4,
        ],
        [() => ({ Covers_Child_Accounts__c: random.chance(0.6) }), 4],
        [() => ({ Approval_Status__c: random.pick(['Draft', 'Submitted', 'Approved', 'Approved', 'Rejected']) }), 4],
        [() => ({ Sales_Target__c: this.#target(), ...this.#currency() }), 2],
      ]);
      return { name: known.name, fields: change() };
    });
    return this.#write('update', 'Key_Account_Plan__c', rows);
  }

  #overwritePlans(): Statement {
    const random = this.#random;
    const rows = random.some(this.#alive('Key_Account_Plan__c'), random.integer(1, 2)).map((known): Row => ({
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
    return this.#write('update', 'Key_Account_Plan__c', rows);
  }

  #target(): Value {
    return this.#random.pick<Value>([null, '0', '1', '1000', '33333.33', '500000']);
  }

  // --- every object

  #remove(object: ObjectName, most: number): Statement {
    const rows = this.#random.some(this.#alive(object), this.#random.integer(1, most));
    for (const known of rows) known.isDeleted = true;
    return { verb: 'delete', object, rows: rows.map(bare), allOrNone: this.#random.chance(0.6) };
  }

  #restore(object: ObjectName, most: number): Statement {
    const deleted = this.#known[object].filter(({ isDeleted }) => isDeleted);
    const rows = this.#random.some(deleted, this.#random.integer(1, most));
    for (const known of rows) known.isDeleted = false;
    return { verb: 'undelete', object, rows: rows.map(bare), allOrNone: this.#random.chance(0.6) };
  }

  /** With some invalid rows among the valid ones when the statement may succeed in part. */
  #write(
    verb: 'insert' | 'update' | 'upsert',
    object: ObjectName,
    rows: readonly Row[],
    mayBePartial = true,
  ): Statement {
    const allOrNone = !mayBePartial || this.#random.chance(object === 'Key_Account_Plan__c' ? 0.3 : 0.65);
    const spoils = this.#spoils && this.#random.chance(allOrNone ? 0.03 : 0.5);
    return {
      verb,
      object,
      allOrNone,
      rows: spoils ? rows.map((row) => (this.#random.chance(0.3) ? this.#spoil(object, row) : row)) : rows,
    };
  }

  #spoil(object: ObjectName, row: Row): Row {
    const wrong: Readonly<Record<ObjectName, readonly Record<string, Value>[]>> = {
      Account: [{ Name: null }],
      Opportunity: [
        { Name: null },
        { StageName: null },
        { CloseDate: null },
        { Plan_Assignment__c: 'Somehow' },
        { Plan_Assignment__c: 'Pinned', Key_Account_Plan__c: null },
        { Amount: '99999999999999999999' },
        { Probability: '1000' },
      ],
      Key_Account_Plan__c: [
        { Sales_Target__c: '-1' },
        { Start_Date__c: null },
        { Period__c: 'Custom', Start_Date__c: '2027-05-01', End_Date__c: '2027-04-30' },
        { Account__c: null },
        { Approval_Status__c: 'Perhaps' },
      ],
    };
    return { ...row, fields: { ...row.fields, ...this.#random.pick(wrong[object]) } };
  }

  #add(object: ObjectName, letter: string, account: string | null): Known {
    const known = { name: `${letter}${this.#known[object].length + 1}`, isDeleted: false, account };
    this.#known[object].push(known);
    return known;
  }

  #alive(object: ObjectName): readonly Known[] {
    return this.#known[object].filter(({ isDeleted }) => !isDeleted);
  }

  #maybe(object: ObjectName): Known | null {
    const alive = this.#alive(object);
    return alive.length === 0 ? null : this.#random.pick(alive);
  }

  #find(object: ObjectName, name: string): Known | undefined {
    return this.#known[object].find((known) => known.name === name);
  }
}

function bare({ name }: Known): Row {
  return { name, fields: {} };
}

function parentOf(name: string | null): Record<string, Value> {
  return name === null ? {} : { ParentId: `@${name}` };
}

function accountOf(name: string | null): Record<string, Value> {
  return name === null ? {} : { AccountId: `@${name}` };
}

/** The day so many days after 15 December 2026. */
function dayOf(days: number): string {
  return new Date(Date.UTC(2026, 11, 15 + days)).toISOString().slice(0, 10);
}
