/** Who belongs to which group, role and branch of the role hierarchy. */
import type { Store } from '../store/Store.ts';

interface GroupFacts {
  readonly id: string;
  readonly type: string;
  readonly relatedId: string | null;
  readonly includesBosses: boolean;
  readonly members: readonly string[];
}

/** Whose records and shares count as a user's. Lists are JSON, for `json_each`. */
export interface Principals {
  /** The user, everyone below in the role hierarchy, and queues. */
  readonly owners: string;
  /** The user and everyone below, with the groups that they are in. */
  readonly grantees: string;
  /** The user and everyone below. */
  readonly users: readonly string[];
}

/** One state of users, roles and groups; made anew when those change. */
export class Membership {
  readonly #roles: ReadonlyMap<string, string | null>;
  readonly #parents: ReadonlyMap<string, string | null>;
  readonly #groups: readonly GroupFacts[];
  readonly #principals = new Map<string, Principals>();

  constructor(store: Store) {
    const pairs = (sql: string): ReadonlyMap<string, string | null> =>
      new Map(store.all(sql, []).map((row) => [String(row[0]), row[1] === null ? null : String(row[1])]));
    this.#roles = pairs('SELECT "Id", "UserRoleId" FROM "User"');
    this.#parents = pairs('SELECT "Id", "ParentRoleId" FROM "UserRole"');
    const members = new Map<string, string[]>();
    for (const [group, member] of store.all('SELECT "GroupId", "UserOrGroupId" FROM "GroupMember"', [])) {
      const list = members.get(String(group));
      if (list) list.push(String(member));
      else members.set(String(group), [String(member)]);
    }
    this.#groups = store.all('SELECT "Id", "Type", "RelatedId", "DoesIncludeBosses" FROM "Group"', []).map((row) => ({
      id: String(row[0]),
      type: String(row[1]),
      relatedId: row[2] === null ? null : String(row[2]),
      includesBosses: row[3] === 1n,
      members: members.get(String(row[0])) ?? [],
    }));
  }

  principals(userId: string): Principals {
    let principals = this.#principals.get(userId);
    if (!principals) {
      principals = this.#find(userId);
      this.#principals.set(userId, principals);
    }
    return principals;
  }

  /** Users of a group, those of groups and roles in it included. */
  users(groupId: string): ReadonlySet<string> {
    const found = new Set<string>();
    const seen = new Set<string>();
    const visit = (id: string): void => {
      if (seen.has(id)) return;
      seen.add(id);
      const group = this.#groups.find((candidate) => candidate.id === id);
      if (!group) {
        if (this.#roles.has(id)) found.add(id);
        return;
      }
      for (const member of group.members) visit(member);
      for (const user of this.#roles.keys()) if (this.#isMemberByRole(group, user)) found.add(user);
    };
    visit(groupId);
    return found;
  }

  #isMemberByRole(group: GroupFacts, user: string): boolean {
    if (group.type === 'Organization') return true;
    if (group.relatedId === null) return false;
    if (group.type === 'Role') return this.#roles.get(user) === group.relatedId;
    return group.type.startsWith('RoleAndSubordinates') && this.#branch(user).includes(group.relatedId);
  }

  /** The user's role and those above it. */
  #branch(user: string): readonly string[] {
    const list: string[] = [];
    for (
      let role = this.#roles.get(user) ?? null;
      role !== null && !list.includes(role);
      role = this.#parents.get(role) ?? null
    )
      list.push(role);
    return list;
  }

  #find(userId: string): Principals {
    const own = this.#roles.get(userId) ?? null;
    const below =
      own === null ? [] : [...this.#roles.keys()].filter((user) => this.#branch(user).slice(1).includes(own));
    const alone = this.#groupsOf([userId], () => true);
    // Members of a group that leaves their bosses out share with nobody above them.
    const users = [...new Set([userId, ...below])];
    const groups = this.#groupsOf(users, (group) => group.includesBosses || alone.has(group.id));
    const queues = this.#groups.filter((group) => group.type === 'Queue' && groups.has(group.id));
    return {
      users,
      owners: JSON.stringify([...users, ...queues.map((group) => group.id)]),
      grantees: JSON.stringify([...users, ...groups]),
    };
  }

  /** Groups of any of the users, directly, by role, or through groups in groups. */
  #groupsOf(users: readonly string[], counts: (group: GroupFacts) => boolean): ReadonlySet<string> {
    const parties = new Set(users);
    const found = new Set<string>();
    for (let grown = true; grown;) {
      grown = false;
      for (const group of this.#groups) {
        if (found.has(group.id) || !counts(group)) continue;
        if (
          group.members.some((member) => parties.has(member)) ||
          users.some((user) => this.#isMemberByRole(group, user))
        ) {
          found.add(group.id);
          parties.add(group.id);
          grown = true;
        }
      }
    }
    return found;
  }
}
