/** What one user may do with objects and fields: profile and permission sets added up. */
import type { FieldDescribe, ObjectDescribe, RecordTypeDescribe } from '../schema/types.ts';
import type { GrantedPermissions } from './grants.ts';

export interface ObjectAccess {
  readonly read: boolean;
  readonly create: boolean;
  readonly edit: boolean;
  readonly delete: boolean;
  readonly viewAll: boolean;
  readonly modifyAll: boolean;
}

export const NO_ACCESS: ObjectAccess = {
  read: false,
  create: false,
  edit: false,
  delete: false,
  viewAll: false,
  modifyAll: false,
};
export const FULL_ACCESS: ObjectAccess = {
  read: true,
  create: true,
  edit: true,
  delete: true,
  viewAll: true,
  modifyAll: true,
};
const READ_ONLY: ObjectAccess = { ...NO_ACCESS, read: true };
const ORDINARY: ObjectAccess = { read: true, create: true, edit: true, delete: true, viewAll: false, modifyAll: false };

/** The standard objects that profiles grant; a custom object is granted by permission sets only. */
const STANDARD_USER: Readonly<Record<string, ObjectAccess>> = {
  Account: ORDINARY,
  Contact: ORDINARY,
  Opportunity: ORDINARY,
  OpportunityLineItem: ORDINARY,
  OpportunityContactRole: ORDINARY,
  AccountTeamMember: ORDINARY,
  OpportunityTeamMember: ORDINARY,
  Lead: ORDINARY,
  Case: { ...ORDINARY, delete: false },
  Contract: { ...ORDINARY, delete: false },
  Campaign: READ_ONLY,
  CampaignMember: ORDINARY,
  Product2: READ_ONLY,
  Pricebook2: READ_ONLY,
  PricebookEntry: READ_ONLY,
  Task: ORDINARY,
  Event: ORDINARY,
  Note: ORDINARY,
  Attachment: ORDINARY,
};
const READ_ONLY_USER: Readonly<Record<string, ObjectAccess>> = Object.fromEntries(
  Object.keys(STANDARD_USER).map((name) => [name, READ_ONLY]),
);

/** What a profile grants by itself; profiles not named here are like Standard User. */
const PROFILE_OBJECTS: Readonly<Record<string, Readonly<Record<string, ObjectAccess>>>> = {
  'Minimum Access - Salesforce': {},
  'Read Only': READ_ONLY_USER,
  'Marketing User': { ...STANDARD_USER, Campaign: ORDINARY },
  'Contract Manager': { ...STANDARD_USER, Contract: ORDINARY },
};

/** Objects that follow other objects' permissions. */
const GOVERNED_BY: Readonly<Record<string, string>> = {
  OpportunityLineItem: 'Opportunity',
  OpportunityContactRole: 'Opportunity',
  AccountTeamMember: 'Account',
  OpportunityTeamMember: 'Opportunity',
  CampaignMember: 'Campaign',
  PricebookEntry: 'Pricebook2',
};

export interface Grants {
  readonly profileName: string;
  /** The project defines the profile: it grants nothing by itself. */
  readonly profileIsCustom: boolean;
  readonly isAdministrator: boolean;
  readonly viewAllData: boolean;
  readonly modifyAllData: boolean;
  readonly userPermissions: ReadonlySet<string>;
  /** Profile and permission set rows added up. */
  readonly permissions: GrantedPermissions;
}

export interface RecordTypeChoice {
  readonly available: readonly RecordTypeDescribe[];
  readonly standard: RecordTypeDescribe | null;
}

export class UserAccess {
  readonly grants: Grants;
  readonly #profileObjects: Readonly<Record<string, ObjectAccess>>;
  readonly #objects = new Map<string, ObjectAccess>();

  constructor(grants: Grants) {
    this.grants = grants;
    this.#profileObjects = grants.profileIsCustom ? {} : (PROFILE_OBJECTS[grants.profileName] ?? STANDARD_USER);
  }

  object(object: ObjectDescribe): ObjectAccess {
    const known = this.#objects.get(object.name);
    if (known) return known;
    const access = this.#decide(object);
    this.#objects.set(object.name, access);
    return access;
  }

  #decide(object: ObjectDescribe): ObjectAccess {
    const { grants } = this;
    if (grants.isAdministrator || grants.modifyAllData) return FULL_ACCESS;
    if (object.setup || !isGoverned(object)) {
      const mayManage = grants.userPermissions.has('ManageUsers') || grants.userPermissions.has('CustomizeApplication');
      // Sharing rows may be written by who may edit the shared record; sharing decides that.
      return object.setup && !mayManage ? READ_ONLY : { ...ORDINARY, viewAll: true };
    }
    const own = add(
      this.#profileObjects[object.name] ?? NO_ACCESS,
      grants.permissions.objects.get(object.name) ?? NO_ACCESS,
    );
    const governor = GOVERNED_BY[object.name];
    const governed =
      governor === undefined
        ? own
        : add(
            own,
            followMaster(
              add(this.#profileObjects[governor] ?? NO_ACCESS, grants.permissions.objects.get(governor) ?? NO_ACCESS),
            ),
          );
    const activity =
      (object.name === 'Task' && grants.userPermissions.has('EditTask')) ||
      (object.name === 'Event' && grants.userPermissions.has('EditEvent'))
        ? add(governed, ORDINARY)
        : governed;
    return grants.viewAllData ? add(activity, { ...NO_ACCESS, read: true, viewAll: true }) : activity;
  }

