import { LightningElement, api, wire } from 'lwc';
import { getRecord } from 'lightning/uiRecordApi';
import { componentConstructor, hasComponent } from 'platform/components';
import { environment } from 'platform/environment';
import { isShown, recordPaths } from 'platform/visibility';
import type { PageNodeFacts } from 'platform/pages';
import type { RecordRepresentation } from 'platform/records';
import { sectionOfColumns } from 'platform/sections';
import { text } from 'shell/strings';

/** One component of a Lightning page. What fails is drawn as such and leaves the rest of the page alone. */
export default class PageNode extends LightningElement {
  @api recordId?: string;
  @api objectApiName?: string;
  /** In the wide column, where lists are tables. */
  @api wide = false;

  _node!: PageNodeFacts;
  component: unknown;
  failure = '';
  visibilityFields: readonly string[] | undefined;
  record?: RecordRepresentation;

  @api get node(): PageNodeFacts {
    return this._node;
  }

  set node(node: PageNodeFacts) {
    this._node = node;
    const paths = recordPaths(node.visibility);
    this.visibilityFields =
      paths.length > 0 && this.objectApiName ? paths.map((path) => `${this.objectApiName}.${path}`) : undefined;
    if (node.kind === 'component') void this.loadComponent(node.name ?? '');
  }

  @wire(getRecord, { recordId: '$recordId', optionalFields: '$visibilityFields' })
  receive({ data }: { data?: RecordRepresentation }): void {
    if (data) this.record = data;
  }

  connectedCallback(): void {
    // `node` may have been set before the object's name was.
    const paths = recordPaths(this._node.visibility);
    if (paths.length > 0 && this.objectApiName)
      this.visibilityFields = paths.map((path) => `${this.objectApiName}.${path}`);
  }

  async loadComponent(name: string): Promise<void> {
    if (!hasComponent(name)) {
      this.failure = text.componentsDoNotCompile;
      return;
    }
    try {
      this.component = await componentConstructor(name);
    } catch (error) {
      this.failure =
        environment.revision > 0 && error instanceof TypeError ? text.componentsDoNotCompile : String(error);
    }
  }

  errorCallback(error: Error, stack: string): void {
    console.error(error, stack);
    this.component = undefined;
    this.failure = error.message;
  }

  get is(): Readonly<Record<string, boolean>> {
    return { [this._node.kind]: true };
  }

  get isVisible(): boolean {
    return isShown(this._node.visibility, this.record);
  }

  get failureTitle(): string {
    return text.componentFailed(this._node.name ?? this._node.kind);
  }

  get refusedTitle(): string {
    return text.componentRefused(this._node.name ?? '');
  }

  get properties(): Readonly<Record<string, unknown>> {
    return {
      ...(this.recordId ? { recordId: this.recordId } : {}),
      ...(this.objectApiName ? { objectApiName: this.objectApiName } : {}),
      ...this._node.properties,
    };
  }

  get tabs() {
    return (this._node.tabs ?? this._node.sections ?? []).map((tab, index) => ({
      ...tab,
      value: `${this._node.key}-${index}`,
    }));
  }

  get activeTab(): string | undefined {
    return this.tabs[this._node.active ?? 0]?.value;
  }

  get givenSections() {
    return [sectionOfColumns(this._node.key, this._node.label ?? '', this._node.columns ?? [])];
  }
}
