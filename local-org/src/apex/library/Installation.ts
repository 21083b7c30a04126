/**
 * Scripts that run when a package is installed or uninstalled, and the versions that they ask about (Apex Reference:
 * InstallHandler, InstallContext, UninstallHandler, UninstallContext, Version; Test.testInstall, Test.testUninstall).
 */
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import type { ApexObject } from '../execution/Program.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';
import { newInstance } from './Type.ts';

/** A package version of two or three numbers. */
class PackageVersion {
  readonly major: number;
  readonly minor: number;
  /** Null in a version of two numbers. */
  readonly patch: number | null;

  constructor(major: number | null, minor: number | null, patch: number | null) {
    this.major = major ?? nullPointer();
    this.minor = minor ?? nullPointer();
    this.patch = patch;
  }

  /** "If a two-part version is being compared to a three-part version, the patch number is ignored" (Version, compareTo). */
  compareTo(other: PackageVersion): number {
    const patches = this.patch === null || other.patch === null ? 0 : this.patch - other.patch;
    return Math.sign(this.major - other.major || this.minor - other.minor || patches);
  }

  equals$Object(other: unknown): boolean {
    return other instanceof PackageVersion && this.compareTo(other) === 0;
  }

  hashcode$(): number {
    return this.major * 31 + this.minor;
  }
}

/** InstallContext and UninstallContext: the system implements them. */
class InstallationContext {
  readonly userId: string;
  readonly previous: PackageVersion | null;
  readonly push: boolean;

  constructor(userId: string, previous: PackageVersion | null, push: boolean) {
    this.userId = userId;
    this.previous = previous;
    this.push = push;
  }
  organizationid$(): string {
    return execution().transaction.org.organizationId;
  }
  installerid$(): string {
    return this.userId;
  }
  uninstallerid$(): string {
    return this.userId;
  }
  previousversion$(): PackageVersion | null {
    return this.previous;
  }
  isupgrade$(): boolean {
    return this.previous !== null;
  }
  ispush$(): boolean {
    return this.push;
  }
}

interface InstallHandler extends ApexObject {
  oninstall$InstallContext(context: InstallationContext): void;
}

interface UninstallHandler extends ApexObject {
  onuninstall$UninstallContext(context: InstallationContext): void;
}

/**
 * Runs a post-install script as the first installation of a package does, within the running execution.
 *
 * @param className the class that sfdx-project.json names
 * @throws ApexException what the script threw, or that the class is no post-install script
 */
export function runPostInstallScript(className: string): void {
  const { program, transaction } = execution();
  const problem = postInstallScriptProblem(program.table, className);
  if (problem !== null) throw makeException('TypeException', problem);
  const symbol = program.table.project.get(className.toLowerCase()) ?? nullPointer();
  const handler = newInstance(program.table.of(symbol)) as InstallHandler;
  handler.oninstall$InstallContext(new InstallationContext(transaction.userId, null, false));
}

/** Why a class can't be the post-install script that sfdx-project.json names; null when it can. */
export function postInstallScriptProblem(table: TypeTable, className: string): string | null {
  const symbol = table.project.get(className.toLowerCase());
  if (!symbol) return `the post-install script ${className} does not exist; it must be an Apex class of the package`;
  return table.isAssignable(table.of(symbol), table.parse('InstallHandler'))
    ? null
    : `the post-install script ${className} must implement InstallHandler`;
}

/** Both run as the one who runs the test: "Tests run as the test initiator" (Test, testInstall). */
function testInstall(handler: InstallHandler | null, previous: PackageVersion | null, push: boolean | null): void {
  inTest();
  const { userId } = execution().transaction;
  (handler ?? nullPointer()).oninstall$InstallContext(new InstallationContext(userId, previous, push ?? nullPointer()));
}

function testUninstall(handler: UninstallHandler | null): void {
  inTest();
  const { userId } = execution().transaction;
  (handler ?? nullPointer()).onuninstall$UninstallContext(new InstallationContext(userId, null, false));
}

function inTest(): void {
  if (!execution().test) throw makeException('UnexpectedException', 'Test methods can only be called in test code');
}

/** Members of the class Test; context.ts adds them. */
export const testInstallationMethods: NonNullable<LibraryClass['statics']> = {
  'void testInstall(InstallHandler installImplementation, Version version)': (
    handler: InstallHandler | null,
    version: PackageVersion | null,
  ) => testInstall(handler, version, false),
  'void testInstall(InstallHandler installImplementation, Version version, Boolean isPush)': testInstall,
  'void testUninstall(UninstallHandler uninstallImplementation)': testUninstall,
};

export const installationClasses: readonly LibraryClass[] = [
  { name: 'InstallHandler', kind: 'interface', methods: { 'void onInstall(InstallContext context)': VIRTUAL } },
  {
    name: 'InstallContext',
    kind: 'interface',
    methods: {
      'Id organizationId()': VIRTUAL,
      'Id installerId()': VIRTUAL,
      'Boolean isUpgrade()': VIRTUAL,
      'Boolean isPush()': VIRTUAL,
      'Version previousVersion()': VIRTUAL,
    },
  },
  { name: 'UninstallHandler', kind: 'interface', methods: { 'void onUninstall(UninstallContext context)': VIRTUAL } },
  {
    name: 'UninstallContext',
    kind: 'interface',
    methods: { 'Id organizationId()': VIRTUAL, 'Id uninstallerId()': VIRTUAL },
  },
  {
    name: 'Version',
    instance: PackageVersion,
    constructors: {
      '(Integer major, Integer minor)': (major: number, minor: number) => new PackageVersion(major, minor, null),
      '(Integer major, Integer minor, Integer patch)': (major: number, minor: number, patch: number | null) =>
        new PackageVersion(major, minor, patch ?? nullPointer()),
    },
    methods: {
      'Integer major()': (self: PackageVersion) => self.major,
      'Integer minor()': (self: PackageVersion) => self.minor,
      'Integer patch()': (self: PackageVersion) => self.patch,
      'Integer compareTo(Version version)': (self: PackageVersion, other: PackageVersion | null) =>
        self.compareTo(other ?? nullPointer()),
    },
  },
];
