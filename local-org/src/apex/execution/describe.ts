/** Schema tokens and describe results: one object each per sObject type and field. */
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';

export class SObjectTypeToken {
  readonly describe: ObjectDescribe;
  constructor(describe: ObjectDescribe) {
    this.describe = describe;
  }
  private static readonly made = new WeakMap<ObjectDescribe, SObjectTypeToken>();
  static of(describe: ObjectDescribe): SObjectTypeToken {
    let token = this.made.get(describe);
    if (!token) this.made.set(describe, (token = new SObjectTypeToken(describe)));
    return token;
  }
  toString(): string {
    return this.describe.name;
  }
}

export class SObjectFieldToken {
  readonly object: ObjectDescribe;
  readonly field: FieldDescribe;
  constructor(object: ObjectDescribe, field: FieldDescribe) {
    this.object = object;
    this.field = field;
  }
  private static readonly made = new WeakMap<ObjectDescribe, Map<string, SObjectFieldToken>>();
  static of(object: ObjectDescribe, name: string): SObjectFieldToken {
    let tokens = this.made.get(object);
    if (!tokens) this.made.set(object, (tokens = new Map<string, SObjectFieldToken>()));
    const field = object.field(name);
    if (!field) throw new Error(`Field ${object.name}.${name} is not described`);
    let token = tokens.get(field.name);
    if (!token) tokens.set(field.name, (token = new SObjectFieldToken(object, field)));
    return token;
  }
  toString(): string {
    return this.field.name;
  }
}

export class DescribeObject {
  readonly describe: ObjectDescribe;
  constructor(describe: ObjectDescribe) {
    this.describe = describe;
  }
  private static readonly made = new WeakMap<ObjectDescribe, DescribeObject>();
  static of(describe: ObjectDescribe): DescribeObject {
    let result = this.made.get(describe);
    if (!result) this.made.set(describe, (result = new DescribeObject(describe)));
    return result;
  }
  toString(): string {
    return `Schema.DescribeSObjectResult[${this.describe.name}]`;
  }
}

export class DescribeField {
  readonly token: SObjectFieldToken;
  constructor(token: SObjectFieldToken) {
    this.token = token;
  }
  private static readonly made = new WeakMap<SObjectFieldToken, DescribeField>();
  static of(token: SObjectFieldToken): DescribeField {
    let result = this.made.get(token);
    if (!result) this.made.set(token, (result = new DescribeField(token)));
    return result;
  }
  toString(): string {
    return `Schema.DescribeFieldResult[${this.token.field.name}]`;
  }
}

/** Values of picklist fields. */
export class PicklistEntry {
  readonly value: FieldDescribe['picklistValues'][number];
  constructor(value: FieldDescribe['picklistValues'][number]) {
    this.value = value;
  }
}
