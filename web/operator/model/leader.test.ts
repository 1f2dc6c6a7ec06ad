import { expect, it } from 'vitest';
import { Leader } from './leader.ts';

/** A tab whose changes a test can wait for. */
class Tab {
  leads = false;
  leader: Leader;
  #waiting: (() => void)[] = [];

  constructor(name: string, locks: LockManager | undefined = navigator.locks) {
    this.leader = new Leader(locks, name, (leads) => {
      this.leads = leads;
      for (const go of this.#waiting.splice(0)) go();
    });
  }

  async becomes(leads: boolean): Promise<void> {
    while (this.leads !== leads) await new Promise<void>((go) => this.#waiting.push(go));
  }
}

it('the tab in front leads, and the one behind takes over when it is asked to', async () => {
  // given one tab in front
  const [one, two] = [new Tab('front'), new Tab('front')];
  one.leader.claim();
  await one.becomes(true);

  // when another comes to the front, then back again
  two.leader.claim();
  await Promise.all([two.becomes(true), one.becomes(false)]);
  one.leader.claim();
  await Promise.all([one.becomes(true), two.becomes(false)]);

  // then never more than one leads
  expect([one.leads, two.leads]).toEqual([true, false]);
});

it('a tab that opens behind waits for its turn', async () => {
  const [front, behind] = [new Tab('turn'), new Tab('turn')];
  front.leader.claim();
  await front.becomes(true);
  behind.leader.queue();
  expect((await navigator.locks.query()).pending?.filter((lock) => lock.name === 'turn')).toHaveLength(1);
  expect(behind.leads).toBe(false);
});

it('coming to the front twice is coming to the front', async () => {
  const tab = new Tab('twice');
  tab.leader.claim();
  await tab.becomes(true);
  tab.leader.claim();
  const other = new Tab('twice');
  other.leader.claim();
  await Promise.all([other.becomes(true), tab.becomes(false)]);
});

it('without locks every tab leads', () => {
  const tabs = [1, 2].map(() => {
    let leads = false;
    new Leader(undefined, 'none', (now) => (leads = now));
    return leads;
  });
  expect(tabs).toEqual([true, true]);
});
