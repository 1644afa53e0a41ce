/** The number that a text is from one place to another; 0 where it is not one in its one form, or too long to be safe. */
export function readDigits(text: string, start: number, end = text.length): number {
  let number = 0
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9) || (number === 0 && digit === 0)) return 0
    number = number * 10 + digit
  }
  return end - start < 16 ? number : 0
}
