/** A number as a reader wants it: three digits that count, thousands apart. */
export function figure(value: number): string {
  if (value === 0) return '0'
  if (value >= 1_000) return Math.round(Number(value.toPrecision(3))).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

/** As it is, thousands apart. */
export const count = (value: number) => Math.ceil(value).toLocaleString('en')

const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

/** Bytes, in the unit that suits them (1 KB is 1,000 bytes). */
export function bytes(value: number): string {
  let size = value
  let unit = 0
  for (; size >= 1_000 && unit < units.length - 1; unit += 1) size /= 1_000
  return `${figure(size)} ${units[unit]}`
}

/** Bytes a second, as networks count. */
export function network(bytesPerSecond: number): string {
  const bits = 8 * bytesPerSecond
  return bits >= 1e9 ? `${figure(bits / 1e9)} Gbit/s` : `${figure(bits / 1e6)} Mbit/s`
}

export const share = (value: number) => `${figure(100 * value)} %`

/** A table of Markdown. @param columns of which all but the first stand on the right, where they are numbers */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  numbers = true,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = columns.map((_, index) => (numbers && index > 0 ? '---:' : '---'))
  return [line(columns), `|${rule.join('|')}|`, ...rows.map(line)].join('\n')
}
