// V8 of Node 20 and 22 ends the process if it has to compile a regular expression near the end of the stack. So the library
// has as few as can be, and each of them is compiled when it is imported: see src/core/compiled.ts.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { parseAst } from 'vitest/node'
import { runProgram } from '../support/programs.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Methods that make a regular expression of whatever they are given. */
const MAKERS = ['match', 'matchAll', 'search']

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly regex?: { readonly pattern: string; readonly flags: string }
  readonly callee?: Node & { readonly property?: { readonly name?: string } }
}

/** The regular expressions of a script, and what makes some at run time. */
function regexpsIn(file: string): string[] {
  const { code } = transformSync(readFileSync(file, 'utf8'), { loader: file.endsWith('.ts') ? 'ts' : 'js', target: 'es2022' })
  const textOf = ({ start, end }: Node): string => code.slice(start, end)
  const found: string[] = []
  const visit = (part: unknown, parent?: Node): void => {
    if (typeof part !== 'object' || part === null) return
    const node = part as Node
    const { type, regex, callee } = node
    const isCompiled = parent?.callee && textOf(parent.callee) === 'compiled'
    if (type === 'Literal' && regex) found.push(`${isCompiled ? 'compiled ' : ''}/${regex.pattern}/${regex.flags}`)
    if (callee && (textOf(callee) === 'RegExp' || MAKERS.includes(callee.property?.name ?? ''))) found.push(textOf(node))
    for (const child of Object.values(node)) visit(child, Array.isArray(node) ? parent : node)
  }
  visit(parseAst(code))
  return found
}

function regexpsOf(folder: string, extension: string): string[] {
  const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  const all = files
    .filter((file) => file.endsWith(extension) && !file.endsWith('.d.ts'))
    .map((file) => path.join(ROOT, folder, file))
  expect(all.length).toBeGreaterThan(2)
  return [...new Set(all.flatMap(regexpsIn))].sort()
}

const OWN = 'compiled /[^\\0-\\xff]/'
/** Of devalue: in how it writes texts, in the path to what it refuses, and where a value is a regular expression. */
const OF_DEVALUE = ['/["<\\\\\\u0000-\\u001f\\u2028\\u2029]/', '/[<\\u2028\\u2029]/g', '/^[a-zA-Z_$][a-zA-Z_$0-9]*$/']
const OF_VALUES = 'new RegExp(source, flags)'
/** Of the loader, which runs it for each export when a thread makes or joins a heap. */
const OF_LOADER = '/^(get|set):/'

describe('regular expressions', () => {
  it('are one in the sources', () => {
    expect(regexpsOf('src', '.ts')).toEqual([OWN])
  })

  it('are these in the bundle', () => {
    expect(regexpsOf('dist', '.js')).toEqual([OWN, ...OF_DEVALUE, OF_VALUES, OF_LOADER].sort())
  })

  it('are all compiled at import, for texts of bytes and for others', async () => {
    const { stdout, stderr } = await runProgram(`
      const runs = {}
      const { exec } = RegExp.prototype
      RegExp.prototype.exec = function (text) {
        const [narrow, wide] = runs['/' + this.source + '/' + this.flags] ?? [0, 0]
        const isWide = [...text].some((char) => char > '\\u00ff')
        runs['/' + this.source + '/' + this.flags] = isWide ? [narrow, wide + 1] : [narrow + 1, wide]
        return exec.call(this, text)
      }
      await import(tophash)
      console.log(JSON.stringify(runs))`)
    expect(stderr).toBe('')
    const runs = JSON.parse(stdout) as Record<string, [number, number]>
    for (const expression of [OWN.replace('compiled ', ''), ...OF_DEVALUE, OF_LOADER]) {
      const [narrow, wide] = runs[expression] ?? [0, 0]
      expect([expression, narrow > 1, wide > 1]).toEqual([expression, true, true])
    }
  })
})

/** Calls `step` with 0, 1, 2 ... farther and farther from the end of the stack, beginning at it, in frames of so many words. */
const WALK = `
  const { SharedHeap, SharedMap } = await import(tophash)
  const endOfStack = (words, times, step) => {
    const names = Array.from({ length: words }, (_, i) => 'p' + i)
    let n = 0
    const make = new Function('step', 'return function walk(' + names + ') { try { walk(' + names + ') } finally { step() } }')
    try { make(() => { if (n < times) step(n++) })() } catch {}
  }
`

describe('a stack overflow that a program handles', () => {
  const programs: Record<string, string> = {
    'comes up in an encoding, after a getter has thrown': `
      const m = new SharedMap()
      try { m.set('k', { get x() { throw new Error('ordinary') } }) } catch {}
      m.set('k', { a: [1, { b: 2 }] })
      const walk = (d) => { try { walk(d + 1) } finally { m.set('last', { d, path: ['x', { y: 1 }] }) } }
      try { walk(0) } catch {}`,
    'comes up in the first encodings, refusals and long texts': `
      const m = new SharedMap()
      const steps = [
        (n) => m.set('object', { ['key ' + n]: ['<', '\\u1234', n] }),
        (n) => m.set('refused', { ['key ' + n]: [{ a: Symbol() }] }),
        (n) => m.set('key'.repeat(30), 'é'.repeat(100) + n),
        (n) => m.set('\\u1234'.repeat(30), '\\u1234'.repeat(100) + n),
      ]
      for (let words = 0; words < 24; words++) endOfStack(words, 100, (n) => steps[(n + words) % 4](n))`,
    'comes up where the first map and the first heap are made': `
      for (let words = 0; words < 24; words += 6) endOfStack(words, 60, (n) => new (n % 2 ? SharedMap : SharedHeap)().dispose())`,
    'comes up in a decoding': `
      const m = new SharedMap([['k', { a: [/x|y/i, new Error('e'), 'text'] }]])
      for (let words = 0; words < 24; words++) endOfStack(words, 100, () => m.get('k'))`,
  }
  it.each(Object.entries(programs))('does not end the process: %s', async (_name, program) => {
    const { code, stdout, stderr } = await runProgram(`${WALK}${program}\nconsole.log('alive')`)
    expect([code, stdout, stderr]).toEqual([0, 'alive\n', ''])
  })
})
