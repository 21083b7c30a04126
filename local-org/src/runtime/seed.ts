/** The rows that an org has from its first moment: organisation, profiles, the administrator, the standard price book. */
import { readdirSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { dirname, join, parse } from 'node:path';
import type { MetadataComponent, Project } from '../project/types.ts';
import { currencyDigits } from '../schema/currencyField.ts';
import type { FieldDescribe, FieldType, ObjectDescribe, Schema } from '../schema/types.ts';
import { mirrorFlows } from './flowRows.ts';
import type { Store } from '../store/Store.ts';
import { insertSystemRow } from '../store/systemRows.ts';
import { ApexBlob } from '../values/ApexBlob.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { Decimal } from '../values/Decimal.ts';

/** Names under which the store keeps the seeds' Ids. */
const ORGANIZATION = 'organizationId';
const ADMINISTRATOR = 'administratorId';

export interface SeededIds {
  readonly organizationId: string;
  readonly administratorId: string;
}

/** The default administrator. */
export const ADMINISTRATOR_NAME = {
  first: 'Ada',
  last: 'Admin',
  username: 'admin@local.org',
  alias: 'aadmin',
} as const;

export const SYSTEM_ADMINISTRATOR = 'System Administrator';

/** Profiles of a new org with the flags that decide access. */
const PROFILES: readonly { readonly name: string; readonly flags: readonly string[] }[] = [
  {
    name: SYSTEM_ADMINISTRATOR,
    flags: ['ViewAllData', 'ModifyAllData', 'ViewSetup', 'AuthorApex', 'ManageUsers', 'CustomizeApplication'],
  },
  { name: 'Standard User', flags: [] },
  { name: 'Minimum Access - Salesforce', flags: [] },
  { name: 'Read Only', flags: [] },
  { name: 'Marketing User', flags: [] },
  { name: 'Contract Manager', flags: [] },
  { name: 'Solution Manager', flags: [] },
];

/** The split types that Setup makes when splits are enabled (Salesforce Help, "Opportunity Splits"). */
const SPLIT_TYPES = ['Revenue', 'Overlay'].map((name) => ({
  DeveloperName: name,
  MasterLabel: name,
  Language: 'en_US',
  SplitEntity: 'Opportunity',
  SplitField: 'Amount',
  IsTotalValidated: name === 'Revenue',
  IsActive: true,
  SplitDataStatus: 'UpToDate',
}));

/** Seeds a new database; in an existing one only finds the Ids again. Runs inside a transaction. */
export function seedOrg(store: Store, schema: Schema, project: Project, now: number): SeededIds {
  const organizationId = store.value(ORGANIZATION);
  const administratorId = store.value(ADMINISTRATOR);
  if (organizationId !== null && administratorId !== null) return { organizationId, administratorId };
  return new Seeder(store, schema, project, now).seed();
}

class Seeder {
  readonly #store: Store;
  readonly #schema: Schema;
  readonly #project: Project;
  readonly #now: ApexDatetime;
  readonly #administratorId: string;

  constructor(store: Store, schema: Schema, project: Project, now: number) {
    this.#store = store;
    this.#schema = schema;
    this.#project = project;
    this.#now = new ApexDatetime(Math.floor(now / 1000) * 1000);
    this.#administratorId = store.nextId(this.#object('User'));
  }

  seed(): SeededIds {
    const { orgShape } = this.#project;
    const organizationId = this.#insert('Organization', {
      Name: orgShape.name,
      DefaultLocaleSidKey: orgShape.locale,
      LanguageLocaleKey: orgShape.language,
      TimeZoneSidKey: orgShape.timeZone,
      FiscalYearStartMonth: orgShape.fiscalYear.startMonth,
      UsesStartDateAsFiscalYearName: orgShape.fiscalYear.namedAfter === 'start',
      OrganizationType: 'Developer Edition',
      IsSandbox: false,
      InstanceName: 'LOCAL',
      ...this.#defaultAccess(),
    });
    const userLicenseId = this.#insert('UserLicense', {
      Name: 'Salesforce',
      MasterLabel: 'Salesforce',
      LicenseDefinitionKey: 'SFDC',
      Status: 'Active',
    });
    const profiles = new Map(
      PROFILES.map(({ name, flags }) => [
        name,
        this.#insert('Profile', {
          Name: name,
          UserType: 'Standard',
          UserLicenseId: userLicenseId,
          PermissionsApiEnabled: true,
          ...Object.fromEntries(flags.map((flag) => [`Permissions${flag}`, true])),
        }),
      ]),
    );
    this.#insert('User', {
      Id: this.#administratorId,
      FirstName: ADMINISTRATOR_NAME.first,
      LastName: ADMINISTRATOR_NAME.last,
      Name: `${ADMINISTRATOR_NAME.first} ${ADMINISTRATOR_NAME.last}`,
      Username: ADMINISTRATOR_NAME.username,
      Email: ADMINISTRATOR_NAME.username,
      Alias: ADMINISTRATOR_NAME.alias,
      CommunityNickname: ADMINISTRATOR_NAME.alias,
      IsActive: true,
      TimeZoneSidKey: orgShape.timeZone,
      LocaleSidKey: orgShape.locale,
      LanguageLocaleKey: orgShape.language,
      EmailEncodingKey: 'UTF-8',
      ProfileId: profiles.get(SYSTEM_ADMINISTRATOR),
      DefaultCurrencyIsoCode: orgShape.currency,
      UserType: 'Standard',
    });
    if (this.#schema.object('CurrencyType'))
      this.#insert('CurrencyType', {
        IsoCode: orgShape.currency,
        ConversionRate: Decimal.ONE,
        DecimalPlaces: currencyDigits(orgShape.currency),
        IsActive: true,
        IsCorporate: true,
      });
    if (this.#schema.object('OpportunitySplitType'))
      for (const type of SPLIT_TYPES) this.#insert('OpportunitySplitType', type);
    this.#insert('Pricebook2', { Name: 'Standard Price Book', IsActive: true, IsStandard: true });
    this.#store.setValue(ORGANIZATION, organizationId);
    this.#store.setValue(ADMINISTRATOR, this.#administratorId);
    return { organizationId, administratorId: this.#administratorId };
  }

  #object(name: string): ObjectDescribe {
    const object = this.#schema.object(name);
    if (!object) throw new Error(`the schema lacks ${name}`);
    return object;
  }

  #defaultAccess(): Record<string, string> {
    const words: Readonly<Record<string, string>> = {
      Private: 'None',
      Read: 'Read',
      ReadWrite: 'Edit',
      ReadWriteTransfer: 'ReadEditTransfer',
      ControlledByParent: 'ControlledByParent',
      FullAccess: 'All',
    };
    return Object.fromEntries(
      ['Account', 'Contact', 'Opportunity', 'Lead', 'Case', 'Campaign'].map((name) => [
        `Default${name}Access`,
        words[this.#object(name).sharingModel] ?? 'None',
      ]),
    );
  }

  #insert(objectName: string, values: Readonly<Record<string, unknown>>): string {
    return insertSystemRow(this.#store, this.#object(objectName), values, this.#administratorId, this.#now);
  }
}

