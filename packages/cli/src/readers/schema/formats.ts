const day = String.raw`\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`
const clock = String.raw`([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d\d:?\d\d)`

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': matching(`${day}[Tt ]${clock}`, 'i'),
  date: matching(day),
  time: matching(clock, 'i'),
  email: matching(String.raw`[^\s@]+@[^\s@]+`),
  uuid: matching('[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'i'),
  ipv4: matching(String.raw`((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}`),
  uri: URL.canParse,
}

/** Whether a text has a format; one that is not known refuses nothing. */
export function hasFormat(text: string, format: string): boolean {
  return !Object.hasOwn(formats, format) || formats[format]?.(text) === true
}

function matching(pattern: string, flags = ''): (text: string) => boolean {
  const expression = new RegExp(`^(${pattern})$`, flags)
  return (text) => expression.test(text)
}
