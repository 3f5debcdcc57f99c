// What `npm start` runs, as a user runs it: built, in a process of its own; and its three ways, against a search that
// keeps every phrase as text.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSearchJob, placeCount, type SearchJob } from '../../examples/duplicates/job.js'
import { locate } from '../../examples/duplicates/locate.js'
import { gatherCopies } from '../../examples/duplicates/passages.js'
import { FileChanged, fingerprint } from '../../examples/duplicates/phrases.js'
import { median } from '../../examples/duplicates/report.js'
import type { Firsts, Strategy } from '../../examples/duplicates/strategies/strategy.js'
import { findDifference } from '../../examples/duplicates/ways.js'
import { eachWord, wordsIn } from '../../examples/duplicates/words.js'
import { isFull, sized, some } from '../support/size.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const BUILT = path.join(ROOT, 'build/examples/duplicates')
const PROGRAM = path.join(BUILT, 'main.js')
const TIMEOUT_MS = 60_000
const WAYS = [
  ['single', 'findWithOneThread'],
  ['messages', 'findWithMessages'],
  ['shared', 'findWithSharedMap'],
] as const

let folder: string

beforeAll(() => {
  if (!existsSync(PROGRAM)) throw new Error('Run `npm run build` first: this test runs the built program.')
  folder = mkdtempSync(path.join(tmpdir(), 'tophash-duplicates-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('all three ways', () => {
  // More words than a message between workers holds, out of so few different ones that every third phrase occurs before.
  const many = Array.from({ length: 40 }, (_, file) =>
    Array.from({ length: 600 }, (_, i) => `w${(i * (file + 7) * 31 + (i >> 4)) % 17}`),
  )

  const cases = WAYS.flatMap(([name, find]) => [1, 2, 3].map((threads) => [name, find, threads] as const))

  it.each(some(cases, 4))(
    'find each phrase where it is first: %s, %s, %i threads',
    async (name, find, threads) => {
      const job = jobOf(
        `many-${name}-${threads}`,
        many.map((words) => words.join(' ')),
        3,
      )
      const strategy = (await import(pathToFileURL(path.join(BUILT, `strategies/${name}.js`)).href))[find] as Strategy
      const steps: number[] = []
      const firsts = await strategy(job, threads, (done) => steps.push(done))
      expect(firsts).toEqual(bruteForce(job))
      expect(steps).toEqual([...steps].sort((a, b) => a - b))
      expect(Math.max(0, ...steps)).toBeLessThanOrEqual(2 * job.files.length)
    },
    TIMEOUT_MS,
  )
})

describe('a folder with everything in it', () => {
  let input: string

  beforeAll(() => {
    input = path.join(folder, 'input')
    const text = numbered('word', 50)
    write('input/a-longer.txt', `${numbered('before', 30).join(' ')}\n${text.join('\n')}\n${numbered('after', 30).join(' ')}`)
    write('input/nested/deep/crlf.txt', `first line\r\n\r\n   ${text.join(',\r\n\t')}`)
    write('input/empty.txt', '')
    write('input/short.txt', 'nine words are not ten so this is nothing')
    write('input/binary.bin', `${text.join(' ')}\0`)
    link('nowhere', 'input/broken')
    link('..', 'input/nested/cycle')
  })

  it(
    'is searched, and all three ways agree',
    () => {
      const { status, stdout, stderr } = run(input, '--threads=2')
      expect(stderr).toBe('')
      expect(status).toBe(0)
      expect(stdout).toContain('4 text files')
      expect(stdout).toContain('(left out: 1 binary file, 1 symbolic link)')
      expect(stdout).toContain('% is copied: 41 of 144 phrases occur before')
      expect(stdout).toMatch(/^ +50 words {2}a-longer\.txt:2\n += nested\/deep\/crlf\.txt:3\n +word0$/m)
      expect(stdout).toMatch(/^one thread, a Map +\d+\.\d+ s +the SharedMap is [\d.]+ times as fast$/m)
      expect(stdout).toMatch(/^2 workers, messages +\d+\.\d+ s +the SharedMap is [\d.]+ times as fast$/m)
      expect(stdout).toMatch(/^2 workers, a SharedMap +\d+\.\d+ s$/m)
      expect(stdout).toContain('All results are equal')
      expect(stdout).toContain(`1 unreadable:\n  ${path.join(input, 'broken')}: symbolic link, ENOENT`)
    },
    TIMEOUT_MS,
  )

  it.runIf(isFull)(
    'is searched for phrases of any length, in several rounds',
    () => {
      const { status, stdout } = run(input, '--threads=1', '--words=50', '--rounds=2')
      expect(status).toBe(0)
      expect(stdout).toContain('copied: 1 of ')
      expect(stdout).toMatch(/^1 worker, a SharedMap +\d+\.\d+ s {2}\([\d.]+ to [\d.]+\)$/m)
      expect(run(input, '--words=51').stdout).toContain('0 % is copied')
    },
    TIMEOUT_MS,
  )

  it.runIf(isFull)(
    'may be empty',
    () => {
      mkdirSync(path.join(folder, 'void'))
      const { status, stdout, stderr } = run(path.join(folder, 'void'))
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toContain('0 text files')
      expect(stdout).toContain('0 % is copied: 0 of 0 phrases occur before.')
    },
    TIMEOUT_MS,
  )
})

describe('what is refused', () => {
  it('is a folder that does not exist', () => {
    const { status, stdout, stderr } = run(path.join(folder, 'no-such-folder'))
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^duplicates: cannot read the folder .*no-such-folder: ENOENT: no such file or directory\n$/)
  })

  it.each([
    [['--colour'], "'--colour'"],
    [['--words', '0'], "--words takes a whole number from 1 to 1000, not '0'"],
    [['--threads', '128'], "--threads takes a whole number from 1 to 127, not '128'"],
    [['--rounds', 'many'], "--rounds takes a whole number from 1 to 99, not 'many'"],
    [['here', 'there'], 'one folder at a time'],
  ])('is %j on the command line', (args, message) => {
    const { status, stdout, stderr } = run(...args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).toContain('--help')
    expect(stderr).not.toContain('    at ')
  })

  it('is nothing about --help', () => {
    const { status, stdout, stderr } = run('--help')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('--words N')
  })

  it('is a file that grew while it was read', () => {
    const job = jobOf('grown', ['one two three four'], 2)
    write('grown/0.txt', 'one two three four five six')
    expect(() => fingerprint(job, 0)).toThrow(FileChanged)
  })
})

describe('words', () => {
  it('are the same wherever the file is cut into pieces, and however long its lines are', () => {
    const text = `${'x'.repeat(3000)} größe 東京 ${'a b_1 '.repeat(50)}\r\n\n$end`
    const file = write('pieces.txt', text)
    const whole = wordsOf(file)
    expect(whole).toHaveLength(104)
    expect(whole.map(([, , line]) => line)).toEqual([...new Array<number>(103).fill(1), 3])
    expect(new Set(whole.map(([a, b]) => `${a} ${b}`)).size).toBe(6)
    for (const bytes of [1, 2, 3, 7, 64, 2999, 3001]) expect(wordsOf(file, bytes), `pieces of ${bytes} bytes`).toEqual(whole)
    expect(wordsIn(Buffer.from(text))).toBe(104)
  })

  it('make phrases of one line, however long it is', () => {
    const WORDS = sized(500_000, 3_000_000)
    const job = jobOf('endless', ['ab '.repeat(WORDS), 'ab '.repeat(20)], 10)
    const prints = fingerprint(job, 0)
    expect([prints.length, new Set(prints).size]).toEqual([WORDS - 9, 1])
    expect(fingerprint(job, 1)).toEqual(prints.slice(0, 11))
  })

  it('have other numbers in another order, or when one is another', () => {
    const texts = ['a b c d', 'b a c d', 'a b c e', 'ab c d x', 'a bc d x', 'A b c d']
    const job = jobOf('orders', texts, 4)
    expect(new Set(texts.map((_, index) => fingerprint(job, index)[0])).size).toBe(texts.length)
  })

  it('are so many that only some phrases count: the same ones of the same text', () => {
    const words = numbered('word', 20_000).join(' ')
    const job = { ...jobOf('large', [words, `something before ${words}`], 5), divisor: 8 }
    const [all, moved] = [fingerprint(job, 0), fingerprint(job, 1)]
    expect(all.length).toBeGreaterThan(2_000)
    expect(all.length).toBeLessThan(3_000)
    expect([...moved].filter((print) => all.includes(print))).toEqual([...all])
    expect(newSearchJob(['a', 'b'], [25_000_000, 0], 5).divisor).toBe(1)
    expect(newSearchJob(['a', 'b'], [50_000_000, 1], 5).divisor).toBe(4)
  })
})

describe('passages', () => {
  it('are found as long as they are, though a part of them occurs still earlier', () => {
    const [part, whole] = [numbered('p', 6), [...numbered('q', 5), ...numbered('p', 6), ...numbered('r', 5)]]
    const job = jobOf('parts', [part.join(' '), whole.join(' '), `x\ny ${whole.join(' ')}`], 3)
    const copies = gatherCopies(job, bruteForce(job), 9)
    expect(copies).toEqual({
      phrases: 4 + 14 + 16,
      copied: 4 + 14,
      longest: [
        { phrases: 14, places: [job.places[1], job.places[2]! + 2] },
        { phrases: 4, places: [job.places[0], job.places[1]! + 5] },
      ],
    })
    const [original, copy] = copies.longest[0]!.places.map((place) => locate(job, place, 14))
    expect(original).toMatchObject({ file: job.files[1], line: 1, words: 16 })
    expect(copy).toMatchObject({
      file: job.files[2],
      line: 2,
      words: 16,
      text: expect.stringMatching(/^y q0/),
      digest: original!.digest,
    })
    expect(locate(job, job.places[2]! + 1, 14).digest).not.toBe(original!.digest)
  })
})

describe('results that differ', () => {
  const [one, two] = [Float64Array.of(1, 2), Float64Array.of(3)]

  it.each([
    ['nothing', [one, two], undefined],
    ['a place', [one, Float64Array.of(4)], 'phrase 0 of file 1 was first found at place 4 instead of 3'],
    ['a phrase', [one.slice(1), two], 'file 0 has 1 phrases instead of 2'],
    ['a file too few', [one], 'file 1 has no phrases instead of 1'],
    ['a file too many', [one, two, two], '3 files were searched instead of 2'],
  ] as [string, Firsts, string | undefined][])('are told apart by %s', (_, actual, difference) => {
    expect(findDifference([one, two], actual)).toBe(difference)
  })

  it(
    'end the program with code 1',
    () => {
      write('twice/a.txt', numbered('word', 20).join(' '))
      write('twice/b.txt', numbered('word', 20).join(' '))
      // A SharedMap that takes all phrases of a file for one.
      write(
        'liar.mjs',
        `
      import { SharedMap } from ${JSON.stringify(pathToFileURL(path.join(ROOT, 'dist/index.js')).href)}
      const { getOrInsertMany } = SharedMap.prototype
      SharedMap.prototype.getOrInsertMany = function (...given) {
        const values = getOrInsertMany.apply(this, given)
        return values.fill(values[0])
      }`,
      )
      const url = pathToFileURL(path.join(folder, 'liar.mjs')).href
      const { status, stdout, stderr } = run.call({ nodeOptions: ['--import', url] }, path.join(folder, 'twice'), '--threads=2')
      expect(stderr).toMatch(
        /^duplicates: '2 workers, a SharedMap' differs from 'one thread, a Map': phrase \d+ of file \d+ was first/,
      )
      expect(stderr).toMatch(/^duplicates: .* so /m)
      expect(stdout).not.toContain('All results are equal')
      expect(status).toBe(1)
    },
    TIMEOUT_MS,
  )
})

describe('times', () => {
  it('are told by their median', () => {
    expect([median([3]), median([9, 1, 2]), median([4, 1, 2, 9])]).toEqual([3, 2, 3])
  })
})

function run(this: { nodeOptions?: string[] } | void, ...args: string[]) {
  const options = this?.nodeOptions ?? []
  return spawnSync(process.execPath, [...options, PROGRAM, ...args], { encoding: 'utf8', timeout: TIMEOUT_MS })
}

function write(name: string, content: string): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  return file
}

