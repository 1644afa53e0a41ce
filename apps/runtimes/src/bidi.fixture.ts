/** Has a browser open a page that may have any certificate, over its WebDriver BiDi. [W3C WebDriver BiDi] */
export async function driveWithBidi(address: string, url: string): Promise<void> {
  const socket = new WebSocket(`${address}/session`)
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('The browser takes no commands'))
  })
  let id = 0
  const call = (method: string, params: object) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const own = ++id
      const listen = ({ data }: MessageEvent) => {
        const { id, error, message, result } = JSON.parse(data)
        if (id !== own) return
        socket.removeEventListener('message', listen)
        if (error === undefined) resolve(result)
        else reject(new Error(`${method}: ${message}`))
      }
      socket.addEventListener('message', listen)
      socket.send(JSON.stringify({ id: own, method, params }))
    })
  await call('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } })
  const { context } = await call('browsingContext.create', { type: 'tab' })
  await call('browsingContext.navigate', { context, url, wait: 'none' })
}
