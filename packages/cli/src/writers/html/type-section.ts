import type { ContractModel } from '../../model/contract-model.ts'
import { constraintsOf } from '../documentation/constraints.ts'
import { exampleValue } from '../documentation/example-value.ts'
import { fieldsOf } from '../documentation/field.ts'
import { typeLabel } from '../documentation/type-label.ts'
import { href, typeId } from './anchors.ts'
import { fieldRows, label } from './field-rows.ts'
import { html, inline, type Markup, prose } from './html-text.ts'
import { jsonMarkup } from './json-markup.ts'

/** A shape that several events share. */
export function typeSection(name: string, model: ContractModel): Markup {
  const { definitions } = model
  const schema = definitions[name] ?? true
  const said = typeof schema === 'object' ? schema : {}
  const fields = fieldsOf(schema, definitions)
  const rules = constraintsOf(said)
  const id = typeId(name)
  return html`<article class="card" id="${id}">
<h3><a href="${href(id)}">${typeTitle(name, model)}</a>${said.deprecated === true ? html` <span class="badge warn">deprecated</span>` : undefined}</h3>
${prose(said.description)}
${fields.length > 0 ? undefined : html`<p class="data">${label(typeLabel(schema, definitions))}${rules.map((rule) => [', ', inline(rule)])}</p>`}
${fieldRows(fields)}
<pre class="json"><code>${jsonMarkup(exampleValue({ $ref: `#/$defs/${name}` }, definitions))}</code></pre>
</article>
`
}

export function typeTitle(name: string, { definitions }: ContractModel): string {
  const schema = definitions[name]
  return (typeof schema === 'object' ? schema.title : undefined) ?? name
}
