/** Record Ids: 15 case-sensitive characters and a checksum of 3 that makes them safe to fold. */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const ID_PATTERN = /^[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?$/;
const PREFIX_LENGTH = 3;
/** Characters 4 to 6: instance and a reserved zero, as in Ids of an org. */
const INSTANCE = 'LO0';
const COUNTER_LENGTH = 9;

/** The Id of the `number`th record of the object with this prefix (18 characters). */
export function formatId(prefix: string, number: number): string {
  let counter = '';
  for (let rest = number; rest > 0; rest = Math.floor(rest / DIGITS.length))
    counter = (DIGITS[rest % DIGITS.length] ?? '') + counter;
  return withChecksum(prefix + INSTANCE + counter.padStart(COUNTER_LENGTH, '0'));
}

/** Appends the checksum to an Id of 15 characters: one bit for each upper-case letter, five letters a digit. */
export function withChecksum(id15: string): string {
  let checksum = '';
  for (let block = 0; block < 3; block += 1) {
    let bits = 0;
    for (let index = 0; index < 5; index += 1) {
      const code = id15.charCodeAt(block * 5 + index);
      if (code >= 65 && code <= 90) bits |= 1 << index;
    }
    checksum += CHECKSUM_DIGITS[bits] ?? '';
  }
  return id15 + checksum;
}

/**
 * An Id in its canonical form of 18 characters, or null when the text is not an Id. The 18-character form may come in any
 * case: its checksum says which letters are upper-case (Apex Reference, Id.to15). Where the checksum fits no casing, the
 * Id is taken as it is: it is the form that counts, and no record has it.
 */
export function normalizeId(text: string): string | null {
  if (!ID_PATTERN.test(text)) return null;
  if (text.length === 15) return withChecksum(text);
  const exact = withChecksum(text.slice(0, 15));
  return exact === text ? text : (restoreCase(text) ?? text);
}

function restoreCase(text: string): string | null {
  const checksum = text.slice(15).toUpperCase();
  let restored = '';
  for (let index = 0; index < 15; index += 1) {
    const bits = CHECKSUM_DIGITS.indexOf(checksum[Math.floor(index / 5)] ?? '');
    if (bits < 0) return null;
    const letter = text[index] ?? '';
    restored += bits & (1 << (index % 5)) ? letter.toUpperCase() : letter.toLowerCase();
  }
  const restoredId = withChecksum(restored);
  return restoredId.slice(15) === checksum ? restoredId : null;
}

/** Key prefix: the first three characters. */
export function prefixOf(id: string): string {
  return id.slice(0, PREFIX_LENGTH);
}
