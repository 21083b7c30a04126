/** What the project room hands to every other room: the SFDX source as parsed files, with positions. */

/** A place in a source file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * One element of a metadata file. Readers consume what they understand; `finish` refuses the rest by file, line and
 * name, so that an element which this local org does not know can never be passed over in silence.
 */
export interface MetadataElement {
  readonly name: string;
  readonly position: Position;
  /** Trimmed text of this element; '' when it holds child elements only. */
  readonly text: string;
  /** Attribute `xsi:nil="true"`. */
  readonly isNil: boolean;
  /** Value of an attribute (LWC configurations have them), or undefined. */
  attribute(name: string): string | undefined;
  /** The single child of that name, or undefined. Throws MetadataError when it is repeated. */
  child(name: string): MetadataElement | undefined;
  /** Every child of that name, in order. */
  children(name: string): readonly MetadataElement[];
  /** Text of the single child, or undefined when it is absent. */
  string(name: string): string | undefined;
  /** Text of the single child; throws MetadataError when it is absent or blank. */
  requiredString(name: string): string;
  /** `true` or `false`; `fallback` when absent; throws MetadataError on anything else. */
  boolean(name: string, fallback: boolean): boolean;
  /** A number; undefined when absent; throws MetadataError on anything else. */
  number(name: string): number | undefined;
  /** One of `values`; undefined when absent; throws MetadataError (listing the values) on anything else. */
  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined;
  /** Declares children that have no effect in the local org; each name is listed in SUPPORT.md with the reason. */
  ignore(reason: string, ...names: readonly string[]): void;
  /** Throws MetadataError for the first child that nothing has consumed or ignored. */
  finish(): void;
}

/** One metadata component's file, parsed. `fullName` as Salesforce names it: `Account.Region__c` for a field. */
export interface MetadataComponent {
  /** Metadata API type: CustomObject, CustomField, FlexiPage, ListView, PermissionSet … */
  readonly type: string;
  readonly fullName: string;
  readonly file: string;
  readonly root: MetadataElement;
}

export interface ApexSource {
  readonly kind: 'class' | 'trigger';
  /** File name without extension. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
  /** From the `-meta.xml`, for example 67. */
  readonly apiVersion: number;
  readonly active: boolean;
}

/** One LWC bundle's folder. */
export interface LightningBundle {
  readonly name: string;
  readonly directory: string;
  /** Root of the `.js-meta.xml`; undefined for a bundle without one (a utility module in tests). */
  readonly configuration: MetadataElement | undefined;
}

/** A loaded SFDX project: every file found below the package directories, nothing interpreted yet. */
export interface Project {
  /** Absolute path of the folder that holds sfdx-project.json (or of the bare source folder). */
  readonly directory: string;
  /** `namespace` of sfdx-project.json. Source is run as in a scratch org created with --no-namespace. */
  readonly namespace: string;
  readonly sourceApiVersion: number;
  /** Absolute paths; the default package directory first. */
  readonly packageDirectories: readonly string[];
  readonly apex: readonly ApexSource[];
  readonly bundles: readonly LightningBundle[];
  readonly components: readonly MetadataComponent[];
  /** Components of one Metadata API type, sorted by full name. */
  ofType(type: string): readonly MetadataComponent[];
  component(type: string, fullName: string): MetadataComponent | undefined;
  /** Apex class that the default package directory names as postInstallScript; null for none. */
  readonly postInstallScript: string | null;
  /** Parsed scratch org definition: features, settings, language, country. */
  readonly orgShape: OrgShape;
}

/** What a scratch org definition can switch on that changes the data model. */
export type ShapeFact =
  | 'multiCurrency'
  | 'datedRates'
  | 'personAccounts'
  | 'revenueSchedules'
  | 'quantitySchedules'
  | 'opportunityTeams'
  | 'opportunitySplits'
  | 'customFiscalYears';

/** The standard fiscal year. */
export interface FiscalYearRule {
  /** Month 1 to 12 in which the fiscal year starts. */
  readonly startMonth: number;
  /** The calendar year that gives a fiscal year its name: the one it starts or the one it ends in. */
  readonly namedAfter: 'start' | 'end';
}

/** The part of a scratch org definition that shapes the local org. */
export interface OrgShape {
  readonly name: string;
  readonly features: readonly string[];
  /** Features of the definition that have no effect here; start, test and check name them. */
  readonly unusedFeatures: readonly string[];
  /** Settings (`group.name`) that have no effect here; check names them. */
  readonly unusedSettings: readonly string[];
  readonly facts: ReadonlySet<ShapeFact>;
  /** IETF-like Salesforce locale key: en_US, de_DE. */
  readonly locale: string;
  readonly language: string;
  /** IANA time zone name. */
  readonly timeZone: string;
  /** ISO 4217 code of the corporate currency. */
  readonly currency: string;
  readonly fiscalYear: FiscalYearRule;
}
