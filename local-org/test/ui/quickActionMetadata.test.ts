import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readUiMetadata } from '../../src/api/ui/metadata/index.ts';
import { launch } from '../../src/cli/launch.ts';
import { ProjectError } from '../../src/project/errors.ts';
import { fixtures } from '../support/org.ts';

describe('quick action metadata', () => {
  let directory = '';
  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'quick-actions-'));
    cpSync(path.join(fixtures, 'lightning'), directory, { recursive: true });
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  const write = (name: string, body: string): void =>
    writeFileSync(
      path.join(directory, `force-app/main/default/quickActions/${name}.quickAction-meta.xml`),
      `<?xml version="1.0" encoding="UTF-8" ?>\n<QuickAction xmlns="http://soap.sforce.com/2006/04/metadata">\n${body}\n</QuickAction>\n`,
    );

  it('refuses fields, objects and formulas that do not exist, each by file and line', () => {
    write(
      'Machine__c.A',
      '<fieldOverrides><field>Gone__c</field><literalValue>1</literalValue></fieldOverrides>\n<type>Update</type>',
    );
    write(
      'Machine__c.B',
      '<targetObject>Machine__c</targetObject>\n<fieldOverrides><field>Name</field><formula>Machine__c.Lost__c</formula></fieldOverrides>\n<type>Create</type>',
    );
    write('Machine__c.C', '<targetObject>Nothing__c</targetObject>\n<type>Create</type>');
    write('Machine__c.D', '<type>Update</type>\n<surprise>1</surprise>');
    const { org } = launch({ source: directory });
    try {
      assert.throws(
        () => readUiMetadata(org.project, org.schema),
        (error: unknown) => {
          assert.ok(error instanceof ProjectError);
          for (const pattern of [
            /Machine__c\.A\.quickAction-meta\.xml:3:\d+: Machine__c has no field Gone__c/,
            /Machine__c\.B\.quickAction-meta\.xml:4:\d+: in the formula of a predefined value: Field Lost__c does not exist/,
            /Machine__c\.C\.quickAction-meta\.xml:2:\d+: the quick action names the object Nothing__c, which does not exist/,
            /Machine__c\.D\.quickAction-meta\.xml:4:\d+: .*surprise/,
          ])
            assert.match(error.message, pattern);
          return true;
        },
      );
    } finally {
      org.close();
    }
  });
});
