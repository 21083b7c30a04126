/** Figures that the platform keeps on campaigns: members, responses and opportunities, alone and with the campaigns below. */
import type { FieldDescribe } from '../../schema/types.ts';
import { decode } from '../../store/encoding.ts';
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
  AmountAllOpportunities:
    'SELECT coalesce(sum("Amount"), 0) FROM "Opportunity" WHERE "IsDeleted" = 0 AND "CampaignId" IN tree',
  AmountWonOpportunities:
    'SELECT coalesce(sum("Amount"), 0) FROM "Opportunity" WHERE "IsDeleted" = 0 AND "IsWon" = 1 AND "CampaignId" IN tree',
};
/** Sums over the hierarchy only. Every amount is stored with two decimals. */
const HIERARCHY: Readonly<Record<string, string>> = {
  NumberSent: 'SELECT coalesce(sum("NumberSent"), 0) FROM "Campaign" WHERE "Id" IN tree',
  ExpectedRevenue: 'SELECT coalesce(sum("ExpectedRevenue"), 0) FROM "Campaign" WHERE "Id" IN tree',
  BudgetedCost: 'SELECT coalesce(sum("BudgetedCost"), 0) FROM "Campaign" WHERE "Id" IN tree',
  ActualCost: 'SELECT coalesce(sum("ActualCost"), 0) FROM "Campaign" WHERE "Id" IN tree',
};
const ALONE = 'WITH tree(id) AS (SELECT ?)';
const WITH_CHILDREN =
  'WITH RECURSIVE tree(id) AS (SELECT ? UNION SELECT c."Id" FROM "Campaign" c JOIN tree ON c."ParentId" = tree.id WHERE c."IsDeleted" = 0)';
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
  for (const [id] of services.store.all(UPWARDS, [JSON.stringify([...touched])])) {
    const campaignId = String(id);
    const values = new Map<string, unknown>([
      ...Object.entries(OWN).map(([name, sql]) => figure(name, `${ALONE} ${sql}`, campaignId)),
      ...Object.entries({ ...OWN, ...HIERARCHY }).map(([name, sql]) =>
        figure(`Hierarchy${name}`, `${WITH_CHILDREN} ${sql}`, campaignId),
      ),
    ]);
    services.store.update(campaign, campaignId, values);
  }
}
