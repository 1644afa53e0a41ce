import { present } from '../document.ts'

export function serverItem(url: string): object {
  const { protocol, host, pathname } = new URL(url)
  return present({
    host,
    pathname: pathname === '/' ? undefined : pathname,
    protocol: protocol.replace(':', ''),
  })
}
