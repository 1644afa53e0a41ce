// Where in a line its time may stand. Further in, a time is more likely something that the line tells about.
const reach = 160

const iso = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d)?/
const accessLog = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/
const nginxError = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)\b/
const syslog = /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) /
const jsonNumber = /"(?:time|timestamp|ts|@timestamp)"\s*:\s*(\d{10,13})(?:\.(\d+))?\s*[,}]/

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const day = 24 * 60 * 60 * 1000

/**
 * The time that a line tells, in milliseconds since 1970; `undefined` where it tells none. Without a zone it is local.
 * @param now gives the year where the line leaves it out, as syslog does
 */
export function readLineTime(text: string, now: number): number | undefined {
  const time = readAnyForm(text.slice(0, reach), now)
  return time === undefined || Number.isNaN(time) ? undefined : time
}

function readAnyForm(head: string, now: number): number | undefined {
  const number = jsonNumber.exec(head)
  if (number !== null) {
    const [, digits = '', fraction = ''] = number
    if (digits.length === 13) return Number(digits)
    return digits.length === 10 ? Math.floor(Number(`${digits}.${fraction || '0'}`) * 1000) : undefined
  }
  const access = accessLog.exec(head)
  if (access !== null) {
    const [, date, month, year, clock, zone = ''] = access
    return Date.parse(`${year}-${monthNumber(month)}-${date}T${clock}${withColon(zone)}`)
  }
  const standard = iso.exec(head)
  if (standard !== null) {
    const [, date, clock, fraction = '', zone = ''] = standard
    return Date.parse(`${date}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}${withColon(zone)}`)
  }
  const nginx = nginxError.exec(head)
  if (nginx !== null) return Date.parse(`${nginx[1]}-${nginx[2]}-${nginx[3]}T${nginx[4]}`)
  const old = syslog.exec(head)
  if (old !== null)
    return withoutYear(monthNumber(old[1]), (old[2] ?? '').padStart(2, '0'), old[3] ?? '', now)
  return undefined
}

/** The latest such day that is not in the future. A day is allowed for clocks and zones that differ. */
function withoutYear(month: string, date: string, clock: string, now: number): number {
  const year = new Date(now).getFullYear()
  const time = Date.parse(`${year}-${month}-${date}T${clock}`)
  return time > now + day ? Date.parse(`${year - 1}-${month}-${date}T${clock}`) : time
}

function monthNumber(name = ''): string {
  return String(months.indexOf(name) + 1).padStart(2, '0')
}

function withColon(zone: string): string {
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
}
