/** Third pass, names and members: what a name stands for, and how a place is read and written. */
import type { ObjectDescribe } from '../../schema/types.ts';
import type { Expression, MemberExpression } from '../syntax/Ast.ts';
import { findSymbol } from '../types/resolve.ts';
import type { ApexType, FieldSymbol, TypeSymbol } from '../types/symbols.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import { fieldType } from '../types/fieldTypes.ts';
import type { Expressions } from './Expressions.ts';
import type { CodeOutput } from './ModuleWriter.ts';
import type { BodyScope } from './Scope.ts';
import { isNonNullLocal, type AssignmentTarget, type Typed } from './Typed.ts';
import { always, never, quote } from './javascript.ts';

/** Library key of `new PageReference(address)`, which `Page.Name` stands for. */
const PAGE_CONSTRUCTOR = 'PageReference#(String address)';

/** What stands before a dot. */
export type Prefix =
  | { readonly kind: 'value'; readonly value: Typed }
  | { readonly kind: 'type'; readonly symbol: TypeSymbol; readonly type: ApexType }
  | { readonly kind: 'path'; readonly names: readonly string[]; readonly at: number };

export class Names {
  private readonly expressions: Expressions;
  private readonly scope: BodyScope;
  private readonly table: TypeTable;

  constructor(expressions: Expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.table = expressions.table;
  }

  /**
   * What a name or dotted name stands for: a value before a type before a namespace. `next` is the member that follows:
   * an inherited static without it does not hide a type of its name, so that `Test.isRunningTest()` stays System.Test.
   */
  prefix(expression: Expression, next?: string): Prefix {
    if (expression.kind === 'name') {
      const value = this.variable(expression.name, expression.at);
      const symbol = findSymbol(this.table, [expression.name], this.scope.owner);
      const isHidden = symbol !== undefined && next !== undefined && value !== undefined && this.lacks(value, next);
      if (value && !isHidden) return { kind: 'value', value };
      if (symbol && symbol.kind !== 'void') return { kind: 'type', symbol, type: this.table.of(symbol) };
      return { kind: 'path', names: [expression.name], at: expression.at };
    }
    if (expression.kind === 'member' && !expression.safe) {
      const target = this.prefix(expression.target, expression.name);
      if (target.kind === 'value') return { kind: 'value', value: this.fieldOf(target.value, expression) };
      const found = target.kind === 'type' ? this.staticMember(target.symbol, expression) : undefined;
      if (found) return { kind: 'value', value: found };
      const names =
        target.kind === 'type'
          ? [...this.dottedName(expression.target), expression.name]
          : [...target.names, expression.name];
      const symbol = findSymbol(this.table, names, this.scope.owner);
      if (symbol) return { kind: 'type', symbol, type: this.table.of(symbol) };
      if (target.kind === 'type' && this.isNamespace(names.slice(0, -1)))
        return { kind: 'path', names, at: expression.at };
      if (target.kind === 'type')
        return this.expressions.fail(expression.at, `Variable does not exist: ${expression.name}`);
      return { kind: 'path', names, at: target.at };
    }
    return { kind: 'value', value: this.expressions.analyseChainPart(expression) };
  }

  /** Whether the value is a static of a superclass (its own or an outer class's) that has no member of that name. */
  private lacks({ field, type }: Typed, member: string): boolean {
    if (!field?.isStatic || this.table.isSObject(type)) return false;
    for (let owner: TypeSymbol | null = this.scope.owner; owner; owner = owner.outer)
      if (field.owner === owner) return false;
    return this.table.findMethods(type, member).length === 0 && !this.table.findField(type, member);
  }

  private isNamespace(names: readonly string[]): boolean {
    return names.length === 1 && ['system', 'schema', 'database', 'label'].includes((names[0] as string).toLowerCase());
  }

  private dottedName(expression: Expression): string[] {
    if (expression.kind === 'name') return [expression.name];
    return expression.kind === 'member' ? [...this.dottedName(expression.target), expression.name] : [];
  }

