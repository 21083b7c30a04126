/** Standard objects from the data files in standard/ (their README explains the notation). */
import { readFileSync } from 'node:fs';
import type { ShapeFact } from '../project/types.ts';
import { currencyField, isoCurrencies } from './currencyField.ts';
import { createFacts, createField } from './objectDescription.ts';
import type { MutableField, ObjectFacts } from './objectDescription.ts';
import {
  auditFields,
  idField,
  isDeletedField,
  lastActivityDateField,
  ownerField,
  recordTypeField,
  viewedFields,
} from './systemFields.ts';
import type { AuditFields } from './systemFields.ts';
import type { FieldDescribe, FieldType, PicklistValue, SharingModel } from './types.ts';

type CurrencyUse = 'writable' | 'createonly' | 'readonly' | `${string}.CurrencyIsoCode`;
/** Values that are computed: time zones, locales, the ISO 4217 currencies, those that the org uses. */
type PicklistSource = '@timeZones' | '@locales' | '@currencies' | '@activeCurrencies';

interface StandardObject {
  readonly name: string;
  readonly label?: string;
  readonly plural: string;
  readonly prefix: string;
  readonly audit: AuditFields;
  readonly sharing: SharingModel;
  readonly parentField?: string;
  readonly traits: readonly string[];
  /** The whole object belongs to orgs of this fact, or of one of several with `|` between them. */
  readonly when?: string;
  /** A read-only object that clients may write in orgs of this fact. */
  readonly writableWhen?: string;
  /** In orgs with several currencies the object has a CurrencyIsoCode; a path: its amounts are in another record's currency. */
  readonly currency?: CurrencyUse;
  /** Path of the date whose rate converts the object's amounts, where rates are dated. */
  readonly rateDate?: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly picklists?: Readonly<Record<string, readonly string[] | PicklistSource>>;
  /** Label, probability, forecast category, won or lost. */
  readonly stages?: readonly (readonly [string, number, string, string?])[];
  readonly closedStatuses?: readonly string[];
  /** Lead: statuses that count as converted. */
  readonly convertedStatuses?: readonly string[];
}

/** A child relationship that a data file declares; `*`: on every target. */
export interface DeclaredChild {
  readonly object: string;
  readonly field: string;
  readonly relationshipName: string;
  readonly everyTarget: boolean;
}

export interface StandardObjects {
  readonly objects: Map<string, ObjectFacts>;
  readonly children: readonly DeclaredChild[];
}

const FILES = [
  'sales',
  'products',
  'activities',
  'service',
  'content',
  'consent',
  'sharing',
  'feeds',
  'approvals',
  'setup',
  'currencies',
  'splits',
  'fiscalYears',
  'flows',
] as const;
/** Time zones by their present names, which ICU lists under former ones. */
const TIME_ZONES = [
  'GMT',
  'UTC',
  'Africa/Asmara',
  'America/Argentina/Buenos_Aires',
  'America/Argentina/Catamarca',
  'America/Argentina/Cordoba',
  'America/Argentina/Jujuy',
  'America/Argentina/Mendoza',
  'America/Atikokan',
  'America/Indiana/Indianapolis',
  'America/Kentucky/Louisville',
  'America/Nuuk',
  'Asia/Ho_Chi_Minh',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Yangon',
  'Atlantic/Faroe',
  'Europe/Kyiv',
  'Pacific/Chuuk',
  'Pacific/Kanton',
  'Pacific/Pohnpei',
];
const LOCALES = [
  'en_US',
  'en_GB',
  'en_IE',
  'en_CA',
  'en_AU',
  'en_IN',
  'de_DE',
  'de_AT',
  'de_CH',
  'fr_FR',
  'es_ES',
  'it_IT',
  'nl_NL',
  'ja_JP',
];
const QUEUE_OWNED: ReadonlySet<string> = new Set(['Lead', 'Case', 'Task', 'Event']);

let parsedFiles: readonly StandardObject[] | undefined;

function readFiles(): readonly StandardObject[] {
  parsedFiles ??= FILES.flatMap(
    (name) => JSON.parse(readFileSync(new URL(`standard/${name}.json`, import.meta.url), 'utf8')) as StandardObject[],
  );
  return parsedFiles;
}