  /**
   * Record types that the user may give to new records, and the one that new records get without a choice; null: the
   * master record type (Salesforce Help, "How Is Record Type Access Specified?"). An administrator whose profile says
   * nothing about the object's record types has all that are active.
   */
  recordTypes(object: ObjectDescribe): RecordTypeChoice {
    const { recordTypes } = this.grants.permissions;
    const active = object.recordTypes.filter((type) => type.active);
    const visibilityOf = ({ developerName }: RecordTypeDescribe) => recordTypes.get(`${object.name}.${developerName}`);
    const isSilent = active.every((type) => type.personType === true || visibilityOf(type) === undefined);
    const available =
      this.grants.isAdministrator && isSilent ? active : active.filter((type) => visibilityOf(type)?.visible === true);
    const business = available.filter((type) => type.personType !== true);
    const standard =
      available.find((type) => visibilityOf(type)?.isDefault === true) ??
      (business.length === 1 ? business[0] : undefined) ??
      null;
    return { available, standard };
  }

  canReadField(object: ObjectDescribe, field: FieldDescribe): boolean {
    if (!this.object(object).read) return false;
    return this.#isFree(object, field) || this.#granted(object, field) !== undefined;
  }

  canEditField(object: ObjectDescribe, field: FieldDescribe): boolean {
    if (field.calculated || field.autoNumber) return false;
    const access = this.object(object);
    if (!access.create && !access.edit) return false;
    return this.#isFree(object, field) || this.#granted(object, field) === true;
  }

  /** True: may edit, false: may read, undefined: nothing grants it. Parts of an address are granted with the address. */
  #granted(object: ObjectDescribe, field: FieldDescribe): boolean | undefined {
    const { fields } = this.grants.permissions;
    const own = fields.get(`${object.name}.${field.name}`);
    return (
      own ?? (field.compoundFieldName === null ? undefined : fields.get(`${object.name}.${field.compoundFieldName}`))
    );
  }

  /** Fields that no permission restricts for this user. */
  #isFree(object: ObjectDescribe, field: FieldDescribe): boolean {
    const { grants } = this;
    if (grants.isAdministrator || grants.modifyAllData || !isPermissionable(object, field)) return true;
    // Profiles grant the standard fields of the objects that they grant, but for those of Data.com and D&B.
    return !field.custom && !HIDDEN_FIELDS.has(field.name) && this.#profileObjects[object.name] !== undefined;
  }
}

/** True when access to the object is granted by permissions at all. */
function isGoverned(object: ObjectDescribe): boolean {
  return (
    object.kind === 'custom' ||
    object.kind === 'platformEvent' ||
    (object.kind === 'standard' && object.name in STANDARD_USER)
  );
}

/** False for fields that everyone who may read the object may read: Id, name, required and system fields. */
export function isPermissionable(object: ObjectDescribe, field: FieldDescribe): boolean {
  // Platform events have no field-level security.
  if (
    !isGoverned(object) ||
    object.kind === 'platformEvent' ||
    field.nameField ||
    field.type === 'id' ||
    field.compoundFieldName === 'Name'
  )
    return false;
  if (SYSTEM_FIELDS.has(field.name)) return false;
  return field.nillable || field.type === 'boolean' || field.calculated;
}

/** Standard fields that profiles don't show unless someone grants them. */
const HIDDEN_FIELDS: ReadonlySet<string> = new Set([
  'DunsNumber',
  'NaicsCode',
  'NaicsDesc',
  'SicDesc',
  'Tradestyle',
  'YearStarted',
]);

const SYSTEM_FIELDS: ReadonlySet<string> = new Set([
  'IsDeleted',
  'OwnerId',
  'CreatedDate',
  'CreatedById',
  'LastModifiedDate',
  'LastModifiedById',
  'SystemModstamp',
  'LastActivityDate',
  'LastViewedDate',
  'LastReferencedDate',
  'RecordTypeId',
  'CurrencyIsoCode',
  'MasterRecordId',
  'IsClosed',
  'IsWon',
  'ForecastCategory',
]);

export function add(left: ObjectAccess, right: ObjectAccess): ObjectAccess {
  return {
    read: left.read || right.read || right.viewAll || right.modifyAll || left.viewAll || left.modifyAll,
    create: left.create || right.create,
    edit: left.edit || right.edit || left.modifyAll || right.modifyAll,
    delete: left.delete || right.delete || left.modifyAll || right.modifyAll,
    viewAll: left.viewAll || right.viewAll || left.modifyAll || right.modifyAll,
    modifyAll: left.modifyAll || right.modifyAll,
  };
}

function followMaster(master: ObjectAccess): ObjectAccess {
  return { ...master, create: master.edit, delete: master.edit };
}
