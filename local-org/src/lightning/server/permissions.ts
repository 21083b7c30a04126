/** Permissions that components can ask about. */
import type { Org } from '../../runtime/types.ts';

export interface PagePermissions {
  /** Developer names of the custom permissions that the user has. */
  readonly customPermissions: readonly string[];
}

/** The user's permissions, from profile, permission sets and their groups. */
export function permissionsOf(org: Org, userId: string): PagePermissions {
  return {
    customPermissions: org.project
      .ofType('CustomPermission')
      .map(({ fullName }) => fullName)
      .filter((name) => org.security.hasCustomPermission(userId, name)),
  };
}