/** What an org has of the standard objects depends on its shape; its currencies are rows. */
export interface StandardShape {
  readonly facts: ReadonlySet<ShapeFact>;
  /** Values of every CurrencyIsoCode field. */
  readonly activeCurrencies: readonly PicklistValue[];
}

/** The standard objects of an org, before the project's metadata is merged in. */
export function standardObjects(shape: StandardShape): StandardObjects {
  const objects = new Map<string, ObjectFacts>();
  const children: DeclaredChild[] = [];
  for (const source of readFiles())
    if (belongs(source.when, shape)) objects.set(source.name, build(source, children, shape));
  return { objects, children };
}

function belongs(when: string | undefined, { facts }: StandardShape): boolean {
  return when === undefined || when.split('|').some((fact) => facts.has(fact as ShapeFact));
}

function build(source: StandardObject, children: DeclaredChild[], shape: StandardShape): ObjectFacts {
  const traits = new Set(source.traits);
  const isOpened = source.writableWhen !== undefined && belongs(source.writableWhen, shape);
  const readOnly = traits.has('readonly') && !isOpened;
  const facts = createFacts({
    name: source.name,
    label: source.label ?? source.name,
    labelPlural: source.plural,
    kind: traits.has('history') ? 'history' : traits.has('feed') ? 'feed' : 'standard',
    keyPrefix: source.prefix,
    createable: !readOnly && !traits.has('updateonly'),
    updateable: !readOnly,
    deletable: traits.has('deletable') || isOpened,
    undeletable: traits.has('undeletable'),
    searchable: traits.has('searchable'),
    mergeable: traits.has('mergeable'),
    triggerable: traits.has('triggers'),
    apexDml: !traits.has('apiOnly'),
    setup: traits.has('setup'),
    sharingModel: source.sharing,
    controllingParentFieldName: source.parentField ?? null,
    activitiesAllowed: traits.has('activities'),
    softDelete: traits.has('softDelete'),
    closedStatuses: source.closedStatuses ?? [],
  });
  const own = Object.entries(source.fields).flatMap(([name, notation]) =>
    parseField(source, name, notation, children, shape),
  );
  const multiCurrency = shape.facts.has('multiCurrency');
  if (source.currency !== undefined && multiCurrency) {
    facts.currencyPath = source.currency.includes('.') ? source.currency.split('.') : ['CurrencyIsoCode'];
    if (source.rateDate !== undefined && shape.facts.has('datedRates')) facts.rateDatePath = source.rateDate.split('.');
  }
  facts.fields = [
    idField(),
    ...(traits.has('softDelete') ? [isDeletedField()] : []),
    ...own,
    ...(multiCurrency && source.currency !== undefined && !source.currency.includes('.')
      ? [currencyField(shape.activeCurrencies, source.currency)]
      : []),
    ...(traits.has('owner') ? [ownerField(QUEUE_OWNED.has(source.name) ? ['Group', 'User'] : ['User'])] : []),
    ...(traits.has('recordTypes') ? [recordTypeField()] : []),
    ...auditFields(source.audit),
    ...(traits.has('activities') && !traits.has('noLastActivityDate') ? [lastActivityDateField()] : []),
    ...(traits.has('viewed') ? viewedFields() : []),
  ];
  const status = source.convertedStatuses && facts.fields.find((field) => field.name === 'Status');
  if (status)
    status.picklistValues = status.picklistValues.map((value) => ({
      ...value,
      isConverted: source.convertedStatuses?.includes(value.value) === true,
    }));
  if (source.name === 'Opportunity' && source.stages) {
    const stage = facts.fields.find((field) => field.name === 'StageName');
    if (stage)
      stage.picklistValues = source.stages.map(([value, probability, forecastCategory, outcome]) => ({
        value,
        label: value,
        active: true,
        isDefault: false,
        probability,
        forecastCategory,
        isClosed: outcome !== undefined,
        isWon: outcome === 'won',
      }));
  }
  return facts;
}

const NOTATION = /^(?<type>\w+)(?:\((?<size>[^)]*)\))?(?<flags>.*)$/;