  /** A local variable, field or property by its simple name. */
  private variable(name: string, at: number): Typed | undefined {
    const local = this.expressions.locals.find(name);
    if (local) {
      const { type, javascript } = local;
      const isPrimitive = type.symbol.kind === 'primitive';
      return {
        type,
        code: () => javascript,
        nonNull: () => (isPrimitive ? isNonNullLocal(local) : local.state === 'nonNull'),
        target: {
          prepare: () => ({ before: '', read: javascript, write: (value) => `${javascript} = ${value}` }),
          onAssign: (value) => {
            if (local.isFinal && local.assigned.length > 0)
              this.expressions.report(at, `Final variable cannot be assigned again: ${name}`);
            local.assigned.push(value);
          },
        },
      };
    }
    const { owner } = this.scope;
    const own = this.table.findField(this.table.of(owner), name);
    if (own) {
      if (!own.field.isStatic && this.scope.isStatic) {
        return this.outerField(owner, name, at);
      }
      const receiver: Typed = { type: own.receiver, nonNull: always, code: () => 'this', isThis: true };
      return own.field.isStatic
        ? this.staticField(own.field, at)
        : this.instanceField(own.field, receiver, own.receiver, at);
    }
    return this.outerField(owner, name, at);
  }

  /** A static of the classes around this one. */
  private outerField(owner: TypeSymbol, name: string, at: number): Typed | undefined {
    for (let outer = owner.outer; outer; outer = outer.outer) {
      const found = this.table.findField(this.table.of(outer), name);
      if (found?.field.isStatic) return this.staticField(found.field, at);
    }
    return undefined;
  }

  private staticField(field: FieldSymbol, at: number): Typed {
    const { table, scope } = this;
    if (field.owner.isLibrary && field.kind === 'enumValue') {
      return {
        type: field.type,
        nonNull: always,
        code: () => scope.writer.constant(`$libraryEnum(${quote(field.owner.fullName)}).${field.javascriptName}`),
        field,
      };
    }
    if (field.kind === 'library') {
      const type = this.triggerVariable(field) ?? field.type;
      const read = this.expressions.libraryCall.bind(this, field.libraryKey as string, []);
      const { setterKey } = field;
      if (!setterKey) return { type, nonNull: never, code: read };
      return {
        type,
        nonNull: never,
        code: read,
        field,
        target: {
          prepare: () => ({
            before: '',
            read: read(),
            write: (value) => this.expressions.libraryCall(setterKey, [value]),
          }),
        },
      };
    }
    if (!this.expressions.canAccess(field, field.getter ?? field.setter))
      this.expressions.fail(at, `Variable is not visible: ${field.owner.fullName}.${field.name}`);
    if (field.kind === 'enumValue') {
      return {
        type: field.type,
        nonNull: always,
        code: () => `${scope.writer.classReference(field.owner)}.${field.javascriptName}`,
        field,
      };
    }
    const node = field.node;
    if (
      field.isFinal &&
      node?.kind === 'field' &&
      node.value?.kind === 'literal' &&
      field.type.symbol.kind === 'primitive' &&
      field.type.name === node.value.type
    ) {
      return {
        ...this.expressions.literals.literal(node.value.type, node.value.text, at),
        target: this.finalTarget(field, at),
      };
    }
    const isStored =
      field.kind === 'field' ||
      scope.accessorOf === field ||
      (node?.kind === 'property' && !node.getter?.body && !node.setter?.body);
    const place = (): string =>
      isStored
        ? `${scope.writer.classReference(field.owner)}.$s().${field.javascriptName}`
        : `${scope.writer.classReference(field.owner)}.sp_${field.javascriptName}`;
    void table;
    return {
      type: field.type,
      nonNull: never,
      code: place,
      field,
      target: {
        prepare: () => ({ before: '', read: place(), write: (value) => `${place()} = ${value}` }),
        onAssign: () => this.checkWritable(field, at),
      },
    };
  }

