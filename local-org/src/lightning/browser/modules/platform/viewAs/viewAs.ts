/** "View as": the users to choose from, becoming one of them, and the way back. Every switch loads the page anew. */
import { queryString, request } from 'platform/http';

export interface ViewedUser {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly profileName: string;
  readonly roleName: string | null;
  readonly permissionSets: readonly string[];
}

const path = '/local-org/view-as';
/** Tabs share the browser's session: when one switches, the others follow. */
const channel = new BroadcastChannel('local-org:session');
channel.addEventListener('message', () => location.reload());

/** Active users whose name or user name holds the text, at most fifty. */
export async function findUsers(text: string): Promise<readonly ViewedUser[]> {
  const { users } = await request<{ users: readonly ViewedUser[] }>('GET', `${path}${queryString({ q: text })}`);
  return users;
}

export async function viewAs(userId: string): Promise<void> {
  await request('POST', path, { userId });
  reloadEverywhere();
}

export async function endViewAs(): Promise<void> {
  await request('DELETE', path);
  reloadEverywhere();
}

function reloadEverywhere(): void {
  channel.postMessage('switched');
  location.reload();
}
