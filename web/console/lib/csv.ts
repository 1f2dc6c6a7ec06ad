import type { ReportRow } from './types.ts';

/**
 * Cells to one .csv text: UTF-8 with a byte order mark, because Excel takes anything else for a Western code page.
 * A cell that a spreadsheet would run as a formula is kept as text by a leading apostrophe.
 */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(value: string | number): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export interface RefusedHeadings {
  row: string;
  code: string;
  name: string;
  reason: string;
}

/** The refused rows of an import with their reasons, to be mended beside the original. */
export function refusedCsv(rows: readonly ReportRow[], headings: RefusedHeadings): string {
  return csv([
    [headings.row, headings.code, headings.name, headings.reason],
    ...rows.filter((row) => row.verdict === 'refused').map((row) => [row.row, row.code, row.name, row.error?.message ?? '']),
  ]);
}

/** Hands a text or file over to the browser's downloads. */
export function saveFile(content: Blob | string, name: string): void {
  const blob = typeof content === 'string' ? new Blob([content], { type: 'text/csv;charset=utf-8' }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun by the next turn; the address may go then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
