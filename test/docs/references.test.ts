// What comments and documents refer to is there: files by their names, sections by their numbers, links with their anchors.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FOLDERS = ['assembly', 'src', 'test', 'bench', 'examples', 'scripts', 'docs']
const SKIPPED = /(^|\/)(node_modules|target|\.git)(\/|$)/

const files = [
  ...readdirSync(ROOT).filter((name) => /\.(md|ts|mjs|json)$/.test(name)),
  ...FOLDERS.flatMap((folder) =>
    (readdirSync(ROOT + folder, { recursive: true }) as string[])
      .map((name) => `${folder}/${name.split(path.sep).join('/')}`)
      .filter((name) => !SKIPPED.test(name) && /\.\w+$/.test(name)),
  ),
]
const sources = files.filter((file) => /\.(ts|mjs|pml)$/.test(file))
const documents = files.filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md')
const textOf = (file: string): string => readFileSync(ROOT + file, 'utf8')

/** Comments of a source, with what is before them on their lines blanked. */
function commentsOf(file: string): string {
  const text = textOf(file)
  const comments = text.match(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm) ?? []
  return comments.join('\n').replaceAll(/\n\s*(\*|\/\/) ?/g, ' ')
}

/** The documents that a name stands for: its path from the root, from a document, or its end. */
function documentsNamed(name: string): string[] {
  return documents.filter((file) => file === name || file.endsWith(`/${name}`))
}

/** Numbers of the sections of a document. */
function sectionsOf(file: string): Set<number> {
  return new Set([...textOf(file).matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number)))
}

/** "2", "3 to 6", "2 and 5". */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/(\d+)(?: to (\d+))?/g)].flatMap(([, first, last]) =>
    Array.from({ length: Number(last ?? first) - Number(first) + 1 }, (_, i) => Number(first) + i),
  )
}

const SECTION = /([\w./-]+\.md)(?:\]\([^)]*\))?,\s+sections?\s+(\d+(?: to \d+)?(?:(?:,| and) \d+(?: to \d+)?)*)/g

describe('what is referred to', () => {
  it('by a section of a document is there', () => {
    const references = [
      ...sources.map((file) => [file, commentsOf(file)]),
      ...documents.map((file) => [file, textOf(file)]),
    ].flatMap(([file, text]) =>
      [...text!.matchAll(SECTION)].map(([, name, numbers]) => ({ file, name: name!, numbers: numbersIn(numbers!) })),
    )
    const wrong = references.filter(({ name, numbers }) => {
      const [document, ...others] = documentsNamed(name)
      return document === undefined || others.length > 0 || numbers.some((number) => !sectionsOf(document).has(number))
    })
    expect(references.length).toBeGreaterThan(15)
    expect(wrong).toEqual([])
  })

  it('by a link of a document is there, and so is its heading', () => {
    const links = documents.flatMap((file) =>
      [...textOf(file).matchAll(/\]\((?!\w+:)([^)\s]+)\)/g)].map(([, target]) => ({ file, target: target! })),
    )
    const wrong = links.filter(({ file, target }) => {
      const [name, anchor] = target.split('#') as [string, string | undefined]
      const there = name === '' ? file : path.posix.join(path.posix.dirname(file), name)
      if (!existsSync(ROOT + there)) return true
      return anchor !== undefined && !anchorsOf(there).has(anchor)
    })
    expect(links.length).toBeGreaterThan(30)
    expect(wrong).toEqual([])
  })

  it('by the name of a file, in a comment or a document, is there', () => {
    const texts = [...sources.map((file) => [file, commentsOf(file)]), ...documents.map((file) => [file, textOf(file)])]
    const names = texts.flatMap(([file, text]) =>
      [...text!.matchAll(/(?<![\w*.<>{}/-])((?:[\w-]+\/)*[\w.-]+\.(?:ts|mjs|pml))(?![\w-])/g)].map(([, name]) => ({
        file: file!,
        name: name!,
      })),
    )
    const wrong = names.filter(({ file, name }) => !isThere(name, file) && !EXAMPLES.has(name))
    expect(names.length).toBeGreaterThan(100)
    expect(wrong).toEqual([])
  })
})

/** Names that stand for no file of ours: a reader's own, and an ending. */
const EXAMPLES: ReadonlySet<string> = new Set(['visits.mjs', '.worker.ts'])

function isThere(name: string, from: string): boolean {
  if (existsSync(ROOT + path.posix.join(path.posix.dirname(from), name))) return true
  return files.some((file) => file === name || file.endsWith(`/${name}`))
}

function anchorsOf(file: string): Set<string> {
  const headings = [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .trim()
        .replaceAll(/\s/g, '-'),
    ),
  )
}
