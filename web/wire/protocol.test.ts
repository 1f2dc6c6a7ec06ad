import { describe, expect, expectTypeOf, it } from 'vitest';
import * as wire from './protocol.ts';
import * as named from './socket.ts';

/** What the pages see of a struct: as sent, but with nothing left out. */
type Whole<T> = { [K in keyof T]-?: T[K] };

describe('the names the pages use and the wire as the server has it', () => {
  it('agree on the vocabularies', () => {
    expect(named.PROTOCOL_VERSION).toBe(wire.PROTOCOL_VERSION);
    expect(named.STATUSES).toEqual(wire.STATUSES);
    expectTypeOf<named.Phase>().toEqualTypeOf<wire.Phase>();
    expectTypeOf<named.Status>().toEqualTypeOf<wire.Status>();
    expectTypeOf<named.Stage>().toEqualTypeOf<wire.Stage>();
    expectTypeOf<named.Line>().toEqualTypeOf<wire.Line>();
    expectTypeOf<named.Quality>().toEqualTypeOf<wire.Quality>();
    expectTypeOf<named.Change>().toEqualTypeOf<wire.Change>();
    expectTypeOf<named.HelpCategory>().toEqualTypeOf<wire.HelpCategory>();
    expectTypeOf<named.DocumentState>().toEqualTypeOf<wire.DocumentState>();
  });

  it('agree on every view', () => {
    expectTypeOf<named.ConferenceView>().toEqualTypeOf<Whole<wire.ConferenceView>>();
    expectTypeOf<named.UnitView>().toEqualTypeOf<Whole<wire.UnitView>>();
    expectTypeOf<named.PointInfo>().toEqualTypeOf<Whole<wire.PointInfo>>();
    expectTypeOf<keyof named.DocumentView>().toEqualTypeOf<keyof wire.DocumentView>();
    expectTypeOf<named.Headcount>().toEqualTypeOf<wire.Headcount>();
    expectTypeOf<named.HelpView>().toEqualTypeOf<Whole<wire.HelpView>>();
    expectTypeOf<keyof named.PointView>().toEqualTypeOf<keyof wire.PointView>();
    expectTypeOf<named.Retry>().toEqualTypeOf<wire.Retry>();
  });

  it('agree on what a page may send', () => {
    expectTypeOf<named.Command>().toExtend<wire.PublicCommand>();
    expectTypeOf<named.Hello & { t: 'hello'; v: number }>().toExtend<wire.HelloMessage>();
    expectTypeOf<named.Do & { t: 'do' }>().toExtend<wire.DoMessage>();
  });

  it('know the same messages of the server', () => {
    expectTypeOf<named.ServerMessage['t']>().toEqualTypeOf<wire.ServerMessage['t']>();
  });

  it('read rows and tallies in the order they are written', () => {
    const media = wire.MEDIA_VIEW.map((name) => `the ${name}`);
    const row = wire.POINT_ROW.map((name) => (name === 'media' ? media : `the ${name}`));
    expect(named.row(row as never)).toEqual({
      ...Object.fromEntries(wire.POINT_ROW.map((name) => [name, `the ${name}`])),
      media: Object.fromEntries(wire.MEDIA_VIEW.map((name) => [name, `the ${name}`])),
    });

    const counts = wire.STATUSES.map((_, i) => i);
    const tally = wire.TALLY.map((name) => (name === 'statuses' ? counts : `the ${name}`));
    expect(named.tally(tally as never)).toEqual({
      ...Object.fromEntries(wire.TALLY.map((name) => [name, `the ${name}`])),
      statuses: Object.fromEntries(wire.STATUSES.map((status, i) => [status, i])),
    });
  });
});
