import type { Clock } from '../clock.ts'

// A timer for each of very many would do nothing else.
const leastInterval = 10

/**
 * Does something with each member, one after the other, evenly over a time; with the first at once.
 *
 * @param time milliseconds
 * @returns what stops it
 */
export function spread<Member>(
  members: readonly Member[],
  time: number,
  clock: Clock,
  act: (member: Member) => void,
): () => void {
  const begun = clock.now()
  const interval = time / members.length
  let next = 0
  let stop = () => {}
  function actOnDue(): void {
    const passed = clock.now() - begun
    while (next < members.length && next * interval <= passed) act(members[next++] as Member)
    if (next >= members.length) stop()
  }
  actOnDue()
  if (next < members.length) stop = clock.every(Math.max(interval, leastInterval), actOnDue)
  return () => stop()
}
