/** HTML that people typed or pasted, reduced to what rich text fields may hold. */

const allowed: Readonly<Record<string, readonly string[]>> = {
  P: [],
  BR: [],
  B: [],
  STRONG: [],
  I: [],
  EM: [],
  U: [],
  S: [],
  STRIKE: [],
  SUB: [],
  SUP: [],
  UL: [],
  OL: [],
  LI: [],
  H1: [],
  H2: [],
  H3: [],
  H4: [],
  BLOCKQUOTE: [],
  PRE: [],
  CODE: [],
  DIV: [],
  SPAN: [],
  TABLE: [],
  THEAD: [],
  TBODY: [],
  TR: [],
  TD: ['colspan', 'rowspan'],
  TH: ['colspan', 'rowspan'],
  A: ['href', 'title'],
  IMG: ['src', 'alt'],
};
/** Their content goes, too. */
const dropped = new Set([
  'SCRIPT',
  'STYLE',
  'TEMPLATE',
  'IFRAME',
  'OBJECT',
  'EMBED',
  'NOSCRIPT',
  'SVG',
  'MATH',
  'HEAD',
  'TITLE',
  'META',
  'LINK',
]);
const safeAddress = /^(https?:|mailto:|tel:|\/(?!\/)|#)/i;

/** Markup without scripts, handlers, styles or addresses of other schemes. */
export function sanitizeHtml(html: string): string {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  clean(parsed.body);
  return parsed.body.innerHTML;
}

function clean(parent: Element): void {
  for (const element of [...parent.children]) {
    if (dropped.has(element.tagName.toUpperCase())) {
      element.remove();
      continue;
    }
    clean(element);
    const attributes = allowed[element.tagName];
    if (!attributes) {
      element.replaceWith(...element.childNodes);
      continue;
    }
    for (const { name, value } of [...element.attributes]) {
      const isAddress = name === 'href' || name === 'src';
      if (!attributes.includes(name) || (isAddress && !safeAddress.test(value.trim()))) element.removeAttribute(name);
    }
    if (element.tagName === 'A') element.setAttribute('rel', 'noopener');
  }
}
