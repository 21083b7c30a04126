import { readFileSync } from 'node:fs';
import { DOMParser, ParseError } from '@xmldom/xmldom';
import type { Element, Node } from '@xmldom/xmldom';
import { MetadataError } from './errors.ts';
import type { MetadataElement, Position } from './types.ts';

const ELEMENT_NODE = 1;
const TEXT_NODE = 3;
const CDATA_NODE = 4;
const METADATA_NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';
/** Older tools wrote this one; Salesforce takes both. */
const TOOLING_NAMESPACE = 'urn:metadata.tooling.soap.sforce.com';

/** The parser says line 0 where it fails before the first element. */
function placeOf(
  locator: { readonly lineNumber?: number; readonly columnNumber?: number } | undefined,
  file: string,
): Position {
  return { file, line: Math.max(1, locator?.lineNumber ?? 1), column: Math.max(1, locator?.columnNumber ?? 1) };
}

export interface ParseOptions {
  /** The namespace may be missing: the Salesforce CLI writes files of decomposed types anew and adds it. */
  readonly bare?: boolean;
}

/** Parses a metadata file. Throws MetadataError with the place when the XML is malformed. */
export function parseMetadataFile(file: string, options: ParseOptions = {}): MetadataElement {
  return parseMetadata(readFileSync(file, 'utf8'), file, options);
}

/** Parses the text of a metadata file; `file` is used in messages only. */
export function parseMetadata(text: string, file: string, { bare = false }: ParseOptions = {}): MetadataElement {
  let complaint: { message: string; position: Position } | undefined;
  const parser = new DOMParser({
    locator: true,
    onError: (_level, message, context: { locator?: { lineNumber?: number; columnNumber?: number } }) => {
      complaint ??= {
        message,
        position: placeOf(context.locator, file),
      };
    },
  });
  let root: Element | null = null;
  try {
    root = parser.parseFromString(text, 'text/xml').documentElement;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const locator = error.locator as { lineNumber?: number; columnNumber?: number } | undefined;
    complaint ??= {
      message: error.message,
      position: placeOf(locator, file),
    };
  }
  if (complaint)
    throw new MetadataError(complaint.position, `this is not well-formed XML: ${firstLine(complaint.message)}`);
  if (!root)
    throw new MetadataError({ file, line: 1, column: 1 }, 'the file is empty; it must hold one metadata element');
  const isBare = bare && (root.namespaceURI ?? '') === '';
  if (!isBare && root.namespaceURI !== METADATA_NAMESPACE && root.namespaceURI !== TOOLING_NAMESPACE) {
    throw new MetadataError(
      positionOf(root, file),
      `the element ${root.nodeName} must be in the namespace ${METADATA_NAMESPACE}`,
    );
  }
  return new XmlElement(root, file);
}

function firstLine(message: string): string {
  return message.split('\n')[0]?.trim() ?? message;
}

function positionOf(node: Node, file: string): Position {
  return { file, line: node.lineNumber ?? 1, column: node.columnNumber ?? 1 };
}

class XmlElement implements MetadataElement {
  readonly name: string;
  readonly position: Position;
  readonly text: string;
  readonly isNil: boolean;
  readonly #children: readonly XmlElement[];
  readonly #consumed = new Set<string>();
  readonly #node: Element;

  constructor(node: Element, file: string) {
    this.#node = node;
    this.name = node.localName ?? node.nodeName;
    this.position = positionOf(node, file);
    this.isNil = node.getAttribute('xsi:nil') === 'true';
    const children: XmlElement[] = [];
    let text = '';
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.nodeType === ELEMENT_NODE) children.push(new XmlElement(child as Element, file));
      else if (child.nodeType === TEXT_NODE || child.nodeType === CDATA_NODE) text += child.nodeValue ?? '';
    }
    if (children.length > 0 && text.trim() !== '') {
      throw new MetadataError(
        this.position,
        `${this.name} mixes text with elements; text such as “${text.trim().slice(0, 40)}” does not belong here`,
      );
    }
    this.#children = children;
    this.text = children.length > 0 ? '' : text.trim();
  }

  attribute(name: string): string | undefined {
    return this.#node.getAttribute(name) ?? undefined;
  }

  child(name: string): MetadataElement | undefined {
    const [first, second] = this.children(name);
    if (second)
      throw new MetadataError(second.position, `${name} may stand only once in ${this.name}; remove one of them`);
    return first;
  }

  children(name: string): readonly MetadataElement[] {
    this.#consumed.add(name);
    return this.#children.filter((child) => child.name === name);
  }

  string(name: string): string | undefined {
    return this.child(name)?.text;
  }

  requiredString(name: string): string {
    const text = this.string(name);
    if (text === undefined || text === '')
      throw new MetadataError(this.position, `${this.name} needs the element ${name}`);
    return text;
  }

  boolean(name: string, fallback: boolean): boolean {
    const child = this.child(name);
    if (!child) return fallback;
    if (child.text === 'true') return true;
    if (child.text === 'false') return false;
    throw new MetadataError(child.position, `${name} must be true or false, not “${child.text}”`);
  }

  number(name: string): number | undefined {
    const child = this.child(name);
    if (!child) return undefined;
    const value = Number(child.text);
    if (child.text === '' || !Number.isFinite(value))
      throw new MetadataError(child.position, `${name} must be a number, not “${child.text}”`);
    return value;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const child = this.child(name);
    if (!child) return undefined;
    const found = values.find((value) => value === child.text);
    if (found === undefined)
      throw new MetadataError(child.position, `${name} is “${child.text}”; the local org knows ${values.join(', ')}`);
    return found;
  }

  ignore(_reason: string, ...names: readonly string[]): void {
    for (const name of names) this.#consumed.add(name);
  }

  finish(): void {
    for (const child of this.#children) {
      if (!this.#consumed.has(child.name)) {
        throw new MetadataError(
          child.position,
          `the local org does not support the element ${child.name} of ${this.name}; see SUPPORT.md`,
        );
      }
    }
  }
}
