// The few lines that begin the suite in each kind of runtime. They import the one build.

/** A process of Node, Bun or Deno: addresses in, outcome out. */
export const processEntry = `import { runSuite } from './suite.js'
const [streams, control] = process.argv.slice(2)
console.log('OUTCOME ' + JSON.stringify(await runSuite({ streams, control })))
process.exit()
`

/** A Cloudflare worker: addresses in the query, the outcome as answer. */
export const workersEntry = `import { runSuite } from './suite.js'
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url)
    return Response.json(await runSuite(Object.fromEntries(searchParams)))
  },
}
`

/** A web worker: addresses in a message, and the outcome in another. */
export const webWorkerEntry = `import { runSuite } from './suite.js'
onmessage = async ({ data }) => postMessage(await runSuite(data))
`

/** A page: addresses in its query, the outcome as a request. */
export const pageEntry = `<!doctype html><meta charset="utf-8"><script type="module">
const { worker, ...addresses } = Object.fromEntries(new URLSearchParams(location.search))
async function runInWorker() {
  const worker = new Worker('/worker.js', { type: 'module' })
  const outcome = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
  })
  worker.postMessage(addresses)
  return outcome
}
let outcome
try {
  outcome = await (worker ? runInWorker() : import('/suite.js').then(({ runSuite }) => runSuite(addresses)))
} catch (error) {
  outcome = [{ name: 'begins', fault: String(error) }]
}
await fetch(addresses.control + '/outcome', { method: 'POST', body: JSON.stringify(outcome) })
</script>
`

/** A page that is looked at within the other one, and left: what to follow in its query, what it has handled as messages. */
export const frameEntry = `<!doctype html><meta charset="utf-8"><script type="module">
import { followDurably } from '/suite.js'
const { streams, kind, orderId } = Object.fromEntries(new URLSearchParams(location.search))
followDurably(streams, kind, orderId, (number) => parent.postMessage({ orderId, number }))
</script>
`
