/**
 * Opportunity teams and splits (Object Reference, OpportunityTeamMember and OpportunitySplit; Salesforce Help, "Opportunity
 * Splits"): the owner is credited with what others are not, where a split type totals 100 %.
 */
import type { ObjectDescribe } from '../../schema/types.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { Decimal } from '../../values/Decimal.ts';
import { insertSystemRow } from '../../store/systemRows.ts';
import { touchedParents } from './consequences.ts';
import { addError, sameValue } from './rows.ts';
import type { SaveRow } from './rows.ts';
import type { SaveServices } from './services.ts';
import type { StandardRules } from './standardRules.ts';

const HUNDRED = Decimal.parse('100');

function amountOf(amount: unknown, percentage: unknown): Decimal | null {
  return amount instanceof Decimal && percentage instanceof Decimal
    ? amount.multiply(percentage).divide(HUNDRED, 2, 'HALF_UP')
    : null;
}

function rowsWhere(
  services: SaveServices,
  describe: ObjectDescribe,
  condition: string,
  parameters: readonly string[],
): readonly ReadonlyMap<string, unknown>[] {
  return [...services.store.loadWhere(describe, `"IsDeleted" = 0 AND ${condition}`, [...parameters]).values()];
}

function checkSplit(row: SaveRow, services: SaveServices): void {
  const { values } = row.record;
  const percentage = values.get('SplitPercentage');
  const type = values.get('SplitTypeId');
  const opportunity = values.get('OpportunityId');
  const owner = values.get('SplitOwnerId');
  const describe = row.record.describe;
  if (typeof type !== 'string' || typeof opportunity !== 'string' || typeof owner !== 'string') return;
  const totals = services.derivation.lookUp('OpportunitySplitType', type, 'IsTotalValidated') === true;
  if (percentage instanceof Decimal && (percentage.signum() < 0 || (totals && percentage.compare(HUNDRED) > 0)))
    addError(row, 'NUMBER_OUTSIDE_VALID_RANGE', `Percent (%): a split can't be ${percentage.toString()} %`, [
      'SplitPercentage',
    ]);
  if (!row.old) {
    const same = rowsWhere(services, describe, '"OpportunityId" = ? AND "SplitTypeId" = ? AND "SplitOwnerId" = ?', [
      opportunity,
      type,
      owner,
    ]);
    if (same.length > 0)
      addError(row, 'DUPLICATE_VALUE', 'the user has a split of this type on the opportunity; update it instead', [
        'SplitOwnerId',
      ]);
  }
  values.set('SplitAmount', amountOf(services.derivation.lookUp('Opportunity', opportunity, 'Amount'), percentage));
}

/** The owner's split takes up or gives away what the others' changed. `rows`: the splits that were saved, which fail past 100 %. */
function balance(opportunities: readonly string[], services: SaveServices, rows: readonly SaveRow[] = []): void {
  const { schema, store } = services;
  const split = schema.object('OpportunitySplit');
  const opportunity = schema.object('Opportunity');
  const type = schema.object('OpportunitySplitType');
  if (!split || !opportunity || !type) return;
  const validated = [...store.loadWhere(type, '"IsTotalValidated" = 1', []).keys()];
  for (const [id, facts] of store.load(opportunity, opportunities)) {
    if (facts.get('IsDeleted') === true) continue;
    for (const typeId of validated) {
      const splits = rowsWhere(services, split, '"OpportunityId" = ? AND "SplitTypeId" = ?', [id, typeId]);
      const others = splits.filter((values) => values.get('SplitOwnerId') !== facts.get('OwnerId'));
      const given = others.reduce((sum, values) => sum.add(values.get('SplitPercentage') as Decimal), Decimal.ZERO);
      const rest = HUNDRED.subtract(given);
      if (rest.signum() < 0) {
        for (const row of rows.filter(({ record }) => record.values.get('OpportunityId') === id))
          addError(row, 'FIELD_INTEGRITY_EXCEPTION', 'splits of this type total more than 100 %', ['SplitPercentage']);
        continue;
      }
      const own = splits.find((values) => values.get('SplitOwnerId') === facts.get('OwnerId'));
      setSplit(services, split, {
        id,
        typeId,
        ownerId: String(facts.get('OwnerId')),
        own,
        rest,
        amount: facts.get('Amount'),
      });
    }
  }
}

