import { get } from 'node:http'
import { frameExtensionFields, SseParser } from '@millrace/protocol'

/** A block of a stream of numbers. */
export interface Block {
  readonly event: string
  readonly id: string
  readonly topic?: string
  readonly data: { readonly verdict?: string; readonly number?: number; readonly filler?: string }
}

/** Reads a stream up to the event whose filler is `after`. */
export function readToLast(
  url: string,
  headers: Readonly<Record<string, string>>,
  onBlock: (seen: number) => Promise<void>,
): Promise<readonly Block[]> {
  return new Promise((resolve, reject) => {
    const blocks: Block[] = []
    const asked = get(url, { agent: false, headers }, (response) => {
      const parser = new SseParser({
        extensionFields: frameExtensionFields,
        ...(headers['last-event-id'] ? { lastEventId: headers['last-event-id'] } : {}),
      })
      response.on('data', (chunk: Uint8Array) => {
        parser.push(chunk)
        for (let item = parser.next(); item; item = parser.next()) {
          if (!('event' in item)) continue
          const { event, data, lastEventId: id, fields } = item
          const block: Block = { event, id, data: JSON.parse(data), ...fields }
          blocks.push(block)
          onBlock(blocks.length).catch(reject)
          if (block.data.filler !== 'after') continue
          asked.destroy()
          resolve(blocks)
        }
      })
      response.on('error', () => {})
    })
    asked.on('error', reject)
  })
}
