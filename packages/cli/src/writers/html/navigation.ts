import type { ContractModel } from '../../model/contract-model.ts'
import { channelId, eventId, href, snapshotId, typeHref } from './anchors.ts'
import { type Content, html, type Markup } from './html-text.ts'
import { typeTitle } from './type-section.ts'

/** Every channel with its events, and the types. Beside the page where there is room, folded above it where not. */
export function navigation(model: ContractModel): Markup {
  const list = html`<ul>
${model.channels.map(
  (channel) => html`<li><a class="channel" href="${href(channelId(channel))}">${channel.key}</a><ul>
${channel.events.map(
  ({ name, deprecated }) =>
    html`<li><a class="${deprecated === true ? 'old' : ''}" href="${href(eventId(channel, name))}">${name}</a></li>
`,
)}${
  channel.snapshot &&
  html`<li><a href="${href(snapshotId(channel))}"><i>snapshot</i></a></li>
`
}</ul></li>
`,
)}${types(model)}</ul>`
  return html`<nav class="wide" aria-label="Contents">${list}</nav>
<details class="narrow"><summary>Contents</summary><nav aria-label="Contents">${list}</nav></details>`
}

function types(model: ContractModel): Content {
  const names = Object.keys(model.definitions)
  if (names.length === 0) return undefined
  return html`<li><a class="channel" href="#types">Types</a><ul>
${names.map(
  (name) => html`<li><a href="${typeHref(name)}">${typeTitle(name, model)}</a></li>
`,
)}</ul></li>
`
}
