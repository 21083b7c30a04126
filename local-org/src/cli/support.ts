import type { SupportEntry } from '../support.ts';
import { BEHAVIOUR_TYPES } from './unreadComponents.ts';

/** Metadata types that are found and reported, but not acted on. */
export const support: readonly SupportEntry[] = [
  ...[...BEHAVIOUR_TYPES].map(([name, consequence]): SupportEntry => ({
    area: 'Metadata: other',
    name,
    status: 'not',
    note: `Named by check, counted by start and test: ${consequence}.`,
  })),
  {
    area: 'Metadata: other',
    name: 'reports, dashboards, e-mail templates and every type not named here',
    status: 'not',
    note: 'Counted by check.',
  },
];