  private finalTarget(field: FieldSymbol, at: number): AssignmentTarget {
    return {
      prepare: () => ({ before: '', read: '', write: () => '' }),
      onAssign: () => this.checkWritable(field, at),
    };
  }

  private checkWritable(field: FieldSymbol, at: number): void {
    if (field.kind === 'enumValue' || (field.kind === 'library' && !field.setter))
      this.expressions.fail(at, `Variable is not writeable: ${field.name}`);
    if (!this.expressions.canAccess(field, field.setter) && this.scope.accessorOf !== field)
      this.expressions.fail(at, `Variable is not visible: ${field.name}`);
    if (field.setter === null && this.scope.accessorOf !== field)
      this.expressions.fail(at, `Property is not writeable: ${field.name}`);
    // A final property may be set by its own accessors, for instance by a getter that computes it once.
    const isOwnAccessor = this.scope.accessorOf === field;
    if (field.isFinal && !isOwnAccessor && !this.isConstructing(field)) {
      this.expressions.fail(
        at,
        `Final members can only be assigned in their declaration, init blocks, or constructors: ${field.name}`,
      );
    }
  }

  /** Whether a constructor or initialiser of the field's class, or of one that extends it, is being analysed. */
  private isConstructing(field: FieldSymbol): boolean {
    if (this.scope.inConstructor !== true) return false;
    if (field.isStatic) return field.owner === this.scope.owner;
    return this.table.ancestors(this.table.of(this.scope.owner)).some(({ symbol }) => symbol === field.owner);
  }

  /** In a trigger `Trigger.new` has the object's own type. */
  private triggerVariable(field: FieldSymbol): ApexType | undefined {
    const { table } = this;
    const object = this.scope.triggerObject;
    if (!object || field.owner.fullName !== 'Trigger') return undefined;
    const name = field.name.toLowerCase();
    if (name === 'new' || name === 'old') return table.list(object);
    return name === 'newmap' || name === 'oldmap' ? table.map(table.id, object) : undefined;
  }

  private instanceField(field: FieldSymbol, receiver: Typed, receiverType: ApexType, at: number): Typed {
    const type = this.table.substitute(field.type, receiverType);
    if (field.kind === 'library') {
      const read = (output: CodeOutput): string =>
        this.expressions.libraryCall(field.libraryKey as string, [this.expressions.solid(receiver, output)]);
      return {
        type,
        nonNull: never,
        code: read,
        field,
        target: {
          prepare: (output) => {
            const place = output.temporary();
            return {
              before: `${place} = ${this.expressions.solid(receiver, output)}`,
              read: this.expressions.libraryCall(field.libraryKey as string, [place]),
              write: (value) => this.expressions.libraryCall(field.setterKey as string, [place, value]),
            };
          },
          onAssign: () => this.checkWritable(field, at),
        },
      };
    }
    if (!this.expressions.canAccess(field, field.getter ?? field.setter))
      this.expressions.fail(at, `Variable is not visible: ${field.name}`);
    const stored = this.scope.accessorOf === field && receiver.isThis === true;
    const property = stored ? `$${field.javascriptName}` : field.javascriptName;
    return {
      type,
      nonNull: never,
      field,
      code: (output) => {
        if (field.getter === null && !stored) this.expressions.report(at, `Property is not readable: ${field.name}`);
        return `${receiver.isSuper ? 'this' : receiver.code(output)}.${property}`;
      },
      target: {
        prepare: (output) => {
          if (receiver.isThis || receiver.isSuper)
            return { before: '', read: `this.${property}`, write: (value) => `this.${property} = ${value}` };
          const place = output.temporary();
          return {
            before: `${place} = ${this.expressions.solid(receiver, output)}`,
            read: `${place}.${property}`,
            write: (value) => `${place}.${property} = ${value}`,
          };
        },
        onAssign: () => this.checkWritable(field, at),
      },
    };
  }

