import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MetadataError, ProjectError } from '../../src/project/errors.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { metadata, SFDX_PROJECT, temporaryProject } from './temporaryProject.ts';

const OBJECT = metadata('CustomObject', '<label>Plan</label>');
const FIELD = metadata('CustomField', '<fullName>Amount__c</fullName>\n<label>Amount</label>');
const META_67 = metadata('ApexClass', '<apiVersion>67.0</apiVersion><status>Active</status>');

test('finds components, Apex and bundles of every package directory and names them as Salesforce does', () => {
  const directory = temporaryProject({
    'sfdx-project.json': SFDX_PROJECT,
    'config/project-scratch-def.json': JSON.stringify({
      orgName: 'Acme',
      country: 'DE',
      features: ['EnableSetPasswordInApi'],
      settings: { companySettings: { fiscalYear: { startMonth: 'April' } } },
    }),
    'force-app/main/plans/objects/Plan__c/Plan__c.object-meta.xml': OBJECT,
    'force-app/main/revenue/objects/Plan__c/fields/Amount__c.field-meta.xml': FIELD,
    'force-app/main/app/reports/Sales/Pipeline.report-meta.xml': metadata('Report', '<name>Pipeline</name>'),
    'force-app/main/app/customMetadata/Source.Default.md-meta.xml': metadata(
      'CustomMetadata',
      '<label>Default</label>',
    ),
    'force-app/main/classes/Thing.cls': 'public class Thing {}',
    'force-app/main/classes/Thing.cls-meta.xml': META_67,
    'force-app/main/lwc/panel/panel.js': '',
    'force-app/main/lwc/panel/panel.js-meta.xml': metadata('LightningComponentBundle', '<apiVersion>67.0</apiVersion>'),
    'force-app/main/lwc/panel/__tests__/panel.test.js': '',
    'unpackaged/objects/Other__c/Other__c.object-meta.xml': OBJECT,
  });
  const project = loadProject(directory);
  assert.equal(project.namespace, 'ns');
  assert.equal(project.sourceApiVersion, 67);
  assert.deepEqual(project.components.map((component) => `${component.type} ${component.fullName}`).sort(), [
    'CustomField Plan__c.Amount__c',
    'CustomMetadata Source.Default',
    'CustomObject Plan__c',
    'Report Sales/Pipeline',
  ]);
  assert.equal(project.component('customfield', 'plan__c.amount__c')?.root.string('label'), 'Amount');
  assert.deepEqual(
    project.apex.map((source) => [source.kind, source.name, source.apiVersion, source.active]),
    [['class', 'Thing', 67, true]],
  );
  assert.deepEqual(
    project.bundles.map((bundle) => bundle.name),
    ['panel'],
  );
  assert.deepEqual(
    [project.orgShape.name, project.orgShape.locale, project.orgShape.currency, project.orgShape.fiscalYear.startMonth],
    ['Acme', 'de_DE', 'EUR', 4],
  );
});

test('reads a bare source folder and obeys .forceignore', () => {
  const project = loadProject(
    temporaryProject({
      '.forceignore': '**/skip/**\n',
      'classes/A.cls': 'class A {}',
      'classes/A.cls-meta.xml': META_67,
      'skip/B.cls': 'class B {}',
    }),
  );
  assert.deepEqual(
    project.apex.map((source) => source.name),
    ['A'],
  );
});

test('names file, line and column of broken XML', () => {
  const directory = temporaryProject({
    'objects/Plan__c/Plan__c.object-meta.xml':
      '<?xml version="1.0"?>\n<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">\n  <label>Plan</lable>\n</CustomObject>',
  });
  assert.throws(
    () => loadProject(directory),
    (error) =>
      error instanceof MetadataError &&
      error.position.line === 3 &&
      error.position.file.endsWith('Plan__c.object-meta.xml') &&
      /well-formed/.test(error.message),
  );
});

test('places what stands before the first element on line 1', () => {
  for (const text of ['', '&?xml version="1.0"?>\n<CustomObject/>', '"UTF-8"?><CustomObject/>']) {
    const directory = temporaryProject({ 'objects/Plan__c/Plan__c.object-meta.xml': text });
    assert.throws(
      () => loadProject(directory),
      (error) => error instanceof MetadataError && error.position.line === 1 && error.position.column >= 1,
      text,
    );
  }
});

