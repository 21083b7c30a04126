/**
 * Figures that the platform keeps on campaigns: members, responses and opportunities, alone and with the campaigns below.
 * With several currencies amounts are in the campaign's own; dated rates count for a campaign's opportunities and not for
 * what rolls up from the campaigns below it (Salesforce Help, "About Advanced Currency Management").
 */
import type { FieldDescribe } from '../../schema/types.ts';
import { decode, quote } from '../../store/encoding.ts';
import type { SaveRow } from './rows.ts';
import type { SaveServices } from './services.ts';

const OWN: Readonly<Record<string, string>> = {
  NumberOfLeads:
    'SELECT count(*) FROM "CampaignMember" WHERE "IsDeleted" = 0 AND "LeadId" IS NOT NULL AND "CampaignId" IN tree',
  NumberOfConvertedLeads:
    'SELECT count(*) FROM "CampaignMember" m JOIN "Lead" l ON l."Id" = m."LeadId" WHERE m."IsDeleted" = 0 AND l."IsConverted" = 1 AND m."CampaignId" IN tree',
  NumberOfContacts:
    'SELECT count(*) FROM "CampaignMember" WHERE "IsDeleted" = 0 AND "ContactId" IS NOT NULL AND "CampaignId" IN tree',
  NumberOfResponses:
    'SELECT count(*) FROM "CampaignMember" WHERE "IsDeleted" = 0 AND "HasResponded" = 1 AND "CampaignId" IN tree',
  NumberOfOpportunities: 'SELECT count(*) FROM "Opportunity" WHERE "IsDeleted" = 0 AND "CampaignId" IN tree',
  NumberOfWonOpportunities:
    'SELECT count(*) FROM "Opportunity" WHERE "IsDeleted" = 0 AND "IsWon" = 1 AND "CampaignId" IN tree',
};

/** How amounts are added up; every amount is stored with two decimals. */
type Sum = (field: string, day: string) => string;
const ONE_CURRENCY: Sum = (field) => `sum(${quote(field)})`;
const SEVERAL_CURRENCIES: Sum = (field, day) =>
  `money_total(${quote(field)}, "CurrencyIsoCode", ${day}, (SELECT target."CurrencyIsoCode" FROM "Campaign" target WHERE target."Id" = ?1))`;

/** Amounts of the opportunities of a campaign alone. */
const amounts = (sum: Sum, day: string): Readonly<Record<string, string>> => ({
  AmountAllOpportunities: `SELECT coalesce(${sum('Amount', day)}, 0) FROM "Opportunity" WHERE "IsDeleted" = 0 AND "CampaignId" IN tree`,
  AmountWonOpportunities: `SELECT coalesce(${sum('Amount', day)}, 0) FROM "Opportunity" WHERE "IsDeleted" = 0 AND "IsWon" = 1 AND "CampaignId" IN tree`,
});

/** Sums over the hierarchy only. */
const hierarchy = (sum: Sum): Readonly<Record<string, string>> => ({
  NumberSent: 'SELECT coalesce(sum("NumberSent"), 0) FROM "Campaign" WHERE "Id" IN tree',
  ...Object.fromEntries(
    ['ExpectedRevenue', 'BudgetedCost', 'ActualCost', 'AmountAllOpportunities', 'AmountWonOpportunities'].map(
      (field) => [field, `SELECT coalesce(${sum(field, 'NULL')}, 0) FROM "Campaign" WHERE "Id" IN tree`],
    ),
  ),
});
const ALONE = 'WITH tree(id) AS (SELECT ?1)';
const WITH_CHILDREN =
  'WITH RECURSIVE tree(id) AS (SELECT ?1 UNION SELECT c."Id" FROM "Campaign" c JOIN tree ON c."ParentId" = tree.id WHERE c."IsDeleted" = 0)';
const UPWARDS =
  'WITH RECURSIVE up(id) AS (SELECT value FROM json_each(?) UNION SELECT c."ParentId" FROM "Campaign" c JOIN up ON c."Id" = up.id WHERE c."ParentId" IS NOT NULL) SELECT id FROM up';

/** Brings the figures of every campaign up to date that these rows (opportunities, members, campaigns) touch. Fires no triggers. */
export function updateCampaigns(rows: readonly SaveRow[], services: SaveServices): void {
  const campaign = services.schema.object('Campaign');
  const [describe] = rows.map((row) => row.record.describe);
  if (!campaign || !describe) return;
  const column = describe === campaign ? 'ParentId' : 'CampaignId';
  const touched = new Set<string>();
  for (const row of rows) {
    for (const record of [row.record, row.old]) {
      const id = record?.values.get(column);
      if (typeof id === 'string') touched.add(id);
    }
    if (describe === campaign && row.record.id !== null) touched.add(row.record.id);
  }
  if (touched.size === 0) return;
  const figure = (name: string, sql: string, id: string): [string, unknown] => {
    const field = campaign.field(name) as FieldDescribe;
    return [field.name, decode(field, services.store.all(sql, [id])[0]?.[0] ?? 0n)];
  };
  const sum = services.rates ? SEVERAL_CURRENCIES : ONE_CURRENCY;
  const dated = services.schema.object('Opportunity')?.rateDatePath ? '"CloseDate"' : 'NULL';
  const alone = { ...OWN, ...amounts(sum, dated) };
  const together = { ...OWN, ...hierarchy(sum) };
  const ids = services.store.all(UPWARDS, [JSON.stringify([...touched])]).map(([id]) => String(id));
  const update = (id: string, prefix: string, scope: string, figures: Readonly<Record<string, string>>): void =>
    services.store.update(
      campaign,
      id,
      new Map(Object.entries(figures).map(([name, sql]) => figure(`${prefix}${name}`, `${scope} ${sql}`, id))),
    );
  for (const id of ids) update(id, '', ALONE, alone);
  for (const id of ids) update(id, 'Hierarchy', WITH_CHILDREN, together);
}
