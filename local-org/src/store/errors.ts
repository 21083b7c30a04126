/** The database can't be used as it is; the message says what to do. */
export class StoreError extends Error {
  readonly code: 'DATABASE_LOCKED' | 'FIELD_TYPE_CHANGED' | 'NEWER_DATABASE' | 'NOT_A_DATABASE' | 'OTHER_SHAPE';

  constructor(code: StoreError['code'], message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}