function link(target: string, name: string): void {
  symlinkSync(target, path.join(folder, name))
}

/** A search of files with these texts, in this order. */
function jobOf(name: string, texts: string[], length: number): SearchJob {
  const files = texts.map((text, i) => write(`${name}/${i}.txt`, text))
  return newSearchJob(
    files,
    texts.map((text) => wordsIn(Buffer.from(text))),
    length,
  )
}

/** Where each phrase is first, found by its text. */
function bruteForce(job: SearchJob): Firsts {
  const seen = new Map<string, number>()
  const firsts = job.files.map((file, index) => {
    const words = readFileSync(file, 'utf8').match(/\w+/g) ?? []
    return Float64Array.from({ length: Math.max(0, words.length - job.length + 1) }, (_, n) => {
      const phrase = words.slice(n, n + job.length).join(' ')
      if (!seen.has(phrase)) seen.set(phrase, job.places[index]! + n)
      return seen.get(phrase)!
    })
  })
  expect(Math.max(...seen.values())).toBeLessThan(placeCount(job))
  return firsts
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}${i}`)
}

function wordsOf(file: string, pieceBytes?: number): [number, number, number][] {
  const words: [number, number, number][] = []
  eachWord(file, (...word) => words.push(word), pieceBytes)
  return words
}