function parseField(
  object: StandardObject,
  name: string,
  notation: string,
  children: DeclaredChild[],
  shape: StandardShape,
): readonly MutableField[] {
  const match = NOTATION.exec(notation)?.groups;
  if (!match?.['type'])
    throw new Error(`standard object data: ${object.name}.${name} has the unreadable notation “${notation}”`);
  const type = match['type'] as FieldType;
  const size = match['size'] ?? '';
  const flags = new Map<string, string>();
  for (const flag of (match['flags'] ?? '').matchAll(/(\w+)(?:=(?:"([^"]*)"|(\S+)))?/g))
    flags.set(flag[1] ?? '', flag[2] ?? flag[3] ?? '');
  const when = flags.get('when');
  if (!belongs(when, shape)) return [];

  const facts: { -readonly [Key in keyof FieldDescribe]?: FieldDescribe[Key] } = {
    nillable: !flags.has('required') && type !== 'boolean',
  };
  if (type === 'reference') {
    facts.referenceTo = size.split('|');
    facts.length = 18;
    facts.relationshipName = flags.get('rel') ?? name.replace(/Id$/, '');
    facts.deleteConstraint = flags.has('cascade') ? 'Cascade' : flags.has('restrict') ? 'Restrict' : 'SetNull';
    const child = flags.get('child');
    if (child !== undefined)
      children.push({
        object: object.name,
        field: name,
        relationshipName: flags.get('childName') ?? child,
        everyTarget: child === '*',
      });
  } else if (type === 'currency' || type === 'percent' || type === 'double' || type === 'int' || type === 'long') {
    const [precision, scale] = size.split(',');
    facts.precision = Number(precision);
    facts.scale = Number(scale ?? 0);
  } else if (size !== '') facts.length = Number(size);
  if (flags.has('readonly')) {
    facts.createable = false;
    facts.updateable = false;
  }
  if (flags.has('createonly')) facts.updateable = false;
  if (flags.has('updateonly')) facts.createable = false;
  if (flags.has('name')) facts.nameField = true;
  if (flags.has('name') && !flags.has('readonly')) facts.idLookup = true;
  if (flags.has('idLookup')) facts.idLookup = true;
  if (flags.has('unique')) facts.unique = true;
  if (flags.has('restricted')) facts.restrictedPicklist = true;
  const automatic = flags.get('auto');
  if (automatic !== undefined) {
    facts.autoNumber = true;
    facts.displayFormat = `{${automatic.slice(1)}0}`;
    facts.defaultedOnCreate = true;
  }
  const part = flags.get('part');
  if (part !== undefined) facts.compoundFieldName = part;
  const defaultValue = flags.get('default');
  if (defaultValue !== undefined) facts.defaultValueFormula = defaultValue;
  const values = object.picklists?.[name];
  if (values !== undefined) facts.picklistValues = picklistValues(values, shape);
  if (facts.nameField && type === 'string' && object.name !== 'PricebookEntry' && facts.createable !== false)
    facts.nillable = false;
  return [createField({ ...facts, name, type, custom: false, label: flags.get('label') ?? labelFromName(name) })];
}

/** `Value*` is the default; `Value=Label` when they differ. */
function picklistValues(values: readonly string[] | PicklistSource, shape: StandardShape): readonly PicklistValue[] {
  if (values === '@activeCurrencies') return shape.activeCurrencies;
  if (values === '@currencies') return isoCurrencies();
  if (values === '@timeZones')
    return [...new Set([...Intl.supportedValuesOf('timeZone'), ...TIME_ZONES])].map((value) => ({
      value,
      label: value,
      active: true,
      isDefault: false,
    }));
  if (values === '@locales') return LOCALES.map((value) => ({ value, label: value, active: true, isDefault: false }));
  return values.map((entry) => {
    const isDefault = entry.endsWith('*');
    const [value = '', label = value] = (isDefault ? entry.slice(0, -1) : entry).split('=');
    return { value, label, active: true, isDefault };
  });
}

/** `IsClosed` → `Closed`, `AccountId` → `Account ID`, `NumberOfEmployees` → `Number Of Employees`. */
function labelFromName(name: string): string {
  return name
    .replace(/^Is(?=[A-Z])/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/\bId$/, 'ID');
}