  member(expression: MemberExpression): Typed {
    if (expression.safe) {
      const target = this.prefix(expression.target);
      if (target.kind !== 'value')
        return this.expressions.fail(expression.at, 'Safe navigation is not allowed on types');
      return this.fieldOf(this.expressions.safeReceiver(this.rowOrNull(target.value)), expression);
    }
    const found = this.prefix(expression);
    if (found.kind === 'value') return found.value;
    const names = this.dottedName(expression);
    return this.expressions.fail(expression.at, `Variable does not exist: ${names.join('.')}`);
  }

  /** A query before `?.`: its one row, or null when there is none (Apex Developer Guide, "Safe Navigation Operator"). */
  private rowOrNull(value: Typed): Typed {
    const { table } = this;
    const element = value.type.typeArguments[0];
    if (!value.isQuery || !element || !table.isList(value.type) || !table.isSObject(element)) return value;
    return { type: element, nonNull: never, code: (output) => `$singleOrNull(${value.code(output)})` };
  }

  /** A field of a value. */
  private fieldOf(receiver: Typed, expression: MemberExpression): Typed {
    const { table } = this;
    let value = receiver;
    if (value.isQuery && table.isList(value.type) && table.isSObject(value.type.typeArguments[0] as ApexType)) {
      value = this.expressions.convert(value, value.type.typeArguments[0] as ApexType, expression.at);
    }
    if (value.describedObject !== undefined) return this.describedField(value.describedObject, expression);
    if (table.isSObject(value.type)) return this.recordField(value, expression);
    const { tokenName } = value as { tokenName?: string };
    const described = tokenName === undefined ? undefined : table.schema.object(tokenName);
    if (described && expression.name.toLowerCase() === 'fields') return this.typeFields(described, expression.at);
    const found = table.findField(value.type, expression.name);
    const getter = found ? undefined : this.describeGetter(value, expression);
    if (getter) return getter;
    if (!found) return this.expressions.fail(expression.at, `Variable does not exist: ${expression.name}`);
    if (found.field.isStatic)
      return this.expressions.fail(
        expression.at,
        `Static field cannot be referenced from a non static context: ${found.receiver.name}.${expression.name}`,
      );
    const field = this.instanceField(found.field, value, found.receiver, expression.at);
    if (value.type.name === 'DescribeSObjectResult' || value.type.symbol.fullName === 'Schema.DescribeSObjectResult') {
      const objectName = (value as { objectName?: string }).objectName;
      if (objectName !== undefined && ['fields', 'fieldsets'].includes(expression.name.toLowerCase()))
        return { ...field, describedObject: `${expression.name.toLowerCase()}:${objectName}` };
    }
    return field;
  }

  /** `Account.SObjectType` */
  private typeToken(describe: ObjectDescribe): Typed & { readonly tokenName: string } {
    return {
      type: this.table.parse('Schema.SObjectType'),
      nonNull: always,
      code: () => `$sobjectType(${quote(describe.name)})`,
      tokenName: describe.name,
    };
  }

  /** `Account.fields` and `Account.SObjectType.fields`: a map, and a token for each field by name. */
  private typeFields(describe: ObjectDescribe, at: number): Typed {
    const token = this.typeToken(describe);
    const { field, receiver } = this.table.findField(token.type, 'fields') as NonNullable<
      ReturnType<TypeTable['findField']>
    >;
    return { ...this.instanceField(field, token, receiver, at), describedObject: `tokens:${describe.name}` };
  }

  /** Describe results answer to `label` as to `getLabel()` (Apex Reference, Using Apex to describe: `.name`, `.fields`). */
  private describeGetter(value: Typed, { name, at }: MemberExpression): Typed | undefined {
    if (!value.type.symbol.isLibrary || !value.type.symbol.fullName.startsWith('Schema.')) return undefined;
    const found = [`get${name}`, `is${name}`, name]
      .flatMap((method) => this.table.findMethods(value.type, method))
      .find(({ method }) => !method.isStatic && method.parameters.length === 0 && method.implementation !== undefined);
    return found && this.expressions.calls.getter(value, found.method, found.receiver, at);
  }

