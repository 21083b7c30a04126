/** Rules of standard objects beyond fields: what is checked before a record is written, and what follows. */
import { fiscalYearRules } from './fiscalYears.ts';
import { leadRules } from './leads.ts';
import { recurrenceRules } from './occurrences.ts';
import { orderRules } from './orders.ts';
import { personAccountRules } from './personAccounts.ts';
import { scheduleRules } from './schedules.ts';
import { splitRules } from './splits.ts';
import type { SaveRow } from './rows.ts';
import type { SaveRequest, SaveServices } from './services.ts';

export interface StandardRule {
  /** Leaves failures in the row's errors; may still change the record. */
  readonly check?: (row: SaveRow, services: SaveServices) => void;
  /** Right after the row was written, before after triggers. */
  readonly written?: (row: SaveRow, services: SaveServices) => void;
  /** Before rows are deleted. */
  readonly checkDelete?: (row: SaveRow, services: SaveServices) => void;
  /** After rows were inserted, updated, deleted or restored. */
  readonly after?: (rows: readonly SaveRow[], services: SaveServices, request: SaveRequest) => void;
}

/** By object name. */
export type StandardRules = Readonly<Record<string, StandardRule>>;

const SETS: readonly StandardRules[] = [
  recurrenceRules,
  orderRules,
  scheduleRules,
  splitRules,
  personAccountRules,
  fiscalYearRules,
  leadRules,
];
const RULES: ReadonlyMap<string, readonly StandardRule[]> = new Map(
  [...new Set(SETS.flatMap((set) => Object.keys(set)))].map((name) => [
    name,
    SETS.flatMap((set) => (set[name] ? [set[name]] : [])),
  ]),
);

export function rulesOf(objectName: string): readonly StandardRule[] {
  return RULES.get(objectName) ?? [];
}
