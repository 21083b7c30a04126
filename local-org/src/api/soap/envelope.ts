/** SOAP 1.1 envelopes: read from requests, written into answers. */
import { DOMParser, XMLSerializer } from '@xmldom/xmldom';
import type { Document, Element } from '@xmldom/xmldom';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const FAULTS = 'urn:fault.partner.soap.sforce.com';
const ELEMENT_NODE = 1;

/** A request that ends in a SOAP fault; sent with the HTTP status 500, as SOAP 1.1 has it. */
export class SoapFault extends Error {
  /** Qualified name: `soapenv:Client`, `sf:INVALID_SESSION_ID` … */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'SoapFault';
    this.code = code;
  }
}

/** Content of an element: text, null (`xsi:nil`), or child elements in their order. */
export type SoapContent = string | number | boolean | null | { readonly [name: string]: SoapContent };

export interface SoapRequest {
  /** Header elements by local name. */
  readonly headers: ReadonlyMap<string, Element>;
  /** The one element of the body: the operation. */
  readonly operation: Element;
}

/**
 * @param text the request's body
 * @throws SoapFault soapenv:Client when it is no SOAP envelope with one operation
 */
export function parseEnvelope(text: unknown): SoapRequest {
  const root = typeof text === 'string' ? rootOf(text) : null;
  if (root?.localName !== 'Envelope' || root.namespaceURI !== ENVELOPE) {
    throw new SoapFault('soapenv:Client', 'The request must be a SOAP 1.1 envelope.');
  }
  const header = childElement(root, 'Header');
  const body = childElement(root, 'Body');
  const [operation] = body ? childElements(body) : [];
  if (!operation) {
    throw new SoapFault('soapenv:Client', 'The envelope has no operation in its body.');
  }
  const headers = new Map(
    (header ? childElements(header) : []).map((element) => [element.localName ?? '', element] as const),
  );
  return { headers, operation };
}

function rootOf(text: string): Element | null {
  // A document type could define entities; SOAP 1.1 forbids it (section 3).
  if (/<!DOCTYPE/i.test(text)) {
    throw new SoapFault('soapenv:Client', 'A SOAP message must not contain a document type declaration.');
  }
  try {
    const parser = new DOMParser({
      onError: (_level, message) => {
        throw new SoapFault('soapenv:Client', `The envelope is not well-formed XML: ${message.split('\n')[0]}`);
      },
    });
    return parser.parseFromString(text, 'text/xml').documentElement;
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw error instanceof SoapFault
      ? error
      : new SoapFault('soapenv:Client', `The envelope is not well-formed XML: ${message}`);
  }
}

export function childElements(parent: Element): Element[] {
  const children: Element[] = [];
  for (let child = parent.firstChild; child; child = child.nextSibling) {
    if (child.nodeType === ELEMENT_NODE) {
      children.push(child as Element);
    }
  }
  return children;
}

export function childElement(parent: Element, name: string): Element | undefined {
  return childElements(parent).find(({ localName }) => localName === name);
}

/** Text of a child element, or undefined when there is none. */
export function childText(parent: Element | undefined, name: string): string | undefined {
  return (parent && childElement(parent, name)?.textContent) ?? undefined;
}

/**
 * @param namespace namespace of the headers and of the body's element
 * @param headers header elements by name; none when empty
 * @param body the body's element by name
 * @returns XML of the envelope
 */
export function writeEnvelope(
  namespace: string,
  headers: Readonly<Record<string, SoapContent>>,
  body: Readonly<Record<string, SoapContent>>,
): string {
  return envelope(namespace, (document, root) => {
    if (Object.keys(headers).length > 0) {
      append(document, child(document, root, 'soapenv:Header', ENVELOPE), headers, namespace);
    }
    append(document, child(document, root, 'soapenv:Body', ENVELOPE), body, namespace);
  });
}

/** XML of an envelope that tells of a fault. */
export function writeFault({ code, message }: SoapFault): string {
  return envelope('', (document, root) => {
    root.setAttribute('xmlns:sf', FAULTS);
    const fault = child(document, child(document, root, 'soapenv:Body', ENVELOPE), 'soapenv:Fault', ENVELOPE);
    append(document, fault, { faultcode: code, faultstring: message }, null);
  });
}

function envelope(namespace: string, fill: (document: Document, root: Element) => void): string {
  const document = new DOMParser().parseFromString(
    `<soapenv:Envelope xmlns:soapenv="${ENVELOPE}" xmlns:xsi="${INSTANCE}"${namespace === '' ? '' : ` xmlns="${namespace}"`}/>`,
    'text/xml',
  );
  const root = document.documentElement as Element;
  fill(document, root);
  return `<?xml version="1.0" encoding="UTF-8"?>${new XMLSerializer().serializeToString(document)}`;
}

function child(document: Document, parent: Element, name: string, namespace: string | null): Element {
  const element = document.createElementNS(namespace, name);
  parent.appendChild(element);
  return element;
}

function append(
  document: Document,
  parent: Element,
  content: Readonly<Record<string, SoapContent>>,
  namespace: string | null,
): void {
  for (const [name, value] of Object.entries(content)) {
    const element = child(document, parent, name, namespace);
    if (value === null) {
      element.setAttributeNS(INSTANCE, 'xsi:nil', 'true');
    } else if (typeof value === 'object') {
      append(document, element, value, namespace);
    } else {
      element.appendChild(document.createTextNode(withoutControls(String(value))));
    }
  }
}

/** Characters that XML 1.0 can't hold, such as control characters and halves of surrogate pairs, become U+FFFD. */
function withoutControls(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}
