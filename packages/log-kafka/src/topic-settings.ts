import { ConfigResourceTypes, type Connection, describeConfigsV4 } from '@platformatic/kafka'
import { answerOf } from './errors.ts'

/** What a topic's settings are set to, by their names; `undefined` where this user is not told. */
export async function readTopicSettings(
  connection: Connection,
  name: string,
  keys: string[],
): Promise<ReadonlyMap<string, string | null | undefined> | undefined> {
  const resource = {
    resourceType: ConfigResourceTypes.TOPIC,
    resourceName: name,
    configurationKeys: keys,
  }
  try {
    const { results } = await describeConfigsV4.api.async(connection, [resource])
    return new Map(results[0]?.configs.map(({ name, value }) => [name, value]))
  } catch (error) {
    if (answerOf(error) !== 'TOPIC_AUTHORIZATION_FAILED') throw error
    return undefined
  }
}
