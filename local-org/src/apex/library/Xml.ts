/** Dom.Document and XmlNode, XmlStreamReader and XmlStreamWriter (Apex Reference, Dom Namespace and System Namespace). */
import { DOMImplementation, DOMParser, XMLSerializer } from '@xmldom/xmldom';
import type { Attr, Document, Element, Node } from '@xmldom/xmldom';
import { libraryEnum, type ApexEnum } from '../execution/ApexEnum.ts';
import { ApexList } from '../execution/ApexList.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { typeNamed } from './bean.ts';
import type { LibraryClass } from './define.ts';

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;
const INSTRUCTION = 7;
const COMMENT = 8;
const XMLNS = 'http://www.w3.org/2000/xmlns/';
const HEADER = '<?xml version="1.0" encoding="UTF-8"?>';

const NODE_TYPES = ['COMMENT', 'ELEMENT', 'TEXT'] as const;
const TAGS = [
  'ATTRIBUTE',
  'CDATA',
  'CHARACTERS',
  'COMMENT',
  'DTD',
  'END_DOCUMENT',
  'END_ELEMENT',
  'ENTITY_DECLARATION',
  'ENTITY_REFERENCE',
  'NAMESPACE',
  'NOTATION_DECLARATION',
  'PROCESSING_INSTRUCTION',
  'SPACE',
  'START_DOCUMENT',
  'START_ELEMENT',
] as const;
type Tag = (typeof TAGS)[number];

function parse(text: string | null): Document {
  let complaint: string | undefined;
  const parser = new DOMParser({ onError: (_level, message) => void (complaint ??= message) });
  let document: Document | undefined;
  try {
    document = parser.parseFromString(text ?? nullPointer(), 'text/xml');
  } catch (error) {
    complaint ??= (error as Error).message;
  }
  if (complaint !== undefined || !document?.documentElement)
    throw makeException(
      'XmlException',
      `Failed to parse XML due to: ${complaint?.split('\n')[0] ?? 'no root element'}`,
    );
  return document;
}

const nodes = new WeakMap<Node, XmlNode>();
/** The Apex node of a DOM node; the same one each time. */
function wrap<T extends Node | null>(node: T): XmlNode | null {
  if (
    !node ||
    (node.nodeType !== ELEMENT && node.nodeType !== TEXT && node.nodeType !== CDATA && node.nodeType !== COMMENT)
  )
    return null;
  let found = nodes.get(node);
  if (!found) nodes.set(node, (found = new XmlNode(node)));
  return found;
}

class XmlNode {
  readonly node: Node;
  constructor(node: Node) {
    this.node = node;
  }
  get element(): Element {
    if (this.node.nodeType !== ELEMENT) throw makeException('XmlException', 'Node is not an element');
    return this.node as Element;
  }
  get children(): readonly XmlNode[] {
    return [...this.node.childNodes].map(wrap).filter((child) => child !== null);
  }
  get attributes(): readonly Attr[] {
    return [...this.element.attributes].filter((attribute) => attribute.namespaceURI !== XMLNS);
  }
  attribute(name: string, namespace: string | null): Attr | null {
    return this.element.getAttributeNodeNS(namespace, name ?? nullPointer());
  }
  append(child: Node): XmlNode | null {
    this.element.appendChild(child);
    return wrap(child);
  }
  get owner(): Document {
    return this.node.ownerDocument as Document;
  }
  toString(): string {
    return `XMLNode[${this.node.nodeName}]`;
  }
}

class XmlDocument {
  document: Document = new DOMImplementation().createDocument(null, '');
  serialize(): string {
    return HEADER + new XMLSerializer().serializeToString(this.document).replace(/^<\?xml[^>]*\?>\s*/, '');
  }
}

function elementIn(document: Document, name: string, namespace: string | null, prefix: string | null): Element {
  const qualifiedName = qualified(prefix, name);
  const element = document.createElementNS(namespace, qualifiedName);
  // The declaration comes before the attributes.
  if (namespace !== null && namespace !== '')
    element.setAttributeNS(XMLNS, prefix === null || prefix === '' ? 'xmlns' : `xmlns:${prefix}`, namespace);
  return element;
}

