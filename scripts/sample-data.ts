/**
 * Writes the sample data: a sales team's accounts, contacts, plans and opportunities around a given day, as files for
 * `sf data import tree --plan`. Everything is derived from fixed lists and a seeded generator, so a day always gives
 * the same data.
 *
 *   node scripts/sample-data.ts [--directory unpackaged/data] [--today 2027-01-31]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface TreeRecord {
  attributes: { type: string; referenceId: string };
  [field: string]: unknown;
}

interface AccountProfile {
  name: string;
  industry: string;
  city: string;
  state: string;
  country: string;
  employees: number;
  revenue: number;
  /** Typical deal in US dollars. */
  deal: number;
  /** Expected revenue of the current plan as a multiple of its target; null for an account without a plan. */
  pace: number | null;
  period: 'Quarter' | 'Half-Year' | 'Year';
  contacts: readonly [first: string, last: string, title: string][];
}

/** Pace above 1 is ahead of target, below 1 behind. */
const ACCOUNTS: readonly AccountProfile[] = [
  {
    name: 'Northwind Precision Components',
    industry: 'Manufacturing',
    city: 'Grand Rapids',
    state: 'MI',
    country: 'USA',
    employees: 2400,
    revenue: 640e6,
    deal: 120e3,
    pace: 1.18,
    period: 'Half-Year',
    contacts: [
      ['Maren', 'Oduya', 'VP Operations'],
      ['Tobias', 'Lindqvist', 'Head of Procurement'],
    ],
  },
  {
    name: 'Alder & Finch Logistics',
    industry: 'Transportation',
    city: 'Memphis',
    state: 'TN',
    country: 'USA',
    employees: 5100,
    revenue: 910e6,
    deal: 85e3,
    pace: 0.62,
    period: 'Half-Year',
    contacts: [
      ['Priya', 'Raghunathan', 'Chief Supply Chain Officer'],
      ['Cole', 'Bannister', 'Fleet Director'],
    ],
  },
  {
    name: 'Meridian Health Partners',
    industry: 'Healthcare',
    city: 'Minneapolis',
    state: 'MN',
    country: 'USA',
    employees: 8800,
    revenue: 1450e6,
    deal: 210e3,
    pace: 0.94,
    period: 'Year',
    contacts: [
      ['Ifeoma', 'Castellanos', 'Chief Information Officer'],
      ['Grant', 'Whitlock', 'Director of Clinical Systems'],
    ],
  },
  {
    name: 'Brightwater Utilities',
    industry: 'Utilities',
    city: 'Portland',
    state: 'OR',
    country: 'USA',
    employees: 3300,
    revenue: 780e6,
    deal: 150e3,
    pace: 1.35,
    period: 'Year',
    contacts: [
      ['Hana', 'Sorensen', 'VP Grid Modernization'],
      ['Marcus', 'Tally', 'Procurement Lead'],
    ],
  },
  {
    name: 'Castellan Financial Group',
    industry: 'Banking',
    city: 'Charlotte',
    state: 'NC',
    country: 'USA',
    employees: 12500,
    revenue: 3200e6,
    deal: 260e3,
    pace: 0.71,
    period: 'Half-Year',
    contacts: [
      ['Beatrix', 'Van Alten', 'Managing Director'],
      ['Devon', 'Achterberg', 'Head of Platform Engineering'],
    ],
  },
  {
    name: 'Sierra Alta Foods',
    industry: 'Food & Beverage',
    city: 'Fresno',
    state: 'CA',
    country: 'USA',
    employees: 1900,
    revenue: 420e6,
    deal: 60e3,
    pace: 1.04,
    period: 'Quarter',
    contacts: [
      ['Lucia', 'Marroquin', 'Plant Manager'],
      ['Owen', 'Prescott', 'Chief Financial Officer'],
    ],
  },
  {
    name: 'Halcyon Aerospace Systems',
    industry: 'Engineering',
    city: 'Wichita',
    state: 'KS',
    country: 'USA',
    employees: 6700,
    revenue: 1900e6,
    deal: 320e3,
    pace: 0.48,
    period: 'Year',
    contacts: [
      ['Stellan', 'Groves', 'Program Director'],
      ['Naomi', 'Feldstein', 'VP Manufacturing Engineering'],
    ],
  },
  {
    name: 'Kestrel Retail Brands',
    industry: 'Retail',
    city: 'Columbus',
    state: 'OH',
    country: 'USA',
    employees: 21000,
    revenue: 2700e6,
    deal: 95e3,
    pace: 0.88,
    period: 'Quarter',
    contacts: [
      ['Amara', 'Nwosu', 'Chief Digital Officer'],
      ['Philip', 'Renner', 'Director of Store Systems'],
    ],
  },
  {
    name: 'Tidewater Chemical',
    industry: 'Chemicals',
    city: 'Baton Rouge',
    state: 'LA',
    country: 'USA',
    employees: 4200,
    revenue: 1100e6,
    deal: 140e3,
    pace: 1.09,
    period: 'Half-Year',
    contacts: [
      ['Gideon', 'Thibodeaux', 'VP Safety and Compliance'],
      ['Wren', 'Halloran', 'Site Director'],
    ],
  },
  {
    name: 'Rheintal Maschinenbau',
    industry: 'Machinery',
    city: 'Stuttgart',
    state: '',
    country: 'Germany',
    employees: 3800,
    revenue: 860e6,
    deal: 175e3,
    pace: 0.79,
    period: 'Year',
    contacts: [
      ['Annelie', 'Brückner', 'Leiterin Einkauf'],
      ['Jörg', 'Haffner', 'Geschäftsführer'],
    ],
  },
  {
    name: 'Pinnacle Telecom',
    industry: 'Telecommunications',
    city: 'Denver',
    state: 'CO',
    country: 'USA',
    employees: 9600,
    revenue: 2100e6,
    deal: 190e3,
    pace: 1.0,
    period: 'Half-Year',
    contacts: [
      ['Rafael', 'Ibarra', 'VP Network Strategy'],
      ['Colette', 'Dumas', 'Sourcing Manager'],
    ],
  },
  {
    name: 'Copperfield Insurance',
    industry: 'Insurance',
    city: 'Hartford',
    state: 'CT',
    country: 'USA',
    employees: 7200,
    revenue: 1650e6,
    deal: 130e3,
    pace: null,
    period: 'Year',
    contacts: [
      ['Imogen', 'Sayer', 'Chief Claims Officer'],
      ['Theo', 'Malik', 'Head of Vendor Management'],
    ],
  },
  {
    name: 'Juniper Ridge Energy',
    industry: 'Energy',
    city: 'Boise',
    state: 'ID',
    country: 'USA',
    employees: 1500,
    revenue: 380e6,
    deal: 90e3,
    pace: null,
    period: 'Year',
    contacts: [
      ['Silas', 'Kowalczyk', 'Operations Director'],
      ['Mina', 'Farrow', 'Controller'],
    ],
  },
  {
    name: 'Lakeshore University Hospital',
    industry: 'Healthcare',
    city: 'Evanston',
    state: 'IL',
    country: 'USA',
    employees: 5400,
    revenue: 990e6,
    deal: 110e3,
    pace: 0.55,
    period: 'Quarter',
    contacts: [
      ['Yusuf', 'Adeyemi', 'Chief Medical Information Officer'],
      ['Clara', 'Bishop', 'Director of Purchasing'],
    ],
  },
];

