/** System.URL: the parts of an address, as java.net.URL splits them, and the addresses of the org. */
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import type { LibraryClass } from './define.ts';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21 };

/**
 * Address of the org. Apex does not learn under which address the local org serves its pages (a test serves none), so this is a
 * reserved name (RFC 6761) in the form of My Domain; SUPPORT.md says so.
 */
const ORG_DOMAIN = 'https://local-org.my.salesforce.invalid';

export class ApexUrl {
  readonly address: URL;
  /** As it was given: the platform's URLs keep what java.net.URL keeps. */
  readonly text: string;

  constructor(text: string) {
    const parsed = URL.parse(text);
    if (!parsed) throw makeException('StringException', `no protocol: ${text}`);
    this.address = parsed;
    this.text = text;
  }
  get port(): number {
    return this.address.port === '' ? -1 : Number(this.address.port);
  }
  /** Path as given: `https://a.b` has none, while the address of a browser ends in a slash. */
  get path(): string {
    const { pathname } = this.address;
    return pathname === '/' && !/^[a-z]+:\/\/[^/?#]+\//i.test(this.text) ? '' : pathname;
  }
  get file(): string {
    return this.path + this.address.search;
  }
  toString(): string {
    return this.text;
  }
}

const orNull = (text: string): string | null => (text === '' ? null : text);

export function organizationUrl(): ApexUrl {
  return new ApexUrl(ORG_DOMAIN);
}

export const urlClass: LibraryClass = {
  name: 'URL',
  instance: ApexUrl,
  constructors: {
    '(String spec)': (spec: string) => new ApexUrl(spec ?? nullPointer()),
    '(URL context, String spec)': (context: ApexUrl, spec: string) =>
      new ApexUrl(new URL(spec ?? nullPointer(), (context ?? nullPointer()).address).href),
    '(String protocol, String host, String file)': (protocol: string, host: string, file: string) =>
      new ApexUrl(`${protocol}://${host}${file}`),
    '(String protocol, String host, Integer port, String file)': (
      protocol: string,
      host: string,
      port: number,
      file: string,
    ) => new ApexUrl(`${protocol}://${host}${port === -1 ? '' : `:${port}`}${file}`),
  },
  statics: {
    'URL getOrgDomainUrl()': organizationUrl,
    'URL getSalesforceBaseUrl()': organizationUrl,
    'URL getCurrentRequestUrl()': organizationUrl,
    'String getFileFieldURL(String entityId, String fieldName)': (entityId: string, fieldName: string) =>
      `${ORG_DOMAIN}/servlet/servlet.FileDownload?file=${entityId ?? nullPointer()}&field=${fieldName ?? nullPointer()}&oid=${execution().transaction.org.organizationId}`,
  },
  methods: {
    'String getAuthority()': ({ address }: ApexUrl) =>
      orNull(`${address.username === '' ? '' : `${address.username}@`}${address.host}`),
    'Integer getDefaultPort()': ({ address }: ApexUrl) => DEFAULT_PORTS[address.protocol.slice(0, -1)] ?? -1,
    'String getFile()': (self: ApexUrl) => self.file,
    'String getHost()': ({ address }: ApexUrl) => address.hostname,
    'String getPath()': (self: ApexUrl) => self.path,
    'Integer getPort()': (self: ApexUrl) => self.port,
    'String getProtocol()': ({ address }: ApexUrl) => address.protocol.slice(0, -1),
    'String getQuery()': ({ address }: ApexUrl) => orNull(address.search.slice(1)),
    'String getRef()': ({ address }: ApexUrl) => orNull(address.hash.slice(1)),
    'String getUserInfo()': ({ address }: ApexUrl) =>
      orNull(address.username + (address.password === '' ? '' : `:${address.password}`)),
    'Boolean sameFile(URL other)': (self: ApexUrl, other: ApexUrl) =>
      self.text.split('#')[0] === (other ?? nullPointer()).text.split('#')[0],
    'String toExternalForm()': (self: ApexUrl) => self.text,
    'String toString()': (self: ApexUrl) => self.text,
    'Boolean equals(Object other)': (self: ApexUrl, other: unknown) =>
      other instanceof ApexUrl && self.text === other.text,
  },
};