const nodeType = ({ node }: XmlNode): ApexEnum => {
  const name = node.nodeType === ELEMENT ? 'ELEMENT' : node.nodeType === COMMENT ? 'COMMENT' : 'TEXT';
  return libraryEnum('Dom.XmlNodeType', NODE_TYPES)[`v_${name}`] as ApexEnum;
};
const nodeList = (items: readonly XmlNode[]): ApexList => new ApexList(typeNamed('List<Dom.XmlNode>'), [...items]);
/** Text of the element's own text nodes. */
const ownText = ({ node }: XmlNode): string =>
  node.nodeType === ELEMENT
    ? [...node.childNodes]
        .filter(({ nodeType }) => nodeType === TEXT || nodeType === CDATA)
        .map(({ nodeValue }) => nodeValue ?? '')
        .join('')
    : (node.nodeValue ?? '');

const domClasses: readonly LibraryClass[] = [
  { name: 'Dom.XmlNodeType', kind: 'enum', values: NODE_TYPES },
  {
    name: 'Dom.Document',
    instance: XmlDocument,
    constructors: { '()': () => new XmlDocument() },
    methods: {
      'Dom.XmlNode createRootElement(String name, String namespace, String prefix)': (
        self: XmlDocument,
        name: string,
        namespace: string | null,
        prefix: string | null,
      ) => {
        const root = elementIn(self.document, name, namespace, prefix);
        const before = self.document.documentElement;
        if (before) self.document.replaceChild(root, before);
        else self.document.appendChild(root);
        return wrap(root);
      },
      'Dom.XmlNode getRootElement()': (self: XmlDocument) => wrap(self.document.documentElement),
      'void load(String xml)': (self: XmlDocument, text: string) => void (self.document = parse(text)),
      'String toXmlString()': (self: XmlDocument) => self.serialize(),
    },
  },
  {
    name: 'Dom.XmlNode',
    instance: XmlNode,
    methods: {
      'Dom.XmlNode addChildElement(String name, String namespace, String prefix)': (
        self: XmlNode,
        name: string,
        namespace: string | null,
        prefix: string | null,
      ) => {
        const child = elementIn(self.owner, name, namespace, prefix);
        const isDeclared = namespace !== null && self.element.lookupNamespaceURI(prefix) === namespace;
        if (isDeclared) child.removeAttributeNS(XMLNS, prefix === null || prefix === '' ? 'xmlns' : prefix);
        return self.append(child);
      },
      'Dom.XmlNode addCommentNode(String text)': (self: XmlNode, text: string) =>
        self.append(self.owner.createComment(text ?? nullPointer())),
      'Dom.XmlNode addTextNode(String text)': (self: XmlNode, text: string) =>
        self.append(self.owner.createTextNode(text ?? nullPointer())),
      'String getAttribute(String key, String keyNamespace)': (self: XmlNode, key: string, namespace: string | null) =>
        self.attribute(key, namespace)?.value ?? null,
      'Integer getAttributeCount()': (self: XmlNode) => self.attributes.length,
      'String getAttributeKeyAt(Integer index)': (self: XmlNode, index: number) =>
        self.attributes[index]?.localName ?? null,
      'String getAttributeKeyNsAt(Integer index)': (self: XmlNode, index: number) =>
        self.attributes[index]?.namespaceURI ?? null,
      'String getAttributeValue(String key, String keyNamespace)': (
        self: XmlNode,
        key: string,
        namespace: string | null,
      ) => self.attribute(key, namespace)?.value ?? null,
      'String getAttributeValueNs(String key, String keyNamespace)': (
        self: XmlNode,
        key: string,
        namespace: string | null,
      ) => self.attribute(key, namespace)?.namespaceURI ?? null,
      'Dom.XmlNode getChildElement(String name, String namespace)': (
        self: XmlNode,
        name: string,
        namespace: string | null,
      ) =>
        self.children.find(
          ({ node }) =>
            node.nodeType === ELEMENT &&
            (node as Element).localName === name &&
            ((node as Element).namespaceURI ?? null) === namespace,
        ) ?? null,
      'List<Dom.XmlNode> getChildElements()': (self: XmlNode) =>
        nodeList(self.children.filter(({ node }) => node.nodeType === ELEMENT)),
      'List<Dom.XmlNode> getChildren()': (self: XmlNode) => nodeList(self.children),
      'String getName()': (self: XmlNode) => (self.node.nodeType === ELEMENT ? self.element.localName : null),
      'String getNamespace()': (self: XmlNode) => (self.node.nodeType === ELEMENT ? self.element.namespaceURI : null),
      'String getNamespaceFor(String prefix)': (self: XmlNode, prefix: string) =>
        self.element.lookupNamespaceURI(prefix === '' ? null : prefix),
      'Dom.XmlNodeType getNodeType()': nodeType,
      'Dom.XmlNode getParent()': (self: XmlNode) => wrap(self.node.parentNode),
      'String getPrefixFor(String namespace)': (self: XmlNode, namespace: string) =>
        self.element.lookupPrefix(namespace),
      'String getText()': ownText,
      'Dom.XmlNode insertBefore(Dom.XmlNode child, Dom.XmlNode reference)': (
        self: XmlNode,
        child: XmlNode,
        reference: XmlNode | null,
      ) => {
        self.element.insertBefore((child ?? nullPointer()).node, reference?.node ?? null);
        return child;
      },
      'Boolean removeAttribute(String key, String keyNamespace)': (
        self: XmlNode,
        key: string,
        namespace: string | null,
      ) => {
        const found = self.attribute(key, namespace);
        if (found) self.element.removeAttributeNode(found);
        return found !== null;
      },
      'Boolean removeChild(Dom.XmlNode child)': (self: XmlNode, child: XmlNode) => {
        const isChild = (child ?? nullPointer()).node.parentNode === self.node;
        if (isChild) self.node.removeChild(child.node);
        return isChild;
      },
      'void setAttribute(String key, String value)': (self: XmlNode, key: string, value: string) =>
        self.element.setAttribute(key ?? nullPointer(), value ?? nullPointer()),
      'void setAttributeNs(String key, String value, String keyNamespace, String valueNamespace)': (
        self: XmlNode,
        key: string,
        value: string,
        namespace: string | null,
      ) => {
        const prefix = namespace === null ? null : self.element.lookupPrefix(namespace);
        self.element.setAttributeNS(namespace, prefix === null ? key : `${prefix}:${key}`, value ?? nullPointer());
      },
      'void setNamespace(String prefix, String namespace)': (self: XmlNode, prefix: string, namespace: string) =>
        self.element.setAttributeNS(XMLNS, prefix === '' || prefix === null ? 'xmlns' : `xmlns:${prefix}`, namespace),
    },
  },
];

