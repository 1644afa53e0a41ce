import { isRuleId, type RuleId, rules } from '../../lint/rules.ts'
import { oneOf, parseOptions } from '../../parse-options.ts'
import { UsageError } from '../../usage-error.ts'

/** What is to be looked at, and by which rules. */
export interface LintCommandOptions {
  readonly source: string
  readonly contract: string | undefined
  readonly off: readonly RuleId[]
  readonly on: readonly RuleId[]
  readonly format: 'text' | 'json' | 'github'
  readonly strict: boolean
}

export const lintUsage = `Tells what would make a contract better: events without a description, strings without an end, unions that cannot be told apart.

  millrace lint [options] <contract>

  millrace lint src/shop.ts
  millrace lint src/shop.ts --off missing-example --off unbounded-string
  millrace lint asyncapi.yaml --format github --strict

  --off <rule>          a rule that shall not look; may be given several times
  --on <rule>           a rule that looks on request alone; may be given several times
  --format text|json|github
                        for people, for programs, or as annotations of a pull request (default text)
  --strict              warnings fail, too
  --contract <name>     which one, where a module exports several
  --help                this text

The rules are listed in docs/lint.md.

Exit codes: 0 no errors; 1 errors, with --strict also warnings; 2 the command line or a file was not understood.
`

/** Reads the command line of `lint`. @throws UsageError */
export function parseLint(args: readonly string[]): LintCommandOptions {
  const { values, positionals } = parseOptions(args, {
    off: { type: 'string', multiple: true, default: [] },
    on: { type: 'string', multiple: true, default: [] },
    format: { type: 'string', default: 'text' },
    strict: { type: 'boolean', default: false },
    contract: { type: 'string' },
  })
  const [source, other] = positionals
  if (source === undefined) throw new UsageError('Which contract? millrace lint <contract>')
  if (other !== undefined) throw new UsageError(`One contract at a time: ${source}, or ${other}?`)
  return {
    source,
    contract: values.contract,
    off: values.off.map(ruleId),
    on: values.on.map(ruleId),
    format: oneOf('format', ['text', 'json', 'github'], values.format),
    strict: values.strict,
  }
}

function ruleId(text: string): RuleId {
  if (isRuleId(text)) return text
  throw new UsageError(`there is no rule "${text}"; there are ${Object.keys(rules).join(', ')}`)
}
