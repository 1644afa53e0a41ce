import type { JsonSchema } from '../../model/json-schema.ts'
import { hasDefault } from './erase.ts'
import { fitsShape } from './fits.ts'
import { namedKeys, schemaForKey, schemasForKey, writtenExtra } from './keys.ts'
import type { ObjectShape } from './shape.ts'
import type { Judging } from './subset-alternative.ts'

export function objectWithin(writer: ObjectShape, reader: ObjectShape, judging: Judging): boolean {
  return (
    [...reader.required].every((key) => isWritten(key, writer, judging)) &&
    countsWithin(writer, reader) &&
    namedKeysWithin(writer, reader, judging) &&
    otherKeysWithin(writer, reader, judging)
  )
}

// Data with a default has it in code, so servers write it although it may be left out. Older records may lack it.
function isWritten(key: string, { required, properties }: ObjectShape, { reading }: Judging): boolean {
  return required.has(key) || (reading === 'data' && hasDefault(properties.get(key) ?? true))
}

function countsWithin(writer: ObjectShape, reader: ObjectShape): boolean {
  const named = namedKeys(writer).size
  const isOpen = writtenExtra(writer) !== undefined || writer.patterns.length > 0
  const maximum = isOpen ? writer.maximum : Math.min(writer.maximum, named)
  return Math.max(writer.minimum, writer.required.size) >= reader.minimum && maximum <= reader.maximum
}

function namedKeysWithin(writer: ObjectShape, reader: ObjectShape, judging: Judging): boolean {
  const { judge, written, read } = judging
  return [...namedKeys(writer)].every((key) => {
    const schema = schemaForKey(writer, key)
    const isNever = fitsShape(key, written.shapeOf(writer.names), written) === false
    if (isNever || written.shapeOf(schema).length === 0) return true
    return (
      (!dropsOthers(reader, judging) || reader.properties.has(key)) &&
      fitsShape(key, read.shapeOf(reader.names), read) === true &&
      schemasForKey(reader, key).every((asked) => judge.reads(schema, asked))
    )
  })
}

// Keys that the writer does not name: those of its patterns, and any others that it does not strip.
function otherKeysWithin(writer: ObjectShape, reader: ObjectShape, judging: Judging): boolean {
  const extra = writtenExtra(writer)
  const patterns = new Map(writer.patterns.map(({ pattern, schema }) => [pattern, schema]))
  if (extra === undefined && patterns.size === 0) return !refusesHistory(writer, reader, judging)
  if (dropsOthers(reader, judging)) return false
  const sources = [...patterns.values(), ...(extra === undefined ? [] : [extra])]
  const readByAll = (asked: JsonSchema) => sources.every((schema) => judging.judge.reads(schema, asked))

  return (
    judging.judge.reads(keyNames(writer), keyNames(reader)) &&
    namesOnly(reader, writer).every((key) => readByAll(schemaForKey(reader, key))) &&
    reader.patterns.every(({ pattern, schema }) => patternWithin(pattern, schema)) &&
    extraWithin()
  )

  function patternWithin(pattern: string, asked: JsonSchema): boolean {
    const same = patterns.get(pattern)
    // A key of another of the writer's patterns, or one of `extra`, may be of this pattern too; with the same pattern on
    // both sides what the writer says of it holds as well.
    return same === undefined ? readByAll(asked) : judging.judge.reads(same, asked)
  }

  // Keys that the reader has a pattern for are not its `extra`.
  function extraWithin(): boolean {
    const asked = reader.extra ?? true
    const known = new Set(reader.patterns.map(({ pattern }) => pattern))
    const unknown = [...patterns].filter(([pattern]) => !known.has(pattern)).map(([, schema]) => schema)
    return [...unknown, ...(extra === undefined ? [] : [extra])].every((schema) =>
      judging.judge.reads(schema, asked),
    )
  }
}

function keyNames({ names }: ObjectShape): JsonSchema {
  return names === true ? { type: 'string' } : names
}

function namesOnly(reader: ObjectShape, writer: ObjectShape): readonly string[] {
  const named = namedKeys(writer)
  return [...reader.properties.keys()].filter((key) => !named.has(key))
}

function refusesHistory(writer: ObjectShape, reader: ObjectShape, { reading }: Judging): boolean {
  return reading === 'history' && reader.extra === false && writer.extra === undefined
}

function dropsOthers(reader: ObjectShape, { reading }: Judging): boolean {
  return reading === 'types' && reader.listed && reader.extra === undefined && reader.patterns.length === 0
}