interface StreamEvent {
  readonly tag: Tag;
  readonly node: Node | null;
}

/** The events of a node and what is in it, in document order. */
function* eventsOf(node: Node): Iterable<StreamEvent> {
  const tag = {
    [TEXT]: 'CHARACTERS',
    [CDATA]: 'CHARACTERS',
    [COMMENT]: 'COMMENT',
    [INSTRUCTION]: 'PROCESSING_INSTRUCTION',
  }[node.nodeType] as Tag | undefined;
  if (tag) yield { tag, node };
  if (node.nodeType !== ELEMENT) return;
  yield { tag: 'START_ELEMENT', node };
  for (const child of node.childNodes) yield* eventsOf(child);
  yield { tag: 'END_ELEMENT', node };
}

class StreamReader {
  readonly events: readonly StreamEvent[];
  position = 0;
  constructor(text: string | null) {
    const document = parse(text);
    const inner = [...document.childNodes].filter((node) => node.nodeType !== INSTRUCTION || node.nodeName !== 'xml');
    this.events = [
      { tag: 'START_DOCUMENT', node: null },
      ...inner.flatMap((node) => [...eventsOf(node)]),
      { tag: 'END_DOCUMENT', node: null },
    ];
  }
  get event(): StreamEvent {
    return this.events[this.position] as StreamEvent;
  }
  next(): ApexEnum {
    if (this.position + 1 >= this.events.length) throw makeException('XmlException', 'No more XML events');
    this.position += 1;
    return this.tag;
  }
  get tag(): ApexEnum {
    return libraryEnum('XmlTag', TAGS)[`v_${this.event.tag}`] as ApexEnum;
  }
  is(...tags: readonly Tag[]): boolean {
    return tags.includes(this.event.tag);
  }
  get element(): Element {
    if (!this.is('START_ELEMENT', 'END_ELEMENT'))
      throw makeException('XmlException', 'Illegal State: only elements have names and attributes');
    return this.event.node as Element;
  }
  get attributes(): readonly Attr[] {
    return [...this.element.attributes].filter(({ namespaceURI }) => namespaceURI !== XMLNS);
  }
  get namespaces(): readonly Attr[] {
    return [...this.element.attributes].filter(({ namespaceURI }) => namespaceURI === XMLNS);
  }
}

