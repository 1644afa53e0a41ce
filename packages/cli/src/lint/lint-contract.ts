import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import type { DocumentPlace, Finding } from './finding.ts'
import { inOrderOf } from './in-order.ts'
import type { Rule } from './rule.ts'
import { type RuleId, rules } from './rules.ts'
import { schemaAt } from './schema-at.ts'
import { isOn, type Selection } from './selection.ts'
import { subjectOf } from './subject.ts'

export interface LintOptions extends Selection {
  /** Where a schema of the model stands in the document that it was read from. @default nothing is known of that */
  readonly placeOf?: ((schema: JsonSchema) => DocumentPlace | undefined) | undefined
}

/** Looks at a contract for what could be better in it. The findings come in the order of the contract. */
export function lintContract(model: ContractModel, options: LintOptions = {}): readonly Finding[] {
  const subject = subjectOf(model)
  const findings = Object.entries<Rule>(rules).flatMap(([id, { severity, check }]): readonly Finding[] => {
    const rule = id as RuleId
    if (check === undefined || !isOn(rule, options)) return []
    return Array.from(check(subject), ({ place, message }) => {
      const schema = options.placeOf && schemaAt(model, place)
      const source = schema === undefined ? undefined : options.placeOf?.(schema)
      return { rule, severity, place, message, ...(source === undefined ? {} : { source }) }
    })
  })
  return inOrderOf(subject, findings)
}
