// `npm run page`: builds the benchmark page and serves it until Ctrl-C.
import { parseArgs } from 'node:util'
import { bundlePage } from './bundle.js'
import { serveFolder, serveOnNextFree, type Serving } from './server.js'

const USAGE = `npm run page -- [options]

  --port N         listen on this port (default: 8080, or the next that is free)
  --no-isolation   leave out the COOP and COEP headers, to see what the page says then
  --help           this text`

const DEFAULT_PORT = 8080

class PortError extends Error {}

try {
  await main()
} catch (error) {
  console.error(explain(error as NodeJS.ErrnoException))
  process.exit(isUsage(error as NodeJS.ErrnoException) ? 2 : 1)
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, 'no-isolation': { type: 'boolean' }, help: { type: 'boolean' } },
  })
  if (values.help) {
    console.log(USAGE)
    return
  }
  const isolated = !values['no-isolation']
  const port = values.port === undefined ? undefined : parsePort(values.port)
  console.error('Building the page ...')
  const folder = await bundlePage()
  const serving =
    port === undefined
      ? await serveOnNextFree({ folder, port: DEFAULT_PORT, isolated })
      : await serveFolder({ folder, port, isolated })
  console.log(`Benchmark page: ${serving.url}${isolated ? '' : ' (without the isolation headers)'}`)
  console.log('Ctrl-C ends it.')
  closeOnSignal(serving)
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65535) throw new PortError(`--port takes a number from 0 to 65535, not '${text}'`)
  return port
}

function closeOnSignal(serving: Serving): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void serving.close())
}

function isUsage(error: NodeJS.ErrnoException): boolean {
  return error instanceof PortError || (error.code?.startsWith('ERR_PARSE_ARGS') ?? false)
}

function explain(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return 'This port is taken: choose another by --port, or leave the option out.'
  if (isUsage(error)) return `${error.message}\n\n${USAGE}`
  return error.message
}