const readerClass: LibraryClass = {
  name: 'XmlStreamReader',
  instance: StreamReader,
  constructors: { '(String xml)': (text: string) => new StreamReader(text) },
  methods: {
    'Integer getAttributeCount()': (self: StreamReader) => self.attributes.length,
    'String getAttributeLocalName(Integer index)': (self: StreamReader, index: number) =>
      self.attributes[index]?.localName ?? null,
    'String getAttributeNamespace(Integer index)': (self: StreamReader, index: number) =>
      self.attributes[index]?.namespaceURI ?? null,
    'String getAttributePrefix(Integer index)': (self: StreamReader, index: number) =>
      self.attributes[index]?.prefix ?? null,
    'String getAttributeType(Integer index)': () => 'CDATA',
    'String getAttributeValue(String namespace, String name)': (
      self: StreamReader,
      namespace: string | null,
      name: string,
    ) => self.element.getAttributeNodeNS(namespace, name)?.value ?? null,
    'String getAttributeValueAt(Integer index)': (self: StreamReader, index: number) =>
      self.attributes[index]?.value ?? null,
    'XmlTag getEventType()': (self: StreamReader) => self.tag,
    'String getLocalName()': (self: StreamReader) => self.element.localName,
    'String getNamespace()': (self: StreamReader) => self.element.namespaceURI,
    'Integer getNamespaceCount()': (self: StreamReader) => self.namespaces.length,
    'String getNamespaceURI(String prefix)': (self: StreamReader, prefix: string) =>
      self.element.lookupNamespaceURI(prefix),
    'String getPrefix()': (self: StreamReader) => self.element.prefix,
    'String getPIData()': (self: StreamReader) =>
      self.is('PROCESSING_INSTRUCTION') ? (self.event.node?.nodeValue ?? null) : null,
    'String getPITarget()': (self: StreamReader) =>
      self.is('PROCESSING_INSTRUCTION') ? (self.event.node?.nodeName ?? null) : null,
    'String getText()': (self: StreamReader) => self.event.node?.nodeValue ?? null,
    'String getVersion()': () => '1.0',
    'Boolean hasName()': (self: StreamReader) => self.is('START_ELEMENT', 'END_ELEMENT'),
    'Boolean hasNext()': (self: StreamReader) => self.position + 1 < self.events.length,
    'Boolean hasText()': (self: StreamReader) => self.is('CHARACTERS', 'COMMENT'),
    'Boolean isCharacters()': (self: StreamReader) => self.is('CHARACTERS'),
    'Boolean isEndElement()': (self: StreamReader) => self.is('END_ELEMENT'),
    'Boolean isStartElement()': (self: StreamReader) => self.is('START_ELEMENT'),
    'Boolean isWhiteSpace()': (self: StreamReader) =>
      self.is('CHARACTERS') && (self.event.node?.nodeValue ?? '').trim() === '',
    'XmlTag next()': (self: StreamReader) => self.next(),
    'XmlTag nextTag()': (self: StreamReader) => {
      do self.next();
      while (!self.is('START_ELEMENT', 'END_ELEMENT', 'END_DOCUMENT'));
      return self.tag;
    },
    'void setCoalescing(Boolean coalescing)': () => undefined,
    'void setNamespaceAware(Boolean aware)': () => undefined,
  },
};

