import type { StandardRules } from './standardRules.ts';

export const personAccountRules: StandardRules = {};
