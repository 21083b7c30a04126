import { LightningElement, api } from 'lwc';
import { sanitizeHtml } from 'platform/html';
import { text } from 'shell/strings';

const commands = [
  { command: 'bold', label: text.bold, icon: 'utility:bold' },
  { command: 'italic', label: text.italic, icon: 'utility:italic' },
  { command: 'underline', label: text.underline, icon: 'utility:underline' },
  { command: 'insertUnorderedList', label: text.bulletedList, icon: 'utility:richtextbulletedlist' },
  { command: 'insertOrderedList', label: text.numberedList, icon: 'utility:richtextnumberedlist' },
  { command: 'removeFormat', label: text.removeFormatting, icon: 'utility:remove_formatting' },
] as const;

/** `lightning-input-rich-text`: text with bold, italic, underline and lists; what is pasted is sanitised. */
export default class InputRichText extends LightningElement {
  @api label = '';
  @api labelVisible = false;
  @api required = false;
  @api disabled = false;
  @api fieldLevelHelp?: string;
  @api messageWhenBadInput = '';
  @api placeholder = '';
  @api formats?: readonly string[];

  strings = text;
  html = '';
  message = '';
  customMessage = '';
  pressed: Readonly<Record<string, boolean>> = {};
  current = 0;
  written = false;

  @api get value(): string {
    return this.html;
  }

  set value(value: string | null | undefined) {
    const next = value ?? '';
    if (next === this.html) return;
    this.html = next;
    this.written = false;
  }

  get editable(): string {
    return this.disabled ? 'false' : 'true';
  }

  get formElementClass(): string {
    return this.message ? 'slds-form-element slds-has-error' : 'slds-form-element';
  }

  get labelClass(): string {
    return this.labelVisible ? 'slds-form-element__label' : 'slds-form-element__label slds-assistive-text';
  }

  get invalid(): string {
    return this.message ? 'true' : 'false';
  }

  get tools() {
    return commands.map((tool, index) => ({
      ...tool,
      pressed: String(this.pressed[tool.command] ?? false),
      tabIndex: index === this.current ? '0' : '-1',
    }));
  }

  get content(): HTMLElement | null | undefined {
    return this.template?.querySelector('.content');
  }

  renderedCallback(): void {
    if (this.written || !this.content) return;
    this.written = true;
    // Sanitised: the element is ours (lwc:dom="manual") and nothing else writes into it.
    this.content.innerHTML = sanitizeHtml(this.html);
  }

  handleInput(): void {
    const { content } = this;
    if (!content) return;
    const clean = sanitizeHtml(content.innerHTML);
    this.html = content.textContent?.trim() === '' && !/<(img|li)/.test(clean) ? '' : clean;
    this.dispatchEvent(new CustomEvent('change', { detail: { value: this.html } }));
  }

  handlePaste(event: ClipboardEvent): void {
    event.preventDefault();
    const html = event.clipboardData?.getData('text/html');
    if (html) document.execCommand('insertHTML', false, sanitizeHtml(html));
    else document.execCommand('insertText', false, event.clipboardData?.getData('text/plain') ?? '');
  }

  handleKeepFocus(event: Event): void {
    event.preventDefault();
  }

  handleTool(event: Event): void {
    const { command = '' } = (event.currentTarget as HTMLElement).dataset;
    this.content?.focus();
    document.execCommand(command);
    this.handleInput();
    this.handleSelection();
  }

  /** Arrow keys move between the tools, as in every toolbar. */
  handleToolbarKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    this.current = (this.current + step + commands.length) % commands.length;
    this.template?.querySelectorAll<HTMLElement>('.tool')[this.current]?.focus();
  }

  handleSelection(): void {
    this.pressed = Object.fromEntries(
      commands.map(({ command }) => [command, command !== 'removeFormat' && document.queryCommandState(command)]),
    );
  }

  handleBlur(): void {
    this.reportValidity();
    this.dispatchEvent(new CustomEvent('blur'));
  }

  @api setCustomValidity(message: string): void {
    this.customMessage = message;
  }

  @api checkValidity(): boolean {
    return this.customMessage === '' && !(this.required && this.html === '');
  }

  @api reportValidity(): boolean {
    this.message = this.customMessage || (this.required && this.html === '' ? text.required : '');
    return this.message === '';
  }

  @api focus(): void {
    this.content?.focus();
  }
}
