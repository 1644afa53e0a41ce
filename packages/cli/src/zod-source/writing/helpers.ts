/** The functions that a module of schemas may need besides Zod. They stand at its end. */
export const helperNames = [
  'fits',
  'not',
  'when',
  'contains',
  'distinct',
  'keysFit',
  'members',
  'onWire',
] as const

export type HelperName = (typeof helperNames)[number]

/** The names that helpers take in a module. */
export const helperIdentifiers: readonly string[] = [...helperNames, 'sortKeys', 'Check', 'z']

const sources: Readonly<Record<HelperName, string>> = {
  fits: `
/** Whether a value fits a schema. */
function fits(schema: z.core.$ZodType): Check {
  return (value) => z.safeParse(schema, value).success
}`,
  not: `
/** Whether a value does not fit a schema. */
function not(schema: z.core.$ZodType): Check {
  return (value) => !z.safeParse(schema, value).success
}`,
  when: `
/** Whether a value that fits a condition fits what then holds, and any other what holds otherwise. */
function when(condition: z.core.$ZodType, then?: z.core.$ZodType, otherwise?: z.core.$ZodType): Check {
  return (value) => {
    const schema = z.safeParse(condition, value).success ? then : otherwise
    return schema === undefined || z.safeParse(schema, value).success
  }
}`,
  contains: `
/** Whether one item of a list, at least, fits a schema. */
function contains(schema: z.core.$ZodType): Check {
  return (value) => Array.isArray(value) && value.some((item) => z.safeParse(schema, item).success)
}`,
  distinct: `
/** Whether no two items of a list are equal. */
function distinct(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  const texts = value.map((item) => JSON.stringify(item, sortKeys))
  return new Set(texts).size === texts.length
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
}`,
  keysFit: `
/** Whether each key of an object fits a schema. */
function keysFit(schema: z.core.$ZodType): Check {
  return (value) => Object.keys(Object(value)).every((key) => z.safeParse(schema, key).success)
}`,
  members: `
/** Whether members that are not declared fit what is said of their names, or of the rest. */
function members(
  declared: readonly string[],
  patterns: readonly (readonly [pattern: RegExp, schema: z.core.$ZodType])[],
  rest?: z.core.$ZodType,
): Check {
  return (value) =>
    Object.entries(Object(value)).every(([key, member]) => {
      if (declared.includes(key)) return true
      const named = patterns.filter(([pattern]) => pattern.test(key)).map(([, schema]) => schema)
      const schemas = named.length === 0 && rest !== undefined ? [rest] : named
      return schemas.every((schema) => z.safeParse(schema, member).success)
    })
}`,
  onWire: `
/** A schema with checks that see a value as it is on the wire, before it is decoded and after it is encoded. */
function onWire<Output, Input>(
  schema: z.core.$ZodType<Output, Input>,
  ...checks: readonly Check[]
): SchemaType<Output, Input> {
  const wire = z.custom<Input>((value) => checks.every((check) => check(value)))
  const checked: SchemaType<Output, Input> = z.pipe(wire, schema)
  return checked
}`,
}

const checkType = 'type Check = (value: unknown) => boolean'

/** The text of helpers, in a fixed order. `schemaType` is the type of any schema. */
export function helperSource(used: ReadonlySet<HelperName>, schemaType: string): string {
  const needed = helperNames.filter((name) => used.has(name))
  if (needed.length === 0) return ''
  const needsType = needed.some((name) => name !== 'distinct')
  const parts = [...(needsType ? [`\n${checkType}`] : []), ...needed.map((name) => sources[name])]
  return `${parts.join('\n')}\n`.replaceAll('SchemaType', schemaType)
}
