import type { Bound, NumberShape, StringShape } from './shape.ts'

export function numberWithin(writer: NumberShape, reader: NumberShape): boolean {
  return (
    (writer.integer || !reader.integer) &&
    isInside(writer.minimum, reader.minimum, 1) &&
    isInside(writer.maximum, reader.maximum, -1) &&
    multiplesWithin(writer, reader)
  )
}

function isInside(writer: Bound, reader: Bound, sign: 1 | -1): boolean {
  if (writer.value === reader.value)
    return writer.exclusive || !reader.exclusive || !Number.isFinite(reader.value)
  return (writer.value - reader.value) * sign > 0
}

export function multiplesWithin(writer: NumberShape, reader: NumberShape): boolean {
  return reader.multiples.every((asked) => isGiven(asked, writer))
}

// Only whole steps: 0.3 is no multiple of 0.1 for a validator that divides.
function isGiven(asked: number, { multiples, integer }: NumberShape): boolean {
  if (asked === 1 && integer) return true
  return multiples.some(
    (step) => step === asked || (Number.isInteger(asked) && Number.isInteger(step) && step % asked === 0),
  )
}

export function stringWithin(writer: StringShape, reader: StringShape): boolean {
  return (
    writer.minimum >= reader.minimum &&
    writer.maximum <= reader.maximum &&
    reader.patterns.every((pattern) => writer.patterns.includes(pattern)) &&
    reader.formats.every((format) => writer.formats.includes(format))
  )
}
