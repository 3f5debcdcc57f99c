// Runtimes that lack something, or forbid it: the import works everywhere, and what cannot be done says why.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const LIBRARY = JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)

/** What a program prints that makes a map, or what the error says. */
async function outcome(
  before: string,
  ...flags: string[]
): Promise<{ made?: unknown; code?: string; message?: string; isOurs?: boolean }> {
  const program = `
    ${before}
    const { SharedMap, TophashError } = await import(${LIBRARY})
    try {
      const map = new SharedMap([['a', { x: [1] }]])
      console.log(JSON.stringify({ made: [...map] }))
    } catch (error) {
      console.log(JSON.stringify({ code: error.code, message: error.message, isOurs: error instanceof TophashError }))
    }`
  const { stdout } = await run(process.execPath, [...flags, '--input-type=module', '--eval', program])
  return JSON.parse(stdout) as object
}

describe('node', () => {
  it('--frozen-intrinsics has all of it', async () => {
    expect(await outcome('', '--frozen-intrinsics')).toEqual({ made: [['a', { x: [1] }]] })
  })

  it.each<[what: string, fragments: readonly string[], before: string, ...flags: string[]]>([
    ['--jitless, which has no WebAssembly', ['no WebAssembly', '--jitless'], '', '--jitless'],
    [
      'without crypto',
      ['no crypto.getRandomValues', 'hash function'],
      'delete globalThis.crypto; process.getBuiltinModule = undefined',
    ],
    [
      'without SharedArrayBuffer, though isolated',
      ['no SharedArrayBuffer'],
      'delete globalThis.SharedArrayBuffer; globalThis.crossOriginIsolated = true',
    ],
    [
      'where a policy forbids to compile',
      ["'wasm-unsafe-eval'", 'Content-Security-Policy', 'Refused'],
      'WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("Refused to compile") } }',
    ],
  ])('%s, says so', async (_, fragments, before, ...flags) => {
    const { code, message, isOurs } = await outcome(before, ...flags)
    expect({ code, isOurs }).toEqual({ code: 'ERR_UNSUPPORTED', isOurs: true })
    for (const fragment of fragments) expect(message).toContain(fragment)
    if (!before.includes('crossOriginIsolated')) return
    expect(message).not.toContain('isolated')
  })

  it('takes crypto from node:crypto if it is not global', async () => {
    expect(await outcome('delete globalThis.crypto')).toHaveProperty('made')
  })
})
