/** Blob, EncodingUtil, Crypto, UUID, Pattern and Matcher. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSign,
  createVerify,
  randomBytes,
  randomInt,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto';
import { ApexBlob } from '../../values/ApexBlob.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { hashCodeOf } from '../execution/keys.ts';
import { javaRegExp } from './regularExpression.ts';
import { javaReplacement, split } from './String.ts';
import { ApexList } from '../execution/ApexList.ts';
import { execution } from '../execution/Execution.ts';
import type { LibraryClass } from './define.ts';

const need = <T>(value: T | null): T => value ?? nullPointer();
const blob = (bytes: Uint8Array): ApexBlob => new ApexBlob(new Uint8Array(bytes));
const DIGESTS: Readonly<Record<string, string>> = {
  md5: 'md5',
  sha1: 'sha1',
  'sha-1': 'sha1',
  'sha-256': 'sha256',
  sha256: 'sha256',
  'sha-512': 'sha512',
  sha512: 'sha512',
  'sha3-256': 'sha3-256',
  'sha3-384': 'sha3-384',
  'sha3-512': 'sha3-512',
};
const SIGNATURES: Readonly<Record<string, string>> = {
  'rsa-sha1': 'sha1',
  rsa: 'sha1',
  'rsa-sha256': 'sha256',
  'rsa-sha384': 'sha384',
  'rsa-sha512': 'sha512',
  'ecdsa-sha256': 'sha256',
  'ecdsa-sha384': 'sha384',
  'ecdsa-sha512': 'sha512',
};
const MACS: Readonly<Record<string, string>> = {
  hmacmd5: 'md5',
  hmacsha1: 'sha1',
  hmacsha256: 'sha256',
  hmacsha512: 'sha512',
};

function algorithm(table: Readonly<Record<string, string>>, name: string): string {
  const found = table[need(name).toLowerCase()];
  if (!found) throw makeException('NoSuchElementException', `Unsupported algorithm: ${name}`);
  return found;
}
const cipher = (name: string): string =>
  algorithm({ aes128: 'aes-128-cbc', aes192: 'aes-192-cbc', aes256: 'aes-256-cbc' }, name);

export class ApexUuid {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
  equals$Object(other: unknown): boolean {
    return other instanceof ApexUuid && other.text === this.text;
  }
  hashcode$(): number {
    return hashCodeOf(this.text);
  }
}

class Pattern {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
    javaRegExp(source, 'g');
  }
}

class Matcher {
  readonly pattern: Pattern;
  readonly text: string;
  match: RegExpExecArray | null = null;
  position = 0;
  regionStart = 0;
  constructor(pattern: Pattern, text: string) {
    this.pattern = pattern;
    this.text = text;
  }
  private run(flags: string, from: number): RegExpExecArray | null {
    const expression = new RegExp(
      javaRegExp(this.pattern.source, flags).source,
      `${javaRegExp(this.pattern.source, flags).flags.replace('d', '')}d`,
    );
    expression.lastIndex = from;
    return expression.exec(this.text);
  }
  find(): boolean {
    this.match = this.position > this.text.length ? null : this.run('g', this.position);
    if (this.match)
      this.position = this.match.index + Math.max(1, this.match[0].length) - (this.match[0].length === 0 ? 0 : 0);
    return this.match !== null;
  }
  lookingAt(): boolean {
    this.match = this.run('y', 0);
    return this.match !== null;
  }
  matches(): boolean {
    const source = javaRegExp(this.pattern.source, 'g');
    const whole = new RegExp(`^(?:${source.source})$`, `${source.flags.replace('g', '').replace('d', '')}d`);
    this.match = whole.exec(this.text);
    return this.match !== null;
  }
  found(): RegExpExecArray {
    if (!this.match) throw makeException('StringException', 'No match found');
    return this.match;
  }
}

const groupIndex = (self: Matcher, group: number): [number, number] => {
  const match = self.found() as RegExpExecArray & { indices?: ([number, number] | undefined)[] };
  return match.indices?.[group] ?? [-1, -1];
};

/** Halves of surrogate pairs have no encoding: a question mark stands for them, as in Java. */
const encodable = (text: string): string => text.toWellFormed().replaceAll('\ufffd', '?');

/** Throws IllegalArgumentException where a percent sign begins no escape. */
function decodeText(text: string): string {
  const broken = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text);
  if (broken)
    throw makeException('IllegalArgumentException', `Illegal hex characters in escape (%) pattern: ${broken[0]}`);
  const bytes = Buffer.from(
    text
      .replaceAll('+', ' ')
      .replace(/%([0-9a-fA-F]{2})|[^%]+/g, (part, code?: string) => code ?? Buffer.from(part, 'utf8').toString('hex')),
    'hex',
  );
  return bytes.toString('utf8');
}

