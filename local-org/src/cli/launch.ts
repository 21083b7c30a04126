/** The one place that puts the rooms together: project → schema → org → Apex. */
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compileProject } from '../apex/compile.ts';
import type { CompiledProject } from '../apex/compile.ts';
import { createCodeHost } from '../apex/host.ts';
import type { HostOptions } from '../apex/host.ts';
import { loadProject } from '../project/loadProject.ts';
import { openOrg } from '../runtime/openOrg.ts';
import type { Org } from '../runtime/types.ts';

export interface LaunchOptions {
  /** Folder of the SFDX project, or of bare SFDX source. */
  readonly source: string;
  /** Paths of the package directories to load, as sfdx-project.json has them; empty or undefined for all. */
  readonly packageDirectories?: readonly string[] | undefined;
  /** Scratch org definition file that shapes the org; the project's own unless given. */
  readonly definition?: string;
  /** Folder for the data; undefined for an org in memory. */
  readonly data?: string;
  /** Count the statements that run, for coverage by line. */
  readonly coverage?: boolean;
  /** Run what can be run of a project that uses unsupported things; `compiled.refused` lists them. */
  readonly allowUnsupported?: boolean;
  /** Jobs wait for BackgroundJobs instead of running right after the commit that enqueued them. */
  readonly jobsInBackground?: boolean;
  /** Instant of `now` in epoch milliseconds; the system clock unless given. */
  readonly clock?: () => number;
}

export interface LaunchedOrg {
  readonly org: Org;
  readonly compiled: CompiledProject;
}

/** Folder that data and caches live in when nobody says otherwise; git-ignored. */
export const DEFAULT_DATA = '.local-org';

/**
 * Loads, compiles and opens a project.
 *
 * @throws MetadataError, ProjectError, ApexCompileError or StoreError, each saying where and what to do
 */
export function launch({
  source,
  packageDirectories = [],
  definition,
  data,
  coverage = false,
  allowUnsupported = false,
  jobsInBackground = false,
  clock,
}: LaunchOptions): LaunchedOrg {
  const project = loadProject(resolve(source), {
    packageDirectories,
    ...(definition === undefined ? {} : { definition }),
  });
  if (data !== undefined) {
    mkdirSync(data, { recursive: true });
  }
  const org = openOrg({
    project,
    databaseFile: data === undefined ? ':memory:' : databaseFile(data),
    jobsInBackground,
    ...(clock === undefined ? {} : { clock }),
  });
  try {
    const compiled = compileProject(project, org.schema, { coverage, lenient: allowUnsupported });
    org.attachCode(createCodeHost(compiled, { access: accessOf }));
    return { org, compiled };
  } catch (error) {
    org.close();
    throw error;
  }
}

/** The option `--definition` as a launch option. */
export function definitionOption(definition: string | undefined): Pick<LaunchOptions, 'definition'> {
  return definition === undefined ? {} : { definition: resolve(definition) };
}

/** File of an org's data in its folder. */
export function databaseFile(data: string): string {
  return join(data, 'org.sqlite');
}

/** Deletes an org's data, so that the next start begins afresh. */
export function resetData(data: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${databaseFile(data)}${suffix}`, { force: true });
  }
}

/** What the acting user of a transaction may do, in the terms of Apex's describe results. */
const accessOf: HostOptions['access'] = ({ org: { security }, userId }) => {
  const user = security.user(userId);
  return {
    object: (describe, right) => user.object(describe)[right],
    field: (describe, field, right) =>
      right === 'read'
        ? user.canReadField(describe, field)
        : user.canEditField(describe, field) && (right === 'create' ? field.createable : field.updateable),
    customPermission: (name) => security.hasCustomPermission(userId, name),
  };
};
