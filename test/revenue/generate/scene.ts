/** What a history knows so far. Names are tracked as if every statement succeeded, so that most operations find their records. */
import type { ObjectName, OrgSettings, Row, Statement, Value } from '../history.ts';
import { Random } from '../random.ts';
import { variantOf, VARIANTS } from '../variants.ts';
import type { Variant } from '../variants.ts';

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
/** Two of these are more than a plan's figure can hold. */
const HUGE = '9000000000000000';
export const CURRENCIES: readonly string[] = ['USD', 'EUR', 'GBP'];
/** Unit prices of the products that an org with products has, in each of its currencies. */
export const PRICES: readonly string[] = ['33.33', '100', '2500.5'];
/** Account managers of an org that has some. */
export const USERS: readonly string[] = ['anna', 'boris'];
export const BULK = 201;
export const DEEPEST = 7;

export interface Known {
  readonly name: string;
  isDeleted: boolean;
  /** Account of a plan, opportunity, order or invoice, parent of an account. */
  account: string | null;
  /** Opportunity of a line or split, line of an instalment, order of an item. */
  readonly parent: string | null;
  readonly isPerson: boolean;
  readonly currency: string | null;
  /** User who owns it; null for the administrator. */
  readonly owner: string | null;
}

/** Chances of what makes a history slow or unusual. */
interface Mood {
  readonly bulk: boolean;
  readonly huge: boolean;
  /** Accounts begin in one chain, so that plans reach their limit of levels. */
  readonly deep: boolean;
  /** Data changes behind the engine's back. */
  readonly drifts: boolean;
}

export class Scene {
  readonly random: Random;
  readonly settings: OrgSettings;
  readonly variant: Variant;
  readonly mood: Mood;
  readonly known: Readonly<Record<ObjectName, Known[]>> = {
    Account: [],
    Opportunity: [],
    Key_Account_Plan__c: [],
    OpportunityLineItem: [],
    OpportunityLineItemSchedule: [],
    OpportunitySplit: [],
    Order: [],
    OrderItem: [],
    Imported_Invoice__c: [],
  };
  /** False: no invalid rows while the scene is set. */
  spoils = false;
  /** User who does what comes next; null for the administrator. */
  actor: string | null = null;
  /** Whether the actor tries what is not theirs. */
  #isBold = false;

  constructor(seed: number) {
    const random = new Random(seed);
    this.random = random;
    const name = variantOf(seed);
    this.variant = VARIANTS[name];
    const isLean = random.chance(0.35);
    this.settings = {
      variant: name,
      sources: random.some(this.variant.sources ?? [], random.integer(1, 2)),
      allowsOverlaps: random.chance(0.35),
      rowBudget: isLean ? random.pick([0, 1, 4, 12, 40, 300]) : null,
      jobsLag: random.chance(isLean ? 0.4 : 0.1),
    };
    this.mood = {
      bulk: random.chance(0.1),
      huge: random.chance(0.08),
      deep: random.chance(0.25),
      drifts: random.chance(0.3),
    };
  }

  /** Whose turn it is. */
  cast(): void {
    this.actor = this.variant.hasUsers && this.random.chance(0.7) ? this.random.pick(USERS) : null;
    this.#isBold = this.random.chance(0.2);
  }

  add(object: ObjectName, letter: string, account: string | null, facts: Partial<Known> = {}): Known {
    const known: Known = {
      name: `${letter}${this.known[object].length + 1}`,
      isDeleted: false,
      account,
      parent: null,
      isPerson: false,
      currency: null,
      owner: this.actor,
      ...facts,
    };
    this.known[object].push(known);
    return known;
  }