  /** `Schema.SObjectType.Account.fields.Name` */
  private describedField(described: string, expression: MemberExpression): Typed {
    const [what, objectName = ''] = described.split(':');
    const { table } = this;
    const describe = table.schema.object(objectName) as ObjectDescribe;
    if (what === 'reasons') {
      // \`Invoice__Share.RowCause.Billing__c\` (Apex Developer Guide, Creating Apex Managed Sharing).
      const key = expression.name.toLowerCase();
      const reason = describe.field('RowCause')?.picklistValues.find(({ value }) => value.toLowerCase() === key);
      if (!reason) return this.expressions.fail(expression.at, `Variable does not exist: ${expression.name}`);
      return { type: table.string, nonNull: always, code: () => quote(reason.value) };
    }
    if (what === 'fieldsets')
      return {
        type: table.parse('Schema.FieldSet'),
        nonNull: always,
        code: () => `$fieldSet(${quote(objectName)}, ${quote(expression.name)})`,
      };
    if (what !== 'fields' && what !== 'tokens')
      return this.expressions.fail(expression.at, `Field sets are not supported: ${objectName}.${expression.name}`);
    const field = describe.field(expression.name) ?? describe.fieldByRelationship(expression.name);
    if (!field) return this.expressions.fail(expression.at, `Variable does not exist: ${expression.name}`);
    if (what === 'tokens')
      return {
        type: table.parse('Schema.SObjectField'),
        nonNull: always,
        code: () => `$sobjectField(${quote(objectName)}, ${quote(field.name)})`,
      };
    return {
      type: table.parse('Schema.DescribeFieldResult'),
      nonNull: always,
      code: () => `$describeField(${quote(objectName)}, ${quote(field.name)})`,
    };
  }

  private recordField(record: Typed, expression: MemberExpression): Typed {
    const { table } = this;
    const { name, at } = expression;
    const { describe } = record.type.symbol;
    if (!describe) {
      if (name.toLowerCase() === 'id') return this.recordValue(record, 'Id', table.id);
      return this.expressions.fail(at, `Field does not exist: ${name} on ${record.type.name}`);
    }
    const field = describe.field(name);
    if (field) return this.recordValue(record, field.name, fieldType(table, field));
    const reference = describe.fieldByRelationship(name);
    if (reference?.relationshipName) {
      const relationship = reference.relationshipName;
      const target =
        reference.referenceTo.length === 1
          ? table.sobjectSymbol(reference.referenceTo[0] as string)
          : table.sobjectSymbol('Name');
      const type = target ? table.of(target) : table.sobject;
      const reader = record.isParentPath ? '$parentOfPath' : '$parent';
      return {
        type,
        nonNull: never,
        isParentPath: true,
        code: (output) => `${reader}(${record.code(output)}, ${quote(relationship)})`,
        target: {
          prepare: (output) => {
            const place = output.temporary();
            return {
              before: `${place} = ${record.code(output)}`,
              read: `$parent(${place}, ${quote(relationship)})`,
              write: (value) => `$putParent(${place}, ${quote(relationship)}, ${value})`,
            };
          },
        },
      };
    }
    const children = describe.childRelationship(name);
    if (children?.relationshipName) {
      const symbol = table.sobjectSymbol(children.childObject);
      const type = table.list(symbol ? table.of(symbol) : table.sobject);
      return {
        type,
        nonNull: always,
        code: (output) =>
          `$children(${record.code(output)}, ${quote(children.relationshipName as string)}, ${this.expressions.runtimeType(type)})`,
      };
    }
    return this.expressions.fail(at, `Field does not exist: ${name} on ${describe.name}`);
  }

  private recordValue(record: Typed, name: string, type: ApexType): Typed {
    const reader = record.isParentPath ? '$fieldOfPath' : '$field';
    return {
      type,
      nonNull: never,
      recordField: { record, name },
      code: (output) => `${reader}(${record.code(output)}, ${quote(name)})`,
      target: {
        prepare: (output) => {
          const place = output.temporary();
          return {
            before: `${place} = ${record.code(output)}`,
            read: `$field(${place}, ${quote(name)})`,
            write: (value) => `$put(${place}, ${quote(name)}, ${value})`,
          };
        },
      },
    };
  }

