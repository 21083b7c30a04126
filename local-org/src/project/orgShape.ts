/** The scratch org definition as far as it shapes the local org. */
import { MetadataError } from './errors.ts';
import type { FiscalYearRule, OrgShape, ShapeFact } from './types.ts';

/** Locale and currency that an org gets from its country; others fall back to the United States. */
const COUNTRIES: Readonly<Record<string, { readonly locale: string; readonly currency: string }>> = {
  US: { locale: 'en_US', currency: 'USD' },
  GB: { locale: 'en_GB', currency: 'GBP' },
  IE: { locale: 'en_IE', currency: 'EUR' },
  DE: { locale: 'de_DE', currency: 'EUR' },
  AT: { locale: 'de_AT', currency: 'EUR' },
  CH: { locale: 'de_CH', currency: 'CHF' },
  FR: { locale: 'fr_FR', currency: 'EUR' },
  ES: { locale: 'es_ES', currency: 'EUR' },
  IT: { locale: 'it_IT', currency: 'EUR' },
  NL: { locale: 'nl_NL', currency: 'EUR' },
  CA: { locale: 'en_CA', currency: 'CAD' },
  AU: { locale: 'en_AU', currency: 'AUD' },
  IN: { locale: 'en_IN', currency: 'INR' },
  JP: { locale: 'ja_JP', currency: 'JPY' },
};

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/**
 * Features that change the data model, by lower-case name, with the facts that they stand for; an empty list: refused.
 * Salesforce DX Developer Guide, "Scratch Org Features".
 */
const MODEL_FEATURES: Readonly<Record<string, readonly ShapeFact[]>> = {
  multicurrency: ['multiCurrency'],
  personaccounts: ['personAccounts'],
  productsandschedules: ['revenueSchedules', 'quantitySchedules'],
  stateandcountrypicklist: [],
  contactstomultipleaccounts: [],
};

/** A setting that switches facts on. */
interface SettingRule {
  /** `group.name`, as a definition writes them: the settings of the Metadata API in lower camel case. */
  readonly path: string;
  readonly facts: readonly ShapeFact[];
  /** Facts without which the platform refuses the setting. */
  readonly needs: readonly ShapeFact[];
}

/**
 * Metadata API Developer Guide: CurrencySettings, ProductSettings, OpportunitySettings, CompanySettings. No setting
 * enables opportunity splits (Setup does); the one that says what splits do to teams stands for them here.
 */
const SETTING_RULES: readonly SettingRule[] = [
  { path: 'currencySettings.enableMultiCurrency', facts: ['multiCurrency'], needs: [] },
  { path: 'currencySettings.enableCurrencyEffectiveDates', facts: ['datedRates'], needs: ['multiCurrency'] },
  { path: 'productSettings.enableRevenueSchedule', facts: ['revenueSchedules'], needs: [] },
  { path: 'productSettings.enableQuantitySchedule', facts: ['quantitySchedules'], needs: [] },
  { path: 'opportunitySettings.enableOpportunityTeam', facts: ['opportunityTeams'], needs: [] },
  {
    path: 'opportunitySettings.doesAutoAddSplitOwnerAsOpportunityTeamMember',
    facts: ['opportunitySplits'],
    needs: ['opportunityTeams'],
  },
  { path: 'companySettings.enableCustomFiscalYear', facts: ['customFiscalYears'], needs: [] },
];

/** Settings that change the data model in ways that the local org does not have. */
const REFUSED_SETTINGS: ReadonlySet<string> = new Set(['accountSettings.enableRelateContactToMultipleAccounts']);

/** Settings that other code reads, and those that are true of the local org anyway. */
const KNOWN_SETTINGS: ReadonlySet<string> = new Set([
  'companySettings.fiscalYear',
  'lightningExperienceSettings.enableS1DesktopEnabled',
  'orderSettings.enableOrders',
]);

/** What a scratch org has when its definition is silent. */
export const DEFAULT_SHAPE: OrgShape = {
  name: 'Local Org',
  features: [],
  unusedFeatures: [],
  unusedSettings: [],
  facts: new Set(),
  locale: 'en_US',
  language: 'en_US',
  timeZone: 'America/Los_Angeles',
  currency: 'USD',
  fiscalYear: { startMonth: 1, namedAfter: 'end' },
};

/**
 * Interprets the text of a scratch org definition file: orgName, features, language, country, and the settings that
 * change the data model or the fiscal year. A definition can't set the time zone; scratch orgs start in Pacific time.
 * @throws MetadataError naming what is wrong or not supported
 */
