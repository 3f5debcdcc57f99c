// Serves a folder on this machine only, with the headers that shared memory needs.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import sirv from 'sirv'

/** A page with both first headers is cross-origin isolated; the third lets such pages load what is served here. */
export const ISOLATION_HEADERS: Record<string, string> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

export interface ServeOptions {
  folder: string
  /** 0 means any that is free. */
  port: number
  isolated: boolean
  /** Asked before the folder is: whether it has answered. */
  answer?: (request: IncomingMessage, response: ServerResponse) => boolean
}

export interface Serving {
  url: string
  close(): Promise<void>
}

export async function serveFolder({ folder, port, isolated, answer }: ServeOptions): Promise<Serving> {
  const serveFile = sirv(folder, { dev: true, etag: true }) // dev: looks at the files anew, so a rebuild is seen
  const headers = Object.entries(isolated ? ISOLATION_HEADERS : {})
  const server = createServer((request, response) => {
    for (const [name, value] of headers) response.setHeader(name, value)
    response.setHeader('Cache-Control', 'no-cache')
    if (answer?.(request, response)) return
    serveFile(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n')
    })
  })
  await listen(server, port)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => close(server),
  }
}

/** The same on the first free port from `port` on. */
export async function serveOnNextFree(options: ServeOptions): Promise<Serving> {
  const last = options.port + 99
  for (let port = options.port; ; port++) {
    try {
      return await serveFolder({ ...options, port })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port === last) throw error
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
