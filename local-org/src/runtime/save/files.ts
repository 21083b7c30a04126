/** Files: a first version makes its document and links it; a further one becomes the document's latest. */
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import type { SaveRow } from './rows.ts';
import { saveChunk } from './saveRecords.ts';
import type { SaveRequest, SaveServices } from './services.ts';

/** Fields that a document has from its latest version. */
const FROM_VERSION = ['Title', 'Description', 'FileType', 'FileExtension', 'ContentSize', 'SharingOption', 'OwnerId'];

/** After ContentVersion rows were written, before their triggers run. */
export function publishVersions(rows: readonly SaveRow[], services: SaveServices, request: SaveRequest): void {
  const document = services.schema.object('ContentDocument');
  const link = services.schema.object('ContentDocumentLink');
  const version = services.schema.object('ContentVersion');
  if (!document || !link || !version) return;
  for (const row of rows.filter((candidate) => candidate.old === null)) {
    const { values } = row.record;
    const versionId = row.record.id ?? '';
    const facts = {
      ...Object.fromEntries(FROM_VERSION.map((name) => [name, values.get(name)])),
      LatestPublishedVersionId: versionId,
      PublishStatus: 'P',
      ContentModifiedDate: new ApexDatetime(services.transaction.now()),
    };
    const existing = values.get('ContentDocumentId');
    const documentId =
      typeof existing === 'string'
        ? save(document, 'update', { Id: existing, ...facts }, row, services, request)
        : save(document, 'insert', facts, row, services, request);
    if (documentId === null) continue;
    const earlier = [...services.store.loadWhere(version, '"ContentDocumentId" = ?', [documentId])];
    for (const [id, before] of earlier)
      if (before.get('IsLatest') === true && id !== versionId)
        services.store.update(version, id, new Map([['IsLatest', false]]));
    const settled = new Map<string, unknown>([
      ['ContentDocumentId', documentId],
      ['VersionNumber', String(earlier.filter(([id]) => id !== versionId).length + 1)],
    ]);
    services.store.update(version, versionId, settled);
    for (const [name, value] of settled) values.set(name, value);
    if (typeof existing === 'string') continue;
    const places = new Map([[services.userId, 'I']]);
    const first = values.get('FirstPublishLocationId');
    if (typeof first === 'string') places.set(first, first === services.userId ? 'I' : 'V');
    for (const [LinkedEntityId, ShareType] of places)
      save(
        link,
        'insert',
        { LinkedEntityId, ContentDocumentId: documentId, ShareType, Visibility: 'AllUsers' },
        row,
        services,
        request,
      );
  }
}

/** Saves one record of the platform's own; its errors become the version's. Returns its Id, null when it failed. */
function save(
  describe: ObjectDescribe,
  operation: 'insert' | 'update',
  values: Readonly<Record<string, unknown>>,
  version: SaveRow,
  services: SaveServices,
  request: SaveRequest,
): string | null {
  const input = new SObjectRecord(describe);
  for (const [name, value] of Object.entries(values)) if (value !== undefined) input.values.set(name, value);
  const row: SaveRow = { index: 0, input, record: input, old: null, errors: [] };
  saveChunk([row], { describe, operation, internal: true }, services, request);
  version.errors.push(...row.errors);
  return row.errors.length > 0 ? null : row.record.id;
}
