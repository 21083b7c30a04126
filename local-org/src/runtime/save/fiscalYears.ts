/** Fiscal date literals follow the rows of custom fiscal years (Object Reference, FiscalYearSettings and Period). */
import type { StandardRule, StandardRules } from './standardRules.ts';

const followed: StandardRule = {
  written: (_row, services) => services.fiscalYearsWritten(),
  after: (_rows, services) => services.fiscalYearsWritten(),
};

export const fiscalYearRules: StandardRules = { FiscalYearSettings: followed, Period: followed };
