/** Merges standard objects and the project's metadata into one schema. */
import { MetadataError, ProblemCollector } from '../project/errors.ts';
import type { MetadataComponent, Project } from '../project/types.ts';
import { applyStandardField, parseCustomField, readValues } from './customFields.ts';
import { ACTIVITY_RELATIONSHIPS, activityObjects } from './activityObjects.ts';
import { parseCustomMetadataRecord } from './customMetadata.ts';
import {
  applyStandardObject,
  customObjectKind,
  parseCustomObject,
  parseRecordType,
  parseValidationRule,
} from './customObjects.ts';
import { changeEventObject } from './changeEvents.ts';
import { feedObject, hasFeed, historyObject } from './historyObjects.ts';
import { createFacts, createField, ObjectDescription, SchemaDescription } from './objectDescription.ts';
import type { ObjectFacts } from './objectDescription.ts';
import { PROCESS_HISTORY_RELATIONSHIPS, processHistoryObject } from './processHistory.ts';
import { currencyField, currencyValue } from './currencyField.ts';
import { shareObject } from './shareObjects.ts';
import { standardObjects } from './standardObjects.ts';
import type { DeclaredChild } from './standardObjects.ts';
import { lastActivityDateField, ownerField, recordTypeField, viewedFields } from './systemFields.ts';
import type { CustomMetadataRecord, ObjectDescribe, ObjectKind, PicklistValue, Schema } from './types.ts';

/** Key prefixes that Ids of this database already carry, by object name. */
export type KeyPrefixes = ReadonlyMap<string, string>;

const CUSTOM_PREFIX_START: Partial<Record<ObjectKind, string>> = {
  custom: 'a',
  customSetting: 'a',
  customMetadata: 'm',
  platformEvent: 'e',
  share: 's',
};
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const STANDARD_VALUE_SETS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  AccountType: [['Account', 'Type']],
  AccountRating: [
    ['Account', 'Rating'],
    ['Lead', 'Rating'],
  ],
  AccountOwnership: [['Account', 'Ownership']],
  Industry: [
    ['Account', 'Industry'],
    ['Lead', 'Industry'],
  ],
  LeadSource: [
    ['Account', 'AccountSource'],
    ['Contact', 'LeadSource'],
    ['Lead', 'LeadSource'],
    ['Opportunity', 'LeadSource'],
  ],
  LeadStatus: [['Lead', 'Status']],
  Salutation: [
    ['Contact', 'Salutation'],
    ['Lead', 'Salutation'],
  ],
  OpportunityStage: [['Opportunity', 'StageName']],
  OpportunityType: [['Opportunity', 'Type']],
  ContactRole: [['OpportunityContactRole', 'Role']],
  CaseStatus: [['Case', 'Status']],
  CasePriority: [['Case', 'Priority']],
  CaseOrigin: [['Case', 'Origin']],
  CaseReason: [['Case', 'Reason']],
  CaseType: [['Case', 'Type']],
  CampaignType: [['Campaign', 'Type']],
  CampaignStatus: [['Campaign', 'Status']],
  CampaignMemberStatus: [['CampaignMember', 'Status']],
  TaskStatus: [['Task', 'Status']],
  TaskPriority: [['Task', 'Priority']],
  TaskType: [['Task', 'Type']],
  EventType: [['Event', 'Type']],
  TaskSubject: [['Task', 'Subject']],
  EventSubject: [['Event', 'Subject']],
  Product2Family: [['Product2', 'Family']],
};

/**
 * Builds the schema of a project.
 * @param keyPrefixes prefixes of an existing database; objects without one get the next free prefix
 * @throws MetadataError or ProjectError with file, line and what to do
 */
export function buildSchema(project: Project, keyPrefixes: KeyPrefixes = new Map()): Schema {
  return new SchemaBuilder(project).build(keyPrefixes);
}

