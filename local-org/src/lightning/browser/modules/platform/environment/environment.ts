/** Facts about the user and the org that the server writes into the page. */

export interface Environment {
  readonly apiVersion: string;
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly profileName: string;
  };
  /** Whether another user's view may be chosen, and who looks through this user's eyes. */
  readonly viewAs: { readonly allowed: boolean; readonly openedBy: string | null };
  readonly organization: { readonly id: string; readonly name: string };
  /** `@salesforce/i18n/*` by property name. */
  readonly i18n: Readonly<Record<string, unknown>>;
  /** Large on a desktop, Small on a phone. */
  readonly formFactor: 'Large' | 'Medium' | 'Small';
  readonly customPermissions: readonly string[];
  /** View Setup and Configuration. */
  readonly mayViewSetup: boolean;
  /** Folder (URL) of the project's built components, and the components in it. */
  readonly componentsUrl: string;
  readonly components: readonly string[];
  /** Which build of the project's components this page loaded. */
  readonly revision: number;
}

const element = document.getElementById('local-org-environment');

/** Read once: the page is loaded anew when the user or the project changes. */
export const environment = Object.freeze(JSON.parse(element?.textContent ?? '{}')) as Environment;
