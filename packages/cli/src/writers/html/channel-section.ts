import type { ChannelModel, ContractModel, EventModel } from '../../model/contract-model.ts'
import { resolveSchema } from '../../model/definitions.ts'
import { curlLine, exampleAddress, patternOf } from '../documentation/channel-example.ts'
import { constraintsOf } from '../documentation/constraints.ts'
import { exampleOf } from '../documentation/example-value.ts'
import { fieldsOf } from '../documentation/field.ts'
import { typeLabel } from '../documentation/type-label.ts'
import { channelId, eventId, href, snapshotId } from './anchors.ts'
import { fieldRows, label } from './field-rows.ts'
import { type Content, html, inline, type Markup, prose } from './html-text.ts'
import { jsonMarkup } from './json-markup.ts'

export function channelSection(channel: ChannelModel, model: ContractModel, url: string): Markup {
  const { key, description, deliver, events, snapshot } = channel
  const id = channelId(channel)
  return html`<section id="${id}">
<h2><a href="${href(id)}">${key}</a></h2>
<p class="path"><code>${pathMarkup(channel)}</code>${
    deliver === 'latest'
      ? html` <span class="badge" title="Under pressure a subscriber gets only the newest event of a topic">latest only</span>`
      : undefined
  }</p>
${prose(description)}
${params(channel, model)}
<p class="try">Try it</p>
<pre class="shell"><code>${tryLines(channel, model, url)}</code></pre>
${events.map((event) => eventCard(event, event.name, eventId(channel, event.name), model))}${
  snapshot &&
  eventCard(
    snapshot,
    'snapshot',
    snapshotId(channel),
    model,
    'The state of a topic, before the events that change it.',
  )
}</section>
`
}

function pathMarkup({ path }: ChannelModel): Content {
  return path.split(/(\{[^}]+\})/).map((part) => (part.startsWith('{') ? html`<b>${part}</b>` : part))
}

function tryLines(channel: ChannelModel, { definitions }: ContractModel, url: string): Content {
  const one = curlLine(url, exampleAddress(channel, definitions))
  if (channel.params.length === 0) return one
  return html`<span class="c"># one topic</span>
${one}
<span class="c"># every topic of the channel</span>
${curlLine(url, patternOf(channel))}`
}

function params({ params }: ChannelModel, { definitions }: ContractModel): Content {
  if (params.length === 0) return undefined
  const rows = params.map(({ name, schema, description }) => {
    const rules = typeof schema === 'object' ? constraintsOf(schema) : []
    return html`<tr><th scope="row"><code>${name}</code></th><td class="type">${label(typeLabel(schema, definitions))}</td><td>${
      description === undefined ? undefined : html`<span class="said">${inline(description)}</span>`
    }${rules.length === 0 ? undefined : html`<span class="rules">${rules.map((rule) => html`<span>${inline(rule)}</span>`)}</span>`}</td></tr>
`
  })
  return html`<table class="fields">
<thead><tr><th>Param</th><th>Type</th><th>About</th></tr></thead>
<tbody>
${rows}</tbody>
</table>`
}

function eventCard(event: EventModel, name: string, id: string, model: ContractModel, note?: string): Markup {
  const { definitions } = model
  const { schema, version, upgradesFrom = [], title, description, deprecated } = event
  const fields = fieldsOf(resolveSchema(schema, definitions) ?? schema, definitions)
  const isNamed = typeof schema === 'object' && schema.$ref !== undefined
  return html`<article class="card${deprecated === true ? ' old' : ''}" id="${id}">
<h3><a href="${href(id)}">${name}</a>${version === 1 ? undefined : html` <span class="badge">version ${version}</span>`}${
    deprecated === true ? html` <span class="badge warn">deprecated</span>` : undefined
  }</h3>
${title === undefined ? undefined : html`<p class="title">${title}</p>`}
${prose(description)}
${note === undefined ? undefined : html`<p>${note}</p>`}
${
  upgradesFrom.length === 0
    ? undefined
    : html`<p class="older">Subscribers understand version ${upgradesFrom.join(', ')}, too.</p>`
}
${isNamed || fields.length === 0 ? html`<p class="data">Data: ${label(typeLabel(schema, definitions))}</p>` : undefined}
${fieldRows(fields)}
<pre class="json"><code>${jsonMarkup(exampleOf(event, definitions))}</code></pre>
</article>
`
}