const OFFERINGS = [
  'Platform Renewal',
  'Analytics Expansion',
  'Field Service Rollout',
  'Support Uplift',
  'Integration Services',
  'Pilot Program',
] as const;

/** Open stages with the probability that the platform gives them. */
const OPEN_STAGES: readonly [stage: string, probability: number][] = [
  ['Prospecting', 10],
  ['Qualification', 10],
  ['Needs Analysis', 20],
  ['Value Proposition', 50],
  ['Proposal/Price Quote', 75],
  ['Negotiation/Review', 90],
];

const MONTHS = { Quarter: 3, 'Half-Year': 6, Year: 12 } as const;

const { values } = parseArgs({
  options: {
    directory: { type: 'string', default: join(import.meta.dirname, '../unpackaged/data') },
    today: { type: 'string' },
  },
});
const today = values.today ? new Date(`${values.today}T00:00:00Z`) : new Date();
if (Number.isNaN(today.getTime())) {
  throw new Error(`--today takes a date like 2027-01-31, not "${values.today}".`);
}
write(values.directory);

function write(directory: string): void {
  const random = seeded(20270101);
  const files = {
    Account: [] as TreeRecord[],
    Contact: [] as TreeRecord[],
    Key_Account_Plan__c: [] as TreeRecord[],
    Opportunity: [] as TreeRecord[],
  };
  ACCOUNTS.forEach((profile, index) => {
    const account = `Account${index + 1}`;
    files.Account.push(accountRecord(profile, account));
    profile.contacts.forEach(([first, last, title], contact) =>
      files.Contact.push(contactRecord(profile, account, first, last, title, `Contact${index + 1}_${contact + 1}`)),
    );
    const period = periodAround(today, MONTHS[profile.period], 0);
    const opportunities = opportunitiesOf(profile, account, period, random);
    files.Opportunity.push(...opportunities);
    if (profile.pace !== null) {
      const target = targetFor(opportunities, period, profile.pace);
      files.Key_Account_Plan__c.push(planRecord(profile, account, 'Current', period, target));
      const previous = periodAround(today, MONTHS[profile.period], -1);
      if (index % 3 === 0) {
        files.Opportunity.push(...pastOpportunitiesOf(profile, account, previous, random));
        files.Key_Account_Plan__c.push(
          planRecord(profile, account, 'Previous', previous, round(profile.deal * 2.2, 10_000)),
        );
      }
    }
  });
  files.Opportunity.forEach((record, index) => {
    record.attributes.referenceId = `Opportunity${index + 1}`;
  });

  mkdirSync(directory, { recursive: true });
  for (const [object, records] of Object.entries(files)) {
    writeJson(join(directory, `${object}.json`), { records });
  }
  writeJson(
    join(directory, 'plan.json'),
    Object.keys(files).map((sobject) => ({ sobject, saveRefs: true, resolveRefs: true, files: [`${sobject}.json`] })),
  );
}

