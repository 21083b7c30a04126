/** The orgs that histories are played on: shapes of config/, with what customers add to them. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Values of Key_Account_Plan__c.Revenue_Source__c besides opportunity amounts. */
export const SOURCES = [
  'Product_Lines',
  'Product_Schedules',
  'Opportunity_Splits',
  'Orders',
  'Imported_Invoices',
] as const;
export type SourceName = (typeof SOURCES)[number];

export interface Variant {
  /** How many of each 22 histories are played on it. */
  readonly share: number;
  /** File of config/ that shapes the org. */
  readonly definition: string;
  /** Package directories that are deployed before and after the package's own. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  readonly sources?: readonly SourceName[];
  readonly hasCurrencies?: boolean;
  readonly hasPersons?: boolean;
  readonly hasCustomFiscalYears?: boolean;
  /** Account managers work in it too, with private sharing. */
  readonly hasUsers?: boolean;
  /** Rules and triggers of the customer's own. */
  readonly isAutomated?: boolean;
}

const INVOICES = 'unpackaged/imported-invoices';
const customer = (name: string): string => `test/revenue/customers/${name}`;

export const VARIANTS = {
  plain: { share: 8, definition: 'project' },
  'several currencies': { share: 2, definition: 'multi-currency', hasCurrencies: true },
  'schedules and splits': {
    share: 2,
    definition: 'schedules-and-splits',
    after: [INVOICES, customer('sources'), customer('splits')],
    sources: ['Product_Lines', 'Product_Schedules', 'Opportunity_Splits', 'Orders', 'Imported_Invoices'],
  },
  'sources in several currencies': {
    share: 2,
    definition: 'multi-currency',
    after: [INVOICES, customer('sources')],
    sources: ['Product_Lines', 'Orders', 'Imported_Invoices'],
    hasCurrencies: true,
  },
  'person accounts': {
    share: 2,
    definition: 'person-accounts',
    after: [INVOICES, customer('sources')],
    sources: ['Orders', 'Imported_Invoices'],
    hasPersons: true,
  },
  'custom fiscal years': {
    share: 2,
    definition: 'person-accounts',
    hasPersons: true,
    hasCustomFiscalYears: true,
  },
  'private sharing': {
    share: 2,
    definition: 'project',
    after: [customer('private'), customer('sources')],
    sources: ['Product_Lines', 'Orders'],
    hasUsers: true,
  },
  'own automation': {
    share: 2,
    definition: 'project',
    before: [customer('automation-first')],
    after: [customer('automation')],
    isAutomated: true,
  },
} as const satisfies Readonly<Record<string, Variant>>;
export type VariantName = keyof typeof VARIANTS;

const SEATS = (Object.keys(VARIANTS) as VariantName[]).flatMap((name) =>
  Array.from({ length: VARIANTS[name].share }, () => name),
);

/** The variant that a seed is played on. */
export function variantOf(seed: number): VariantName {
  return SEATS[seed % SEATS.length] as VariantName;
}

/** A project with what a variant needs, in a folder of its own. */
export interface VariantProject {
  readonly source: string;
  readonly definition: string;
  remove(): void;
}

/** Copies the package and what is deployed with it, and switches revenue sources on as an admin does. */
export function makeProject(name: VariantName): VariantProject {
  const { definition, before = [], after = [], sources = [], hasCustomFiscalYears = false }: Variant = VARIANTS[name];
  const source = mkdtempSync(join(tmpdir(), 'keystone-variant-'));
  const directories = [...before, 'force-app', ...after];
  for (const directory of directories) {
    mkdirSync(join(source, directory), { recursive: true });
    cpSync(join(ROOT, directory), join(source, directory), { recursive: true });
  }
  writeFileSync(
    join(source, 'sfdx-project.json'),
    JSON.stringify({
      packageDirectories: directories.map((path) => ({ path, default: path === 'force-app' })),
      sourceApiVersion: '67.0',
    }),
  );
  for (const shipped of sources.filter((other) => other !== 'Imported_Invoices'))
    activate(join(source, `force-app/main/revenue/customMetadata/Revenue_Source.${shipped}.md-meta.xml`));
  const shape = JSON.parse(readFileSync(join(ROOT, `config/${definition}-scratch-def.json`), 'utf8')) as {
    settings: Record<string, unknown>;
  };
  if (hasCustomFiscalYears) shape.settings['companySettings'] = { enableCustomFiscalYear: true };
  const definitionFile = join(source, 'scratch-def.json');
  writeFileSync(definitionFile, JSON.stringify(shape));
  return { source, definition: definitionFile, remove: () => rmSync(source, { recursive: true, force: true }) };
}

function activate(file: string): void {
  const text = readFileSync(file, 'utf8');
  const pattern = /(<field>Active__c<\/field>\s*<value[^>]*>)(?:true|false)(<\/value>)/;
  if (!pattern.test(text)) throw new Error(`${file} does not say whether it is active`);
  writeFileSync(file, text.replace(pattern, '$1true$2'));
}
