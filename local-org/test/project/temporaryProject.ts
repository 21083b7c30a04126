/** Builds SFDX projects in temporary folders for tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Writes `files` (path → text) into a new folder; the folder is removed when the process ends. */
export function temporaryProject(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'local-org-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return directory;
}

/** A metadata file's text: the root element of `type` around `body`. */
export function metadata(type: string, body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">\n${body}\n</${type}>\n`;
}

export const SFDX_PROJECT = JSON.stringify({
  packageDirectories: [{ path: 'force-app', default: true }],
  namespace: 'ns',
  sourceApiVersion: '67.0',
});
