import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { shop } from './shop.ts'

export const events = createEventServer({ contract: shop, log: memoryLog() })
