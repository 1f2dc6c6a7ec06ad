import { fold } from '../../shared/format.ts';
import { row as decodeRow, type PointInfo } from '../../wire/socket.ts';
import type { Board, PointItem } from './board.ts';
import { api, of } from './http.ts';
import type { FirstContacts, PointList } from './types.ts';

/** Closed points are not on the board: they are asked for when somebody wants to see them. */
export async function closedItems(conference: string, board: Board, signal: AbortSignal): Promise<PointItem[]> {
  const { points } = await api.get<PointList>(of(conference, '/points'), { status: 'closed', limit: 1000 }, signal);
  return points.map(({ info: sent, row }) => {
    const info: PointInfo = { seats: 0, expected: 0, room: '', address: '', ...sent };
    const parent = board.unit.get(info.unit)?.parent;
    const group = (parent && board.unit.get(parent)?.short) || '';
    return { info, row: decodeRow(row), group, folded: fold(`${info.title} ${group} ${info.unit}`) };
  });
}

/** The first contact of every point by the point's number. */
export async function firstContacts(conference: string, signal: AbortSignal): Promise<Map<number, string>> {
  const { contacts } = await api.get<FirstContacts>(of(conference, '/contacts'), {}, signal);
  return new Map(contacts.map(([point, name]) => [point, name]));
}
