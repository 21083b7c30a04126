import { LightningElement } from 'lwc';
import { environment } from 'platform/environment';
import { queryString, request } from 'platform/http';
import type { RecordRepresentation } from 'platform/records';
import { navigate } from 'platform/router';
import type { PageReference } from 'platform/router';
import { text } from 'shell/strings';
import ViewAsModal from 'shell/viewAsModal';

interface Found {
  readonly name: string;
  readonly detail: string;
  readonly icon: string;
  readonly page: PageReference;
}

interface Group {
  readonly objectApiName: string;
  readonly label: string;
  readonly iconName: string;
  readonly nameField: string;
  readonly records: readonly RecordRepresentation[];
}

/** Product name, global search with suggestions, and the user's menu. */
export default class GlobalHeader extends LightningElement {
  strings = text;
  term = '';
  found: readonly Found[] = [];
  active = 0;
  isOpen = false;
  search = 0;
  timer: ReturnType<typeof setTimeout> | undefined;

  get userHeading(): string {
    return `${text.signedInAs} ${environment.user.name}`;
  }

  get expanded(): string {
    return String(this.isOpen);
  }

  get optionsClass(): string {
    return this.isOpen ? 'options options_open' : 'options';
  }

  get choices(): readonly Found[] {
    if (!this.isOpen) return [];
    const all: Found = {
      name: text.searchIn(this.term.trim()),
      detail: '',
      icon: 'utility:search',
      page: { type: 'standard__search', state: { term: this.term.trim() } },
    };
    return [all, ...this.found];
  }

  get options() {
    return this.choices.map((choice, index) => ({
      ...choice,
      index,
      key: `option-${index}`,
      selected: String(index === this.active),
      className: index === this.active ? 'option option_active' : 'option',
    }));
  }

  get activeId(): string | undefined {
    return this.isOpen ? `option-${this.active}` : undefined;
  }

  handleHome(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate({ type: 'standard__namedPage', attributes: { pageName: 'home' } });
  }

  handleInput(event: Event): void {
    this.term = (event.target as HTMLInputElement).value;
    this.active = 0;
    this.isOpen = this.term.trim().length >= 2;
    clearTimeout(this.timer);
    if (this.isOpen) this.timer = setTimeout(() => void this.suggest(), 180);
    else this.found = [];
  }

  handleFocus(): void {
    this.isOpen = this.term.trim().length >= 2;
  }

  handleFocusOut(): void {
    this.isOpen = false;
  }

  async suggest(): Promise<void> {
    this.search += 1;
    const { search } = this;
    try {
      const { groups } = await request<{ groups: readonly Group[] }>(
        'GET',
        `/local-org/search${queryString({ q: this.term.trim(), size: 4 })}`,
      );
      if (search !== this.search) return;
      this.found = groups
        .flatMap(({ objectApiName, label, iconName, nameField, records }) =>
          records.map((record) => ({
            name: String(record.fields[nameField]?.value ?? record.id),
            detail: label,
            icon: iconName,
            page: {
              type: 'standard__recordPage',
              attributes: { recordId: record.id, objectApiName, actionName: 'view' },
            },
          })),
        )
        .slice(0, 10);
    } catch {
      this.found = [];
    }
  }

  handleKey(event: KeyboardEvent): void {
    const count = this.choices.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (count === 0) return;
      event.preventDefault();
      this.active = (this.active + (event.key === 'ArrowDown' ? 1 : -1) + count) % count;
    } else if (event.key === 'Enter') this.choose(this.active);
    else if (event.key === 'Escape') this.isOpen = false;
  }

  handleOption(event: Event): void {
    event.preventDefault();
    this.choose(Number((event.currentTarget as HTMLElement).dataset.index));
  }

  choose(index: number): void {
    const choice = this.choices[index];
    if (!choice) return;
    this.isOpen = false;
    navigate(choice.page);
  }

  get mayViewAs(): boolean {
    return environment.viewAs.allowed;
  }

  get maySetup(): boolean {
    return environment.mayViewSetup;
  }

  handleSetup(event: CustomEvent<{ value: string }>): void {
    navigate({ type: 'localOrg__setupPage', attributes: { pageName: event.detail.value } });
  }

  handleUserMenu(event: CustomEvent<{ value: string }>): void {
    if (event.detail.value === 'viewAs') void ViewAsModal.open({ size: 'small', label: text.viewAsLabel });
    if (event.detail.value === 'profile')
      navigate({
        type: 'standard__recordPage',
        attributes: { recordId: environment.user.id, objectApiName: 'User', actionName: 'view' },
      });
  }
}
