/** Record Ids: 15 case-sensitive characters and three that make the whole safe against folding. */
import { makeException } from './errors.ts';

const ID = /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/;
const CHECK_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form of an Id; null when the text is no Id. */
export function fullId(text: string): string | null {
  if (!ID.test(text)) return null;
  let check = '';
  for (let block = 0; block < 15; block += 5) {
    let bits = 0;
    for (let index = 0; index < 5; index++) {
      const code = text.charCodeAt(block + index);
      if (code >= 65 && code <= 90) bits |= 1 << index;
    }
    check += CHECK_CHARACTERS.charAt(bits);
  }
  return text.length === 15 || text.slice(15).toUpperCase() === check ? text.slice(0, 15) + check : null;
}

/** An Id of text; null for null; throws StringException. */
export function toId(text: string | null): string | null {
  if (text === null) return null;
  const id = fullId(text);
  if (id === null) throw makeException('StringException', `Invalid id: ${text}`);
  return id;
}
