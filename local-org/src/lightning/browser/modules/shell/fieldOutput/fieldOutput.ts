import { LightningElement, api } from 'lwc';
import type { FieldInfo, ObjectInfo } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { navigate, urlOf } from 'platform/router';
import type { PageReference } from 'platform/router';
import { text } from 'shell/strings';

/** A field's value as people read it: links for lookups, formats of the user's locale, rich text. */
export default class FieldOutput extends LightningElement {
  @api record?: RecordRepresentation;
  /** Path of the field: `Amount`, `AccountId`, `Owner.Name`. */
  @api field = '';
  @api objectInfo?: ObjectInfo;
  /** The record's own name links to the record. */
  @api linkName = false;
  /** One line only, for tables. */
  @api compact = false;

  strings = text;

  get holder(): RecordRepresentation | undefined {
    return this.field
      .split('.')
      .slice(0, -1)
      .reduce<RecordRepresentation | undefined>(
        (record, step) => record?.fields[step]?.value as RecordRepresentation | undefined,
        this.record,
      );
  }

  get fieldName(): string {
    return this.field.split('.').at(-1) ?? '';
  }

  get info(): FieldInfo | undefined {
    return this.field.includes('.') ? undefined : this.objectInfo?.fields[this.field];
  }

  get representation() {
    return this.holder?.fields[this.fieldName];
  }

  get value(): unknown {
    return this.representation?.value;
  }

  get dataType(): string {
    return this.info?.dataType ?? '';
  }

  get isBlank(): boolean {
    if (this.isAddress) return Object.values(this.address).every((part) => !part);
    return !this.isBoolean && (this.value === null || this.value === undefined || this.value === '');
  }

  get isBoolean(): boolean {
    return this.dataType === 'Boolean' || typeof this.value === 'boolean';
  }

  get isTrue(): boolean {
    return this.isBoolean && this.value === true;
  }

  get isRichText(): boolean {
    return this.info?.htmlFormatted === true && this.dataType === 'TextArea' && !this.compact;
  }

  get isLongText(): boolean {
    return this.dataType === 'TextArea' && !this.isRichText && !this.compact;
  }

  get isEmail(): boolean {
    return this.dataType === 'Email';
  }

  get isPhone(): boolean {
    return this.dataType === 'Phone';
  }

  get isUrl(): boolean {
    return this.dataType === 'Url' && !this.info?.htmlFormatted;
  }

  get url(): string {
    const value = String(this.value);
    return /^[a-z]+:/i.test(value) ? value : `https://${value}`;
  }

  get isAddress(): boolean {
    return this.dataType === 'Address';
  }

  get address() {
    const prefix = this.fieldName.replace(/Address$/, '');
    const part = (name: string): unknown => this.record?.fields[prefix + name]?.value;
    return {
      street: part('Street'),
      city: part('City'),
      province: part('State'),
      postalCode: part('PostalCode'),
      country: part('Country'),
    };
  }

  /** Where a lookup, or a name, leads. */
  get reference(): PageReference | undefined {
    const relationship = this.info?.reference === true ? this.info.relationshipName : null;
    if (relationship) {
      const parent = this.record?.fields[relationship]?.value as RecordRepresentation | null | undefined;
      return parent?.id ? recordPage(parent) : undefined;
    }
    if (this.field.includes('.'))
      return this.holder?.id && this.isNameOf(this.holder) ? recordPage(this.holder) : undefined;
    return this.linkName && this.record ? recordPage(this.record) : undefined;
  }

  /** `Owner.Alias` leads to the owner as well: it is all that the list shows of it. */
  isNameOf(parent: RecordRepresentation): boolean {
    return (
      /^(Name|Alias|Subject|CaseNumber|ContractNumber)$/.test(this.fieldName) &&
      !/^(Profile|CronJobDetail|ProcessNode)$/.test(parent.apiName)
    );
  }

  get link(): string | undefined {
    return this.reference && urlOf(this.reference);
  }

  get displayText(): string {
    const relationship = this.info?.reference === true ? this.info.relationshipName : null;
    if (relationship) return this.record?.fields[relationship]?.displayValue ?? String(this.value);
    const plain = this.representation?.displayValue ?? String(this.value);
    return this.compact && this.info?.htmlFormatted ? plain.replace(/<[^>]*>/g, ' ').trim() : plain;
  }

  get tooltip(): string | undefined {
    return this.compact ? this.displayText : undefined;
  }

  get textClass(): string {
    return /^(Currency|Double|Int|Percent)$/.test(this.dataType) ? 'number' : '';
  }

  handleLink(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !this.reference) return;
    event.preventDefault();
    navigate(this.reference);
  }
}

const recordPage = ({ id, apiName }: RecordRepresentation): PageReference => ({
  type: 'standard__recordPage',
  attributes: { recordId: id, objectApiName: apiName, actionName: 'view' },
});
