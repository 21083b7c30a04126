/** Record Ids as Apex values. */
import { normalizeId } from '../../store/ids.ts';
import { makeException } from './errors.ts';

/** The 18-character form of an Id; null when the text is no Id. */
export const fullId = normalizeId;

/** An Id of text; null for null; throws StringException. */
export function toId(text: string | null): string | null {
  if (text === null) return null;
  const id = fullId(text);
  if (id === null) throw makeException('StringException', `Invalid id: ${text}`);
  return id;
}
