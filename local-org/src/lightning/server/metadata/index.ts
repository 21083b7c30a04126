/** The pages of a project: FlexiPages, LWC bundles and labels, and which page opens for whom. */
import { ProblemCollector } from '../../../project/errors.ts';
import type { Position, Project } from '../../../project/types.ts';
import type { Schema } from '../../../schema/types.ts';
import type { UiMetadata } from '../../../api/ui/metadata/index.ts';
import type { PageOverride } from '../../../api/ui/metadata/application.ts';
import { profileName } from '../../../security/permissionMetadata.ts';
import { readBundle } from './bundle.ts';
import type { BundleFacts } from './bundle.ts';
import { readFlexiPage, standardRecordPage } from './flexiPage.ts';
import type { Page } from './flexiPage.ts';

export interface PageRequest {
  readonly objectName: string;
  readonly appName: string | undefined;
  readonly formFactor: 'Large' | 'Small';
  readonly profileName: string;
  /** Developer name of the record's type; null for the master one. */
  readonly recordType: string | null;
}

export interface PageMetadata {
  readonly pages: ReadonlyMap<string, Page>;
  readonly bundles: ReadonlyMap<string, BundleFacts>;
  readonly labels: ReadonlyMap<string, string>;
  /** The page of a record: the app's assignment first, then the object's, then the standard page. */
  recordPage(request: PageRequest): Page;
  /** Components on pages that the shell refuses, for `check`. */
  readonly refusals: readonly { readonly position: Position; readonly problem: string }[];
}

/**
 * Reads pages, bundles and labels.
 * @throws ProjectError with every problem, each with file, line and what to do
 */
export function readPageMetadata(project: Project, schema: Schema, ui: UiMetadata): PageMetadata {
  const problems = new ProblemCollector();
  const bundles = new Map(
    project.bundles.flatMap((bundle) => {
      const facts = problems.attempt(() => readBundle(bundle));
      return facts ? [[bundle.name, facts] as const] : [];
    }),
  );
  const pages = new Map(
    project.ofType('FlexiPage').flatMap((component) => {
      const page = problems.attempt(() => readFlexiPage(component, schema, bundles, project.directory));
      return page ? [[page.name, page] as const] : [];
    }),
  );
  const labels = problems.attempt(() => readLabels(project)) ?? new Map<string, string>();
  problems.finish();
  return {
    pages,
    bundles,
    labels,
    refusals: [...pages.values()].flatMap(({ refusals }) => refusals),
    recordPage({ objectName, appName, formFactor, profileName: own, recordType }) {
      const app = ui.apps.find(({ name }) => name === appName);
      const suits = ({ profile, recordType: type }: PageOverride): boolean =>
        (profile === null || profileName(profile) === own) && (type === null || type === `${objectName}.${recordType}`);
      // What is said of a profile and a record type goes before what is said of one of them, or of none.
      const precision = ({ profile, recordType: type }: PageOverride): number =>
        Number(profile !== null) + Number(type !== null);
      const candidates = [
        ...(app?.overrides ?? []).filter(suits).sort((a, b) => precision(b) - precision(a)),
        ...ui.overrides,
      ];
      const assigned = candidates.find(
        (override) =>
          override.objectName === objectName &&
          (override.formFactor ?? formFactor) === formFactor &&
          pages.has(override.page),
      );
      const page = assigned && pages.get(assigned.page);
      return page ?? standardRecordPage(objectName);
    },
  };
}

/** Custom labels by full name. */
function readLabels(project: Project): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const { root } of project.ofType('CustomLabels')) {
    for (const element of root.children('labels')) {
      labels.set(element.requiredString('fullName'), element.string('value') ?? '');
      element.ignore('shown to translators only', 'shortDescription', 'protected', 'categories', 'language');
      element.finish();
    }
    root.finish();
  }
  return labels;
}
