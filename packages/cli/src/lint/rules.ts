import type { Rule } from './rule.ts'
import { ambiguousUnion } from './rules/ambiguous-union.ts'
import { asyncSchema } from './rules/async-schema.ts'
import { channelNameStyle } from './rules/channel-name-style.ts'
import { deprecatedWithoutAlternative } from './rules/deprecated-without-alternative.ts'
import { eventNameStyle } from './rules/event-name-style.ts'
import { fieldNameStyle } from './rules/field-name-style.ts'
import { hugeUnion } from './rules/huge-union.ts'
import { leftOut } from './rules/left-out.ts'
import { mended } from './rules/mended.ts'
import { missingExample } from './rules/missing-example.ts'
import { missingUpgrade } from './rules/missing-upgrade.ts'
import { nonObjectEvent } from './rules/non-object-event.ts'
import { onlyInCode } from './rules/only-in-code.ts'
import { paramNameStyle } from './rules/param-name-style.ts'
import { strictObject } from './rules/strict-object.ts'
import { unboundedArray } from './rules/unbounded-array.ts'
import { unboundedString } from './rules/unbounded-string.ts'
import { undocumentedChannel } from './rules/undocumented-channel.ts'
import { undocumentedContract } from './rules/undocumented-contract.ts'
import { undocumentedEvent } from './rules/undocumented-event.ts'
import { undocumentedField } from './rules/undocumented-field.ts'
import { undocumentedParam } from './rules/undocumented-param.ts'
import { unfitDefault } from './rules/unfit-default.ts'
import { unfitExample } from './rules/unfit-example.ts'
import { unreadable } from './rules/unreadable.ts'
import { unrepresentableSchema } from './rules/unrepresentable-schema.ts'
import { unsafeInteger } from './rules/unsafe-integer.ts'
import { unusedDefinition } from './rules/unused-definition.ts'

/** Every rule. An id never changes its meaning. */
export const rules = {
  unreadable,
  'unrepresentable-schema': unrepresentableSchema,
  'async-schema': asyncSchema,
  'only-in-code': onlyInCode,
  'unfit-example': unfitExample,
  'unfit-default': unfitDefault,
  'left-out': leftOut,
  mended,

  'undocumented-contract': undocumentedContract,
  'undocumented-channel': undocumentedChannel,
  'undocumented-event': undocumentedEvent,
  'undocumented-param': undocumentedParam,
  'undocumented-field': undocumentedField,
  'missing-example': missingExample,
  'deprecated-without-alternative': deprecatedWithoutAlternative,

  'channel-name-style': channelNameStyle,
  'param-name-style': paramNameStyle,
  'event-name-style': eventNameStyle,
  'field-name-style': fieldNameStyle,

  'non-object-event': nonObjectEvent,
  'missing-upgrade': missingUpgrade,
  'strict-object': strictObject,
  'unbounded-string': unboundedString,
  'unbounded-array': unboundedArray,
  'unsafe-integer': unsafeInteger,
  'huge-union': hugeUnion,
  'ambiguous-union': ambiguousUnion,
  'unused-definition': unusedDefinition,
} as const satisfies Readonly<Record<string, Rule>>

export type RuleId = keyof typeof rules

/** Whether a text is the id of a rule. */
export function isRuleId(text: string): text is RuleId {
  return Object.hasOwn(rules, text)
}
