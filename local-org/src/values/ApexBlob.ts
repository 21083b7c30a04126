/** Binary data. */
export class ApexBlob {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  static fromText(text: string): ApexBlob {
    return new ApexBlob(new TextEncoder().encode(text));
  }

  static fromBase64(text: string): ApexBlob {
    return new ApexBlob(new Uint8Array(Buffer.from(text, 'base64')));
  }

  get size(): number {
    return this.bytes.length;
  }

  /** The bytes as UTF-8 text; throws TypeError when they are not UTF-8. */
  toText(): string {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes);
  }

  toBase64(): string {
    return Buffer.from(this.bytes).toString('base64');
  }

  toHex(): string {
    return Buffer.from(this.bytes).toString('hex');
  }

  equals(other: ApexBlob): boolean {
    return Buffer.compare(this.bytes, other.bytes) === 0;
  }

  toKey(): string {
    return this.toBase64();
  }

  /** What Apex prints: Blob[12] */
  toString(): string {
    return `Blob[${this.bytes.length}]`;
  }

  toJSON(): string {
    return this.toBase64();
  }
}
