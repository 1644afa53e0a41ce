import { expect, it } from 'vitest'
import { fileLabel } from './file-label.ts'

it.each([
  ['/srv/app/logs/app.log', '/srv/app', 'logs/app.log'],
  ['/srv/app/app.log', '/srv/app', 'app.log'],
  ['/var/log/nginx/access.log', '/srv/app', '/var/log/nginx/access.log'],
  ['/srv/app', '/srv/app', '/srv/app'],
  ['/srv/app/ü *?#%.log', '/srv/app', 'ü *?#%.log'],
])('%s from %s is %s', (path, from, label) => {
  expect(fileLabel(path, from)).toBe(label)
})