export function parseOrgShape(text: string, file: string): OrgShape {
  const refuse = (problem: string): never => {
    throw new MetadataError({ file, line: 1, column: 1 }, problem);
  };
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch (error) {
    refuse(`this is not valid JSON: ${(error as Error).message}`);
  }
  if (!isRecord(definition)) return refuse('a scratch org definition must be a JSON object');
  const given = definition;
  const textOf = (key: string): string | undefined => (typeof given[key] === 'string' ? given[key] : undefined);
  const features = Array.isArray(given['features']) ? given['features'].map(String) : [];
  const settings = isRecord(given['settings']) ? given['settings'] : {};
  const facts = readFacts(features, settings, refuse);
  const country = COUNTRIES[textOf('country') ?? 'US'];
  return {
    name: textOf('orgName') ?? DEFAULT_SHAPE.name,
    features,
    unusedFeatures: features.filter((feature) => MODEL_FEATURES[feature.toLowerCase()] === undefined),
    unusedSettings: settingPaths(settings).filter(
      (path) => !KNOWN_SETTINGS.has(path) && !SETTING_RULES.some((rule) => rule.path === path),
    ),
    facts,
    locale: country?.locale ?? DEFAULT_SHAPE.locale,
    language: textOf('language') ?? DEFAULT_SHAPE.language,
    timeZone: DEFAULT_SHAPE.timeZone,
    currency: country?.currency ?? DEFAULT_SHAPE.currency,
    fiscalYear: readFiscalYear(settings, refuse),
  };
}

/** A text that is equal for shapes whose data fit each other. */
export function shapeKey({ facts, currency, fiscalYear }: OrgShape): string {
  return [
    ...[...facts].sort(),
    currency,
    `fiscal year from month ${fiscalYear.startMonth}`,
    fiscalYear.namedAfter,
  ].join(', ');
}

type Refuse = (problem: string) => never;

function readFacts(
  features: readonly string[],
  settings: Readonly<Record<string, unknown>>,
  refuse: Refuse,
): ReadonlySet<ShapeFact> {
  const facts = new Set<ShapeFact>();
  for (const feature of features) {
    const made = MODEL_FEATURES[feature.toLowerCase()];
    if (made?.length === 0)
      refuse(`the local org does not support the feature ${feature}, which changes the data model; see SUPPORT.md`);
    for (const fact of made ?? []) facts.add(fact);
  }
  for (const path of settingPaths(settings)) {
    if (REFUSED_SETTINGS.has(path) && settingOf(settings, path) === true)
      refuse(`the local org does not support the setting ${path}, which changes the data model; see SUPPORT.md`);
  }
  for (const rule of SETTING_RULES) {
    const value = settingOf(settings, rule.path);
    if (value === undefined || value === false) continue;
    if (value !== true) refuse(`${rule.path} must be true or false, not ${JSON.stringify(value)}`);
    for (const fact of rule.facts) facts.add(fact);
  }
  for (const rule of SETTING_RULES) {
    const missing = settingOf(settings, rule.path) === true && rule.needs.find((fact) => !facts.has(fact));
    if (missing) refuse(`${rule.path} needs ${enablers(missing)}`);
  }
  return facts;
}

/** How a definition switches a fact on. */
function enablers(fact: ShapeFact): string {
  return SETTING_RULES.filter((rule) => rule.facts.includes(fact))
    .map((rule) => `${rule.path} to be true`)
    .join(' or ');
}

function settingPaths(settings: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(settings).flatMap(([group, values]) =>
    isRecord(values) ? Object.keys(values).map((name) => `${group}.${name}`) : [],
  );
}

function settingOf(settings: Readonly<Record<string, unknown>>, path: string): unknown {
  const [group = '', name = ''] = path.split('.');
  const values = settings[group];
  return isRecord(values) ? values[name] : undefined;
}

const NAMED_AFTER: Readonly<Record<string, FiscalYearRule['namedAfter']>> = {
  startingmonth: 'start',
  endingmonth: 'end',
};

/** Metadata API Developer Guide, CompanySettings: FiscalYearSettings. */
function readFiscalYear(settings: Readonly<Record<string, unknown>>, refuse: Refuse): FiscalYearRule {
  const fiscalYear = settingOf(settings, 'companySettings.fiscalYear');
  if (!isRecord(fiscalYear)) return DEFAULT_SHAPE.fiscalYear;
  const { startMonth, fiscalYearNameBasedOn } = fiscalYear;
  const index = startMonth === undefined ? 0 : MONTHS.findIndex((name) => name === startMonth);
  if (index < 0)
    refuse(
      `companySettings.fiscalYear.startMonth must be the English name of a month, not ${JSON.stringify(startMonth)}`,
    );
  const namedAfter =
    fiscalYearNameBasedOn === undefined
      ? DEFAULT_SHAPE.fiscalYear.namedAfter
      : typeof fiscalYearNameBasedOn === 'string'
        ? NAMED_AFTER[fiscalYearNameBasedOn.toLowerCase()]
        : undefined;
  if (namedAfter === undefined)
    return refuse(
      `companySettings.fiscalYear.fiscalYearNameBasedOn must be startingMonth or endingMonth, not ${JSON.stringify(fiscalYearNameBasedOn)}`,
    );
  return { startMonth: index + 1, namedAfter };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
