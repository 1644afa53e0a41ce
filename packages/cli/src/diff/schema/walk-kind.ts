import type { Alternative, LiteralShape } from '../shape/shape.ts'
import { describeOption, quote } from './describe.ts'
import { pairOptions } from './pair-options.ts'
import { walkAlternative, walkCodec } from './walk-alternative.ts'
import type { Walker } from './walker.ts'

/** Compares the alternatives of one JSON type. */
export function walkKind(
  old: readonly Alternative[],
  next: readonly Alternative[],
  pointer: string,
  walker: Walker,
): void {
  const [oldValues, oldOptions] = split(old)
  const [newValues, newOptions] = split(next)
  const values = (literals: readonly LiteralShape[]) => literals.map(({ value }) => quote(value)).join(', ')

  if (oldOptions.length === 0 && newOptions.length === 0) {
    walkValues(oldValues, newValues, pointer, walker)
  } else if (newOptions.length === 0) {
    walker.note('enum-introduced', pointer, `Only these values are left: ${values(newValues)}`)
  } else if (oldOptions.length === 0) {
    walker.note('enum-lifted', pointer, `It can be other values than ${values(oldValues)}`)
  } else {
    walkOptions(oldOptions, newOptions, pointer, walker)
    walkValues(oldValues, newValues, pointer, walker)
  }
}

function walkValues(
  old: readonly LiteralShape[],
  next: readonly LiteralShape[],
  pointer: string,
  walker: Walker,
): void {
  if (old[0] !== undefined && next[0] !== undefined) walkCodec(old[0], next[0], pointer, walker)
  const lost = old.filter(({ text }) => !next.some((value) => value.text === text))
  const gained = next.filter(({ text }) => !old.some((value) => value.text === text))
  const [from] = lost
  const [to] = gained
  if (from !== undefined && to !== undefined && old.length === 1 && next.length === 1) {
    walker.note('const-changed', pointer, `The value changed from ${quote(from.value)} to ${quote(to.value)}`)
    return
  }
  for (const { value } of lost) {
    walker.note('enum-value-removed', pointer, `The value ${quote(value)} was removed`)
  }
  for (const { value } of gained) {
    walker.note('enum-value-added', pointer, `The value ${quote(value)} was added`)
  }
}

function walkOptions(
  old: readonly Alternative[],
  next: readonly Alternative[],
  pointer: string,
  walker: Walker,
): void {
  const { pairs, lost, gained } = pairOptions(old, next, walker.comparison)
  for (const [from, to] of pairs) walkAlternative(from, to, pointer, walker)
  for (const option of lost) {
    const message = `It can no longer be ${describeOption(option)}`
    walker.note('union-option-removed', `${pointer}${option.path}`, message)
  }
  for (const option of gained) {
    const message = `It can now also be ${describeOption(option)}`
    walker.note('union-option-added', `${pointer}${option.path}`, message)
  }
}

function split(options: readonly Alternative[]): [readonly LiteralShape[], readonly Alternative[]] {
  const values = options.filter((option) => option.kind === 'literal')
  return [values, options.filter((option) => option.kind !== 'literal')]
}
