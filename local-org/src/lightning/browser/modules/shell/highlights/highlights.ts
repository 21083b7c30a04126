import { LightningElement, api, wire } from 'lwc';
import { getRecord } from 'lightning/uiRecordApi';
import { fetchOnce } from 'platform/dataService';
import { errorText } from 'platform/errors';
import { layoutPlan, objectInfoPlan } from 'platform/metadata';
import type { LayoutRepresentation, ObjectInfo } from 'platform/metadata';
import type { RecordRepresentation } from 'platform/records';
import { fetchRecordActions } from 'platform/quickActions';
import type { ActionFacts } from 'platform/quickActions';
import { performAction } from 'shell/actions';
import type { RecordTarget } from 'shell/actions';
import { text } from 'shell/strings';
import { showToast } from 'shell/toasts';

const narrowPage = matchMedia('(max-width: 47.99rem)');

/** The highlights panel: icon, name, the compact layout's fields, and what one can do with the record. */
export default class Highlights extends LightningElement {
  @api recordId?: string;
  @api objectApiName = '';
  /** Actions of the page itself; the layout's otherwise. */
  @api actionNames?: readonly string[] | null;
  /** How many actions are buttons; the others stand in the menu. */
  @api visibleActions = 3;

  strings = text;
  record?: RecordRepresentation;
  objectInfo?: ObjectInfo;
  layout?: LayoutRepresentation;
  actions: readonly ActionFacts[] = [];
  layoutTypes = ['Compact'];
  isNarrow = narrowPage.matches;
  readonly followWidth = (): void => {
    this.isNarrow = narrowPage.matches;
  };

  @wire(getRecord, { recordId: '$recordId', layoutTypes: '$layoutTypes' })
  receive({ data }: { data?: RecordRepresentation }): void {
    if (!data) return;
    this.record = data;
    document.title = `${this.name} | ${text.productName}`;
  }

  disconnectedCallback(): void {
    narrowPage.removeEventListener('change', this.followWidth);
  }

  async connectedCallback(): Promise<void> {
    narrowPage.addEventListener('change', this.followWidth);
    const [objectInfo, layout] = await Promise.all([
      fetchOnce(objectInfoPlan(this.objectApiName)),
      fetchOnce(layoutPlan(this.objectApiName, 'Compact', 'View')),
    ]);
    this.objectInfo = objectInfo;
    this.layout = layout;
    try {
      this.actions = await fetchRecordActions(this.recordId ?? '', this.actionNames);
    } catch (error) {
      // A record that is gone says so by its page.
      if (this.record) showToast(text.somethingWrong, 'error', errorText(error));
    }
  }

  get isLoading(): boolean {
    return !(this.record && this.objectInfo && this.layout);
  }

  get iconName(): string {
    return this.objectInfo?.themeInfo.iconName ?? '';
  }

  get objectLabel(): string {
    return this.objectInfo?.label ?? '';
  }

  get nameField(): string {
    return this.objectInfo?.nameFields[0] ?? 'Name';
  }

  get name(): string {
    return String(this.record?.fields[this.nameField]?.value ?? '');
  }

  get buttons(): readonly ActionFacts[] {
    return this.isNarrow ? [] : this.actions.slice(0, this.visibleActions);
  }

  /** Actions without a button: all of them on a narrow page. */
  get menuItems(): readonly ActionFacts[] {
    return this.actions.slice(this.buttons.length);
  }

  get hasMenu(): boolean {
    return this.menuItems.length > 0;
  }

  get hasActions(): boolean {
    return this.actions.length > 0;
  }

  get facts(): readonly { field: string; label: string }[] {
    const items = (this.layout?.sections ?? []).flatMap(({ layoutRows }) =>
      layoutRows.flatMap(({ layoutItems }) => layoutItems),
    );
    return items.flatMap(({ label, layoutComponents }) => {
      const field = layoutComponents[0]?.apiName;
      return field && field !== this.nameField ? [{ field, label: label.replace(/ ID$/, '') }] : [];
    });
  }

  get target(): RecordTarget {
    return {
      recordId: this.recordId ?? '',
      objectApiName: this.objectApiName,
      label: this.objectLabel,
      name: this.name,
    };
  }

  handleMenu(event: CustomEvent<{ value: string }>): void {
    this.perform(event.detail.value);
  }

  handleButton(event: Event): void {
    this.perform((event.currentTarget as HTMLElement).dataset.name);
  }

  perform(name: string | undefined): void {
    const action = this.actions.find((candidate) => candidate.name === name);
    if (action) void performAction(action, this.target);
  }
}
