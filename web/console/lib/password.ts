/** Without letters and digits that are mistaken for one another when read from paper. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Four groups of four, "k7mp-3xwd-…": 79 random bits, easy to read out and to type. */
export function easyPassword(random: (count: number) => Uint8Array = bytes): string {
  const signs: string[] = [];
  // Bytes beyond the last whole multiple would make some signs likelier than others.
  const fair = 256 - (256 % SIGNS.length);
  while (signs.length < 16) {
    for (const byte of random(16)) if (byte < fair && signs.length < 16) signs.push(SIGNS.charAt(byte % SIGNS.length));
  }
  return [0, 4, 8, 12].map((at) => signs.slice(at, at + 4).join('')).join('-');
}

const bytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
