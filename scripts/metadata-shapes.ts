/**
 * The Metadata API's types as data, read from the declarations that Salesforce publishes in `@salesforce/types`, and a
 * check of XML elements against them.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Element } from '@xmldom/xmldom';
import ts from 'typescript';

interface Property {
  readonly type: ts.TypeNode;
  readonly repeated: boolean;
  readonly optional: boolean;
}

type Shape =
  | { readonly kind: 'object'; readonly properties: ReadonlyMap<string, Property> }
  | { readonly kind: 'enumeration'; readonly values: ReadonlySet<string> }
  | { readonly kind: 'scalar'; readonly type: 'string' | 'number' | 'boolean' | 'any' };

export interface Problem {
  readonly line: number;
  readonly message: string;
}

const SCALARS = new Map<ts.SyntaxKind, 'string' | 'number' | 'boolean'>([
  [ts.SyntaxKind.StringKeyword, 'string'],
  [ts.SyntaxKind.NumberKeyword, 'number'],
  [ts.SyntaxKind.BooleanKeyword, 'boolean'],
]);

/** Elements that are declared as text but hold XML of their own (a component's design attributes). */
const FREE_FORM = new Set(['targetConfigs']);

/** Knows every type of the Metadata API. */
export class MetadataShapes {
  readonly #declarations = new Map<string, ts.TypeNode>();
  readonly #shapes = new Map<string, Shape>();

  constructor() {
    const file = createRequire(import.meta.url)
      .resolve('@salesforce/types/metadata')
      .replace(/\.js$/, '.d.ts');
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    source.forEachChild((node) => {
      if (ts.isTypeAliasDeclaration(node)) {
        this.#declarations.set(node.name.text, node.type);
      }
    });
    if (this.#declarations.size === 0) {
      throw new Error(`${file} declares no types: its format has changed.`);
    }
  }

  /**
   * @param root document element of a `-meta.xml` file
   * @returns unknown, repeated and missing elements, wrong values, each with its line
   */
  check(root: Element): Problem[] {
    const problems: Problem[] = [];
    if (this.#declarations.has(root.localName ?? '')) {
      this.#checkElement(root, this.#shapeOf(root.localName ?? ''), problems);
    } else {
      problems.push({ line: root.lineNumber ?? 1, message: `<${root.localName}> is no type of the Metadata API` });
    }
    return problems;
  }

  #checkElement(element: Element, shape: Shape, problems: Problem[]): void {
    const report = (at: Element, message: string): void => {
      problems.push({ line: at.lineNumber ?? 1, message });
    };
    const name = element.localName ?? '';
    const children = [...element.childNodes].filter((node): node is Element => node.nodeType === 1);
    if (FREE_FORM.has(name)) {
      return;
    }
    if (shape.kind !== 'object') {
      const text = (element.textContent ?? '').trim();
      const problem = children.length > 0 ? 'holds elements where a value belongs' : valueProblem(text, shape);
      if (problem) {
        report(element, `<${name}> ${problem}`);
      }
      return;
    }
    if (element.getAttribute('xsi:nil') === 'true') {
      return;
    }
    const seen = new Set<string>();
    for (const child of children) {
      const childName = child.localName ?? '';
      const property = shape.properties.get(childName);
      if (!property) {
        report(child, `<${childName}> is unknown inside <${name}>`);
        continue;
      }
      if (seen.has(childName) && !property.repeated) {
        report(child, `<${childName}> may stand only once inside <${name}>`);
      }
      seen.add(childName);
      this.#checkElement(child, this.#resolve(property.type), problems);
    }
    for (const [propertyName, property] of shape.properties) {
      if (!property.optional && !seen.has(propertyName) && propertyName !== 'fullName') {
        report(element, `<${name}> lacks the required <${propertyName}>`);
      }
    }
  }

  #shapeOf(name: string): Shape {
    const known = this.#shapes.get(name);
    if (known) {
      return known;
    }
    const shape = this.#resolve(this.#declarations.get(name));
    this.#shapes.set(name, shape);
    return shape;
  }

  #resolve(type: ts.TypeNode | undefined): Shape {
    if (!type) {
      return { kind: 'scalar', type: 'any' };
    }
    if (ts.isTypeLiteralNode(type)) {
      return { kind: 'object', properties: propertiesOf(type) };
    }
    if (ts.isIntersectionTypeNode(type)) {
      const parts = type.types.map((part) => this.#resolve(part));
      return {
        kind: 'object',
        properties: new Map(parts.flatMap((part) => (part.kind === 'object' ? [...part.properties] : []))),
      };
    }
    const literals = ts.isUnionTypeNode(type) ? type.types : [type];
    const values = literals.flatMap((literal) =>
      ts.isLiteralTypeNode(literal) && ts.isStringLiteral(literal.literal) ? [literal.literal.text] : [],
    );
    if (values.length > 0) {
      return { kind: 'enumeration', values: new Set(values) };
    }
    if (ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) && this.#declarations.has(type.typeName.text)) {
      return this.#shapeOf(type.typeName.text);
    }
    return { kind: 'scalar', type: SCALARS.get(type.kind) ?? 'any' };
  }
}

function propertiesOf(type: ts.TypeLiteralNode): Map<string, Property> {
  return new Map(
    type.members.filter(ts.isPropertySignature).flatMap((member): [string, Property][] => {
      if (!member.type || !(ts.isIdentifier(member.name) || ts.isStringLiteral(member.name))) {
        return [];
      }
      const repeated = ts.isArrayTypeNode(member.type);
      const property = {
        type: ts.isArrayTypeNode(member.type) ? member.type.elementType : member.type,
        repeated,
        optional: member.questionToken !== undefined || repeated,
      };
      return [[member.name.text, property]];
    }),
  );
}

function valueProblem(text: string, shape: Exclude<Shape, { kind: 'object' }>): string | undefined {
  if (shape.kind === 'enumeration') {
    return shape.values.has(text) ? undefined : `is "${text}", which is none of its values`;
  }
  if (shape.type === 'boolean' && !/^(true|false)$/.test(text)) {
    return `is "${text}" where true or false belongs`;
  }
  if (shape.type === 'number' && !/^-?\d+(\.\d+)?$/.test(text)) {
    return `is "${text}" where a number belongs`;
  }
  return undefined;
}
