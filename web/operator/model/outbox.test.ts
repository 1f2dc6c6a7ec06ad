import { describe, expect, it } from 'vitest';
import { KEPT_ANSWERS, Outbox, newId, type Answer } from './outbox.ts';
import { openShelf } from './shelf.ts';
import { Disk, checkIn, count, ready } from './testkit.ts';

const done = (seq: number): Answer => ({ kind: 'done', at: 1, seq });

describe('ids', () => {
  it('fit the wire and do not repeat', () => {
    const ids = Array.from({ length: 1000 }, () => newId());
    expect(new Set(ids).size).toBe(1000);
    for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z_-]{22}$/);
  });
});

describe('the outbox', () => {
  it('survives a reload, in the order of the taps', () => {
    // given three taps, the phone's clock set back between them
    const disk = new Disk();
    const before = new Outbox(openShelf(disk), 'c:1');
    before.add(checkIn, 9_000);
    before.add(ready, 5_000);
    before.add(count(66), 5_000);

    // when the page is loaded again
    const after = new Outbox(openShelf(disk), 'c:1');

    // then all three wait, as tapped
    expect(after.waiting().map((entry) => entry.command)).toEqual([checkIn, ready, count(66)]);
  });

  it('keeps rooms apart', () => {
    const shelf = openShelf(new Disk());
    new Outbox(shelf, 'c:1').add(checkIn, 1);
    expect(new Outbox(shelf, 'c:11').entries()).toEqual([]);
  });

  it('loses nothing when two tabs write at once', () => {
    // given two tabs that have both read an empty outbox
    const disk = new Disk();
    const [one, two] = [new Outbox(openShelf(disk), 'c:1'), new Outbox(openShelf(disk), 'c:1')];

    // when both write
    one.add(count(60), 1);
    two.add(count(61), 1);

    // then both see both
    expect(one.waiting()).toHaveLength(2);
    expect(two.waiting()).toEqual(one.waiting());
  });

  it('takes an answer once', () => {
    const outbox = new Outbox(openShelf(new Disk()), 'c:1');
    const { id } = outbox.add(checkIn, 1);
    expect(outbox.settle(id, done(7))).toMatchObject({ id, answer: { seq: 7 } });
    expect(outbox.settle(id, done(8))).toBeNull();
    expect(outbox.settle('no such tap', done(9))).toBeNull();
    expect(outbox.waiting()).toEqual([]);
    expect(outbox.entries()[0]?.answer).toEqual(done(7));
  });

  it('keeps every waiting tap but only the last answers', () => {
    const outbox = new Outbox(openShelf(new Disk()), 'c:1');
    const waiting = outbox.add(checkIn, 1).id;
    for (let i = 0; i < KEPT_ANSWERS + 5; i++) outbox.settle(outbox.add(count(i), 1).id, done(i));
    expect(outbox.entries()).toHaveLength(KEPT_ANSWERS + 1);
    expect(outbox.waiting().map((entry) => entry.id)).toEqual([waiting]);
    expect(outbox.entries()[1]?.command).toEqual(count(5));
  });

  it('throws damaged entries away and goes on', () => {
    const disk = new Disk();
    const outbox = new Outbox(openShelf(disk), 'c:1');
    disk.setItem('nc:c:1:tap:torn', '{"id":"torn","n":1,"comm');
    disk.setItem('nc:c:1:tap:other', '{"id":"not the key","n":1,"tappedAt":1,"command":{"type":"ready"}}');
    outbox.add(checkIn, 1);
    expect(outbox.waiting().map((entry) => entry.command)).toEqual([checkIn]);
    expect(disk.length).toBe(1);
  });

  it('remembers that a refusal was read', () => {
    const outbox = new Outbox(openShelf(new Disk()), 'c:1');
    const { id } = outbox.add(checkIn, 1);
    outbox.settle(id, { kind: 'refused', at: 1, code: 'not_begun', message: '' });
    outbox.note(id);
    expect(outbox.entries()[0]?.answer).toMatchObject({ kind: 'refused', noted: true });
  });
});

describe('storage that fails', () => {
  it('is full: the tap waits in memory, and the shelf says so until it fits again', () => {
    // given a disk with no room left
    const disk = new Disk();
    const shelf = openShelf(disk);
    const outbox = new Outbox(shelf, 'c:1');
    outbox.add(checkIn, 1);
    disk.full = true;

    // when something is tapped
    const { id } = outbox.add(count(66), 2);

    // then it waits, in order, but only for as long as the page lives
    expect(outbox.waiting().map((entry) => entry.command)).toEqual([checkIn, count(66)]);
    expect(shelf.durable).toBe(false);

    // and once there is room again the answer is written down
    disk.full = false;
    outbox.settle(id, done(3));
    expect(shelf.durable).toBe(true);
    expect(new Outbox(openShelf(disk), 'c:1').waiting()).toHaveLength(1);
  });

  it('is blocked: everything works within the page', () => {
    const shelf = openShelf(null);
    const outbox = new Outbox(shelf, 'c:1');
    const { id } = outbox.add(checkIn, 1);
    expect(shelf.durable).toBe(false);
    outbox.settle(id, done(1));
    expect(outbox.waiting()).toEqual([]);
  });

  it('throws at every touch: nothing reaches the page', () => {
    const broken = new Proxy(new Disk(), {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    const shelf = openShelf(broken);
    shelf.set('a', '1');
    expect(shelf.get('a')).toBe('1');
    expect(shelf.keys('')).toEqual(['a']);
    shelf.remove('a');
    expect(shelf.get('a')).toBeNull();
  });
});