interface OwnersSplit {
  readonly id: string;
  readonly typeId: string;
  readonly ownerId: string;
  readonly own: ReadonlyMap<string, unknown> | undefined;
  readonly rest: Decimal;
  readonly amount: unknown;
}

function setSplit(
  services: SaveServices,
  split: ObjectDescribe,
  { id, typeId, ownerId, own, rest, amount }: OwnersSplit,
): void {
  const values = { SplitPercentage: rest, SplitAmount: amountOf(amount, rest) };
  if (own) services.store.update(split, String(own.get('Id')), new Map(Object.entries(values)));
  else
    insertSystemRow(
      services.store,
      split,
      {
        OpportunityId: id,
        SplitTypeId: typeId,
        SplitOwnerId: ownerId,
        Split: String(services.store.nextNumber('OpportunitySplit.Split')),
        ...values,
      },
      services.userId,
      new ApexDatetime(services.transaction.now()),
    );
}

/** doesAutoAddSplitOwnerAsOpportunityTeamMember: whoever gets a split joins the team. */
function joinTeam(rows: readonly SaveRow[], services: SaveServices): void {
  const member = services.schema.object('OpportunityTeamMember');
  if (!member) return;
  for (const { record, old } of rows) {
    const user = record.values.get('SplitOwnerId');
    const opportunity = record.values.get('OpportunityId');
    if (old || typeof user !== 'string' || typeof opportunity !== 'string') continue;
    if (services.derivation.lookUp('Opportunity', opportunity, 'OwnerId') === user) continue;
    if (rowsWhere(services, member, '"OpportunityId" = ? AND "UserId" = ?', [opportunity, user]).length > 0) continue;
    insertSystemRow(
      services.store,
      member,
      {
        OpportunityId: opportunity,
        UserId: user,
        Name: services.derivation.lookUp('User', user, 'Name'),
        OpportunityAccessLevel: 'Read',
      },
      services.userId,
      new ApexDatetime(services.transaction.now()),
    );
    services.shares.teamsChanged(member, [opportunity], {
      userId: services.userId,
      now: services.transaction.now(),
    });
  }
}

/** A new opportunity is its owner's; a new owner takes over the former one's split; amounts follow the opportunity's. */
function followOpportunity(rows: readonly SaveRow[], services: SaveServices): void {
  const split = services.schema.object('OpportunitySplit');
  if (!split) return;
  const fresh: SaveRow[] = [];
  for (const row of rows) {
    const { record, old } = row;
    const id = record.id ?? '';
    const changed = (name: string): boolean =>
      old !== null && !sameValue(old.values.get(name), record.values.get(name));
    if (old === null || changed('OwnerId')) {
      fresh.push(row);
      if (old)
        for (const values of rowsWhere(services, split, '"OpportunityId" = ? AND "SplitOwnerId" = ?', [
          id,
          String(old.values.get('OwnerId')),
        ]))
          services.store.purge(split, [String(values.get('Id'))]);
    }
    if (!changed('Amount')) continue;
    for (const values of rowsWhere(services, split, '"OpportunityId" = ?', [id]))
      services.store.update(
        split,
        String(values.get('Id')),
        new Map([['SplitAmount', amountOf(record.values.get('Amount'), values.get('SplitPercentage'))]]),
      );
  }
  balance(
    fresh.map(({ record }) => record.id ?? ''),
    services,
  );
}

export const splitRules: StandardRules = {
  OpportunitySplit: {
    check: checkSplit,
    after: (rows, services) => {
      balance(touchedParents(rows, 'OpportunityId'), services, rows);
      joinTeam(rows, services);
    },
  },
  OpportunityTeamMember: {
    check: (row, { derivation }) => {
      const user = row.record.values.get('UserId');
      if (typeof user === 'string') row.record.values.set('Name', derivation.lookUp('User', user, 'Name'));
    },
  },
  Opportunity: { after: followOpportunity },
};
