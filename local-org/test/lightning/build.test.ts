import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkLightning } from '../../src/lightning/server/check.ts';
import { iconExists, iconLibrary } from '../../src/lightning/server/build/icons.ts';
import { buildLibrary } from '../../src/lightning/server/build/library.ts';
import type { Library } from '../../src/lightning/server/build/library.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { buildSchema } from '../../src/schema/buildSchema.ts';
import { cacheDirectory, fixtures } from '../support/org.ts';

const script = (imports: string, body = ''): string =>
  `import { LightningElement } from 'lwc';\n${imports}\nexport default class Broken extends LightningElement {\n${body}\n}\n`;

describe('LWC build', () => {
  let directory = '';
  let library: Library;

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'lwc-build-'));
    cpSync(path.join(fixtures, 'lightning'), directory, { recursive: true });
    library = await buildLibrary(cacheDirectory);
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  /** Problems of the fixture with one more bundle, `file:line:column: message` with the file's name only. */
  async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const bundle = path.join(directory, 'force-app/main/default/lwc/broken');
    mkdirSync(bundle, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(bundle, name), text);
    try {
      const project = loadProject(directory);
      const problems = await checkLightning(project, buildSchema(project), cacheDirectory);
      return problems
        .filter(({ severity }) => severity === 'error')
        .map(({ file, line, column, message }) => `${path.basename(file)}:${line}:${column}: ${message}`);
    } finally {
      rmSync(bundle, { recursive: true, force: true });
    }
  }

  it('builds the fixture without problems', async () => {
    const project = loadProject(directory);
    const problems = await checkLightning(project, buildSchema(project), cacheDirectory);
    assert.deepEqual(
      problems.map(({ severity, message, line }) => [severity, line, message]),
      [
        [
          'refusal',
          75,
          'the component forceChatter:recordFeedContainer of the platform is not supported by the local org',
        ],
      ],
    );
  });

  it('names file, line and column of a module that does not exist', async () => {
    const [problem] = await problemsOf({ 'broken.ts': script("import { x } from 'lightning/nonsense';", 'y = x;') });
    assert.match(problem ?? '', /^broken\.ts:2:20: There is no module lightning\/nonsense/);
  });

  it('refuses what exists on the platform but not here, and says why', async () => {
    const [problem] = await problemsOf({
      'broken.ts': script("import { graphql } from 'lightning/graphql';", 'y = graphql;'),
    });
    assert.match(problem ?? '', /^broken\.ts:2:26: lightning\/graphql is not supported: GraphQL/);
    const [permission] = await problemsOf({
      'broken.ts': script("import mayExport from '@salesforce/userPermission/ExportReport';", 'y = mayExport;'),
    });
    assert.match(permission ?? '', /^broken\.ts:2:24: .*@salesforce\/userPermission\/ExportReport/);
  });

  it('finds names that a platform module does not export', async () => {
    const [problem] = await problemsOf({
      'broken.ts': script(
        "import { getRecord, getRecrod } from 'lightning/uiRecordApi';",
        'y = [getRecord, getRecrod];',
      ),
    });
    assert.match(problem ?? '', /^broken\.ts:2:21: lightning\/uiRecordApi does not export getRecrod/);
  });

  it('finds labels, fields and Apex methods that the project does not have', async () => {
    const problems = await problemsOf({
      'broken.ts': script(
        "import a from '@salesforce/label/c.Nope';\nimport b from '@salesforce/schema/Machine__c.Nope__c';\nimport d from '@salesforce/apex/Nope.find';",
        'y = [a, b, d];',
      ),
    });
    assert.deepEqual(problems.map((problem) => problem.replace(/\.$/, '')).sort(), [
      'broken.ts:2:16: There is no custom label Nope in this project',
      'broken.ts:3:16: Machine__c has no field Nope__c',
      'broken.ts:4:16: There is no Apex class Nope in this project',
    ]);
  });

  it('places an unknown component at its tag', async () => {
    const [problem] = await problemsOf({
      'broken.ts': script(''),
      'broken.html': '<template>\n    <p></p>\n    <c-not-there></c-not-there>\n</template>\n',
    });
    assert.match(problem ?? '', /^broken\.html:3:5: There is no Lightning web component c\/notThere/);
  });

  it('imports a CSS module into style sheets, and nowhere else', async () => {
    const template = { 'broken.html': '<template></template>' };
    const [missing] = await problemsOf({
      ...template,
      'broken.ts': script(''),
      'broken.css': "@import 'c/machineColours';\n@import 'c/notThere';\n",
    });
    assert.match(missing ?? '', /^broken\.css:2:10: There is no CSS module c\/notThere in this project/);
    const [component] = await problemsOf({
      ...template,
      'broken.ts': script(''),
      'broken.css': "@import 'c/machineGauge';\n",
    });
    assert.match(component ?? '', /^broken\.css:1:10: c\/machineGauge is a component, no CSS module/);
    const [imported] = await problemsOf({
      ...template,
      'broken.ts': script("import colours from 'c/machineColours';", 'y = colours;'),
    });
    assert.match(imported ?? '', /^broken\.ts:2:22: c\/machineColours is a CSS module: a style sheet imports it/);
    const [tag] = await problemsOf({
      'broken.ts': script(''),
      'broken.html': '<template>\n    <c-machine-colours></c-machine-colours>\n</template>\n',
    });
    assert.match(tag ?? '', /^broken\.html:2:5: c\/machineColours is a CSS module/);
  });

  it('keeps lines of TypeScript: a wrong decorator is reported where it stands', async () => {
    const [problem] = await problemsOf({
      'broken.ts': script(
        "import { api } from 'lwc';\ninterface Shape {\n  a: string;\n}",
        '  shape?: Shape;\n  @api @api twice = 1;',
      ),
    });
    assert.match(problem ?? '', /^broken\.ts:8:/);
  });

  it('reports a syntax error with its place', async () => {
    const [problem] = await problemsOf({
      'broken.ts':
        "import { LightningElement } from 'lwc';\nexport default class Broken extends LightningElement {\n  x = (;\n}\n",
    });
    assert.match(problem ?? '', /^broken\.ts:3:\d+: /);
  });

  it('does not let a component import the shell', async () => {
    const [problem] = await problemsOf({ 'broken.ts': script("import { text } from 'shell/strings';", 'y = text;') });
    assert.match(problem ?? '', /There is no module shell\/strings/);
  });

  it('reports a page that names what is not there, by file and line', async () => {
    const file = path.join(directory, 'force-app/main/default/layouts/Machine__c-Machine Layout.layout-meta.xml');
    const { readFileSync } = await import('node:fs');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('<field>Price__c</field>', '<field>Prize__c</field>'));
    const project = loadProject(directory);
    const problems = await checkLightning(project, buildSchema(project), cacheDirectory);
    writeFileSync(file, text);
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? '', /Machine__c has no field Prize__c/);
    assert.equal(problems[0]?.line, 11);
  });

  it('exports the whole library: base components, platform modules, every icon', () => {
    for (const name of [
      'lwc',
      'lightning/datatable',
      'lightning/recordEditForm',
      'lightning/recordPicker',
      'lightning/navigation',
      '@salesforce/apex',
      'lightning/iconSvgTemplatesCustom',
    ]) {
      assert.ok(library.modules[name], name);
    }
    assert.deepEqual([...(library.modules['lightning/refresh']?.exports ?? [])].sort(), [
      'REFRESH_COMPLETE',
      'REFRESH_COMPLETE_WITH_ERROR',
      'REFRESH_ERROR',
      'RefreshEvent',
      'refreshEventName',
      'refreshView',
      'registerRefreshContainer',
      'registerRefreshHandler',
      'unregisterRefreshContainer',
      'unregisterRefreshHandler',
    ]);
    assert.equal(iconExists('custom:custom53'), true);
    assert.equal(iconExists('custom:custom530'), false);
    assert.match(iconLibrary('lightning/iconSvgTemplatesStandard'), /"standard_account":\["0 0 100 100"/);
  });
});
