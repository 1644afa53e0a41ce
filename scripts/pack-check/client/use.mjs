import * as client from '@millrace/client'
import { exercise } from './exercise.cjs'

await exercise(client)
