import http from 'node:http'
import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { shop } from './shop.ts'

const events = createEventServer({ contract: shop, log: memoryLog() })
http.createServer(toNodeListener(events)).listen(4000) // elsewhere: export const GET = events.fetch

const orderId = '0d9b2a8e-6a55-4c39-9f0c-2f1f6c7a3b11'
const { id } = await events.publish(shop.orders({ orderId }), 'placed', { total: 10, at: new Date() })
console.log(`published as ${id}`)
