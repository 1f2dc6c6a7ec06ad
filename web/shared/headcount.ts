/** What a headcount may be before somebody is asked again, the same for the operator who taps it and for the wall. */

const HALF_MORE = 1.5; // times what a room is made for: above it a key was almost always pressed twice
const A_FEW = 10; // people more fit into any room: a room for four with seven in it alarms nobody

export function unlikely(people: number, seats: number, expected: number): boolean {
  const usual = Math.max(seats, expected);
  return usual > 0 && people > usual * HALF_MORE && people > usual + A_FEW;
}
