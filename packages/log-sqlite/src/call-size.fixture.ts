/** How many records a publisher of these tests appends in the call that begins with a number: now and then more than a turn of the event loop writes. */
export function callSize(number: number): number {
  return number % 90 === 0 ? 1_500 : 1 + (number % 3)
}
