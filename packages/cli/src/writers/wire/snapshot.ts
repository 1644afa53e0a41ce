/** The event that carries a topic's snapshot. The name is the wire's own, so no event of a channel has it. */
export const snapshotEvent = 'millrace.snapshot'
