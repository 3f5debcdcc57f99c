// Every piece of JavaScript in the README and in docs/ runs as it is written, and prints what its comments say.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Server, hasServer } from '../redis/server.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FOLDER = `${ROOT}build/test/docs/` // inside the package, so that what runs there finds 'tophash' by its name

interface Piece {
  readonly file: string
  readonly line: number
  readonly code: string
}

const files = [
  'README.md',
  ...(readdirSync(`${ROOT}docs`, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
]
/** A client of 23 MB that the tests do without: docs/TIERED.md says that it was tried by hand, with what is written there. */
const LEFT_OUT = '@valkey/valkey-glide'
/** Those that need a server find it by an environment variable, as they say. */
const pieces = files
  .flatMap(piecesOf)
  .filter(({ code }) => (hasServer || !code.includes('REDIS_URL')) && !code.includes(LEFT_OUT))

describe('the code in the documents', () => {
  let server: Server | undefined
  beforeAll(async () => {
    if (hasServer) server = await Server.start()
  })
  afterAll(() => server?.end())

  it('is there', () => {
    expect(pieces.length).toBeGreaterThanOrEqual(5)
    expect(pieces.some(({ file }) => file === 'README.md')).toBe(true)
  })

  it('is JavaScript that can be run, or no code', () => {
    for (const file of files) expect(readFileSync(ROOT + file, 'utf8'), file).not.toMatch(/^```(ts|mjs|javascript)$/m)
  })

  it.each(pieces)('runs, and prints what it says: $file, line $line', { timeout: 60_000 }, async ({ file, line, code }) => {
    mkdirSync(FOLDER, { recursive: true })
    const program = `${FOLDER}${file.replaceAll('/', '-')}-${line}.mjs`
    writeFileSync(program, code)
    const { stdout } = await promisify(execFile)(process.execPath, [program], {
      cwd: FOLDER,
      env: { ...process.env, ...(server ? { REDIS_URL: server.url } : {}) },
    })
    for (const promised of promisedBy(code)) expect(wordsOf(stdout)).toEqual(expect.arrayContaining(wordsOf(promised)))
  })
})

function piecesOf(file: string): Piece[] {
  const text = readFileSync(ROOT + file, 'utf8')
  return [...text.matchAll(/^```js\n(.*?)^```/gms)].map((found) => ({
    file,
    line: text.slice(0, found.index).split('\n').length,
    code: found[1]!,
  }))
}

/** What stands behind each console.log(...) of a piece. */
function promisedBy(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\) \/\/ (.*?)(?:, in any order)?$/gm)].map((found) => found[1]!)
}

/** A text without its order: two threads, or a map, may have another. */
function wordsOf(text: string): string[] {
  return text
    .replace(/[{}'"\n]/g, ' ')
    .split(/[\s,]+/)
    .filter(Boolean)
}
