import type { ChannelDefinition } from './channel-definition.ts'
import { ContractError } from './errors.ts'
import { parsePathTemplate } from './path-template.ts'

/** What two sides agree on at run time. */
export interface ContractDefinition {
  readonly name: string
  readonly version: string
  readonly title?: string | undefined
  readonly description?: string | undefined
  readonly channels: Readonly<Record<string, ChannelDefinition>>
}

/** Every channel that two sides agree on, by name. */
export type Contract<Channels = unknown> = Readonly<Channels> & { readonly '~contract': ContractDefinition }

/** A contract, whatever is in it. */
export type AnyContract = { readonly '~contract': ContractDefinition }

/** A channel, whatever its params and events. */
export type AnyChannel = { readonly '~channel': ChannelDefinition }

const contractName = /^[a-z][a-z0-9-]*$/

// [semver.org §2, §9, §10] No number has a leading zero, and no identifier is empty.
const semanticVersion =
  /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/

// `~` begins what is not a channel, and whoever awaited an object with `then` would wait for ever.
const reservedKey = /^(~.*|then)$/

/**
 * Defines a contract: `defineContract({ name: 'shop', version: '1.0.0', channels: { orders: channel(…) } })`.
 * The result has each channel under its name.
 *
 * @throws ContractError when a name or the version cannot hold, or when one address could belong to two channels
 */
export function defineContract<Channels extends Readonly<Record<string, AnyChannel>>>(options: {
  /** Lower-case letters, digits and `-`. */
  readonly name: string
  /** Semantic version of the contract as a whole. */
  readonly version: string
  /** Its name as people write it, for its documentation. */
  readonly title?: string
  /** What it is for, in words: for its documentation. */
  readonly description?: string
  readonly channels: Channels
}): Contract<Channels> {
  const { name, version, title, description, channels } = options
  if (!contractName.test(name)) {
    throw new ContractError(`contract name "${name}" must be lower-case letters, digits and "-"`)
  }
  if (!semanticVersion.test(version)) {
    throw new ContractError(`contract "${name}": "${version}" is not a semantic version such as 1.0.0`)
  }
  const reserved = Object.keys(channels).find((key) => reservedKey.test(key))
  if (reserved !== undefined)
    throw new ContractError(`contract "${name}": channel name "${reserved}" is reserved`)
  const definitions = Object.fromEntries(
    Object.entries(channels).map(([key, channel]) => [key, channel['~channel']]),
  )
  refuseOverlaps(name, definitions)
  return Object.freeze({
    ...channels,
    '~contract': { name, version, title, description, channels: definitions },
  })
}

function refuseOverlaps(name: string, channels: Readonly<Record<string, ChannelDefinition>>): void {
  const templates = Object.entries(channels).map(([key, { path }]) => ({
    key,
    template: parsePathTemplate(path),
  }))
  for (const [index, left] of templates.entries()) {
    const right = templates.slice(index + 1).find(({ template }) => template.overlaps(left.template))
    if (right !== undefined) {
      throw new ContractError(
        `contract "${name}": an address could belong to both "${left.key}" (${left.template.path}) and ` +
          `"${right.key}" (${right.template.path}); begin one of them with another literal`,
      )
    }
  }
}
