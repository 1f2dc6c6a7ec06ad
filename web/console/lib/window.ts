/** Rows kept above and below what is in sight, so that a quick scroll shows no blank. */
export const OVERSCAN = 8;

/** Which rows of a long list are drawn: `first` to `end` (exclusive). All lengths in px. */
export function rowWindow(
  count: number, rowHeight: number, scrollTop: number, height: number,
): { first: number; end: number } {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - OVERSCAN);
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + OVERSCAN);
  return { first: Math.min(first, Math.max(0, end)), end: Math.max(0, end) };
}

/** Where the list must stand so that row `index` is wholly in sight, moving as little as possible. */
export function scrollFor(index: number, rowHeight: number, scrollTop: number, height: number): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height;
  return scrollTop;
}

/** The row that a key leads to, or `null` for a key that does not move. */
export function rowForKey(key: string, at: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: count - 1 }[key];
  return to === undefined ? null : Math.min(count - 1, Math.max(0, to));
}
