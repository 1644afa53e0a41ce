import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { shop } from './contract.ts'

export const log = memoryLog()
export const events = createEventServer({ contract: shop, log, maxAge: 60_000, heartbeat: 200 })
