/** The post-install script of a package, run where a new database stands for an org into which it has just been installed. */
import { ApexCallError } from '../apex/host.ts';
import type { Org } from '../runtime/types.ts';

/** What an installation would be aborted for. */
class InstallationError extends Error {
  readonly code = 'POST_INSTALL_SCRIPT_FAILED';

  constructor(className: string, { message, exceptionType, stackTrace }: ApexCallError) {
    super(
      [
        `The post-install script ${className} failed, so nothing was installed:`,
        `${exceptionType}: ${message}`,
        stackTrace,
      ]
        .join('\n')
        .trimEnd(),
    );
    this.name = 'InstallationError';
  }
}

/**
 * Runs the project's post-install script as the first installation of its package does, in a transaction of its own.
 *
 * @returns the script's class and the lines that it wrote to the debug log; null when the project names no script
 * @throws InstallationError with class and line of what failed; nothing that the script wrote is kept
 */
export function runPostInstallScript(org: Org): { readonly className: string; readonly log: readonly string[] } | null {
  const className = org.project.postInstallScript;
  const { code } = org;
  if (className === null || code === null) {
    return null;
  }
  try {
    const log = org.transaction({ userId: org.administratorId }, (transaction) => {
      // "It can only perform callouts using an async operation" (Apex Reference, InstallHandler Interface).
      transaction.limits.forbid('callouts');
      return code.runPostInstallScript(transaction, className);
    });
    return { className, log };
  } catch (error) {
    throw error instanceof ApexCallError ? new InstallationError(className, error) : error;
  }
}
