import type { JsonSchema } from '../../model/json-schema.ts'
import { literalTexts } from './disjoint.ts'
import { sameSchema } from './same-schema.ts'
import type { Scope } from './scope.ts'
import type { Alternative, ObjectShape, Shape } from './shape.ts'
import { isWithinAlternative } from './subset-alternative.ts'

/** Judges whether all that is written by one schema can be read by another. */
export interface Judge {
  /**
   * Whether each value that a writer makes by the one schema fits the other. A writer strips the keys that its schema does not
   * list; a reader tolerates them. `false` may also mean that it could not be proved.
   */
  reads(writer: JsonSchema, reader: JsonSchema): boolean
}

/**
 * Who reads. Of `data`, keys that the writer does not list were stripped. Of `history`, they may be there all the same: records
 * may be older than the schema they are compared by, and hold what was removed from it before. Of `types`, the reader must
 * list each key that is written, or code cannot get at it.
 */
export type Reading = 'data' | 'history' | 'types'

/**
 * @param written where the refs of the writer's schemas lead
 * @param read where those of the reader's lead
 */
export function createJudge(written: Scope, read: Scope, reading: Reading = 'data'): Judge {
  // In a recursive schema a pair that is being judged is taken to hold. If it turns out not to, so does not what was
  // concluded from it: the trail says what to take back. A pair that failed under such favour fails for good.
  const trail: string[] = []
  const assumed = new Set<string>()
  const failed = new Set<string>()

  const judge: Judge = {
    reads(writer, reader) {
      const pair = `${written.idOf(writer)} ${read.idOf(reader)}`
      if (failed.has(pair)) return false
      if (assumed.has(pair)) return true
      const before = trail.length
      assumed.add(pair)
      trail.push(pair)
      if (shapeWithin(written.shapeOf(writer), read.shapeOf(reader)) || isSame(writer, reader)) return true
      for (const concluded of trail.splice(before)) assumed.delete(concluded)
      failed.add(pair)
      return false
    },
  }

  // Of some schemas not even that they read what they write can be worked out.
  const isSame = (writer: JsonSchema, reader: JsonSchema) =>
    sameSchema({ schema: writer, scope: written }, { schema: reader, scope: read })

  const shapeWithin = (writer: Shape, reader: Shape) =>
    writer.every((alternative) => alternativeWithin(alternative, reader))

  const alternativeWithin = (writer: Alternative, reader: Shape): boolean =>
    attempt((option) => isWithinAlternative(writer, option, { judge, written, read, reading }), reader) ||
    parts(writer, reader).some((options) => options.every((option) => alternativeWithin(option, reader)))

  // What one attempt concluded may rest on what it assumed, and must not be left behind when it fails.
  function attempt(holds: (option: Alternative) => boolean, options: Shape): boolean {
    return options.some((option) => {
      const before = trail.length
      if (holds(option)) return true
      for (const concluded of trail.splice(before)) assumed.delete(concluded)
      return false
    })
  }

  /** Ways to take an object apart by a property with few values, since a reader may have an option for each. */
  function parts(writer: Alternative, reader: Shape): readonly Shape[] {
    if (writer.kind !== 'object' || reader.length < 2) return []
    return [...writer.required].flatMap((key) => {
      const texts = literalTexts(writer, key, written)
      const tags = reader.some(
        (option) => option.kind === 'object' && literalTexts(option, key, read) !== undefined,
      )
      if (texts === undefined || texts.length < 2 || !tags) return []
      return [texts.map((text) => withProperty(writer, key, JSON.parse(text)))]
    })
  }

  return judge
}

function withProperty(object: ObjectShape, key: string, value: unknown): ObjectShape {
  return { ...object, properties: new Map([...object.properties, [key, { const: value }]]) }
}