export const binaryClasses: readonly LibraryClass[] = [
  {
    name: 'Blob',
    statics: {
      'Blob valueOf(String text)': (text: string) => ApexBlob.fromText(need(text)),
      'Blob toPdf(String text)': (text: string) => ApexBlob.fromText(need(text)),
    },
    methods: {
      'Integer size()': (self: ApexBlob) => self.size,
      'String toString()': (self: ApexBlob) => {
        try {
          return self.toText();
        } catch {
          throw makeException('StringException', 'BLOB is not a valid UTF-8 string');
        }
      },
    },
  },
  {
    name: 'EncodingUtil',
    statics: {
      'Blob base64Decode(String text)': (text: string) => ApexBlob.fromBase64(need(text)),
      'String base64Encode(Blob value)': (value: ApexBlob) => need(value).toBase64(),
      'Blob convertFromHex(String text)': (text: string) => blob(Buffer.from(need(text), 'hex')),
      'String convertToHex(Blob value)': (value: ApexBlob) => need(value).toHex(),
      'String urlDecode(String text, String charset)': (text: string) => decodeText(need(text)),
      'String urlEncode(String text, String charset)': (text: string) =>
        encodeURIComponent(encodable(need(text)))
          .replace(/%20/g, '+')
          .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
    },
  },
  {
    name: 'Crypto',
    statics: {
      'Blob generateDigest(String algorithm, Blob input)': (name: string, input: ApexBlob) =>
        blob(createHash(algorithm(DIGESTS, name)).update(need(input).bytes).digest()),
      'Blob generateMac(String algorithm, Blob input, Blob key)': (name: string, input: ApexBlob, key: ApexBlob) =>
        blob(createHmac(algorithm(MACS, name), need(key).bytes).update(need(input).bytes).digest()),
      'Boolean verifyHmac(String algorithm, Blob input, Blob key, Blob mac)': (
        name: string,
        input: ApexBlob,
        key: ApexBlob,
        mac: ApexBlob,
      ) => {
        const own = createHmac(algorithm(MACS, name), need(key).bytes).update(need(input).bytes).digest();
        return own.length === need(mac).size && timingSafeEqual(own, mac.bytes);
      },
      'Blob sign(String algorithm, Blob input, Blob privateKey)': (name: string, input: ApexBlob, key: ApexBlob) =>
        blob(
          createSign(algorithm(SIGNATURES, name))
            .update(need(input).bytes)
            .sign({ key: Buffer.from(need(key).bytes), format: 'der', type: 'pkcs8' }),
        ),
      'Boolean verify(String algorithm, Blob data, Blob signature, Blob publicKey)': (
        name: string,
        data: ApexBlob,
        signature: ApexBlob,
        key: ApexBlob,
      ) =>
        createVerify(algorithm(SIGNATURES, name))
          .update(need(data).bytes)
          .verify({ key: Buffer.from(need(key).bytes), format: 'der', type: 'spki' }, need(signature).bytes),
      'Blob generateAesKey(Integer size)': (size: number) => blob(randomBytes(size / 8)),
      'Integer getRandomInteger()': () => randomInt(0, 2 ** 32) | 0,
      'Long getRandomLong()': () => randomBytes(8).readBigInt64BE(),
      'Blob encrypt(String algorithm, Blob key, Blob vector, Blob clear)': (
        name: string,
        key: ApexBlob,
        vector: ApexBlob,
        clear: ApexBlob,
      ) => {
        const machine = createCipheriv(cipher(name), need(key).bytes, need(vector).bytes);
        return blob(Buffer.concat([machine.update(need(clear).bytes), machine.final()]));
      },
      'Blob decrypt(String algorithm, Blob key, Blob vector, Blob secret)': (
        name: string,
        key: ApexBlob,
        vector: ApexBlob,
        secret: ApexBlob,
      ) => decrypt(name, key, need(vector).bytes, need(secret).bytes),
      'Blob encryptWithManagedIV(String algorithm, Blob key, Blob clear)': (
        name: string,
        key: ApexBlob,
        clear: ApexBlob,
      ) => {
        const vector = randomBytes(16);
        const machine = createCipheriv(cipher(name), need(key).bytes, vector);
        return blob(Buffer.concat([vector, machine.update(need(clear).bytes), machine.final()]));
      },
      'Blob decryptWithManagedIV(String algorithm, Blob key, Blob secret)': (
        name: string,
        key: ApexBlob,
        secret: ApexBlob,
      ) => decrypt(name, key, need(secret).bytes.slice(0, 16), secret.bytes.slice(16)),
    },
  },
  {
    name: 'UUID',
    instance: ApexUuid,
    statics: {
      'UUID randomUUID()': () => new ApexUuid(randomUUID()),
      'UUID fromString(String text)': (text: string) => {
        if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(need(text)))
          throw makeException('IllegalArgumentException', `Invalid UUID string: ${text}`);
        return new ApexUuid(text.toLowerCase());
      },
    },
    methods: {
      'String toString()': (self: ApexUuid) => self.text,
      'Boolean equals(Object other)': (self: ApexUuid, other: unknown) => self.equals$Object(other),
      'Integer hashCode()': (self: ApexUuid) => self.hashcode$(),
    },
  },
  {
    name: 'Pattern',
    instance: Pattern,
    statics: {
      'Pattern compile(String pattern)': (source: string) => new Pattern(need(source)),
      'Boolean matches(String pattern, String text)': (source: string, text: string) =>
        new Matcher(new Pattern(need(source)), need(text)).matches(),
      'String quote(String text)': (text: string) => `\\Q${need(text)}\\E`,
    },
    methods: {
      'Matcher matcher(String text)': (self: Pattern, text: string) => new Matcher(self, need(text)),
      'String pattern()': (self: Pattern) => self.source,
      'List<String> split(String text)': (self: Pattern, text: string) =>
        new ApexList(
          execution().program.table.parse('List<String>'),
          split(need(text), javaRegExp(self.source, 'g'), 0),
        ),
      'List<String> split(String text, Integer limit)': (self: Pattern, text: string, limit: number) =>
        new ApexList(
          execution().program.table.parse('List<String>'),
          split(need(text), javaRegExp(self.source, 'g'), limit),
        ),
    },
  },
  {
    name: 'Matcher',
    instance: Matcher,
    statics: { 'String quoteReplacement(String text)': (text: string) => need(text).replace(/[\\$]/g, '\\$&') },
    methods: {
      'Integer end()': (self: Matcher) => groupIndex(self, 0)[1],
      'Integer end(Integer group)': (self: Matcher, group: number) => groupIndex(self, group)[1],
      'Boolean find()': (self: Matcher) => self.find(),
      'Boolean find(Integer start)': (self: Matcher, start: number) => {
        self.position = start;
        return self.find();
      },
      'String group()': (self: Matcher) => self.found()[0],
      'String group(Integer group)': (self: Matcher, group: number) =>
        self.found()[group] ??
        (group > self.found().length - 1
          ? (() => {
              throw makeException('ListException', `No group ${group}`);
            })()
          : null),
      'Integer groupCount()': (self: Matcher) =>
        (new RegExp(`${javaRegExp(self.pattern.source, '').source}|`).exec('')?.length ?? 1) - 1,
      'Boolean hitEnd()': (self: Matcher) =>
        self.match === null || self.match.index + self.match[0].length === self.text.length,
      'Boolean lookingAt()': (self: Matcher) => self.lookingAt(),
      'Boolean matches()': (self: Matcher) => self.matches(),
      'Pattern pattern()': (self: Matcher) => self.pattern,
      'String replaceAll(String replacement)': (self: Matcher, replacement: string) =>
        self.text.replace(javaRegExp(self.pattern.source, 'g'), javaReplacement(need(replacement))),
      'String replaceFirst(String replacement)': (self: Matcher, replacement: string) =>
        self.text.replace(javaRegExp(self.pattern.source, ''), javaReplacement(need(replacement))),
      'Matcher reset()': (self: Matcher) => {
        self.match = null;
        self.position = 0;
        return self;
      },
      'Matcher reset(String text)': (self: Matcher, text: string) => new Matcher(self.pattern, text),
      'Integer start()': (self: Matcher) => groupIndex(self, 0)[0],
      'Integer start(Integer group)': (self: Matcher, group: number) => groupIndex(self, group)[0],
    },
  },
];

function decrypt(name: string, key: ApexBlob, vector: Uint8Array, secret: Uint8Array): ApexBlob {
  try {
    const machine = createDecipheriv(cipher(name), need(key).bytes, vector);
    return blob(Buffer.concat([machine.update(secret), machine.final()]));
  } catch (error) {
    throw makeException('SecurityException', `Given final block not properly padded. ${(error as Error).message}`);
  }
}
