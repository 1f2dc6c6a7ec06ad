/** The document QR of this room as the server draws it. `code` is the text beneath, and tells when the picture is old. */
export interface CodePicture {
  code: string;
  svg: string;
}

/** The picture as SVG text, or null when it cannot be had now. */
export async function fetchCode(token: string): Promise<string | null> {
  try {
    const response = await fetch('/api/my/code.svg', { headers: { Authorization: `Bearer ${token}` } });
    if (!response.ok) return null;
    const svg = await response.text();
    return svg.startsWith('<') ? svg : null;
  } catch {
    return null;
  }
}

/** The drawing as a node of this page: it is never run as a document, and a page that forbids `data:` shows it. */
export function drawing(svg: string): SVGElement | null {
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  if (root.localName !== 'svg' || root.querySelector('script, foreignObject')) return null;
  return document.importNode(root, true) as unknown as SVGElement;
}

/** "K7QM2XVB9T4D" as "K7QM 2XVB 9T4D": people read and type four at a time. */
export function spaced(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1 ');
}
