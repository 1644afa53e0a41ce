import type { Log, NewRecord } from '../log.ts'
import { checkEqual } from './check.ts'
import { aRecord, numbered, type StageTest } from './stage.ts'

const payloads: Readonly<Record<string, Partial<NewRecord>>> = {
  'no key': {},
  'a key': { key: 'order-42/placed' },
  'a key of other characters': { key: 'ключ 🔑 "\\ \u2028' },
  'a trace': { trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  'a key and a trace of a later version': {
    key: 'order-42/placed',
    trace: 'fe-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-and more',
  },
  'empty data': { data: '' },
  'data of every script': { data: '"aé߷ह中\u{1f9f5}e\u0301"' },
  'data with line and paragraph separators': { data: '"\u2028\u2029\u0085"' },
  'data with line ends and tabs': { data: '{\r\n\t"a":\r1\n}' },
  'data with escapes': { data: JSON.stringify('\u0000\ud800"\\\b') },
  'data that looks like a command': { data: `"'; DROP TABLE records; -- $1 %s {0} \${x}"` },
  'data with a byte order mark': { data: '\ufeff"a"' },
  'long data': { data: JSON.stringify('0123456789abcdeß'.repeat(12_500)) },
  'a topic with wildcards and spaces': { topic: 'orders/a b/*/>/#/+/ключ.%2F' },
  'an event with dots and colons': { event: 'order.line:placed – 中' },
  'a large version': { version: 2_147_483_647 },
  'a time of 0': { time: 0 },
  'a time in the far future': { time: 253_402_300_799_999 },
}

/** Every property comes back as it went in: the log knows no schema and no alphabet. */
export function payloadTests<L extends Log>(test: StageTest<L>): void {
  for (const [name, properties] of Object.entries(payloads)) {
    test(`returns ${name} unchanged, read and told`, async (stage) => {
      const records = [aRecord(1, properties), aRecord(2)]
      const watcher = stage.watch(await stage.place(0))
      await stage.log.append(records)
      await watcher.untilOffset(2)
      checkEqual(
        (await stage.log.read(0, 10)).records.slice(0, 1),
        numbered(records).slice(0, 1),
        'what was read',
      )
      checkEqual(watcher.received, numbered(records), 'what was told')
    })
  }

  test('keeps a record as it was, whatever becomes of what was appended', async (stage) => {
    const record = { ...aRecord(1) }
    await stage.log.append([record])
    record.data = '"changed"'
    checkEqual(await stage.readAll(), numbered([aRecord(1)]), 'the records')
  })
}
