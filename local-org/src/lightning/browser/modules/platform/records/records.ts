/**
 * Records in the cache. Every component asks for fields of its own; one entry for each record holds the union of them,
 * is fetched in one request, and each component sees the fields that it asked for.
 */
import { apiNamesOf, createAdapter, entryOf, fetchOnce, notifyChanged } from 'platform/dataService';
import type { Plan, WireConfiguration, WireResult } from 'platform/dataService';
import { deepFreeze, queryString, request } from 'platform/http';

/** A field of the UI API: the raw value, and the value in the user's format when it differs. */
export interface FieldRepresentation {
  readonly displayValue: string | null;
  readonly value: unknown;
}

/** A record of the UI API. */
export interface RecordRepresentation {
  readonly apiName: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, FieldRepresentation>>;
  readonly childRelationships: Readonly<Record<string, unknown>>;
  readonly recordTypeId: string | null;
  readonly recordTypeInfo: unknown;
  readonly lastModifiedById: string | null;
  readonly lastModifiedDate: string | null;
  readonly systemModstamp: string | null;
  readonly eTag: string;
  readonly weakEtag: number;
}

export interface RecordInput {
  readonly apiName?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Fields that were asked for of one record; grows while the page is open. */
interface Demand {
  readonly optionalFields: Set<string>;
}

const demands = new Map<string, Demand>();

const recordIdPattern = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;

/** 18 characters; undefined for what cannot be an Id. */
export function normalizedId(value: unknown): string | undefined {
  if (typeof value !== 'string' || !recordIdPattern.test(value)) return undefined;
  return value.length === 18 ? value : value + checksum(value);
}

function checksum(id: string): string {
  return [0, 5, 10]
    .map((start) => {
      const bits = [...id.slice(start, start + 5)].reduce(
        (sum, letter, index) => (letter >= 'A' && letter <= 'Z' ? sum + 2 ** index : sum),
        0,
      );
      return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'.charAt(bits);
    })
    .join('');
}

/** Plan for a record with at least these fields; undefined while there is no record Id or nothing to ask for. */
function fieldsPlan(
  recordId: string,
  fields: readonly string[],
  optionalFields: readonly string[],
): Plan<RecordRepresentation> {
  let demand = demands.get(recordId);
  if (!demand) {
    demand = { optionalFields: new Set() };
    demands.set(recordId, demand);
  }
  const before = demand.optionalFields.size;
  // Fields that one component requires stay optional in the joint request, so that a field which somebody may not see
  // is that component's error and not everybody's.
  for (const field of [...fields, ...optionalFields]) demand.optionalFields.add(field);
  const joint = demand;
  const plan: Plan<RecordRepresentation> = {
    key: `record:${recordId}`,
    tags: [recordId],
    fetch: () =>
      request('GET', `/ui-api/records/${recordId}${queryString({ optionalFields: [...joint.optionalFields].sort() })}`),
    tagsOf: (record) => relatedIds(record),
  };
  const entry = entryOf(plan);
  if (joint.optionalFields.size > before) void entry.refresh();
  return plan;
}

/** Ids of the parent records whose fields are shown along with the record. */
function relatedIds(record: RecordRepresentation): readonly string[] {
  return Object.values(record.fields).flatMap(({ value }) =>
    typeof value === 'object' && value !== null && 'fields' in value
      ? [(value as RecordRepresentation).id, ...relatedIds(value as RecordRepresentation)]
      : [],
  );
}

/** The part of a record that a component asked for. Undefined while a field of it is still on its way. */
function project(record: RecordRepresentation, paths: readonly string[]): RecordRepresentation {
  const fields: Record<string, FieldRepresentation> = {};
  for (const path of paths) {
    const [name = '', ...rest] = path.split('.');
    const field = fieldOf(record, name);
    if (!field) continue;
    const [key, representation] = field;
    const parent = representation.value;
    if (rest.length === 0 || typeof parent !== 'object' || parent === null) {
      fields[key] ??= representation;
      continue;
    }
    const earlier = (fields[key]?.value ?? undefined) as RecordRepresentation | undefined;
    const selected = project(parent as RecordRepresentation, [rest.join('.')]);
    fields[key] = {
      displayValue: representation.displayValue,
      value: { ...selected, fields: { ...earlier?.fields, ...selected.fields } },
    };
  }
  return { ...record, fields };
}

function fieldOf(record: RecordRepresentation, name: string): readonly [string, FieldRepresentation] | undefined {
  const direct = record.fields[name];
  if (direct) return [name, direct];
  const key = Object.keys(record.fields).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  const field = key === undefined ? undefined : record.fields[key];
  return key !== undefined && field ? [key, field] : undefined;
}

const withoutObject = (path: string): string => path.slice(path.indexOf('.') + 1);

function hasPath(record: RecordRepresentation, path: string): boolean {
  const [name = '', ...rest] = path.split('.');
  const field = fieldOf(record, name);
  if (!field) return false;
  const { value } = field[1];
  if (rest.length === 0 || value === null) return true;
  return typeof value === 'object' && hasPath(value as RecordRepresentation, rest.join('.'));
}

interface RecordRequest {
  readonly recordId: string;
  readonly fields: readonly string[];
  readonly optionalFields: readonly string[];
}

function requestOf(configuration: WireConfiguration): RecordRequest | undefined {
  const recordId = normalizedId(configuration.recordId);
  const fields = apiNamesOf(configuration.fields);
  const optionalFields = apiNamesOf(configuration.optionalFields);
  return recordId === undefined || fields.length + optionalFields.length === 0
    ? undefined
    : { recordId, fields, optionalFields };
}

/** Plan for `layoutTypes` and `modes`: the server knows which fields a layout has. */
function layoutPlan(configuration: WireConfiguration): Plan<RecordRepresentation> | undefined {
  const recordId = normalizedId(configuration.recordId);
  const layoutTypes = apiNamesOf(configuration.layoutTypes);
  if (recordId === undefined || layoutTypes.length === 0) return undefined;
  const parameters = queryString({
    layoutTypes,
    modes: apiNamesOf(configuration.modes),
    optionalFields: apiNamesOf(configuration.optionalFields),
  });
  return {
    key: `record:${recordId}${parameters}`,
    tags: [recordId],
    fetch: () => request('GET', `/ui-api/records/${recordId}${parameters}`),
    tagsOf: relatedIds,
  };
}

/** Fields that the joint request did not bring although a component requires them: its own request says why. */
function strictPlan({ recordId, fields, optionalFields }: RecordRequest): Plan<RecordRepresentation> {
  const parameters = queryString({ fields: [...fields].sort(), optionalFields: [...optionalFields].sort() });
  return {
    key: `record:${recordId}${parameters}`,
    tags: [recordId],
    fetch: () => request('GET', `/ui-api/records/${recordId}${parameters}`),
    tagsOf: relatedIds,
  };
}

const JointAdapter = createAdapter<RecordRepresentation>(
  (configuration) => {
    const wanted = requestOf(configuration);
    return wanted ? fieldsPlan(wanted.recordId, wanted.fields, wanted.optionalFields) : layoutPlan(configuration);
  },
  (record, configuration) => {
    const wanted = requestOf(configuration);
    if (!wanted) return record;
    return project(record, [...wanted.fields, ...wanted.optionalFields].map(withoutObject));
  },
);

type Result = WireResult<RecordRepresentation>;
type Callback = (result: Result) => void;

/** `getRecord`: the joint adapter; falls back to a request of its own when a required field did not come. */
export class RecordAdapter {
  readonly #callback: Callback;
  readonly #joint: InstanceType<typeof JointAdapter>;
  #strict: InstanceType<typeof StrictAdapter> | undefined;
  #configuration: WireConfiguration = {};
  #connected = false;

