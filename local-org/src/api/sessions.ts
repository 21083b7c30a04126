/** Sessions of the server: the administrator's, and those in which the administrator sees the org as another user. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ApiError } from './errors.ts';

export interface Session {
  readonly userId: string;
  /** The administrator who works as this user; null in the administrator's own session. */
  readonly openedBy: string | null;
}

export class Sessions {
  /** Token that a page of the shell gets when it has none. */
  readonly pageToken: string;
  readonly #byText: Map<string, Session>;

  /**
   * The administrator's session is opened by the token alone, and as the platform writes session Ids, with the
   * organisation's Id of 15 or 18 characters before it. The Salesforce CLI takes nothing but the long form.
   */
  constructor(organizationId: string, token: string, administratorId: string) {
    this.pageToken = token;
    const session: Session = { userId: administratorId, openedBy: null };
    const texts = [token, `${organizationId.slice(0, 15)}!${token}`, `${organizationId}!${token}`];
    this.#byText = new Map(texts.map((text) => [text, session]));
  }

  /** The session that a text opens, or undefined. */
  find(text: string): Session | undefined {
    let found: Session | undefined;
    // Every known text is compared, so that the time taken tells nothing.
    for (const [known, session] of this.#byText) if (sameText(known, text)) found = session;
    return found;
  }

  /**
   * The session that a text opens.
   * @throws ApiError INVALID_SESSION_ID when it opens none
   */
  require(text: string): Session {
    const session = this.find(text);
    if (!session) throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');
    return session;
  }

  /** Opens a session of another user for an administrator; it lasts as long as the server. Returns its token. */
  open(userId: string, openedBy: string): string {
    const token = randomBytes(32).toString('base64url');
    this.#byText.set(token, { userId, openedBy });
    return token;
  }

  /** Ends a session that `open` made. */
  close(text: string): void {
    if (this.#byText.get(text)?.openedBy !== null) this.#byText.delete(text);
  }
}

function sameText(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)];
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
