/** What is mutated: the repository's package and the fixtures. */
import { join } from 'node:path';
import { loadProject } from '../../src/project/loadProject.ts';
import type { Project } from '../../src/project/types.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');

export const PIPELINE = join(FIXTURES, 'pipeline');
export const LEDGER = join(FIXTURES, 'ledger');
export const LIGHTNING = join(FIXTURES, 'lightning');
/** The package of this repository: any package would do. */
export const PACKAGE = join(import.meta.dirname, '../../..');

export const load = (directory: string): Project => loadProject(directory);