/** Rows that mirror the project: opportunity stages, record types, Apex, custom metadata. Rewritten when the project changed. */
export function mirrorProject(store: Store, schema: Schema, project: Project, userId: string, now: number): void {
  const stamp = new ApexDatetime(Math.floor(now / 1000) * 1000);
  const mirror = (objectName: string, keyField: string, rows: readonly Readonly<Record<string, unknown>>[]): void => {
    const describe = schema.object(objectName);
    if (!describe) return;
    const existing = new Map(
      [...store.loadWhere(describe, '1', [])].map(([id, values]) => [String(values.get(keyField)), id]),
    );
    const wanted = new Set<string>();
    for (const row of rows) {
      const key = String(row[keyField]);
      wanted.add(key);
      const id = existing.get(key);
      if (id === undefined) insertSystemRow(store, describe, row, userId, stamp);
      else store.update(describe, id, new Map(Object.entries(row)));
    }
    store.purge(
      describe,
      [...existing].filter(([key]) => !wanted.has(key)).map(([, id]) => id),
    );
  };

  const stages = schema.object('Opportunity')?.field('StageName')?.picklistValues ?? [];
  mirror(
    'OpportunityStage',
    'MasterLabel',
    stages.map((stage, index) => ({
      MasterLabel: stage.label,
      ApiName: stage.value,
      IsActive: stage.active,
      SortOrder: index + 1,
      IsClosed: stage.isClosed ?? false,
      IsWon: stage.isWon ?? false,
      ForecastCategory: stage.forecastCategory ?? 'Pipeline',
      ForecastCategoryName: stage.forecastCategory ?? 'Pipeline',
      DefaultProbability: Decimal.fromNumber(stage.probability ?? 0),
    })),
  );
  const statuses = schema.object('Lead')?.field('Status')?.picklistValues ?? [];
  mirror(
    'LeadStatus',
    'MasterLabel',
    statuses.map((status, index) => ({
      MasterLabel: status.label,
      ApiName: status.value,
      IsDefault: status.isDefault,
      IsConverted: status.isConverted ?? false,
      SortOrder: index + 1,
    })),
  );
  mirrorRecordTypes(store, schema, userId, stamp);
  mirrorFlows(store, schema, project, userId, stamp);
  mirror(
    'StaticResource',
    'Name',
    project
      .ofType('StaticResource')
      .map(staticResource)
      .filter((row) => row !== null),
  );
  mirror(
    'PlatformCachePartition',
    'DeveloperName',
    project.ofType('PlatformCachePartition').map(({ fullName, root }) => ({
      DeveloperName: fullName,
      MasterLabel: root.string('masterLabel') ?? fullName,
      Description: root.string('description') ?? null,
      Language: 'en_US',
      IsDefaultPartition: root.boolean('isDefaultPartition', false),
    })),
  );
  // Metadata relationships hold API names, so an entity's name is its Id here.
  mirror(
    'EntityDefinition',
    'QualifiedApiName',
    schema.objects
      .filter((object) => object.kind !== 'aggregate' && object.name !== 'Name')
      .map((object) => ({
        Id: object.name,
        DurableId: object.name,
        QualifiedApiName: object.name,
        DeveloperName: object.name.replace(/__(c|mdt|e|Share)$/, ''),
        Label: object.label,
        MasterLabel: object.label,
        PluralLabel: object.labelPlural,
        KeyPrefix: object.keyPrefix === '' ? null : object.keyPrefix,
        IsCustomizable: object.triggerable,
        IsApexTriggerable: object.triggerable,
        IsQueryable: object.queryable,
        IsSearchable: object.searchable,
        IsCustomSetting: object.kind === 'customSetting',
      })),
  );
  mirror(
    'ApexClass',
    'Name',
    project.apex
      .filter((source) => source.kind === 'class')
      .map((source) => ({
        Name: source.name,
        ApiVersion: Decimal.fromNumber(source.apiVersion),
        Status: source.active ? 'Active' : 'Inactive',
        IsValid: true,
        LengthWithoutComments: source.text.length,
        Body: source.text,
        BodyCrc: Decimal.fromNumber(crc32(source.text)),
      })),
  );
  mirror(
    'ApexTrigger',
    'Name',
    project.apex
      .filter((source) => source.kind === 'trigger')
      .map((source) => ({
        Name: source.name,
        ApiVersion: Decimal.fromNumber(source.apiVersion),
        Status: source.active ? 'Active' : 'Inactive',
        IsValid: true,
        LengthWithoutComments: source.text.length,
        Body: source.text,
        BodyCrc: Decimal.fromNumber(crc32(source.text)),
        ...triggerUsage(source.text),
      })),
  );
}