const escaped = (text: string | null): string =>
  (text ?? nullPointer()).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const quoted = (text: string | null): string => `"${escaped(text).replaceAll('"', '&quot;')}"`;
const qualified = (prefix: string | null, name: string): string =>
  prefix === null || prefix === '' ? (name ?? nullPointer()) : `${prefix}:${name}`;

class StreamWriter {
  private written = '';
  private readonly open: string[] = [];
  /** A start tag that may still get attributes. */
  private isTagOpen = false;
  private isEmptyTag = false;

  content(text: string): void {
    if (this.isTagOpen) this.written += this.isEmptyTag ? '/>' : '>';
    this.isTagOpen = false;
    this.written += text;
  }
  start(name: string, isEmpty: boolean): void {
    this.content(`<${name}`);
    this.isTagOpen = true;
    this.isEmptyTag = isEmpty;
    if (!isEmpty) this.open.push(name);
  }
  attribute(name: string, value: string | null): void {
    if (!this.isTagOpen) throw makeException('XmlException', 'Attribute not associated with any element');
    this.written += ` ${name}=${quoted(value)}`;
  }
  end(): void {
    const name = this.open.pop();
    if (name === undefined) throw makeException('XmlException', 'No open element to end');
    this.content(`</${name}>`);
  }
  endAll(): void {
    while (this.open.length > 0) this.end();
    this.content('');
  }
  get text(): string {
    return this.written;
  }
}

const writerClass: LibraryClass = {
  name: 'XmlStreamWriter',
  instance: StreamWriter,
  constructors: { '()': () => new StreamWriter() },
  methods: {
    'void close()': () => undefined,
    'String getXmlString()': (self: StreamWriter) => self.text,
    'void setDefaultNamespace(String uri)': () => undefined,
    'void writeAttribute(String prefix, String namespace, String name, String value)': (
      self: StreamWriter,
      prefix: string | null,
      _namespace: string | null,
      name: string,
      value: string,
    ) => self.attribute(qualified(prefix, name), value),
    'void writeCData(String data)': (self: StreamWriter, data: string) =>
      self.content(`<![CDATA[${data ?? nullPointer()}]]>`),
    'void writeCharacters(String text)': (self: StreamWriter, text: string) => self.content(escaped(text)),
    'void writeComment(String comment)': (self: StreamWriter, comment: string) =>
      self.content(`<!--${comment ?? nullPointer()}-->`),
    'void writeDefaultNamespace(String uri)': (self: StreamWriter, uri: string) => self.attribute('xmlns', uri),
    'void writeEmptyElement(String prefix, String name, String uri)': (
      self: StreamWriter,
      prefix: string | null,
      name: string,
    ) => self.start(qualified(prefix, name), true),
    'void writeEndDocument()': (self: StreamWriter) => self.endAll(),
    'void writeEndElement()': (self: StreamWriter) => self.end(),
    'void writeNamespace(String prefix, String uri)': (self: StreamWriter, prefix: string, uri: string) =>
      self.attribute(`xmlns:${prefix}`, uri),
    'void writeProcessingInstruction(String target, String data)': (self: StreamWriter, target: string, data: string) =>
      self.content(`<?${target} ${data}?>`),
    'void writeStartDocument(String encoding, String version)': (
      self: StreamWriter,
      encoding: string | null,
      version: string | null,
    ) => self.content(`<?xml version="${version ?? '1.0'}"${encoding === null ? '' : ` encoding="${encoding}"`}?>`),
    'void writeStartElement(String prefix, String name, String uri)': (
      self: StreamWriter,
      prefix: string | null,
      name: string,
    ) => self.start(qualified(prefix, name), false),
  },
};

export const xmlClasses: readonly LibraryClass[] = [
  ...domClasses,
  { name: 'XmlTag', kind: 'enum', values: TAGS },
  readerClass,
  writerClass,
];
