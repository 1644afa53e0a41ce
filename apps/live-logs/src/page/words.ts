const number = new Intl.NumberFormat('en')

export function formatCount(count: number): string {
  return number.format(count)
}

export function formatLines(count: number): string {
  return count === 1 ? '1 line' : `${formatCount(count)} lines`
}

/** Bytes for people: `812 bytes`, `16 KiB`, `3.4 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes / 1024
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value < 10 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${units[unit]}`
}

const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})
const full = new Intl.DateTimeFormat('en', {
  dateStyle: 'full',
  timeStyle: 'long',
  hourCycle: 'h23',
})

/** The time of day, local; to the millisecond, unless it tells whole seconds only. */
export function formatClock(time: number): string {
  return clock.format(time).replace(/\.000$/, '')
}

export function formatFull(time: number): string {
  return full.format(time)
}
