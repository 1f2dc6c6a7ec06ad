/** Where an arrow key leads among tiles that stand in groups: by what is seen, not by any order. Pure. */

export interface Spot {
  id: number;
  x: number;
  y: number;
}

// Leaving the line costs more than going far along it: Right stays in the row as long as there is one.
const ASIDE = 4;

/** The spot beside `from` in a direction; `null` at the edge. */
export function beside(spots: readonly Spot[], from: Spot, dx: -1 | 0 | 1, dy: -1 | 0 | 1): number | null {
  let nearest: number | null = null;
  let least = Infinity;
  for (const to of spots) {
    const along = dx * (to.x - from.x) + dy * (to.y - from.y);
    const aside = Math.abs(dx === 0 ? to.x - from.x : to.y - from.y);
    if (along <= 0 || along + aside * ASIDE >= least) continue;
    least = along + aside * ASIDE;
    nearest = to.id;
  }
  return nearest;
}
