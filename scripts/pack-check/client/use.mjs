import * as client from '@millrace/client'
import * as eventsource from '@millrace/client/eventsource'
import { exercise } from './exercise.cjs'

await exercise(client, eventsource)