function accountRecord(profile: AccountProfile, referenceId: string): TreeRecord {
  return {
    attributes: { type: 'Account', referenceId },
    Name: profile.name,
    Industry: profile.industry,
    BillingCity: profile.city,
    ...(profile.state ? { BillingState: profile.state } : {}),
    BillingCountry: profile.country,
    NumberOfEmployees: profile.employees,
    AnnualRevenue: profile.revenue,
    Type: 'Customer - Direct',
  };
}

function contactRecord(
  profile: AccountProfile,
  account: string,
  firstName: string,
  lastName: string,
  title: string,
  referenceId: string,
): TreeRecord {
  const mailbox = `${firstName}.${lastName}`
    .normalize('NFD')
    .replace(/[^\w.]/g, '')
    .toLowerCase();
  const domain = profile.name.toLowerCase().replace(/[^a-z]+/g, '-');
  return {
    attributes: { type: 'Contact', referenceId },
    AccountId: `@${account}`,
    FirstName: firstName,
    LastName: lastName,
    Title: title,
    Email: `${mailbox}@${domain}.example`,
  };
}

interface Period {
  start: Date;
  end: Date;
}

function planRecord(
  profile: AccountProfile,
  account: string,
  which: string,
  period: Period,
  target: number,
): TreeRecord {
  return {
    attributes: { type: 'Key_Account_Plan__c', referenceId: `Plan${which}${account}` },
    Account__c: `@${account}`,
    Period__c: profile.period,
    Start_Date__c: iso(period.start),
    End_Date__c: iso(period.end),
    Sales_Target__c: target,
    Approval_Status__c:
      which === 'Previous' ? 'Approved' : profile.pace !== null && profile.pace >= 1 ? 'Approved' : 'Draft',
    Goals__c: `<p>Grow ${profile.name} from single projects to a standing agreement.</p><ul><li>Win the open proposals of this period.</li><li>Agree a joint roadmap with ${profile.contacts[0]?.[0]} ${profile.contacts[0]?.[1]}.</li></ul>`,
    Short_Term_Plan__c: `<p>Call ${profile.contacts[1]?.[0]} ${profile.contacts[1]?.[1]} about the next steps of the largest open deal.</p>`,
  };
}

