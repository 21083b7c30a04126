/**
 * Trap 12: the scratch org definition shapes the org.
 * Source: Salesforce DX Developer Guide, "Build Your Own Scratch Org Definition File".
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProjectError, MetadataError } from '../../src/project/errors.ts';
import { launch } from '../../src/cli/launch.ts';
import { assertPasses, trapProject } from './trap.ts';

const DEFINITION = 'config/project-scratch-def.json';

void test('language, country and fiscal year come from the definition', () =>
  assertPasses(
    {
      files: {
        [DEFINITION]: JSON.stringify({ orgName: 'Shape', edition: 'Developer', language: 'de', country: 'DE' }),
      },
      apex: {
        ShapeTest: `@IsTest private class ShapeTest {
  @IsTest static void shape() {
    Assert.areEqual('de', UserInfo.getLanguage());
    Assert.areEqual('de_DE', UserInfo.getLocale());
    Assert.areEqual('Shape', UserInfo.getOrganizationName());
  }
}`,
      },
    },
    1,
  ));

void test('a feature that the local org does not have is refused by name', () => {
  const source = trapProject({ apex: {}, files: { [DEFINITION]: JSON.stringify({ features: ['PersonAccounts'] }) } });
  assert.throws(
    () => launch({ source }),
    (error) =>
      (error instanceof MetadataError || error instanceof ProjectError) &&
      error.message.includes(DEFINITION) &&
      error.message.includes('PersonAccounts'),
  );
});
