/**
 * Scripts of a package's installation and removal, and the versions that they are told.
 * Source: Apex Reference Guide, InstallHandler Interface, UninstallHandler Interface, Version Class, Test Class (testInstall,
 * testUninstall); Second-Generation Managed Packaging Developer Guide, "How Does a Post Install Script Work?".
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApexCompileError } from '../../src/apex/ApexCompileError.ts';
import { assertPasses, runTrap } from './trap.ts';

const SCRIPT = `public without sharing class Script implements InstallHandler, UninstallHandler {
  public void onInstall(InstallContext context) {
    Version previous = context.previousVersion();
    insert as system new Parent__c(Name = String.join(new List<String>{
      previous == null ? 'new' : previous.major() + '.' + previous.minor() + '.' + previous.patch(),
      context.isUpgrade() ? 'upgrade' : 'first',
      context.isPush() ? 'pushed' : 'pulled',
      context.organizationId() == UserInfo.getOrganizationId() ? 'here' : 'elsewhere',
      context.installerId() == UserInfo.getUserId() ? 'me' : 'somebody'
    }, ' '));
  }
  public void onUninstall(UninstallContext context) {
    insert as system new Parent__c(Name = 'Gone from ' + (context.organizationId() == UserInfo.getOrganizationId()) + ' by ' + (context.uninstallerId() == UserInfo.getUserId()));
  }
}`;

void test('testInstall and testUninstall run a script as the one who runs the test', () =>
  assertPasses(
    {
      apex: {
        Script: SCRIPT,
        Failing: `public with sharing class Failing implements InstallHandler { public void onInstall(InstallContext context) { throw new IllegalArgumentException('not today'); } }`,
        InstallTest: `@IsTest private class InstallTest {
  private static String only() { return [SELECT Name FROM Parent__c WITH SYSTEM_MODE].Name; }
  @IsTest static void newInstall() {
    Test.testInstall(new Script(), null);
    Assert.areEqual('new first pulled here me', only());
  }
  @IsTest static void upgrade() {
    Test.testInstall(new Script(), new Version(1, 2, 0));
    Assert.areEqual('1.2.0 upgrade pulled here me', only());
  }
  @IsTest static void pushUpgrade() {
    Test.testInstall(new Script(), new Version(1, 2), true);
    Assert.areEqual('1.2.null upgrade pushed here me', only());
  }
  @IsTest static void asSomebodyElse() {
    System.runAs(People.reader('ann')) {
      Test.testInstall(new Script(), null, false);
      Assert.areEqual('new first pulled here me', only());
    }
  }
  @IsTest static void failure() {
    try {
      Test.testInstall(new Failing(), null);
      Assert.fail('A script that fails makes the test fail');
    } catch (IllegalArgumentException expected) {
      Assert.areEqual('not today', expected.getMessage());
    }
  }
  @IsTest static void uninstall() {
    Test.testUninstall(new Script());
    Assert.areEqual('Gone from true by true', only());
  }
}`,
      },
    },
    6,
  ));

void test('versions compare by their numbers; a patch counts only where both have one', () =>
  assertPasses(
    {
      apex: {
        VersionTest: `@IsTest private class VersionTest {
  @IsTest static void compares() {
    Assert.areEqual(0, new Version(1, 2).compareTo(new Version(1, 2, 9)), 'the patch is ignored');
    Assert.isTrue(new Version(1, 2, 3).compareTo(new Version(1, 2, 9)) < 0);
    Assert.isTrue(new Version(2, 0).compareTo(new Version(1, 12)) > 0);
    Assert.isTrue(new Version(1, 3).compareTo(new Version(1, 12)) < 0);
    Assert.isTrue(new Version(1, 0) == new Version(1, 0), 'as the reference compares System.requestVersion()');
    Assert.isFalse(new Version(1, 0) == new Version(1, 1));
    Assert.isNull(new Version(4, 5).patch());
    Assert.areEqual(6, new Version(4, 5, 6).patch());
  }
}`,
      },
    },
    1,
  ));

void test('scripts are not run by a test run, and running as a version is refused', () => {
  const results = runTrap({
    apex: {
      Script: SCRIPT,
      EmptyTest: `@IsTest private class EmptyTest { @IsTest static void nothing() { Assert.areEqual(0, [SELECT COUNT() FROM Parent__c WITH SYSTEM_MODE]); } }`,
    },
    files: {
      'sfdx-project.json': JSON.stringify({
        packageDirectories: [{ path: 'force-app', default: true, postInstallScript: 'Script' }],
        sourceApiVersion: '67.0',
      }),
    },
  });
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['Pass'],
  );
  assert.throws(
    () =>
      runTrap({
        apex: {
          AsVersionTest: `@IsTest private class AsVersionTest { @IsTest static void asVersion() { System.runAs(new Version(1, 0)) { Assert.isTrue(true); } } }`,
        },
      }),
    (error) => error instanceof ApexCompileError && /runAs\(Version\)/.test(error.message),
  );
});
