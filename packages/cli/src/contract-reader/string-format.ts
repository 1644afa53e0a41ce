import type * as z from 'zod/v4/core'

/** What JSON Schema has a word for, by Zod's word for it. */
const formats: Readonly<Record<string, string>> = {
  datetime: 'date-time',
  date: 'date',
  duration: 'duration',
  email: 'email',
  hostname: 'hostname',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  url: 'uri',
  uuid: 'uuid',
  guid: 'uuid',
}

interface StringCheck {
  readonly check?: string
  readonly format?: string
  readonly pattern?: RegExp
  readonly local?: boolean
  readonly precision?: number | null
}

/**
 * The keywords of a string without the patterns that Zod adds to a format: every reader of a document knows those formats, and
 * the patterns run to hundreds of characters. Other formats of Zod's are said by their pattern alone.
 */
export function withShortFormat(
  schema: z.$ZodType,
  json: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { format: zodFormat, pattern, allOf, ...rest } = json
  const checks = stringChecks(schema)
  const known = checks.find((check) => formatOf(check) !== undefined)
  const format = known && formatOf(known)
  const redundant = new Set(
    checks.flatMap((check) => (formatOf(check) === undefined ? [] : [check.pattern?.source])),
  )
  const patterns = [pattern, ...(Array.isArray(allOf) ? allOf.map((part) => part.pattern) : [])].filter(
    (source): source is string => typeof source === 'string' && !redundant.has(source),
  )
  return {
    ...rest,
    ...(format !== undefined
      ? { format }
      : patterns.length === 0 && zodFormat !== undefined
        ? { format: zodFormat }
        : {}),
    ...(patterns.length === 1 ? { pattern: patterns[0] } : {}),
    ...(patterns.length > 1 ? { allOf: patterns.map((source) => ({ pattern: source })) } : {}),
  }
}

function stringChecks(schema: z.$ZodType): readonly StringCheck[] {
  const { def } = schema._zod
  return [def as StringCheck, ...(def.checks ?? []).map((check) => check._zod.def as StringCheck)].filter(
    (check) => check.check === 'string_format',
  )
}

function formatOf({ format, local, precision }: StringCheck): string | undefined {
  // A local time, and one without seconds, is not what the format means.
  return local === true || precision === -1 || format === undefined ? undefined : formats[format]
}
