/** What is wrong with a project's pages and components, without starting a server. */
import { MetadataError, ProjectError } from '../../project/errors.ts';
import { readUiMetadata } from '../../api/ui/metadata/index.ts';
import type { Project } from '../../project/types.ts';
import type { Schema } from '../../schema/types.ts';
import { Application } from './build/application.ts';
import { LwcCompiler } from './build/compiler.ts';
import { buildLibrary } from './build/library.ts';
import type { BuildProblem } from './build/problems.ts';
import { readPageMetadata } from './metadata/index.ts';

export interface LightningProblem extends BuildProblem {
  /** An error keeps the project from starting, or its components from compiling; a refusal is drawn as a card. */
  readonly severity: 'error' | 'refusal';
}

/**
 * Reads layouts, lists, apps and pages and builds every component.
 * @param cacheDirectory folder for built files, the same as the server's
 * @returns every problem with file, line and column; empty when there is none
 */
export async function checkLightning(
  project: Project,
  schema: Schema,
  cacheDirectory: string,
): Promise<readonly LightningProblem[]> {
  try {
    const pages = readPageMetadata(project, schema, readUiMetadata(project, schema));
    const compiler = new LwcCompiler(cacheDirectory);
    const application = new Application({
      library: await buildLibrary(cacheDirectory, compiler),
      compiler,
      source: () => ({ project, schema, labels: pages.labels }),
      bundles: () => project.bundles,
    });
    const { problems } = await application.build();
    await application.close();
    return [
      ...problems.map((problem): LightningProblem => ({ ...problem, severity: 'error' })),
      ...pages.refusals.map(({ position, problem }): LightningProblem => ({
        ...position,
        message: problem,
        severity: 'refusal',
      })),
    ];
  } catch (fault) {
    if (!(fault instanceof ProjectError) && !(fault instanceof MetadataError)) throw fault;
    return (fault instanceof ProjectError ? fault.problems : [fault]).map(
      ({ position, problem }): LightningProblem => ({ ...position, message: problem, severity: 'error' }),
    );
  }
}
