/** Degrees; both are known, or neither. */
export interface Position {
  lat: number | null;
  lon: number | null;
}

const NUMBER = String.raw`-?\d{1,3}(?:[.,]\d+)?`;
/** As an import reads it: a comma may stand within the numbers or between them, letters say which is which. */
const WRITTEN = new RegExp(String.raw`^\(?(${NUMBER})\s*°?\s*[NnBb]?\s*[,;\s]\s*(${NUMBER})\s*°?\s*[EeĐđ]?\)?$`);

/** What a person wrote or copied from a map; undefined when it is no place on earth. */
export function readPosition(text: string): Position | undefined {
  const written = text.trim();
  if (!written) return { lat: null, lon: null };
  const found = WRITTEN.exec(written);
  if (!found) return undefined;
  const [lat, lon] = [found[1], found[2]].map((degrees) => Number(degrees!.replace(',', '.'))) as [number, number];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined;
}

export function writePosition(lat: number | null, lon: number | null): string {
  return lat === null || lon === null ? '' : `${lat}, ${lon}`;
}
