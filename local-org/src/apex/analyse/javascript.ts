/** Small parts of the JavaScript that is written. */
export const always = (): boolean => true;
export const never = (): boolean => false;
/** A JavaScript string literal. */
export const quote = (text: string): string =>
  JSON.stringify(text)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
