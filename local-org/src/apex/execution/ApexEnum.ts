import type { ApexType } from '../types/symbols.ts';

/** One value of an enum; the same object always stands for the same value. */
export class ApexEnum {
  readonly name: string;
  readonly ordinal: number;
  type: ApexType | null;

  constructor(name: string, ordinal: number, type: ApexType | null) {
    this.name = name;
    this.ordinal = ordinal;
    this.type = type;
  }
  toString(): string {
    return this.name;
  }
}

const libraryEnums = new Map<string, Readonly<Record<string, ApexEnum>>>();

/** Values of a library enum by `v_NAME`, as emitted code reads them. */
export function libraryEnum(name: string, values: readonly string[]): Readonly<Record<string, ApexEnum>> {
  let found = libraryEnums.get(name);
  if (!found) {
    found = Object.fromEntries(values.map((value, ordinal) => [`v_${value}`, new ApexEnum(value, ordinal, null)]));
    libraryEnums.set(name, found);
  }
  return found;
}
