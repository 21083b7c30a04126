/**
 * "View as": the administrator sees the org as another user, as on the platform after Login As. The browser gets a
 * session of that user, so pages, wires and Apex run as that user; the session remembers who opened it and leads back.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { respond } from '../../api/ui/index.ts';
import { UiApiError } from '../../api/ui/errors.ts';
import { setSessionCookie } from '../../api/guard.ts';
import type { Org, Transaction } from '../../runtime/types.ts';
import type { SObjectRecord } from '../../schema/record.ts';

/** Users that one search answers with. */
const PAGE_SIZE = 50;

export interface ViewedUser {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly profileName: string;
  readonly roleName: string | null;
  /** Labels of the permission sets that are assigned. */
  readonly permissionSets: readonly string[];
}

/** What a page knows about it: whether its user may choose, and who is looking through whose eyes. */
export interface ViewAsState {
  readonly allowed: boolean;
  /** The administrator's name; null in one's own session. */
  readonly openedBy: string | null;
}

/** The person behind a request: who opened the session, else its user. */
function personOf(request: FastifyRequest): string {
  return request.session.openedBy ?? request.userId;
}

/** Administrators may, as those who may modify all data or manage users (Salesforce Help, "Log In as Another User"). */
function mayViewAs(org: Org, userId: string): boolean {
  const { grants } = org.security.user(userId);
  return grants.isAdministrator || grants.modifyAllData || grants.userPermissions.has('ManageUsers');
}

export function viewAsState(org: Org, request: FastifyRequest, transaction: Transaction): ViewAsState {
  const { openedBy } = request.session;
  const [opener] = openedBy === null ? [] : usersWhere(transaction, 'Id = :id', new Map([['id', openedBy]]));
  return { allowed: mayViewAs(org, personOf(request)), openedBy: opener?.name ?? null };
}

/** Adds the routes: the users to choose from, choosing one, and the way back. */
export function addViewAs(server: FastifyInstance, org: Org, path: string): void {
  const asPerson = <T>(request: FastifyRequest, work: (transaction: Transaction) => T): T => {
    if (!mayViewAs(org, personOf(request)))
      throw new UiApiError(403, 'INSUFFICIENT_ACCESS', 'Only administrators can view the org as another user.');
    return org.transaction({ userId: personOf(request) }, work);
  };
  server.get<{ Querystring: { readonly q?: string } }>(path, (request, reply) =>
    respond(reply, 'GET', () => asPerson(request, (transaction) => findUsers(transaction, request.query.q ?? ''))),
  );
  server.post<{ Body: { readonly userId?: unknown } | undefined }>(path, (request, reply) =>
    change(reply, () => {
      const { userId } = request.body ?? {};
      const [user] = asPerson(request, (transaction) =>
        usersWhere(transaction, 'Id = :id', new Map([['id', typeof userId === 'string' ? userId : '']])),
      );
      if (!user) throw new UiApiError(404, 'NOT_FOUND', 'There is no active user with this Id.');
      const person = personOf(request);
      if (request.session.openedBy !== null) server.sessions.close(request.sessionText);
      return user.id === person ? server.sessions.pageToken : server.sessions.open(user.id, person);
    }),
  );
  server.delete(path, (request, reply) =>
    change(reply, () => {
      if (request.session.openedBy !== null) server.sessions.close(request.sessionText);
      return server.sessions.pageToken;
    }),
  );

  const change = (reply: FastifyReply, token: () => string): FastifyReply =>
    respond(reply, 'POST', () => {
      setSessionCookie(reply, token());
    });
}

function findUsers(transaction: Transaction, text: string): { readonly users: readonly ViewedUser[] } {
  const pattern = `%${text.trim().replace(/[\\%_]/g, '\\$&')}%`;
  return {
    users: usersWhere(transaction, '(Name LIKE :pattern OR Username LIKE :pattern)', new Map([['pattern', pattern]])),
  };
}

/** Active users; conditions are written here, values are bound. */
function usersWhere(
  transaction: Transaction,
  condition: string,
  binds: ReadonlyMap<string, unknown>,
): readonly ViewedUser[] {
  const { records } = transaction.query(
    `SELECT Id, Name, Username, Profile.Name, UserRole.Name, (SELECT PermissionSet.Label FROM PermissionSetAssignments ORDER BY PermissionSet.Label) FROM User WHERE IsActive = TRUE AND ${condition} ORDER BY Name LIMIT ${PAGE_SIZE}`,
    { accessMode: 'system', sharing: 'without', countLimits: false, binds },
  );
  return records.map((record) => {
    const parent = (name: string): SObjectRecord | null =>
      (record.related.get(name) as SObjectRecord | null | undefined) ?? null;
    const assigned = (record.related.get('PermissionSetAssignments') ?? []) as readonly SObjectRecord[];
    return {
      id: String(record.values.get('Id')),
      name: String(record.values.get('Name')),
      username: String(record.values.get('Username')),
      profileName: (parent('Profile')?.values.get('Name') as string | undefined) ?? '',
      roleName: (parent('UserRole')?.values.get('Name') as string | undefined) ?? null,
      permissionSets: assigned.flatMap((assignment) => {
        const set = assignment.related.get('PermissionSet') as SObjectRecord | null | undefined;
        return set ? [String(set.values.get('Label'))] : [];
      }),
    };
  });
}
