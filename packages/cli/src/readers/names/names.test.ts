import { expect, test } from 'vitest'
import { channelPath, pathsOverlap } from './channel-path.ts'
import { contractName, semanticVersion } from './contract-name.ts'
import { eventName } from './event-name.ts'
import { uniqueName } from './unique.ts'
import { camelCase } from './words.ts'

test.each([
  ['orders/{orderId}', 'orders/{orderId}'],
  ['/orders/{orderId}/', 'orders/{orderId}'],
  ['user.{id}.signedup', 'user/{id}/signedup'],
  ['user.signedup', 'user.signedup'],
  ['{a}-{b}', '{a}/{b}'],
  ['v{version}/things', 'v/{version}/things'],
  ['rooms/{room-id}', 'rooms/{roomId}'],
  ['rooms/{room id}/{room-id}', 'rooms/{roomId}/{roomId2}'],
  ['user:created', 'user-created'],
  ['größe/größer als', 'gro-e/gro-er-als'],
  ['/orders/:id', 'orders/{id}'],
  ['home/+/state', 'home/{part}/state'],
  ['home/+/+', 'home/{part}/{part2}'],
  ['stock.*.price', 'stock/{part}/price'],
  ['files/{+path}', 'files/{path}'],
  ['https://example.com/books/{id}', 'books/{id}'],
  ['a//b', 'a/b'],
  ['../.hidden', 'hidden'],
  ['{}', '{param}'],
  ['{unclosed', 'unclosed'],
  ['/', ''],
  ['', ''],
])('the address %j becomes the path %j', (address, path) => {
  expect(channelPath(address).segments.join('/')).toBe(path)
})

test('a path remembers what its params are called in the document', () => {
  expect([...channelPath('a/{room-id}/{x}').params]).toEqual([
    ['roomId', 'room-id'],
    ['x', 'x'],
  ])
})

test.each([
  ['home/#', '"#" stands for many segments; a param is only one'],
  ['stock.>', '">" stands for many segments; a param is only one'],
  ['/ws?token={token}', 'the query "?token={token}" is left out'],
])('what a path cannot say of %j is told', (address, told) => {
  expect(channelPath(address).loosened).toBe(told)
})

test('paths overlap where one address could belong to both', () => {
  expect(pathsOverlap(['a', '{b}'], ['{a}', 'b'])).toBe(true)
  expect(pathsOverlap(['a', '{b}'], ['b', '{b}'])).toBe(false)
  expect(pathsOverlap(['a'], ['a', '{b}'])).toBe(false)
})

test.each([
  ['order.placed', 'order.placed'],
  ['order/placed', 'order.placed'],
  ['com:example:placed', 'com.example.placed'],
  ['Order placed', 'Order-placed'],
  ['7days', '_7days'],
  ['error', 'errorEvent'],
  ['open', 'openEvent'],
  ['message', 'messageEvent'],
  ['millrace.open', 'openEvent'],
  ['millrace.snapshot', 'snapshot'],
  ['__proto__', 'proto'],
  ['añadido', 'anadido'],
  ['!!!', ''],
])('the event %j is called %j', (wanted, name) => {
  expect(eventName(wanted)).toBe(name)
})

test.each([
  ['Slack Real Time Messaging API', 'slack-real-time-messaging-api'],
  ['OneOf example', 'oneof-example'],
  ['3D printers', 'contract-3d-printers'],
  ['Größe', 'gro-e'],
  ['…', 'file'],
])('the contract %j is called %j', (title, name) => {
  expect(contractName(title, 'file')).toBe(name)
})

test.each([
  ['1.2.3', '1.2.3'],
  ['1.0', '1.0.0'],
  ['2', '2.0.0'],
  ['v2.1', '2.1.0'],
  ['1.0.0-rc.1+build', '1.0.0-rc.1+build'],
  ['2024-05-01', '2024.5.1'],
  ['1.2.3.4', '1.2.3-4'],
  ['1.0 beta', '1.0.0-beta'],
  ['latest', '0.0.0'],
  ['', '0.0.0'],
])('the version %j is %j', (text, version) => {
  expect(semanticVersion(text)).toBe(version)
})

test('camel case keeps identifiers and joins words', () => {
  expect(camelCase('userSigned_up')).toBe('userSigned_up')
  expect(camelCase('User signed-up')).toBe('userSignedUp')
  expect(camelCase('42 things')).toBe('_42Things')
  expect(camelCase('…')).toBe('')
})

test('a taken name gets the first free number', () => {
  const taken = new Set(['Order', 'Order2', 'v1'])
  const isTaken = (name: string) => taken.has(name)
  expect(uniqueName('Order', isTaken)).toBe('Order3')
  expect(uniqueName('v1', isTaken)).toBe('v1_2')
  expect(uniqueName('Other', isTaken)).toBe('Other')
})
