/** The scratch org definition as far as it shapes the local org. */
import { MetadataError } from './errors.ts';
import type { OrgShape } from './types.ts';

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

/** Features that add or change standard fields in ways that the local org does not have. */
const MODEL_FEATURES: ReadonlySet<string> = new Set([
  'multicurrency',
  'advancedcurrencymanagement',
  'personaccounts',
  'stateandcountrypicklist',
  'contactstomultipleaccounts',
]);

/** What a scratch org has when its definition is silent. */
export const DEFAULT_SHAPE: OrgShape = {
  name: 'Local Org',
  features: [],
  locale: 'en_US',
  language: 'en_US',
  timeZone: 'America/Los_Angeles',
  currency: 'USD',
  fiscalYearStartMonth: 1,
};

/**
 * Interprets the text of a scratch org definition file: orgName, features, language, country and the fiscal year's start month.
 * A definition can't set the time zone; scratch orgs start in Pacific time.
 */
export function parseOrgShape(text: string, file: string): OrgShape {
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch (error) {
    throw new MetadataError({ file, line: 1, column: 1 }, `this is not valid JSON: ${(error as Error).message}`);
  }
  if (!isRecord(definition))
    throw new MetadataError({ file, line: 1, column: 1 }, 'a scratch org definition must be a JSON object');
  const text_ = (key: string): string | undefined =>
    typeof definition[key] === 'string' ? definition[key] : undefined;
  const features = Array.isArray(definition['features']) ? definition['features'].map(String) : [];
  const refused = features.find((feature) => MODEL_FEATURES.has(feature.toLowerCase()));
  if (refused !== undefined) {
    throw new MetadataError(
      { file, line: 1, column: 1 },
      `the local org does not support the feature ${refused}, which changes the data model; see SUPPORT.md`,
    );
  }
  const country = COUNTRIES[text_('country') ?? 'US'];
  return {
    name: text_('orgName') ?? DEFAULT_SHAPE.name,
    features,
    locale: country?.locale ?? DEFAULT_SHAPE.locale,
    language: text_('language') ?? DEFAULT_SHAPE.language,
    timeZone: DEFAULT_SHAPE.timeZone,
    currency: country?.currency ?? DEFAULT_SHAPE.currency,
    fiscalYearStartMonth: fiscalStart(definition['settings'], file),
  };
}

function fiscalStart(settings: unknown, file: string): number {
  const company = isRecord(settings) ? settings['companySettings'] : undefined;
  const fiscalYear = isRecord(company) ? company['fiscalYear'] : undefined;
  const month = isRecord(fiscalYear) ? fiscalYear['startMonth'] : undefined;
  if (month === undefined) return DEFAULT_SHAPE.fiscalYearStartMonth;
  const index = MONTHS.findIndex((name) => name === month);
  if (index < 0)
    throw new MetadataError(
      { file, line: 1, column: 1 },
      `companySettings.fiscalYear.startMonth must be the English name of a month, not ${JSON.stringify(month)}`,
    );
  return index + 1;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
