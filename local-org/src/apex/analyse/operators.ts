/** JavaScript of arithmetic on operands that are not null. */

export type NumericKind = 'integer' | 'long' | 'double' | 'decimal';
type Template = (left: string, right: string) => string;

const plain =
  (operator: string): Template =>
  (left, right) =>
    `(${left} ${operator} ${right})`;
const wrapped =
  (operator: string): Template =>
  (left, right) =>
    `((${left} ${operator} ${right}) | 0)`;
const long =
  (operator: string): Template =>
  (left, right) =>
    `$asLong(${left} ${operator} ${right})`;

const TEMPLATES: Readonly<Record<NumericKind, Readonly<Record<string, Template>>>> = {
  integer: {
    '+': wrapped('+'),
    '-': wrapped('-'),
    '*': (left, right) => `$imul(${left}, ${right})`,
    '/': (left, right) => `$divideIntegers(${left}, ${right})`,
    '&': plain('&'),
    '|': plain('|'),
    '^': plain('^'),
    '<<': plain('<<'),
    '>>': plain('>>'),
    '>>>': (left, right) => `((${left} >>> ${right}) | 0)`,
  },
  long: {
    '+': long('+'),
    '-': long('-'),
    '*': long('*'),
    '/': (left, right) => `$divideLongs(${left}, ${right})`,
    '&': plain('&'),
    '|': plain('|'),
    '^': plain('^'),
    '<<': (left, right) => `$shiftLong(${left}, ${right}, "<<")`,
    '>>': (left, right) => `$shiftLong(${left}, ${right}, ">>")`,
    '>>>': (left, right) => `$shiftLong(${left}, ${right}, ">>>")`,
  },
  double: {
    '+': plain('+'),
    '-': plain('-'),
    '*': plain('*'),
    '/': (left, right) => `$divideDoubles(${left}, ${right})`,
  },
  decimal: {
    '+': (left, right) => `${left}.add(${right})`,
    '-': (left, right) => `${left}.subtract(${right})`,
    '*': (left, right) => `${left}.multiply(${right})`,
    '/': (left, right) => `$divideDecimals(${left}, ${right})`,
  },
};

export function numericOperation(kind: NumericKind, operator: string, left: string, right: string): string {
  const template = TEMPLATES[kind][operator];
  if (!template) throw new Error(`No ${kind} operator ${operator}`);
  return template(left, right);
}
