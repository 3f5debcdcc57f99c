// Runs the page's own server, as `npm run page` does.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { packageRoot } from '../../bench/page/bundle.js'

export interface Served {
  url: string
  stop(): Promise<void>
}

/** Resolves when the server has printed its address. */
export async function servePage(...options: string[]): Promise<Served> {
  const script = path.join(packageRoot, 'build/bench/page/serve.js')
  const child = spawn(process.execPath, [script, '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
  return { url: await readUrl(child), stop: () => stop(child) }
}

function readUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const read = (chunk: Buffer): void => {
      output += chunk.toString()
      const url = /http:\/\/[^\s]+/.exec(output)?.[0]
      if (url) resolve(url)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => reject(new Error(`The page's server ended with ${code}:\n${output}`)))
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
