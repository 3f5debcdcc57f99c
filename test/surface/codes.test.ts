// The codes of errors: the type, the table in docs/ERRORS.md and what the sources throw name the same ones.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const CODE = /\bERR_[A-Z_]+\b/g

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(ROOT, 'src', file), 'utf8') }))

/** The members of the type, as it is written. */
const declared = codesIn(/type TophashErrorCode =([^/]*?)\n\n/.exec(textOf('core/errors.ts'))![1]!)
/** Codes in quotation marks: those that are thrown, and those of the type. */
const thrown = unique(
  sources
    .flatMap(
      ({ file, text }) =>
        (file === 'core/errors.ts' ? text.replace(/type TophashErrorCode =[^/]*?\n\n/, '') : text).match(/'ERR_[A-Z_]+'/g) ?? [],
    )
    .map((code) => code.slice(1, -1)),
)

describe('the codes of errors', () => {
  it('are those that the sources throw, all of them and no others', () => {
    expect(declared.length).toBeGreaterThan(10)
    expect(thrown).toEqual(declared)
  })

  it('are named rightly wherever a comment names one', () => {
    for (const { file, text } of sources) for (const code of codesIn(text)) expect(declared, file).toContain(code)
  })

  it('are all in docs/ERRORS.md, in a row of its table each', () => {
    const rows = readFileSync(join(ROOT, 'docs/ERRORS.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `ERR_'))
    expect(unique(rows.map((row) => /ERR_[A-Z_]+/.exec(row)![0]))).toEqual(declared)
    expect(rows).toHaveLength(declared.length)
  })

  it('that the README names are among them', () => {
    for (const code of codesIn(readFileSync(join(ROOT, 'README.md'), 'utf8'))) expect(declared).toContain(code)
  })
})

function textOf(file: string): string {
  return sources.find((source) => source.file === file)!.text
}

function codesIn(text: string): string[] {
  return unique(text.match(CODE) ?? [])
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort()
}
