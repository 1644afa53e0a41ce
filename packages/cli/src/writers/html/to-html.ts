import type { ContractModel } from '../../model/contract-model.ts'
import { curlLine, exampleAddress } from '../documentation/channel-example.ts'
import { exampleOf } from '../documentation/example-value.ts'
import { channelSection } from './channel-section.ts'
import { type Content, html, prose } from './html-text.ts'
import { navigation } from './navigation.ts'
import { style } from './style.ts'
import { typeSection } from './type-section.ts'

/** What documentation says that a contract does not. */
export interface HtmlOptions {
  /** Where the streams are served, for the lines to try. @default 'http://localhost:4000/events' */
  readonly url?: string
}

/** A contract as documentation: one page that needs nothing else, no script either. */
export function toHtml(model: ContractModel, options: HtmlOptions = {}): string {
  const { url = 'http://localhost:4000/events' } = options
  const { name, title = name, version, description, channels, definitions } = model
  const types = Object.keys(definitions)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="millrace">
<title>${title} ${version}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<div class="page">
${navigation(model)}
<main>
<header>
<h1>${title}</h1>
<p class="lead">Version ${version} of the contract <code>${name}</code></p>
<div class="prose">${prose(description)}</div>
</header>
${following(model, url)}
${channels.map((channel) => channelSection(channel, model, url))}
${
  types.length === 0
    ? undefined
    : html`<section id="types">
<h2><a href="#types">Types</a></h2>
${types.map((type) => typeSection(type, model))}</section>`
}
<footer>Written by millrace from the contract ${name} ${version}.</footer>
</main>
</div>
</body>
</html>
`
  return page.markup
}

/** How one follows the events, with what a first one would look like. */
function following({ channels, definitions }: ContractModel, url: string): Content {
  const channel = channels.find(({ events }) => events.length > 0)
  const event = channel?.events[0]
  if (channel === undefined || event === undefined) return undefined
  const address = exampleAddress(channel, definitions)
  const frame = `id: k3f9.1042
event: ${event.name}
topic: ${address}
time: 1763683200000${event.version === 1 ? '' : `\nversion: ${event.version}`}
data: ${JSON.stringify(exampleOf(event, definitions))}`
  return html`<section id="following">
<h2><a href="#following">Following events</a></h2>
<p>Events arrive as Server-Sent Events over plain HTTP. Any reader of them will do, a browser’s own <code>EventSource</code> included; the data is JSON.</p>
<pre class="shell"><code>${curlLine(url, address)}</code></pre>
<pre class="frame"><code>${frame}</code></pre>
<p>To go on after a break, ask again with the last <code>id</code> as <code>last-event-id</code>. To begin with the oldest event held, ask with <code>from=earliest</code>.</p>
</section>
`
}