/** Six deals an account: two won, one lost, two open, and one that closes after the period. */
function opportunitiesOf(profile: AccountProfile, account: string, period: Period, random: () => number): TreeRecord[] {
  const [renewal, expansion, rollout, uplift, integration, pilot] = OFFERINGS;
  const past = (): Date => between(period.start, minimum(today, period.end), random());
  const future = (): Date => between(minimum(today, period.end), period.end, random());
  const afterPeriod = addDays(period.end, 20 + Math.floor(random() * 60));
  const stage = (from: number, to: number): string => pick(OPEN_STAGES.slice(from, to), random)[0];
  return [
    opportunity(profile, account, renewal, 'Closed Won', past(), random),
    opportunity(profile, account, uplift, 'Closed Won', past(), random),
    opportunity(profile, account, pilot, 'Closed Lost', past(), random),
    opportunity(profile, account, expansion, stage(3, 6), future(), random),
    opportunity(profile, account, rollout, stage(1, 4), future(), random),
    opportunity(profile, account, integration, stage(0, 3), afterPeriod, random),
  ];
}

/** What was won and lost in the period before. */
function pastOpportunitiesOf(
  profile: AccountProfile,
  account: string,
  period: Period,
  random: () => number,
): TreeRecord[] {
  const [renewal, , rollout, , integration] = OFFERINGS;
  const past = (): Date => between(period.start, period.end, random());
  return [
    opportunity(profile, account, renewal, 'Closed Won', past(), random),
    opportunity(profile, account, integration, 'Closed Won', past(), random),
    opportunity(profile, account, rollout, 'Closed Lost', past(), random),
  ];
}

function opportunity(
  profile: AccountProfile,
  account: string,
  offering: string,
  stage: string,
  closeDate: Date,
  random: () => number,
): TreeRecord {
  return {
    attributes: { type: 'Opportunity', referenceId: '' },
    AccountId: `@${account}`,
    Name: `${profile.name.split(' ')[0]} – ${offering}`,
    StageName: stage,
    CloseDate: iso(closeDate),
    Amount: round(profile.deal * (0.5 + random()), 500),
    ...(stage === 'Closed Won' ? { Type: 'Existing Customer - Upgrade' } : {}),
  };
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** The target for which the plan's expected revenue is `pace` times it. */
function targetFor(opportunities: readonly TreeRecord[], period: Period, pace: number): number {
  const probability = new Map<string, number>([...OPEN_STAGES, ['Closed Won', 100]]);
  const expected = opportunities
    .filter(
      (record) => String(record['CloseDate']) >= iso(period.start) && String(record['CloseDate']) <= iso(period.end),
    )
    .reduce(
      (sum, record) => sum + (Number(record['Amount']) * (probability.get(String(record['StageName'])) ?? 0)) / 100,
      0,
    );
  return Math.max(10_000, round(expected / pace, 5_000));
}

function periodAround(day: Date, months: number, offset: number): Period {
  const firstMonth = Math.floor(day.getUTCMonth() / months) * months + offset * months;
  return {
    start: new Date(Date.UTC(day.getUTCFullYear(), firstMonth, 1)),
    end: new Date(Date.UTC(day.getUTCFullYear(), firstMonth + months, 0)),
  };
}

function between(from: Date, to: Date, fraction: number): Date {
  const days = Math.max(0, Math.floor((to.getTime() - from.getTime()) / 86_400_000));
  return addDays(from, Math.round(days * fraction));
}

function minimum(left: Date, right: Date): Date {
  return left < right ? left : right;
}

function addDays(day: Date, days: number): Date {
  return new Date(day.getTime() + days * 86_400_000);
}

function iso(day: Date): string {
  return day.toISOString().slice(0, 10);
}

function round(value: number, step: number): number {
  return Math.round(value / step) * step;
}

/** Mulberry32: a small generator with a seed, so that the data are the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function writeJson(file: string, content: unknown): void {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
