import { toText } from '../execution/text.ts';
import { bean, Bean } from './bean.ts';

export class SelectOption extends Bean {}

const text = (value: unknown): string | null => (value === null ? null : toText(value));

function option(value: string, label: string, isDisabled: boolean): SelectOption {
  const made = new SelectOption();
  made.values.set('Value', text(value)).set('Label', text(label)).set('Disabled', isDisabled).set('EscapeItem', true);
  return made;
}

export const selectOptionClass = bean({
  name: 'SelectOption',
  hidden: true,
  instance: SelectOption,
  fields: ['String Value', 'String Label', 'Boolean Disabled', 'Boolean EscapeItem'],
  constructors: {
    '(String value, String label)': (value: string, label: string) => option(value, label, false),
    '(String value, String label, Boolean isDisabled)': option,
  },
});