const TRIGGER_EVENTS: Readonly<Record<string, string>> = {
  UsageBeforeInsert: 'before insert',
  UsageAfterInsert: 'after insert',
  UsageBeforeUpdate: 'before update',
  UsageAfterUpdate: 'after update',
  UsageBeforeDelete: 'before delete',
  UsageAfterDelete: 'after delete',
  UsageAfterUndelete: 'after undelete',
};

/** Object and events of `trigger Name on Object (events)`. Every trigger is bulk. */
function triggerUsage(text: string): Readonly<Record<string, unknown>> {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ');
  const header = /\btrigger\s+\w+\s+on\s+(\w+)\s*\(([^)]*)\)/i.exec(code);
  const events = (header?.[2] ?? '').split(',').map((event) => event.trim().toLowerCase().replace(/\s+/, ' '));
  return {
    TableEnumOrId: header?.[1] ?? null,
    UsageIsBulk: true,
    ...Object.fromEntries(Object.entries(TRIGGER_EVENTS).map(([field, event]) => [field, events.includes(event)])),
  };
}

/** A static resource with its content; null for a folder, which the platform would zip. */
function staticResource({ fullName, file, root }: MetadataComponent): Readonly<Record<string, unknown>> | null {
  const directory = dirname(file);
  const content = readdirSync(directory, { withFileTypes: true }).find(
    (entry) => entry.isFile() && !entry.name.endsWith('-meta.xml') && parse(entry.name).name === fullName,
  );
  if (!content) return null;
  const bytes = new Uint8Array(readFileSync(join(directory, content.name)));
  return {
    Name: fullName,
    ContentType: root.string('contentType') ?? 'application/octet-stream',
    BodyLength: bytes.length,
    Body: new ApexBlob(bytes),
    Description: root.string('description') ?? null,
    CacheControl: root.string('cacheControl') ?? 'Private',
  };
}