test('reports every problem at once: missing -meta.xml, unknown suffix, duplicated component', () => {
  const directory = temporaryProject({
    'classes/Lonely.cls': 'class Lonely {}',
    'objects/Plan__c/fields/Amount__c.feild-meta.xml': FIELD,
    'a/objects/Plan__c/Plan__c.object-meta.xml': OBJECT,
    'b/objects/Plan__c/Plan__c.object-meta.xml': OBJECT,
  });
  assert.throws(
    () => loadProject(directory),
    (error) => {
      assert.ok(error instanceof ProjectError);
      assert.equal(error.problems.length, 3);
      assert.match(error.message, /Lonely\.cls-meta\.xml is missing/);
      assert.match(error.message, /suffix \.feild-meta\.xml/);
      assert.match(error.message, /Plan__c is defined a second time/);
      return true;
    },
  );
});

test('an element that a reader did not consume is refused by name', () => {
  const project = loadProject(
    temporaryProject({
      'objects/Plan__c/Plan__c.object-meta.xml': metadata(
        'CustomObject',
        '<label>Plan</label>\n<surprise>1</surprise>',
      ),
    }),
  );
  const root = project.component('CustomObject', 'Plan__c')?.root;
  assert.equal(root?.string('label'), 'Plan');
  assert.throws(
    () => root?.finish(),
    /Plan__c\.object-meta\.xml:4:1: the local org does not support the element surprise of CustomObject/,
  );
});

test('refuses a feature that would change the data model', () => {
  for (const feature of ['ContactsToMultipleAccounts', 'StateAndCountryPicklist']) {
    const directory = temporaryProject({
      'sfdx-project.json': SFDX_PROJECT,
      'config/project-scratch-def.json': JSON.stringify({ features: [feature] }),
      'force-app/main/objects/Plan__c/Plan__c.object-meta.xml': OBJECT,
    });
    assert.throws(() => loadProject(directory), new RegExp(`project-scratch-def\\.json:1:1: .*${feature}`));
  }
});

test('loads the named package directories and those that they depend on', () => {
  const classFile = (name: string): Record<string, string> => ({
    [`${name}.cls`]: 'public class Same {}'.replace('Same', name.split('/').at(-1) as string),
    [`${name}.cls-meta.xml`]: META_67,
  });
  const directory = temporaryProject({
    'sfdx-project.json': JSON.stringify({
      packageDirectories: [
        { path: './core', package: 'Core', default: true },
        { path: 'plugins\\one', package: 'One', dependencies: [{ package: 'Core@1.2.0' }, { package: 'Elsewhere@1' }] },
        { path: 'plugins/two', package: 'Two' },
      ],
    }),
    ...classFile('core/Base'),
    ...classFile('plugins/one/Sample'),
    ...classFile('plugins/two/Sample'),
  });
  assert.throws(() => loadProject(directory), /the Apex class Sample is defined a second time/);
  const names = (...packageDirectories: string[]): string[] =>
    loadProject(directory, { packageDirectories }).apex.map((source) => source.name);
  assert.deepEqual(names('plugins/one'), ['Base', 'Sample']);
  assert.deepEqual(names('plugins/two'), ['Sample']);
  assert.throws(() => names('plugins/three'), /no entry with the path plugins\/three; it has \.\/core, /);
});

test('takes files of decomposed types without namespace, which the Salesforce CLI adds', () => {
  const project = loadProject(
    temporaryProject({
      'sfdx-project.json': SFDX_PROJECT,
      'force-app/a/objectTranslations/Plan__c-de/Plan__c-de.objectTranslation-meta.xml':
        '<CustomObjectTranslation><gender>Neuter</gender></CustomObjectTranslation>',
      'force-app/b/objectTranslations/Plan__c-de/Plan__c-de.objectTranslation-meta.xml':
        '<CustomObjectTranslation><startsWith>Consonant</startsWith></CustomObjectTranslation>',
    }),
  );
  assert.equal(project.ofType('CustomObjectTranslation').length, 1);
  assert.throws(
    () => loadProject(temporaryProject({ 'labels/CustomLabels.labels-meta.xml': '<CustomLabels/>' })),
    /must be in the namespace/,
  );
});