/** Lookups of standard objects that roll-ups may go along (Salesforce Help, Roll-Up Summary Field: implementation tips). */
const SUMMED_LOOKUPS: ReadonlySet<string> = new Set([
  'Opportunity.AccountId',
  'OpportunityLineItem.OpportunityId',
  'CampaignMember.CampaignId',
]);

class SchemaBuilder {
  readonly #project: Project;
  readonly #problems = new ProblemCollector();
  readonly #objects: Map<string, ObjectFacts>;
  readonly #children: DeclaredChild[];
  readonly #activeCurrencies: PicklistValue[];

  constructor(project: Project) {
    this.#project = project;
    const { facts, currency } = project.orgShape;
    this.#activeCurrencies = facts.has('multiCurrency') ? [currencyValue(currency, true)] : [];
    const standard = standardObjects({ facts, activeCurrencies: this.#activeCurrencies });
    this.#objects = standard.objects;
    this.#children = [...standard.children];
  }

  build(keyPrefixes: KeyPrefixes): Schema {
    this.#readObjects();
    this.#readFields();
    this.#completeSummaries();
    this.#readStandardValueSets();
    this.#completeCustomObjects();
    this.#each('ValidationRule', (component, object) => {
      const rule = parseValidationRule(component);
      if (
        rule.errorField !== null &&
        !object.fields.some((field) => field.name.toLowerCase() === rule.errorField?.toLowerCase())
      ) {
        throw new MetadataError(
          component.root.child('errorDisplayField')?.position ?? rule.position,
          `${object.name} has no field ${rule.errorField}`,
        );
      }
      object.validationRules.push(rule);
    });
    this.#each('RecordType', (component, object) => object.recordTypes.push(parseRecordType(component, this.#project)));
    if (this.#project.orgShape.facts.has('personAccounts')) this.#addPersonAccounts();
    this.#addShares();
    this.#addHistoriesAndFeeds();
    this.#addChangeEvents();
    this.#addActivityLists();
    this.#addProcessHistory();
    this.#addPseudoObjects();
    this.#checkReferences();
    this.#checkControllers();
    this.#linkChildren();
    const records = this.#readCustomMetadata();
    this.#problems.finish();
    this.#assignKeyPrefixes(keyPrefixes);
    return new SchemaDescription(
      [...this.#objects.values()].map((facts): ObjectDescribe => new ObjectDescription(facts)),
      records,
      this.#activeCurrencies,
    );
  }

  #readObjects(): void {
    for (const component of this.#project.ofType('CustomObject')) {
      this.#problems.attempt(() => {
        const kind = customObjectKind(component.fullName, component.root);
        if (kind !== undefined) {
          this.#objects.set(component.fullName, parseCustomObject(component, kind));
          return;
        }
        const standard = this.#objects.get(component.fullName);
        if (!standard)
          throw new MetadataError(
            component.root.position,
            `the local org does not have the standard object ${component.fullName}; see SUPPORT.md for those it has`,
          );
        applyStandardObject(component, standard);
      });
    }
  }

  /** Runs `read` for every component `Object.Name` of a type, refusing unknown objects. */
  #each(type: string, read: (component: MetadataComponent, object: ObjectFacts) => void): void {
    for (const component of this.#project.ofType(type)) {
      this.#problems.attempt(() => {
        const objectName = component.fullName.slice(0, component.fullName.indexOf('.'));
        // Activity holds the custom fields of Task and Event.
        const names = objectName === 'Activity' ? ['Task', 'Event'] : [objectName];
        for (const name of names) {
          const object = this.#objects.get(name);
          if (!object)
            throw new MetadataError(
              component.root.position,
              `${component.fullName} belongs to the object ${name}, which the project and the local org do not have`,
            );
          read(component, object);
        }
      });
    }
  }

  #readFields(): void {
    this.#each('CustomField', (component, object) => {
      const name = component.root.string('fullName') ?? component.fullName.slice(component.fullName.indexOf('.') + 1);
      if (!name.endsWith('__c')) {
        const field = object.fields.find((candidate) => candidate.name === name || candidate.name === `${name}Id`);
        if (!field) throw new MetadataError(component.root.position, `${object.name} has no standard field ${name}`);
        applyStandardField(component, field);
        return;
      }
      const parsed = parseCustomField(this.#project, component, object.name, object.kind);
      const twin = object.fields.find(({ name }) => name.toLowerCase() === parsed.field.name.toLowerCase());
      if (twin)
        throw new MetadataError(
          component.root.position,
          `${object.name}.${parsed.field.name} is defined twice, the other time ${twin.position ? `in ${twin.position.file}` : 'by the platform'}`,
        );
      object.fields.push(parsed.field, ...parsed.parts);
      if (parsed.child) this.#children.push(parsed.child);
    });
  }

  /** A roll-up has the type and scale of what it sums up. */
  #completeSummaries(): void {
    for (const object of this.#objects.values()) {
      for (const field of object.fields) {
        if (!field.summary || !field.position) continue;
        const child = this.#objects.get(field.summary.childObject);
        const reference = child?.fields.find((candidate) => candidate.name === field.summary?.childReferenceField);
        const isDetail =
          (reference?.relationshipOrder ?? null) !== null ||
          SUMMED_LOOKUPS.has(`${field.summary.childObject}.${field.summary.childReferenceField}`);
        if (!child || !isDetail || !reference?.referenceTo.includes(object.name)) {
          this.#problems.add(
            new MetadataError(
              field.position,
              `${object.name}.${field.name}: ${field.summary.childObject}.${field.summary.childReferenceField} is not a master-detail field to ${object.name}`,
            ),
          );
          continue;
        }
        const names = [
          ...(field.summary.summarizedField === null ? [] : [field.summary.summarizedField]),
          ...field.summary.filters.map((filter) => filter.field),
        ];
        const missing = names.find((name) => !child.fields.some((candidate) => candidate.name === name));
        if (missing !== undefined) {
          this.#problems.add(
            new MetadataError(field.position, `${object.name}.${field.name}: ${child.name} has no field ${missing}`),
          );
          continue;
        }
        const summarized = child.fields.find((candidate) => candidate.name === field.summary?.summarizedField);
        if (summarized && (summarized.calculated || summarized.formula !== null)) {
          this.#problems.add(
            new MetadataError(
              field.position,
              `${object.name}.${field.name}: the local org does not support roll-up summaries of formula fields`,
            ),
          );
        }
        if (!summarized) continue;
        field.type = summarized.type;
        field.scale = summarized.scale;
      }
    }
  }

  #readStandardValueSets(): void {
    for (const component of this.#project.ofType('StandardValueSet')) {
      this.#problems.attempt(() => {
        const targets = STANDARD_VALUE_SETS[component.fullName];
        if (!targets)
          throw new MetadataError(
            component.root.position,
            `the local org does not know the standard value set ${component.fullName}; see SUPPORT.md`,
          );
        const values = readValues(component.root, 'standardValue', 'label');
        for (const [objectName, fieldName] of targets) {
          const object = this.#objects.get(objectName);
          const field = object?.fields.find((candidate) => candidate.name === fieldName);
          if (!field || !object) continue;
          field.picklistValues = values;
          if (component.fullName === 'TaskStatus' || component.fullName === 'CaseStatus')
            object.closedStatuses = values.filter((value) => value.isClosed).map((value) => value.value);
        }
      });
    }
  }

  /** Owner, record type, currency and activity fields depend on the fields and record types that the metadata defines. */
  #completeCustomObjects(): void {
    const multiCurrency = this.#project.orgShape.facts.has('multiCurrency');
    for (const object of this.#objects.values()) {
      if (multiCurrency && (object.kind === 'custom' || object.kind === 'customSetting')) {
        object.fields.push(currencyField(this.#activeCurrencies));
        object.currencyPath = ['CurrencyIsoCode'];
      }
      if (object.kind !== 'custom') continue;
      const master = object.fields.find((field) => field.relationshipOrder === 0 && field.position !== null);
      const insertAt = 1;
      if (master) {
        object.sharingModel = 'ControlledByParent';
        object.controllingParentFieldName = master.name;
      } else {
        if (object.sharingModel === 'ControlledByParent') {
          this.#problems.add(
            new MetadataError(
              object.position ?? { file: object.name, line: 1, column: 1 },
              `${object.name}: sharingModel ControlledByParent needs a master-detail field`,
            ),
          );
        }
        object.fields.splice(insertAt, 0, ownerField(['Group', 'User']));
      }
      if (this.#project.ofType('RecordType').some((component) => component.fullName.startsWith(`${object.name}.`)))
        object.fields.push(recordTypeField());
      if (object.activitiesAllowed) object.fields.push(lastActivityDateField());
      if (object.searchable || this.#project.component('CustomTab', object.name)) object.fields.push(...viewedFields());
    }
  }

  /** The record type of person accounts, and the contacts' custom fields as `__pc` fields (Salesforce Help, "Person Accounts"). */
  #addPersonAccounts(): void {
    const account = this.#objects.get('Account');
    account?.recordTypes.push({
      developerName: 'PersonAccount',
      label: 'Person Account',
      description: null,
      active: true,
      picklistValues: new Map(),
      personType: true,
      position: null,
    });
    for (const field of this.#objects.get('Contact')?.fields ?? []) {
      if (!field.name.endsWith('__c') || field.calculated || field.type === 'reference' || field.autoNumber) continue;
      account?.fields.push({ ...field, name: field.name.replace(/__c$/, '__pc'), nillable: true, unique: false });
    }
  }

  #addShares(): void {
    const reasons = new Map<string, (readonly [string, string])[]>();
    this.#each('SharingReason', (component, object) => {
      const name = component.fullName.slice(component.fullName.indexOf('.') + 1);
      const list = reasons.get(object.name) ?? [];
      list.push([name.endsWith('__c') ? name : `${name}__c`, component.root.requiredString('label')]);
      reasons.set(object.name, list);
    });
    for (const object of [...this.#objects.values()]) {
      const share = shareObject(object, reasons.get(object.name) ?? []);
      if (!share) continue;
      this.#objects.set(share.name, share);
      const parentField = share.fields[1];
      if (parentField)
        this.#children.push({
          object: share.name,
          field: parentField.name,
          relationshipName: 'Shares',
          everyTarget: false,
        });
    }
  }

  #addHistoriesAndFeeds(): void {
    const feedItem = this.#objects.get('FeedItem');
    for (const parent of [...this.#objects.values()]) {
      const made = [
        [historyObject(parent), 'Histories'],
        [feedItem ? feedObject(parent, feedItem) : null, 'Feeds'],
      ] as const;
      for (const [object, relationshipName] of made) {
        if (!object) continue;
        this.#objects.set(object.name, object);
        const field = object.fields.find((candidate) => candidate.deleteConstraint === 'Cascade');
        if (field)
          this.#children.push({ object: object.name, field: field.name, relationshipName, everyTarget: false });
      }
    }
  }

  #addChangeEvents(): void {
    for (const parent of [...this.#objects.values()]) {
      const object = changeEventObject(parent);
      if (object) this.#objects.set(object.name, object);
    }
  }

  #addActivityLists(): void {
    const task = this.#objects.get('Task');
    for (const object of task ? activityObjects(task) : []) {
      this.#objects.set(object.name, object);
      // On accounts the list holds what is related to their contacts and opportunities too: AccountId comes last.
      for (const field of ['WhoId', 'WhatId', 'AccountId'])
        this.#children.push({
          object: object.name,
          field,
          relationshipName: ACTIVITY_RELATIONSHIPS.get(object.name) ?? '',
          everyTarget: true,
        });
    }
  }

  #addProcessHistory(): void {
    const instance = this.#objects.get('ProcessInstance');
    const step = this.#objects.get('ProcessInstanceStep');
    if (!instance || !step) return;
    const object = processHistoryObject(instance, step);
    this.#objects.set(object.name, object);
    for (const [field, relationshipName] of PROCESS_HISTORY_RELATIONSHIPS)
      this.#children.push({ object: object.name, field, relationshipName, everyTarget: true });
  }

  #addPseudoObjects(): void {
    this.#objects.set('Name', nameObject());
    this.#objects.set(
      'AggregateResult',
      createFacts({
        name: 'AggregateResult',
        kind: 'aggregate',
        stored: false,
        queryable: false,
        createable: false,
        updateable: false,
        deletable: false,
      }),
    );
  }

  /** Every lookup must point to an object that exists; `@activities`, `@approvals` and the like stand for the project's objects. */
  #checkReferences(): void {
    const objects = [...this.#objects.values()];
    const groups: Readonly<Record<string, readonly string[]>> = {
      '@activities': objects
        .filter((object) => object.kind === 'custom' && object.activitiesAllowed)
        .map((object) => object.name),
      '@feeds': objects.filter(hasFeed).map((object) => object.name),
      '@approvals': objects
        .filter(
          (object) => object.kind === 'custom' || (object.kind === 'standard' && object.triggerable && !object.setup),
        )
        .map((object) => object.name),
      '@custom': objects.filter((object) => object.kind === 'custom').map((object) => object.name),
    };
    const byLowerName = new Map(objects.map((object) => [object.name.toLowerCase(), object.name]));
    for (const object of objects) {
      for (const field of object.fields) {
        if (field.referenceTo.length === 0) continue;
        field.referenceTo = field.referenceTo.flatMap(
          (target) => groups[target] ?? [byLowerName.get(target.toLowerCase()) ?? target],
        );
        const unknown = field.referenceTo.find((target) => !this.#objects.has(target) && !METADATA_TARGETS.has(target));
        if (unknown !== undefined && field.position) {
          this.#problems.add(
            new MetadataError(
              field.position,
              `${object.name}.${field.name} refers to the object ${unknown}, which the project and the local org do not have`,
            ),
          );
        }
        field.namePointing = field.referenceTo.length > 1;
      }
    }
  }

  /** A dependent picklist follows a picklist or a checkbox of its object. */
  #checkControllers(): void {
    for (const object of this.#objects.values())
      for (const field of object.fields) {
        if (field.controllerName === null || !field.position) continue;
        const name = field.controllerName.toLowerCase();
        const controller = object.fields.find((candidate) => candidate.name.toLowerCase() === name);
        if (controller?.type === 'picklist' || controller?.type === 'boolean') field.controllerName = controller.name;
        else
          this.#problems.add(
            new MetadataError(
              field.position,
              `${object.name}.${field.name} depends on ${field.controllerName}, which is no picklist and no checkbox of ${object.name}`,
            ),
          );
      }
  }

  #linkChildren(): void {
    const declared = new Map(this.#children.map((child) => [`${child.object}.${child.field}`, child]));
    for (const object of this.#objects.values()) {
      for (const field of object.fields) {
        const child = declared.get(`${object.name}.${field.name}`);
        field.referenceTo.forEach((target, index) => {
          this.#objects.get(target)?.childRelationships.push({
            relationshipName: child && (child.everyTarget || index === 0) ? child.relationshipName : null,
            childObject: object.name,
            field: field.name,
            cascadeDelete: field.deleteConstraint === 'Cascade',
            restrictedDelete: field.deleteConstraint === 'Restrict',
          });
        });
      }
    }
    // A record's feed shows feed items, with their comments and tracked changes.
    const ofFeedItem = this.#objects.get('FeedItem')?.childRelationships ?? [];
    for (const object of this.#objects.values())
      if (object.kind === 'feed' && object.view) object.childRelationships.push(...ofFeedItem);
    for (const object of this.#objects.values()) this.#checkChildNames(object);
  }

  #checkChildNames(object: ObjectFacts): void {
    const seen = new Set<string>();
    for (const child of object.childRelationships) {
      if (child.relationshipName === null) continue;
      const key = child.relationshipName.toLowerCase();
      if (!seen.has(key)) {
        seen.add(key);
        continue;
      }
      const position = this.#objects
        .get(child.childObject)
        ?.fields.find((field) => field.name === child.field)?.position;
      if (position)
        this.#problems.add(
          new MetadataError(
            position,
            `${object.name} already has a child relationship named ${child.relationshipName}; choose another relationshipName`,
          ),
        );
    }
  }

  #readCustomMetadata(): readonly CustomMetadataRecord[] {
    return this.#project.ofType('CustomMetadata').flatMap((component) => {
      const record = this.#problems.attempt(() => parseCustomMetadataRecord(component, this.#objects));
      return record === undefined ? [] : [record];
    });
  }

  /** Objects keep the prefix that the database knows; new ones get the next: a00, a01 … a0z, a10. */
  #assignKeyPrefixes(existing: KeyPrefixes): void {
    const taken = new Set<string>(existing.values());
    const waiting: ObjectFacts[] = [];
    for (const object of this.#objects.values()) {
      object.keyPrefix = existing.get(object.name) ?? object.keyPrefix;
      if (object.keyPrefix === '') waiting.push(object);
      else taken.add(object.keyPrefix);
    }
    waiting.sort((left, right) => (left.name < right.name ? -1 : 1));
    for (const object of waiting) {
      const first = CUSTOM_PREFIX_START[object.kind];
      if (first === undefined) continue;
      object.keyPrefix = nextPrefix(first, taken);
      taken.add(object.keyPrefix);
    }
  }
}

