// The example of the queue: a server whose state one thread writes to SQLite behind it, and is killed at that. It needs node:sqlite: where
// this Node has none it is run by a newer one.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { findRuntime } from '../../scripts/package/runtimes.mjs'

const PROGRAM = fileURLToPath(new URL('../../build/examples/state-writer/main.js', import.meta.url))
const hasSqlite = Number(process.versions.node.split('.')[0]) >= 24

it('writes the state that the map has, however often the writer is killed', { timeout: 120_000 }, async ({ skip }) => {
  const node = hasSqlite ? process.execPath : await findRuntime('node@24')
  if (!node && !process.env.CI) skip('npm cannot install node@24 here')
  const { stdout } = await promisify(execFile)(node!, [PROGRAM, '2', '1500'])
  expect(stdout).toContain('2 threads answered 1500 requests, wrong: 0')
  expect(stdout).toMatch(/the writer was killed 5 times; it wrote \d+ rows in \d+ batches/)
  expect(stdout).toContain('the file has 300 of 300 users, 300 as in the map, with 1500 visits')
})

it('says what is needed where there is no SQLite', async () => {
  const without = hasSqlite ? ['--no-experimental-sqlite'] : []
  const run = promisify(execFile)(process.execPath, [...without, PROGRAM])
  await expect(run).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^This example writes to SQLite by node:sqlite.*\n$/),
  })
})