  /** What is there, as far as the actor may hope to change it. */
  alive(object: ObjectName): readonly Known[] {
    const alive = this.known[object].filter(({ isDeleted }) => !isDeleted);
    if (this.actor === null || this.#isBold) return alive;
    const own = alive.filter(({ owner }) => owner === this.actor);
    return own.length > 0 ? own : alive;
  }

  maybe(object: ObjectName): Known | null {
    const alive = this.alive(object);
    return alive.length === 0 ? null : this.random.pick(alive);
  }

  find(object: ObjectName, name: string): Known | undefined {
    return this.known[object].find((known) => known.name === name);
  }

  /** An administrator gives new records to others. */
  owner(): Record<string, Value> & { OwnerId?: string } {
    return this.variant.hasUsers && this.actor === null && this.random.chance(0.7)
      ? { OwnerId: `@${this.random.pick(USERS)}` }
      : {};
  }

  amount(): Value {
    const { random } = this;
    if (this.mood.huge && random.chance(0.15)) return HUGE;
    if (random.chance(0.1)) return null;
    if (this.variant.isAutomated && random.chance(0.05)) return '666';
    const cents = random.pick([0, 1, 5, 33, 99, random.integer(0, 99)]);
    const amount = `${random.integer(0, random.pick([9, 1000, 250_000]))}.${String(cents).padStart(2, '0')}`;
    return random.chance(0.08) ? `-${amount}` : amount;
  }

  currency(): { CurrencyIsoCode?: string } {
    return this.variant.hasCurrencies && this.random.chance(0.7)
      ? { CurrencyIsoCode: this.random.pick(CURRENCIES) }
      : {};
  }

  day(): string {
    return this.random.chance(0.55) ? this.random.pick(EDGES) : dayOf(this.random.integer(0, 420));
  }

  remove(object: ObjectName, most: number): Statement {
    const rows = this.random.some(this.alive(object), this.random.integer(1, most));
    for (const known of rows) known.isDeleted = true;
    return { verb: 'delete', object, rows: rows.map(bare), allOrNone: this.random.chance(0.6) };
  }

  restore(object: ObjectName, most: number): Statement {
    const deleted = this.known[object].filter(({ isDeleted }) => isDeleted);
    const rows = this.random.some(deleted, this.random.integer(1, most));
    for (const known of rows) known.isDeleted = false;
    return { verb: 'undelete', object, rows: rows.map(bare), allOrNone: this.random.chance(0.6) };
  }

  /** With some invalid rows among the valid ones when the statement may succeed in part. */
  write(
    verb: 'insert' | 'update' | 'upsert',
    object: ObjectName,
    rows: readonly Row[],
    mayBePartial = true,
  ): Statement {
    const allOrNone = !mayBePartial || this.random.chance(object === 'Key_Account_Plan__c' ? 0.3 : 0.65);
    const spoils = this.spoils && this.random.chance(allOrNone ? 0.03 : 0.5);
    return {
      verb,
      object,
      allOrNone,
      rows: spoils ? rows.map((row) => (this.random.chance(0.3) ? this.#spoil(object, row) : row)) : rows,
    };
  }

  #spoil(object: ObjectName, row: Row): Row {
    const wrong: Readonly<Partial<Record<ObjectName, readonly Record<string, Value>[]>>> = {
      Account: [{ Name: null }],
      Opportunity: [
        { Name: null },
        { StageName: null },
        { CloseDate: null },
        { Plan_Assignment__c: 'Somehow' },
        { Plan_Assignment__c: 'Pinned', Key_Account_Plan__c: null },
        { Amount: '99999999999999999999' },
        { Probability: '1000' },
        ...(this.variant.isAutomated ? [{ Region__c: null }] : []),
      ],
      Key_Account_Plan__c: [
        { Sales_Target__c: '-1' },
        { Start_Date__c: null },
        { Period__c: 'Custom', Start_Date__c: '2027-05-01', End_Date__c: '2027-04-30' },
        { Account__c: null },
        { Approval_Status__c: 'Perhaps' },
        { Revenue_Source__c: 'Unheard' },
        ...(this.variant.isAutomated ? [{ Division__c: null }] : []),
      ],
      OpportunityLineItem: [{ Quantity: null }],
      OpportunityLineItemSchedule: [{ ScheduleDate: null }],
      OpportunitySplit: [{ SplitPercentage: '101' }],
      Order: [{ EffectiveDate: null }, { Status: null }],
      OrderItem: [{ Quantity: null }],
      Imported_Invoice__c: [{ Status__c: 'Perhaps' }],
    };
    return { ...row, fields: { ...row.fields, ...this.random.pick(wrong[object] ?? [{}]) } };
  }
}

export function bare({ name }: Known): Row {
  return { name, fields: {} };
}

/** Who owns a record with this OwnerId. */
export function ownerOf({ OwnerId }: { OwnerId?: string }): Partial<Known> {
  return OwnerId === undefined ? {} : { owner: OwnerId.slice(1) };
}

export function parentOf(name: string | null): Record<string, Value> {
  return name === null ? {} : { ParentId: `@${name}` };
}

export function accountOf(name: string | null): Record<string, Value> {
  return name === null ? {} : { AccountId: `@${name}` };
}

/** The day so many days after 15 December 2026. */
export function dayOf(days: number): string {
  return new Date(Date.UTC(2026, 11, 15 + days)).toISOString().slice(0, 10);
}
