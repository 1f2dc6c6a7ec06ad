import { describe, expect, it, vi } from 'vitest';
import { AT_ONCE, KEPT, Pictures } from './pictures.ts';

/** A line on which nothing arrives until the test lets it. */
function line() {
  const asked: { id: number; version: number; come: () => void; fail: () => void }[] = [];
  const load = (id: number, version: number) =>
    new Promise<string>((resolve, reject) => {
      asked.push({ id, version, come: () => resolve(`${id}v${version}`), fail: () => reject(new Error('none')) });
    });
  const drop = vi.fn();
  return { asked, drop, pictures: new Pictures({ load, drop }) };
}

const settle = () => new Promise<void>((done) => setTimeout(done));

describe('small pictures', () => {
  it('are asked for few at a time, in the order they came into sight', async () => {
    const { asked, pictures } = line();
    for (let id = 1; id <= AT_ONCE + 2; id += 1) pictures.show(id, 1, () => {});
    expect(asked.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    asked[1]!.come();
    await settle();
    expect(asked.at(-1)!.id).toBe(AT_ONCE + 1);
    expect(asked).toHaveLength(AT_ONCE + 1);
  });

  it('are not asked for when they went out of sight before their turn', async () => {
    const { asked, pictures } = line();
    for (let id = 1; id <= AT_ONCE; id += 1) pictures.show(id, 1, () => {});
    const gone = pictures.show(50, 1, () => {});
    pictures.show(51, 1, () => {});
    gone();
    asked[0]!.come();
    await settle();
    expect(asked.map(({ id }) => id)).not.toContain(50);
    expect(asked.at(-1)!.id).toBe(51);
  });

  it('are asked for again only when the row names another version, and the old one stands until then', async () => {
    const { asked, drop, pictures } = line();
    pictures.show(1, 3, () => {});
    asked[0]!.come();
    await settle();
    const told: (string | null)[] = [];
    pictures.show(1, 3, (address) => told.push(address));
    expect(asked).toHaveLength(1);
    pictures.show(1, 4, (address) => told.push(address));
    expect(told).toEqual(['1v3', '1v3']);
    asked[1]!.come();
    await settle();
    expect(told.at(-1)).toBe('1v4');
    expect(drop).toHaveBeenCalledExactlyOnceWith('1v3');
  });

  it('are gone with the room\'s consent, and one that failed does not hold up the others', async () => {
    const { asked, pictures } = line();
    const told: (string | null)[] = [];
    pictures.show(1, 2, (address) => told.push(address));
    asked[0]!.fail();
    await settle();
    pictures.show(1, 0, (address) => told.push(address));
    expect(told).toEqual([null, null]);
    expect(asked).toHaveLength(1);
  });

  it('are kept for as many rooms as a screen shows, and no more', async () => {
    const { asked, drop, pictures } = line();
    for (let id = 1; id <= KEPT + 1; id += 1) {
      pictures.show(id, 1, () => {});
      asked[id - 1]!.come();
      await settle();
    }
    expect(drop).toHaveBeenCalledExactlyOnceWith('1v1');
  });
});
