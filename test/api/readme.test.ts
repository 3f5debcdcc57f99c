// The README's example runs as it is written, and prints what its comment says.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const README = fileURLToPath(new URL('../../README.md', import.meta.url))
const FOLDER = fileURLToPath(new URL('../../build/test/', import.meta.url))

it("runs the README's example", { timeout: 60_000 }, async () => {
  const example = /```js\n(.*?)```/s.exec(readFileSync(README, 'utf8'))?.[1]
  expect(example).toBeDefined()
  const promised = /console\.log\(.*\) \/\/ (\{.*?\})/.exec(example!)?.[1]
  expect(promised).toBeDefined()

  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(`${FOLDER}visits.mjs`, example!) // inside the package, so that it finds 'tophash' by its name
  const { stdout } = await promisify(execFile)(process.execPath, [`${FOLDER}visits.mjs`])
  const entriesOf = (text: string): string[] => text.replace(/[{}'\s]/g, '').split(',').sort()
  expect(entriesOf(stdout)).toEqual(entriesOf(promised!))
})