function mirrorRecordTypes(store: Store, schema: Schema, userId: string, stamp: ApexDatetime): void {
  const describe = schema.object('RecordType');
  if (!describe) return;
  const existing = new Map(
    [...store.loadWhere(describe, '1', [])].map(([id, values]) => [
      `${String(values.get('SobjectType'))}.${String(values.get('DeveloperName'))}`,
      id,
    ]),
  );
  for (const object of schema.objects) {
    for (const type of object.recordTypes) {
      const key = `${object.name}.${type.developerName}`;
      const row = {
        Name: type.label,
        DeveloperName: type.developerName,
        SobjectType: object.name,
        IsActive: type.active,
        Description: type.description,
        ...(describe.field('IsPersonType') ? { IsPersonType: type.personType === true } : {}),
      };
      const id = existing.get(key);
      if (id === undefined) insertSystemRow(store, describe, row, userId, stamp);
      else store.update(describe, id, new Map(Object.entries(row)));
      existing.delete(key);
    }
  }
  store.purge(describe, [...existing.values()]);
}

/** Rows of FieldDefinition, made when they are first asked for: there are more than a thousand. */
export function mirrorFieldDefinitions(store: Store, schema: Schema, userId: string, now: number): void {
  const describe = schema.object('FieldDefinition');
  if (!describe || store.all('SELECT 1 FROM "FieldDefinition" LIMIT 1', []).length > 0) return;
  const stamp = new ApexDatetime(now);
  for (const object of schema.objects) {
    if (object.kind === 'aggregate' || object.name === 'Name') continue;
    for (const field of object.fields) {
      insertSystemRow(
        store,
        describe,
        {
          Id: `${object.name}.${field.name}`,
          DurableId: `${object.name}.${field.name}`,
          EntityDefinitionId: object.name,
          QualifiedApiName: field.name,
          DeveloperName: field.name.replace(/__c$/, ''),
          Label: field.label,
          MasterLabel: field.label,
          DataType: dataTypeOf(field),
          Length: field.length,
          Precision: field.precision,
          Scale: field.scale,
          IsNillable: field.nillable,
          IsCalculated: field.calculated,
          RelationshipName: field.relationshipName,
          IsIndexed: field.idLookup || field.unique || field.type === 'reference',
        },
        userId,
        stamp,
      );
    }
  }
}

/** `Lookup(Account)`, `Formula (Text)`, `Text(80)`, as Setup shows it. */
function dataTypeOf(field: FieldDescribe): string {
  const names: Partial<Record<FieldType, string>> = {
    string: 'Text',
    textarea: field.htmlFormatted ? 'Rich Text Area' : 'Text Area',
    boolean: 'Checkbox',
    double: 'Number',
    int: 'Number',
    currency: 'Currency',
    percent: 'Percent',
    date: 'Date',
    datetime: 'Date/Time',
    multipicklist: 'Picklist (Multi-Select)',
    url: 'URL',
  };
  const name = names[field.type] ?? field.type.charAt(0).toUpperCase() + field.type.slice(1);
  if (field.formula !== null) return `Formula (${name})`;
  if (field.type === 'reference')
    return `${field.relationshipOrder === null ? 'Lookup' : 'Master-Detail'}(${field.referenceTo.join(',')})`;
  if (field.type === 'string') return `Text(${field.length})`;
  return field.precision > 0 ? `${name}(${field.precision - field.scale}, ${field.scale})` : name;
}