/** Targets of MetadataRelationship fields that have no rows in the local org. */
const METADATA_TARGETS: ReadonlySet<string> = new Set(['EntityParticle']);

function nextPrefix(first: string, taken: ReadonlySet<string>): string {
  for (const second of DIGITS) {
    for (const third of DIGITS) {
      const prefix = first + second + third;
      if (!taken.has(prefix)) return prefix;
    }
  }
  throw new Error(`no free key prefix starts with ${first}`);
}

/** What a polymorphic relationship (Owner, Who, What) offers. */
function nameObject(): ObjectFacts {
  const text = (name: string, label: string): ReturnType<typeof createField> =>
    createField({ name, label, type: 'string', length: 255, createable: false, updateable: false });
  const reference = (name: string, target: string, relationshipName: string): ReturnType<typeof createField> =>
    createField({
      name,
      label: name.replace(/Id$/, ' ID'),
      type: 'reference',
      length: 18,
      createable: false,
      updateable: false,
      referenceTo: [target],
      relationshipName,
    });
  return createFacts({
    name: 'Name',
    kind: 'standard',
    stored: false,
    queryable: false,
    createable: false,
    updateable: false,
    deletable: false,
    fields: [
      createField({
        name: 'Id',
        label: 'Record ID',
        type: 'id',
        length: 18,
        nillable: false,
        createable: false,
        updateable: false,
      }),
      createField({
        name: 'Name',
        label: 'Name',
        type: 'string',
        length: 255,
        nameField: true,
        createable: false,
        updateable: false,
      }),
      text('LastName', 'Last Name'),
      text('FirstName', 'First Name'),
      text('Type', 'Type'),
      text('Alias', 'Alias'),
      text('Title', 'Title'),
      createField({ name: 'Email', label: 'Email', type: 'email', length: 255, createable: false, updateable: false }),
      createField({ name: 'Phone', label: 'Phone', type: 'phone', length: 40, createable: false, updateable: false }),
      text('Username', 'Username'),
      createField({ name: 'IsActive', label: 'Active', type: 'boolean', createable: false, updateable: false }),
      reference('ProfileId', 'Profile', 'Profile'),
      reference('UserRoleId', 'UserRole', 'UserRole'),
    ],
  });
}
