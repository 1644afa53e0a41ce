import { encodeSegment } from '@millrace/contract'
import type { ChannelModel, ContractModel } from '../../model/contract-model.ts'
import { exampleValue } from './example-value.ts'

/** The address of every topic of a channel: `orders/*`. */
export function patternOf({ path }: ChannelModel): string {
  return path.replaceAll(/\{[^}]+\}/g, '*')
}

/** The address of one topic: `orders/42`. */
export function exampleAddress(
  { path, params }: ChannelModel,
  definitions: ContractModel['definitions'],
): string {
  return path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const param = params.find((one) => one.name === name)
    const value = param === undefined ? name : exampleValue(param.schema, definitions)
    // `42` looks more like a place than `string` does.
    return encodeSegment(typeof value === 'string' && value !== 'string' ? value : '42')
  })
}

/** A line that shows a stream in a terminal. Addresses hold nothing that a shell would change within quotes. */
export function curlLine(url: string, address: string): string {
  // A query is decoded once before the address is read.
  return `curl -N '${url.replaceAll("'", '%27')}?topic=${address.replaceAll('%', '%25')}'`
}