  /** A member named on a type: static field, enum value, sObject token, label. */
  private staticMember(symbol: TypeSymbol, expression: MemberExpression): Typed | undefined {
    const { table } = this;
    const { name, at } = expression;
    const key = name.toLowerCase();
    if (symbol.kind === 'sobject') {
      const { describe } = symbol;
      if (key === 'sobjecttype' && describe) {
        return this.typeToken(describe);
      }
      if (key === 'fields' && describe && !describe.field(name)) return this.typeFields(describe, at);
      const field = describe?.field(name) ?? describe?.fieldByRelationship(name);
      if (describe && field) {
        return {
          type: table.parse('Schema.SObjectField'),
          nonNull: always,
          code: () => `$sobjectField(${quote(describe.name)}, ${quote(field.name)})`,
          ...(describe.kind === 'share' && field.name === 'RowCause'
            ? { describedObject: `reasons:${describe.name}` }
            : {}),
        };
      }
      if (describe && key !== 'class')
        return this.expressions.fail(at, `Field does not exist: ${name} on ${describe.name}`);
      return undefined;
    }
    if (symbol.isLibrary && symbol.fullName === 'Schema.SObjectType') {
      const describe = table.schema.object(name);
      if (!describe) return undefined;
      const value = {
        type: table.parse('Schema.DescribeSObjectResult'),
        nonNull: always,
        code: () => `$describeObject(${quote(describe.name)})`,
        objectName: describe.name,
      };
      return value;
    }
    if (symbol.isLibrary && symbol.fullName === 'Page') {
      const page = this.scope.environment.pages.get(key);
      if (page === undefined) return this.expressions.fail(at, `Page ${name} does not exist`);
      const call = (): string => this.expressions.libraryCall(PAGE_CONSTRUCTOR, [quote(`/apex/${page}`)]);
      return { type: table.parse('PageReference'), nonNull: always, code: call };
    }
    if (symbol.isLibrary && symbol.fullName === 'Label') {
      const canonical = this.scope.environment.labels.get(key);
      if (canonical === undefined) return this.expressions.fail(at, `External string does not exist: ${name}`);
      return { type: table.string, nonNull: always, code: () => `$label(${quote(canonical)})` };
    }
    const found = table.findField(table.of(symbol), name);
    if (!found) return undefined;
    if (!found.field.isStatic) {
      return this.expressions.fail(at, `Variable is not static: ${symbol.fullName}.${name}`);
    }
    return this.staticField(found.field, at);
  }

  index(targetExpression: Expression, indexExpression: Expression, at: number): Typed {
    const { table } = this;
    const target = this.analyseReceiver(targetExpression);
    if (!table.isList(target.type))
      return this.expressions.fail(at, `Expression must be a list type: ${target.type.name}`);
    const index = this.expressions.convert(
      this.expressions.analyse(indexExpression),
      table.integer,
      indexExpression.at,
    );
    return {
      type: target.type.typeArguments[0] as ApexType,
      nonNull: never,
      code: (output) => `${target.code(output)}.get(${this.expressions.solid(index, output)})`,
      target: {
        prepare: (output) => {
          const [list, position] = [output.temporary(), output.temporary()];
          return {
            before: `${list} = ${target.code(output)}, ${position} = ${this.expressions.solid(index, output)}`,
            read: `${list}.get(${position})`,
            write: (value) => `$setItem(${list}, ${position}, ${value})`,
          };
        },
      },
    };
  }

  /** A receiver inside a chain: keeps the `?.` of the chain open. */
  private analyseReceiver(expression: Expression): Typed {
    const prefix = this.prefix(expression);
    if (prefix.kind === 'value') return prefix.value;
    return this.expressions.fail(expression.at, `Variable does not exist: ${this.dottedName(expression).join('.')}`);
  }
}
