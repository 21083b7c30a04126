/** Permissions that components can ask about. */
import type { Org } from '../../runtime/types.ts';

export interface PagePermissions {
  /** Developer names of the custom permissions that the user has. */
  readonly customPermissions: readonly string[];
  /** View Setup and Configuration: the way to Setup is shown. */
  readonly mayViewSetup: boolean;
}

/** The user's permissions, from profile, permission sets and their groups. */
export function permissionsOf(org: Org, userId: string): PagePermissions {
  return {
    mayViewSetup: mayViewSetup(org, userId),
    customPermissions: org.project
      .ofType('CustomPermission')
      .map(({ fullName }) => fullName)
      .filter((name) => org.security.hasCustomPermission(userId, name)),
  };
}

/** True when the user has View Setup and Configuration. */
export function mayViewSetup(org: Org, userId: string): boolean {
  return org.security.user(userId).grants.userPermissions.has('ViewSetup');
}