  constructor(callback: Callback) {
    this.#callback = callback;
    this.#joint = new JointAdapter((result: Result) => this.#receive(result));
  }

  update(configuration: WireConfiguration): void {
    this.#configuration = configuration;
    this.#strict?.disconnect();
    this.#strict = undefined;
    this.#joint.update(configuration);
  }

  connect(): void {
    this.#connected = true;
    this.#joint.connect();
    this.#strict?.connect();
  }

  disconnect(): void {
    this.#connected = false;
    this.#joint.disconnect();
    this.#strict?.disconnect();
  }

  #receive(result: Result): void {
    const wanted = result.data && requestOf(this.#configuration);
    const missing =
      wanted && wanted.fields.some((path) => !hasPath(result.data as RecordRepresentation, withoutObject(path)));
    if (!missing) {
      this.#strict?.disconnect();
      this.#strict = undefined;
      this.#callback(result);
      return;
    }
    // Either the wider request is on its way (this answer is the one from before), or the field cannot be had.
    if (this.#strict) return;
    const strict = new StrictAdapter((answer: Result) => {
      if (this.#strict === strict && (answer.data !== undefined || answer.error !== undefined)) this.#callback(answer);
    });
    this.#strict = strict;
    strict.update(this.#configuration);
    if (this.#connected) strict.connect();
  }
}

const StrictAdapter = createAdapter<RecordRepresentation>((configuration) => {
  const wanted = requestOf(configuration);
  return wanted && strictPlan(wanted);
});

/** What a lookup shows of the record that it points to, whatever its object. */
export function fetchRecordTitle(recordId: string): Promise<{ readonly title: string; readonly iconName: string }> {
  return fetchOnce({
    key: `recordTitle:${recordId}`,
    tags: [recordId],
    fetch: () => request('GET', `/local-org/record-title/${recordId}`),
  });
}

/** Tags that a write of this record touches: itself and every list of its object. */
export const changeTags = (recordId: string, objectApiName: string): readonly string[] => [
  recordId,
  `object:${objectApiName}`,
];

export async function createRecord(input: RecordInput): Promise<RecordRepresentation> {
  const record = await request<RecordRepresentation>('POST', '/ui-api/records', {
    apiName: input.apiName,
    fields: input.fields,
  });
  void notifyChanged(changeTags(record.id, record.apiName));
  return deepFreeze(record);
}

/** Resolves when every wire on the page that shows the record has the new values. */
export async function updateRecord(
  input: RecordInput,
  options?: { readonly ifUnmodifiedSince?: string },
): Promise<RecordRepresentation> {
  const { Id: id, ...fields } = input.fields;
  const recordId = normalizedId(id);
  if (recordId === undefined) throw new TypeError('updateRecord needs the record’s Id among the fields.');
  const record = await request<RecordRepresentation>('PATCH', `/ui-api/records/${recordId}`, {
    fields,
    ...(options?.ifUnmodifiedSince === undefined ? {} : { ifUnmodifiedSince: options.ifUnmodifiedSince }),
  });
  await notifyChanged(changeTags(record.id, record.apiName));
  return deepFreeze(record);
}

export async function deleteRecord(recordId: string): Promise<void> {
  const id = normalizedId(recordId);
  if (id === undefined) throw new TypeError(`${recordId} is no record Id.`);
  await request('DELETE', `/ui-api/records/${id}`);
  // The record's own entry is left alone: its page is about to be closed, and a refetch would be a 404.
  void notifyChanged([`deleted:${id}`]);
}
