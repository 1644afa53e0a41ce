import type { JsonSchema } from '../../model/json-schema.ts'
import { stepInto } from '../../model/place.ts'
import { hasDefault } from '../shape/erase.ts'
import { schemaForKey } from '../shape/keys.ts'
import type { ObjectShape } from '../shape/shape.ts'
import { stableText } from '../shape/stable-text.ts'
import { quote } from './describe.ts'
import type { Walker } from './walker.ts'

/** Compares one property of two objects, at least one of which names it. */
export function walkProperty(
  key: string,
  from: ObjectShape,
  to: ObjectShape,
  pointer: string,
  walker: Walker,
): void {
  const place = stepInto(pointer, 'properties', key)
  const old = heldBy(from, key)
  const next = heldBy(to, key)
  if (old === undefined || old === false) {
    if (next !== undefined && next !== false) walkAdded(key, old, next, to.required.has(key), place, walker)
  } else if (next === undefined || next === false) {
    walkRemoved(key, next, from.required.has(key), place, walker)
  } else {
    walkPresence(key, old, next, [from.required.has(key), to.required.has(key)], place, walker)
    walker.walk(old, next, place)
  }
}

// What the key may hold; `undefined` where it is stripped, `false` where it is refused.
function heldBy(object: ObjectShape, key: string): JsonSchema | undefined {
  const isNamed = object.properties.has(key) || object.required.has(key)
  const isElse = object.extra !== undefined || object.patterns.length > 0 || !object.listed
  return isNamed || isElse ? schemaForKey(object, key) : undefined
}

function walkAdded(
  key: string,
  old: false | undefined,
  next: JsonSchema,
  isRequired: boolean,
  place: string,
  { note }: Walker,
): void {
  const inCode = isRequired || hasDefault(next)
  if (old === false) {
    note(
      'property-added-to-strict',
      place,
      `The property ${quote(key)} was added, which old readers refuse`,
      {
        source: inCode ? 'major' : 'minor',
        replay: isRequired ? 'major' : 'none',
      },
    )
  } else if (isRequired) {
    note('required-property-added', place, `The required property ${quote(key)} was added`)
  } else if (inCode) {
    note('defaulted-property-added', place, `The property ${quote(key)} was added, with a default`)
  } else {
    note('optional-property-added', place, `The optional property ${quote(key)} was added`)
  }
}

function walkRemoved(
  key: string,
  next: false | undefined,
  isRequired: boolean,
  place: string,
  { note }: Walker,
): void {
  if (next === false) {
    note('property-removed-from-strict', place, `The property ${quote(key)} was removed and is now refused`, {
      wire: isRequired ? 'major' : 'patch',
    })
  } else if (isRequired) {
    note('required-property-removed', place, `The required property ${quote(key)} was removed`)
  } else {
    note('optional-property-removed', place, `The optional property ${quote(key)} was removed`)
  }
}

function walkPresence(
  key: string,
  old: JsonSchema,
  next: JsonSchema,
  [wasRequired, isRequired]: readonly [boolean, boolean],
  place: string,
  { note }: Walker,
): void {
  // With a default, a property that may be left out on the wire is always there in code.
  const wasThere = wasRequired || hasDefault(old)
  const isThere = isRequired || hasDefault(next)
  const source = wasThere === isThere ? 'none' : 'major'
  if (wasRequired && !isRequired) {
    note('property-became-optional', place, `The property ${quote(key)} is no longer required`, { source })
  } else if (!wasRequired && isRequired) {
    note('property-became-required', place, `The property ${quote(key)} is now required`, { source })
  } else if (!isRequired) {
    if (!wasThere && isThere) note('default-added', place, `The property ${quote(key)} has a default now`)
    if (wasThere && !isThere)
      note('default-removed', place, `The property ${quote(key)} has no default any more`)
    if (wasThere && isThere && defaultText(old) !== defaultText(next)) {
      note(
        'default-changed',
        place,
        `The default of ${quote(key)} changed from ${defaultText(old)} to ${defaultText(next)}`,
      )
    }
  }
}

function defaultText(schema: JsonSchema): string {
  return typeof schema === 'object' ? stableText(schema.default) : ''
}
