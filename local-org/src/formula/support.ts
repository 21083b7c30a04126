import type { SupportEntry } from '../support.ts';

import { FUNCTIONS } from './functions.ts';

const special = ['AND', 'OR', 'IF', 'CASE', 'BLANKVALUE', 'NULLVALUE', 'ISNEW', 'ISCHANGED', 'PRIORVALUE'];

/** Functions that formulas may use. */
export const support: readonly SupportEntry[] = [
  ...[...Object.keys(FUNCTIONS), ...special]
    .sort()
    .map((name): SupportEntry => ({ area: 'Formulas', name, status: 'supported' })),
  {
    area: 'Formulas',
    name: '$User, $Profile, $UserRole, $Organization, $Permission, $Setup, $CustomMetadata',
    status: 'supported',
  },
  {
    area: 'Formulas',
    name: '$Label, $Api, $System, $RecordType, $ObjectType, $Source',
    status: 'not',
    note: 'Refused with file, line and column.',
  },
  {
    area: 'Formulas',
    name: 'VLOOKUP, GEOLOCATION, DISTANCE, GETSESSIONID, PARENTGROUPVAL, PREVGROUPVAL, LINKTO, URLFOR, REQUIRESCRIPT, JUNCTIDLIST, FORMATDURATION',
    status: 'not',
    note: 'Refused as unknown functions, with file, line and column.',
  },
  {
    area: 'Formulas',
    name: 'exactness',
    status: 'supported',
    note: 'Decimals throughout; SQRT, EXP, LN, LOG and fractional powers have a double’s digits. Division keeps 20 decimals.',
  },
  {
    area: 'Formulas',
    name: 'division by zero, more than 18 digits and the like',
    status: 'supported',
    note: 'The field is blank (an org shows #Error! or #Too Big!); a validation rule does not hold.',
  },
  { area: 'Formulas', name: 'DATEVALUE of a date/time', status: 'partly', note: 'Declared choice: the day in UTC.' },
  { area: 'Formulas', name: 'compiled size', status: 'not', note: 'The limit of 15,000 bytes is not measured.' },
];
