/** `lightning/uiObjectInfoApi`: facts about objects and picklists. */
import { apiNameOf, apiNamesOf, createAdapter } from 'platform/dataService';
import type { Plan } from 'platform/dataService';
import { request } from 'platform/http';
import type { ObjectInfo } from 'platform/metadata';

function objectInfoPlan(objectApiName: string): Plan<ObjectInfo> {
  return {
    key: `objectInfo:${objectApiName}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/object-info/${encodeURIComponent(objectApiName)}`),
  };
}

/** Wire adapter: fields, labels, access, record types of an object. */
export const getObjectInfo = createAdapter<ObjectInfo>((configuration) => {
  const objectApiName = apiNameOf(configuration.objectApiName);
  return objectApiName === undefined ? undefined : objectInfoPlan(objectApiName);
});

/** Wire adapter: the same for several objects. */
export const getObjectInfos = createAdapter((configuration) => {
  const names = apiNamesOf(configuration.objectApiNames);
  if (names.length === 0) return undefined;
  return {
    key: `objectInfos:${names.join()}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/object-info/batch/${names.map(encodeURIComponent).join(',')}`),
  };
});

/** Wire adapter: values of one picklist field for a record type. */
export const getPicklistValues = createAdapter((configuration) => {
  const field = apiNameOf(configuration.fieldApiName);
  const recordTypeId = apiNameOf(configuration.recordTypeId);
  if (field === undefined || recordTypeId === undefined) return undefined;
  const [object = '', name = ''] = field.split('.');
  return {
    key: `picklist:${field}:${recordTypeId}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/object-info/${object}/picklist-values/${recordTypeId}/${name}`),
  };
});

/** Wire adapter: values of every picklist field for a record type. */
export const getPicklistValuesByRecordType = createAdapter((configuration) => {
  const object = apiNameOf(configuration.objectApiName);
  const recordTypeId = apiNameOf(configuration.recordTypeId);
  if (object === undefined || recordTypeId === undefined) return undefined;
  return {
    key: `picklists:${object}:${recordTypeId}`,
    tags: ['metadata'],
    fetch: () => request('GET', `/ui-api/object-info/${object}/picklist-values/${recordTypeId}`),
  };
});
