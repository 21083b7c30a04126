/** Text as SOQL compares it: without regard to case, in every alphabet. */
export function fold(text: string): string {
  return text.toLowerCase();
}
