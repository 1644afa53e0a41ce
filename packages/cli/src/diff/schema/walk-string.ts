import type { RuleId } from '../rules.ts'
import type { StringShape } from '../shape/shape.ts'
import { quote } from './describe.ts'
import { walkLimit } from './walk-limit.ts'
import type { Walker } from './walker.ts'

export function walkString(from: StringShape, to: StringShape, pointer: string, walker: Walker): void {
  walkLimit('minLength', 'lower bound', [from.minimum, to.minimum], pointer, walker)
  walkLimit('maxLength', 'upper bound', [from.maximum, to.maximum], pointer, walker)
  walkTexts('pattern', from.patterns, to.patterns, pointer, walker)
  walkTexts('format', from.formats, to.formats, pointer, walker)
}

function walkTexts(
  keyword: 'pattern' | 'format',
  from: readonly string[],
  to: readonly string[],
  pointer: string,
  { note }: Walker,
): void {
  const lost = from.filter((text) => !to.includes(text))
  const gained = to.filter((text) => !from.includes(text))
  const rule = (what: 'added' | 'removed' | 'changed'): RuleId => `${keyword}-${what}`
  const [old, next] = [lost, gained].map((texts) => texts.map(quote).join(', '))
  if (lost.length > 0 && gained.length > 0) {
    note(rule('changed'), pointer, `The ${keyword} changed from ${old} to ${next}`)
  } else if (gained.length > 0) {
    note(rule('added'), pointer, `The ${keyword} ${next} was added`)
  } else if (lost.length > 0) {
    note(rule('removed'), pointer, `The ${keyword} ${old} was removed`)
  }
}
