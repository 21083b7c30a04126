/** The one HTML page of the shell: every address of the site is this page, the shell's router does the rest. */
import type { ApplicationState } from './build/application.ts';
import type { Library } from './build/library.ts';
import { formatProblem } from './build/problems.ts';

/** URL folders of what the page loads. */
export const urls = {
  library: (version: string): string => `/local-org/library/${version}`,
  application: (revision: number): string => `/local-org/application/${revision}`,
  styles: '/local-org/design-system/styles/salesforce-lightning-design-system.min.css',
  shellStyles: '/local-org/shell.css',
  /** Below /services, where the server asks for a session. */
  events: '/services/data/v67.0/local-org/events',
} as const;

export interface PageOptions {
  readonly library: Library;
  readonly application: ApplicationState;
  /** Read by `platform/environment`. */
  readonly environment: Readonly<Record<string, unknown>>;
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly title: string;
  /** Of this answer only; the content security policy lets inline scripts with it run. */
  readonly nonce: string;
}

/**
 * Content security policy of the page, as strict as the platform's: scripts and connections of this server only.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: https:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Text that is safe inside HTML and attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that is safe inside a script element. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');

/** HTML of the page. */
export function renderPage({
  library,
  application,
  environment,
  language,
  direction,
  title,
  nonce,
}: PageOptions): string {
  const base = urls.library(library.version);
  const imports = Object.fromEntries(
    Object.entries(library.modules).map(([name, { file }]) => [name, `${base}/${file}`]),
  );
  return `<!doctype html>
<html lang="${escapeHtml(language)}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(favicon)}">
<link rel="stylesheet" href="${urls.styles}">
<link rel="stylesheet" href="${urls.shellStyles}">
<script type="application/json" id="local-org-environment">${scriptJson(environment)}</script>
<script type="importmap" nonce="${nonce}">${scriptJson({ imports })}</script>
${preloads(library)
  .map((file) => `<link rel="modulepreload" href="${base}/${file}">`)
  .join('\n')}
</head>
<body>
<div id="local-org-problems"${application.problems.length === 0 ? ' hidden' : ''}>${problemsHtml(application)}</div>
<div id="local-org-stage"><noscript>The local org needs JavaScript.</noscript></div>
<script type="module" src="${base}/${library.modules['@lwc/synthetic-shadow']?.file}"></script>
<script type="module" src="${base}/${library.modules['platform/main']?.file}"></script>
</body>
</html>
`;
}

const favicon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b5cab"/><path d="M8 22V10l8 7 8-7v12" fill="none" stroke="#fff" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/></svg>';

/** What the first paint needs; the rest is found by the browser. */
const preloads = (library: Library): readonly string[] =>
  ['@lwc/synthetic-shadow', 'lwc', 'platform/main', 'shell/app'].flatMap((name) => library.modules[name]?.file ?? []);

/** The overlay that stands in for components that do not compile. */
export function problemsHtml({ problems }: ApplicationState): string {
  if (problems.length === 0) return '';
  const items = problems
    .map(
      (problem) =>
        `<li><code>${escapeHtml(formatProblem(problem).slice(0, -problem.message.length - 2))}</code><p>${escapeHtml(problem.message)}</p></li>`,
    )
    .join('');
  return `<section class="local-org-problems" role="alert" aria-labelledby="local-org-problems-title">
<h1 id="local-org-problems-title">${problems.length === 1 ? 'A component does not compile' : `${problems.length} problems keep the components from compiling`}</h1>
<ul>${items}</ul>
<p>Correct the source and save: this page loads itself again.</p>
</section>`;
}
