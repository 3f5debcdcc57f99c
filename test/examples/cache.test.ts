// The example of the cache: a server under load.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('a server on worker threads renders each page once, and lets no client have more than its limit', async () => {
  const program = fileURLToPath(new URL('../../build/examples/cache/main.js', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program, '2', '2000'])
  expect(stdout).toContain('2 threads answered 1200 requests and refused 800, wrong: 0')
  expect(stdout).toContain('pages: 25 of 25, each rendered 1 time(s)')
  expect(stdout).toContain('sessions: 20, with 1200 views')
})
