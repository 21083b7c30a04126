/** Shapes of the UI API's metadata, and plans to fetch it. */
import type { Plan } from 'platform/dataService';
import { queryString, request } from 'platform/http';
import type { RecordRepresentation } from 'platform/records';

export interface FieldInfo {
  readonly apiName: string;
  readonly label: string;
  readonly dataType: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly compoundFieldName: string | null;
  readonly htmlFormatted: boolean;
  readonly inlineHelpText: string | null;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly nameField: boolean;
  readonly reference: boolean;
  readonly referenceToInfos: readonly { readonly apiName: string; readonly nameFields: readonly string[] }[];
  readonly relationshipName: string | null;
  readonly required: boolean;
  readonly sortable: boolean;
  readonly calculated: boolean;
  /** The field that a dependent picklist follows. */
  readonly controllerName: string | null;
  readonly filteredLookupInfo: { readonly controllingFields: readonly string[] } | null;
}

export interface ObjectInfo {
  readonly apiName: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly fields: Readonly<Record<string, FieldInfo>>;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly nameFields: readonly string[];
  readonly themeInfo: { readonly iconName: string };
  /** Record type that a new record gets without a choice. */
  readonly defaultRecordTypeId: string;
}

/** RecordTypeId of records without a record type. */
export const masterRecordTypeId = '012000000000000AAA';

export interface LayoutItem {
  readonly editableForNew: boolean;
  readonly editableForUpdate: boolean;
  readonly label: string;
  readonly layoutComponents: readonly { readonly apiName: string | null; readonly componentType: string }[];
  readonly required: boolean;
}

export interface LayoutSection {
  readonly id: string;
  readonly heading: string;
  readonly useHeading: boolean;
  readonly columns: number;
  readonly tabOrder: 'LeftRight' | 'TopDown';
  readonly layoutRows: readonly { readonly layoutItems: readonly LayoutItem[] }[];
}

export interface LayoutRepresentation {
  readonly sections: readonly LayoutSection[];
  readonly excludedButtons: readonly string[];
}

export interface PicklistFieldValues {
  readonly defaultValue: { readonly value: string } | null;
  /** Numbers of the controlling values. */
  readonly controllerValues: Readonly<Record<string, number>>;
  readonly values: readonly {
    readonly label: string;
    readonly value: string;
    readonly validFor: readonly number[];
  }[];
}

export interface Column {
  readonly fieldApiName: string;
  readonly label: string;
  readonly sortable: boolean;
  readonly dataType: string;
}

/** Object facts; the same entry as `getObjectInfo`'s. */
export const objectInfoPlan = (objectApiName: string): Plan<ObjectInfo> => ({
  key: `objectInfo:${objectApiName}`,
  tags: ['metadata'],
  fetch: () => request('GET', `/ui-api/object-info/${encodeURIComponent(objectApiName)}`),
});

export const layoutPlan = (
  objectApiName: string,
  layoutType: 'Full' | 'Compact',
  mode: 'View' | 'Edit' | 'Create',
  recordTypeId?: string | null,
): Plan<LayoutRepresentation> => {
  const parameters = queryString({ layoutType, mode, recordTypeId });
  return {
    key: `layout:${objectApiName}${parameters}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/layout/${objectApiName}${parameters}`),
  };
};

export const picklistsPlan = (
  objectApiName: string,
  recordTypeId?: string | null,
): Plan<{ readonly picklistFieldValues: Readonly<Record<string, PicklistFieldValues>> }> => ({
  key: `picklists:${objectApiName}:${recordTypeId ?? masterRecordTypeId}`,
  tags: ['metadata'],
  fetch: () =>
    request('GET', `/ui-api/object-info/${objectApiName}/picklist-values/${recordTypeId ?? masterRecordTypeId}`),
});

/** Values that a new record starts with; without a record type those of the user's default one. */
export const createDefaultsPlan = (
  objectApiName: string,
  recordTypeId?: string | null,
): Plan<{ readonly record: RecordRepresentation }> => {
  const parameters = queryString({ recordTypeId });
  return {
    key: `defaults:${objectApiName}${parameters}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/record-defaults/create/${objectApiName}${parameters}`),
  };
};

export interface RecordTypeChoice {
  readonly recordTypeId: string;
  readonly label: string;
  readonly description: string | null;
}

/** The record types that a person chooses from for a new record. */
export const recordTypesPlan = (
  objectApiName: string,
): Plan<{ readonly choices: readonly RecordTypeChoice[]; readonly defaultRecordTypeId: string }> => ({
  key: `recordTypes:${objectApiName}`,
  tags: ['metadata'],
  fetch: () => request('GET', `/local-org/record-types/${objectApiName}`),
});

/** A record with every field of its layout. */
export const layoutRecordPlan = (recordId: string, layoutType: 'Full' | 'Compact'): Plan<RecordRepresentation> => {
  const parameters = queryString({ layoutTypes: [layoutType], modes: [] });
  return {
    key: `record:${recordId}${parameters}`,
    tags: [recordId],
    fetch: () => request('GET', `/ui-api/records/${recordId}${parameters}`),
  };
};
