/** What people do with the records of other revenue sources: lines, instalments, splits, orders, invoices. */
import type { ObjectName, Row, Statement, Value } from '../history.ts';
import type { SourceName } from '../variants.ts';
import { CURRENCIES, PRICES, USERS } from './scene.ts';
import type { Known, Scene } from './scene.ts';

export type Step = () => readonly [string, Statement];

const ORDER_STATUSES = ['Draft', 'Activated'];
const INVOICE_STATUSES = ['Draft', 'Sent', 'Paid', 'Cancelled', null];

export class SourceSteps {
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Steps with their weights, for the sources of the history. */
  steps(): readonly (readonly [Step, number])[] {
    const { sources } = this.#scene.settings;
    const has = (source: (typeof sources)[number]): boolean => sources.includes(source);
    const scene = this.#scene;
    // The fewer sources, the more of each.
    const weight = 4 / Math.max(1, sources.length);
    const step = (label: string, make: () => Statement): Step => {
      return () => [label, make()];
    };
    const around = (label: string, object: ObjectName, most: number): (readonly [Step, number])[] => [
      [step(`${label} deleted`, () => scene.remove(object, most)), 3],
      [step(`${label} undeleted`, () => scene.restore(object, most)), 3],
    ];
    const steps: (readonly [Step, number])[] = [
      ...(has('Product_Lines') || has('Product_Schedules')
        ? ([
            [step('product lines inserted', () => this.insertLines()), 8],
            [step('product lines changed', () => this.#changeLines()), 5],
            ...around('product lines', 'OpportunityLineItem', 3),
          ] as const)
        : []),
      ...(has('Product_Schedules')
        ? ([
            [step('instalments inserted', () => this.insertSchedules()), 8],
            [step('instalments changed', () => this.#changeSchedules()), 5],
            [step('instalments deleted', () => scene.remove('OpportunityLineItemSchedule', 3)), 2],
          ] as const)
        : []),
      ...(has('Opportunity_Splits')
        ? ([
            [step('splits inserted', () => this.insertSplits()), 6],
            [step('splits changed', () => this.#changeSplits()), 4],
            ...around('splits', 'OpportunitySplit', 2),
          ] as const)
        : []),
      ...(has('Orders')
        ? ([
            [step('orders inserted', () => this.insertOrders()), 5],
            [step('order products inserted', () => this.insertOrderItems()), 8],
            [step('orders changed', () => this.#changeOrders()), 7],
            [step('order products deleted', () => scene.remove('OrderItem', 2)), 2],
            ...around('orders', 'Order', 2),
          ] as const)
        : []),
      ...(has('Imported_Invoices')
        ? ([
            [step('invoices inserted', () => this.insertInvoices()), 9],
            [step('invoices changed', () => this.#changeInvoices()), 8],
            ...around('invoices', 'Imported_Invoice__c', 3),
          ] as const)
        : []),
    ];
    return steps.map(([make, times]) => [make, times * weight]);
  }

  /** What is there before people begin. */
  firstRecords(): readonly (readonly [string, Statement])[] {
    const { sources } = this.#scene.settings;
    return sources.flatMap((source) => FIRST_STEPS[source].map((make) => make(this)));
  }

  /** Revenue_Source__c of a plan. */
  source(): Record<string, Value> {
    const { sources } = this.#scene.settings;
    return sources.length > 0 && this.#scene.random.chance(0.85)
      ? { Revenue_Source__c: this.#scene.random.pick([...sources, ...sources, ...sources, 'Opportunity_Amount', null]) }
      : {};
  }

  #each(object: ObjectName, most: number, change: (known: Known) => Record<string, Value>): Statement {
    const { random } = this.#scene;
    const rows = random
      .some(this.#scene.alive(object), random.integer(1, most))
      .map((known): Row => ({ name: known.name, fields: change(known) }));
    return this.#scene.write('update', object, rows);
  }

  #insert(object: ObjectName, most: number, make: () => Row | null): Statement {
    const count = this.#scene.random.integer(1, most);
    const rows = Array.from({ length: count }, make).filter((row) => row !== null);
    return this.#scene.write('insert', object, rows);
  }

  /** A price in a currency; now and then in another, which is refused. */
  #price(currency: string | null): string {
    const { random, variant } = this.#scene;
    const isoCode = !variant.hasCurrencies ? '' : random.chance(0.05) ? random.pick(CURRENCIES) : (currency ?? 'USD');
    return `@price${random.pick(PRICES)}${isoCode}`;
  }

  #quantity(): Value {
    return this.#scene.random.pick(['1', '2', '3', '7', '0.5']);
  }

  #unitPrice(): Value {
    const { random } = this.#scene;
    return random.pick(['1', '99.99', '0.01', '1234.56', '-20', String(random.integer(1, 9000))]);
  }

  insertLines(most = 5): Statement {
    return this.#insert('OpportunityLineItem', most, () => {
      const opportunity = this.#scene.maybe('Opportunity');
      if (!opportunity) return null;
      const known = this.#scene.add('OpportunityLineItem', 'l', null, {
        parent: opportunity.name,
        owner: opportunity.owner,
      });
      return {
        name: known.name,
        fields: {
          OpportunityId: `@${opportunity.name}`,
          PricebookEntryId: this.#price(opportunity.currency),
          Quantity: this.#quantity(),
          UnitPrice: this.#unitPrice(),
        },
      };
    });
  }

  #changeLines(): Statement {
    return this.#each('OpportunityLineItem', 3, () =>
      this.#scene.random.pick<Record<string, Value>>([
        { Quantity: this.#quantity() },
        { UnitPrice: this.#unitPrice() },
        { Description: 'As ordered' },
      ]),
    );
  }

  insertSchedules(most = 6): Statement {
    return this.#insert('OpportunityLineItemSchedule', most, () => {
      const line = this.#scene.maybe('OpportunityLineItem');
      if (!line) return null;
      const known = this.#scene.add('OpportunityLineItemSchedule', 's', null, { parent: line.name, owner: line.owner });
      return {
        name: known.name,
        fields: {
          OpportunityLineItemId: `@${line.name}`,
          Type: 'Revenue',
          ScheduleDate: this.#scene.day(),
          Revenue: this.#unitPrice(),
        },
      };
    });
  }

  #changeSchedules(): Statement {
    return this.#each('OpportunityLineItemSchedule', 3, () =>
      this.#scene.random.pick<Record<string, Value>>([
        { ScheduleDate: this.#scene.day() },
        { Revenue: this.#unitPrice() },
      ]),
    );
  }

  insertSplits(most = 2): Statement {
    return this.#insert('OpportunitySplit', most, () => {
      const opportunity = this.#scene.maybe('Opportunity');
      if (!opportunity) return null;
      const known = this.#scene.add('OpportunitySplit', 't', null, { parent: opportunity.name });
      return {
        name: known.name,
        fields: {
          OpportunityId: `@${opportunity.name}`,
          SplitOwnerId: `@${this.#scene.random.pick(USERS)}`,
          SplitTypeId: this.#scene.random.chance(0.6) ? '@splitRevenue' : '@splitOverlay',
          SplitPercentage: this.#percentage(),
        },
      };
    });
  }

  #changeSplits(): Statement {
    return this.#each('OpportunitySplit', 2, () => ({ SplitPercentage: this.#percentage() }));
  }

  #percentage(): Value {
    return this.#scene.random.pick(['0', '10', '33.33', '50', '100']);
  }

  insertOrders(most = 3): Statement {
    return this.#insert('Order', most, () => {
      const account = this.#scene.maybe('Account');
      const currency = this.#scene.currency();
      const known = this.#scene.add('Order', 'r', account?.name ?? null, {
        currency: currency.CurrencyIsoCode ?? null,
      });
      return {
        name: known.name,
        fields: {
          ...(account ? { AccountId: `@${account.name}` } : {}),
          EffectiveDate: this.#scene.day(),
          Status: 'Draft',
          Pricebook2Id: '@pricebook',
          ...currency,
        },
      };
    });
  }

  insertOrderItems(most = 4): Statement {
    return this.#insert('OrderItem', most, () => {
      const order = this.#scene.maybe('Order');
      if (!order) return null;
      const known = this.#scene.add('OrderItem', 'i', null, { parent: order.name });
      return {
        name: known.name,
        fields: {
          OrderId: `@${order.name}`,
          PricebookEntryId: this.#price(order.currency),
          Quantity: this.#scene.random.pick(['1', '2', '5']),
          UnitPrice: this.#scene.random.pick(['1', '99.99', '1234.5']),
        },
      };
    });
  }

  #changeOrders(): Statement {
    return this.#each('Order', 3, (known) =>
      this.#scene.random.pick<() => Record<string, Value>>([
        () => ({ Status: this.#scene.random.pick(ORDER_STATUSES) }),
        () => ({ EffectiveDate: this.#scene.day() }),
        () => this.#moved(known, 'AccountId'),
      ])(),
    );
  }

  insertInvoices(most = 5): Statement {
    return this.#insert('Imported_Invoice__c', most, () => {
      const account = this.#scene.random.chance(0.05) ? null : this.#scene.maybe('Account');
      const known = this.#scene.add('Imported_Invoice__c', 'v', account?.name ?? null);
      return {
        name: known.name,
        fields: {
          Name: `Invoice ${known.name}`,
          ...(account ? { Account__c: `@${account.name}` } : {}),
          Invoice_Date__c: this.#scene.random.chance(0.05) ? null : this.#scene.day(),
          Amount__c: this.#scene.amount(),
          Status__c: this.#scene.random.pick(INVOICE_STATUSES),
          ...this.#scene.currency(),
        },
      };
    });
  }

  #changeInvoices(): Statement {
    return this.#each('Imported_Invoice__c', 4, (known) =>
      this.#scene.random.pick<() => Record<string, Value>>([
        () => ({ Status__c: this.#scene.random.pick(INVOICE_STATUSES) }),
        () => ({ Invoice_Date__c: this.#scene.random.chance(0.1) ? null : this.#scene.day() }),
        () => ({ Amount__c: this.#scene.amount(), ...this.#scene.currency() }),
        () => this.#moved(known, 'Account__c'),
      ])(),
    );
  }

  #moved(known: Known, field: string): Record<string, Value> {
    const account = this.#scene.random.chance(0.05) ? null : this.#scene.maybe('Account');
    known.account = account?.name ?? null;
    return { [field]: known.account === null ? null : `@${known.account}` };
  }
}

type FirstStep = (steps: SourceSteps) => readonly [string, Statement];
const lines: FirstStep = (steps) => ['product lines', steps.insertLines(8)];
const FIRST_STEPS: Readonly<Record<SourceName, readonly FirstStep[]>> = {
  Product_Lines: [lines],
  Product_Schedules: [lines, (steps) => ['instalments', steps.insertSchedules(12)]],
  Opportunity_Splits: [(steps) => ['splits', steps.insertSplits(4)]],
  Orders: [(steps) => ['orders', steps.insertOrders(6)], (steps) => ['order products', steps.insertOrderItems(8)]],
  Imported_Invoices: [(steps) => ['invoices', steps.insertInvoices(10)]],
};
