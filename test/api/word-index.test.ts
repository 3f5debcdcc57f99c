// The example program, as a user runs it: built, in a process of its own, on a folder with everything that a folder can hold.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesChangedSince, findTextFiles, listFiles } from '../../examples/common/files.js'
import { printable, reportUnreadable } from '../../examples/common/text.js'
import { newJob, runWorkers } from '../../examples/common/workers.js'
import { findDifference } from '../../examples/word-index/compare.js'
import { countWords, eachWord } from '../../examples/word-index/count.js'
import { mostFrequent } from '../../examples/word-index/report.js'
import { LONGEST_WORD } from '../../examples/word-index/tokenize.js'
import { isFull, some } from '../support/size.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const PROGRAM = path.join(ROOT, 'build/examples/word-index/main.js')
const TIMEOUT_MS = 60_000

let folder: string
let input: string

beforeAll(() => {
  if (!existsSync(PROGRAM)) throw new Error('Run `npm run build` first: this test runs the built program.')
  folder = mkdtempSync(path.join(tmpdir(), 'tophash-word-index-'))
  input = path.join(folder, 'input')
  write('input/a.txt', 'apple Banana apple, APPLE\nbanana!')
  write('input/empty.txt', '')
  write('input/nested/deep/er/b.md', 'apple cherry_pie x1 ' + 'q'.repeat(LONGEST_WORD) + ' ' + 'z'.repeat(LONGEST_WORD + 1))
  write('input/nested/world.txt', 'Übung übung ДОМ дом дом 東京 हिन्दी 𐐀𐐨')
  write('input/binary.bin', Buffer.from([97, 98, 99, 32, 0, 97, 98, 99]))
  write('input/late-nul.txt', Buffer.concat([Buffer.from('late '.repeat(1639)), Buffer.from([0])]))
  write('outside/secret.txt', 'outsider')
  link('nowhere', 'input/broken')
  link('..', 'input/nested/cycle')
  link('self', 'input/self')
  link('../outside', 'input/elsewhere')
  link('a.txt', 'input/again.txt')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a folder with everything in it', () => {
  it(
    'is counted, and all three strategies agree',
    () => {
      const { status, stdout, stderr } = run(input, '--threads', '2')
      expect(stderr).toBe('')
      expect(status).toBe(0)
      expect(numberOf('files', stdout)).toBe(5)
      expect(stdout).toContain('1 binary files left out, 3 symbolic links not followed')
      expect(numberOf('bytes', stdout)).toBe(33 + 0 + 150 + 69 + 8196)
      expect(numberOf('words', stdout)).toBe(5 + 4 + 8 + 1639)
      expect(numberOf('distinct words', stdout)).toBe(2 + 3 + 5 + 1)
      expect(wordsListed(stdout)).toEqual([
        ['late', 1639],
        ['apple', 4],
        ['дом', 3],
        ['banana', 2],
        ['übung', 2],
        ['cherry_pie', 1],
        ['q'.repeat(LONGEST_WORD), 1],
        ['x1', 1],
        ['हिन्दी', 1],
        ['東京', 1],
        ['𐐨𐐨', 1],
      ])
      expect(stdout).toMatch(/^SharedMap, 2 workers +\d+\.\d+ s/m)
      expect(stdout).toMatch(/^postMessage, 2 workers +\d+\.\d+ s/m)
      expect(stdout).toMatch(/^Map, one thread +\d+\.\d+ s/m)
      expect(stdout).toContain('All three results are equal')
    },
    TIMEOUT_MS,
  )

  it.runIf(isFull)(
    'names what could not be read',
    () => {
      const { stdout } = run(input)
      expect(stdout).toContain('2 unreadable:')
      expect(stdout).toContain(`${path.join(input, 'broken')}: symbolic link, ENOENT: no such file or directory\n`)
      expect(stdout).toContain(`${path.join(input, 'self')}: symbolic link, ELOOP`)
    },
    TIMEOUT_MS,
  )

  it.each(some([5, 1], 1))(
    'gives the same counts with %i workers',
    (threads) => {
      const { status, stdout } = run(input, `--threads=${threads}`)
      expect(status).toBe(0)
      expect(stdout).toContain(threads === 1 ? 'SharedMap, 1 worker ' : `SharedMap, ${threads} workers `)
      expect(numberOf('words', stdout)).toBe(5 + 4 + 8 + 1639)
    },
    TIMEOUT_MS,
  )

  it.runIf(isFull)(
    'may be empty',
    () => {
      mkdirSync(path.join(folder, 'void'))
      const { status, stdout } = run(path.join(folder, 'void'))
      expect(status).toBe(0)
      expect(numberOf('files', stdout)).toBe(0)
      expect(numberOf('distinct words', stdout)).toBe(0)
      expect(stdout).not.toContain('unreadable')
    },
    TIMEOUT_MS,
  )

  it('may hold a pipe, which is not opened', () => {
    const pipe = path.join(folder, 'pipes', 'pipe')
    mkdirSync(path.dirname(pipe))
    if (spawnSync('mkfifo', [pipe]).status !== 0) return // a system without pipes in folders
    expect(listFiles(path.dirname(pipe))).toEqual({
      files: [],
      links: 0,
      unreadable: [{ path: pipe, reason: 'not a regular file' }],
    })
  })
})

describe('text files', () => {
  it('are read whole, and come largest first', () => {
    const small = write('sizes/small.txt', 'small')
    const large = write('sizes/large.txt', 'large '.repeat(500_000))
    const gone = path.join(folder, 'sizes/gone.txt')
    const progress: number[] = []
    expect(
      findTextFiles(
        [small, gone, large],
        (done) => progress.push(done),
        (piece) => piece.length,
      ),
    ).toEqual({
      files: [large, small],
      sizes: [3_000_000, 5],
      counts: [3_000_000, 5],
      bytes: 3_000_005,
      binary: 0,
      unreadable: [{ path: gone, reason: 'ENOENT: no such file or directory' }],
    })
    expect(progress).toEqual([1, 2, 3])
  })
})

describe('files', () => {
  it('have changed if they were written or removed', () => {
    const [old, fresh] = [write('times/old.txt', ''), write('times/fresh.txt', '')]
    const gone = path.join(folder, 'times/gone.txt')
    const now = Date.now()
    setTime(old, now - 1000)
    setTime(fresh, now)
    expect(filesChangedSince([old, fresh, gone], now - 500)).toEqual([fresh, gone])
  })
})

describe('workers', () => {
  it(
    'claim every file once',
    async () => {
      // They start together: otherwise the first has claimed everything before the second is there.
      const script = writeWorker(
        'claimer.mjs',
        `
      Atomics.add(workerData.beat, 0, 1)
      while (Atomics.load(workerData.beat, 0) < 3);
      let claimed = 0
      for (const file of claimFiles(workerData)) claimed++
      parentPort.postMessage(claimed)`,
      )
      const job = { ...newJob(Array.from({ length: 300_000 }, () => 'file')), beat: newBeat() }
      const claimed: number[] = []
      await runWorkers<number>(script, 3, job, (n) => claimed.push(n))
      expect(claimed).toHaveLength(3)
      expect(claimed.reduce((sum, n) => sum + n)).toBe(300_000)
    },
    TIMEOUT_MS,
  )

  it(
    'are all stopped when one of them fails',
    async () => {
      const script = writeWorker(
        'failure.mjs',
        `
      const { value: file } = claimFiles(workerData).next()
      if (file === 'bad') throw new Error('a bad file')
      for (;;) Atomics.add(workerData.beat, 0, 1)`,
      )
      const beat = newBeat()
      const job = { ...newJob(['good', 'bad', 'good']), beat }
      await expect(runWorkers(script, 3, job)).rejects.toThrow('a bad file')
      const last = Atomics.load(beat, 0)
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(Atomics.load(beat, 0)).toBe(last)
    },
    TIMEOUT_MS,
  )
})

describe('what is refused', () => {
  it('is a folder that does not exist', () => {
    const { status, stdout, stderr } = run(path.join(folder, 'no-such-folder'))
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^word-index: cannot read the folder .*no-such-folder: ENOENT: no such file or directory\n$/)
  })

  it.runIf(isFull)('is a file in place of a folder', () => {
    const { status, stdout, stderr } = run(path.join(input, 'a.txt'))
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^word-index: cannot read the folder .*a\.txt: ENOTDIR: not a directory\n$/)
  })

  const wrong: readonly (readonly [string[], string])[] = [
    [['--threads', '0'], "from 1 to 127, not '0'"],
    [['--colour'], "'--colour'"],
    [['-x'], "'-x'"],
    [['--threads', '128'], "from 1 to 127, not '128'"],
    [['--threads', '1.5'], "not '1.5'"],
    [['--threads', 'many'], "not 'many'"],
    [['--threads'], '--threads'],
    [['here', 'there'], 'one folder at a time'],
  ]

  it.each(some(wrong, 2))('is %j on the command line', (args, message) => {
    const { status, stdout, stderr } = run(...args)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toContain('word-index: ')
    expect(stderr).toContain(message)
    expect(stderr).toContain('--help')
    expect(stderr).not.toContain('    at ')
  })

  it('is nothing about --help', () => {
    const { status, stdout, stderr } = run('--help')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('--threads N')
  })
})

describe('results that differ', () => {
  it(
    'end the program with code 1 and the name of the word',
    () => {
      // A SharedMap that lies about one word, to the main thread only.
      write(
        'liar.mjs',
        `
      import { isMainThread } from 'node:worker_threads'
      import { SharedMap } from ${JSON.stringify(pathToFileURL(path.join(ROOT, 'dist/index.js')).href)}
      const { get } = SharedMap.prototype
      if (isMainThread) SharedMap.prototype.get = function (key) {
        return get.call(this, key) + (key === 'banana' ? 1 : 0)
      }`,
      )
      const { status, stdout, stderr } = runWith('liar.mjs', input)
      expect(stderr).toMatch(
        /^word-index: 'SharedMap, .*' differs from 'Map, one thread': 'banana' was counted 3 times instead of 2 times/,
      )
      expect(stderr).toMatch(/^word-index: no file has changed meanwhile, so this is a bug$/m)
      expect(stdout).not.toContain('All three results are equal')
      expect(status).toBe(1)
    },
    TIMEOUT_MS,
  )

  it.runIf(isFull)(
    'are no bug when a file was written meanwhile',
    () => {
      const log = write('logs/growing.log', 'line ')
      setTime(log, Date.now() - 60_000)
      // Every worker that starts adds a word: the last strategy, which has none, finds more than the first.
      write(
        'logger.mjs',
        `
      import { appendFileSync } from 'node:fs'
      process.on('worker', () => appendFileSync(${JSON.stringify(log)}, 'line '))`,
      )
      const { status, stderr } = runWith('logger.mjs', path.dirname(log))
      expect(stderr).toMatch(/'SharedMap, .*' differs from 'Map, one thread': 'line' was counted/)
      expect(stderr).toMatch(/^word-index: 1 of the files changed meanwhile, so nothing can be said: .*growing\.log$/m)
      expect(status).toBe(1)
    },
    TIMEOUT_MS,
  )

  const expected = new Map([
    ['one', 1],
    ['two', 2],
  ])

  it.each([
    [
      'a count',
      [
        ['one', 1],
        ['two', 1],
      ],
      "'two' was counted once instead of 2 times",
    ],
    ['a word too few', [['one', 1]], "'two' was counted not at all instead of 2 times"],
    [
      'a word too many',
      [
        ['one', 1],
        ['two', 2],
        ['six', 6],
      ],
      "'six' is listed with 6 times instead of not at all",
    ],
    [
      'nothing',
      [
        ['two', 2],
        ['one', 1],
      ],
      undefined,
    ],
  ] as [string, [string, number][], string | undefined][])('are told apart by %s', (_, entries, difference) => {
    expect(findDifference(expected, new Map(entries))).toBe(difference)
  })

  it.each([
    ['twice', 2, ['one', 'two', 'one'], "'one' is listed twice"],
    ['not', 2, ['one'], "'two' is not listed"],
    ['once, with a wrong size', 3, ['one', 'two'], 'the size is 3 instead of 2'],
  ])('are found in an iterator that shows a word %s', (_, size, shown, difference) => {
    const odd = {
      size,
      get: (word: string) => expected.get(word),
      [Symbol.iterator]: () => shown.map((word): [string, number] => [word, expected.get(word)!]).values(),
    }
    expect(findDifference(expected, odd)).toContain(difference)
  })
})

describe('words', () => {
  it('stay whole wherever the file is cut into pieces', () => {
    const text = `Größe 𐐀b ${'w'.repeat(LONGEST_WORD)} 東京都 ${'𐐨'.repeat(40)}tail ${'v'.repeat(200)} end`
    const file = write('pieces.txt', text)
    const whole = wordsOf(file)
    expect(whole).toEqual(['größe', '𐐨b', 'w'.repeat(LONGEST_WORD), '東京都', 'end'])
    for (let bytes = 1; bytes <= 100; bytes++) expect(wordsOf(file, bytes), `pieces of ${bytes} bytes`).toEqual(whole)
  })

  it('stay whole in a file of several pieces of the real size', () => {
    const counts = countWords(write('large.txt', 'Wörter '.repeat(400_000)))
    expect([...counts]).toEqual([['wörter', 400_000]])
  })

  it('are listed by count and then by their characters, 20 at most', () => {
    const counts = new Map(Array.from({ length: 30 }, (_, i) => [`w${String(29 - i).padStart(2, '0')}`, i === 7 ? 5 : 1]))
    const top = mostFrequent(counts)
    expect(top).toHaveLength(20)
    expect(top.slice(0, 3)).toEqual([
      ['w22', 5],
      ['w00', 1],
      ['w01', 1],
    ])
  })
})

describe('unreadable files', () => {
  it('cannot move the cursor by their names', () => {
    expect(printable('a\u001b[2Jb\nc\u009bd')).toBe('a\\x1b[2Jb\\x0ac\\x9bd')
  })

  it('are named up to a hundred', () => {
    const text = reportUnreadable(Array.from({ length: 102 }, (_, i) => ({ path: `f${i}`, reason: 'why' })))
    expect(text).toContain('102 unreadable:\n  f0: why\n')
    expect(text).toMatch(/ {2}f99: why\n {2}and 2 more$/)
  })
})

function run(...args: string[]) {
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8', timeout: TIMEOUT_MS })
}

/** Runs the program with a module of the test's own loaded first, in every thread. */
function runWith(module: string, ...args: string[]) {
  const url = pathToFileURL(path.join(folder, module)).href
  return spawnSync(process.execPath, ['--import', url, PROGRAM, ...args], { encoding: 'utf8', timeout: TIMEOUT_MS })
}

/** Sets when a file was last written. */
function setTime(file: string, ms: number): void {
  utimesSync(file, ms / 1000, ms / 1000)
}

function write(name: string, content: string | Buffer): string {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  return file
}

/** A worker that is written for one test and uses the built program's way to claim files. */
function writeWorker(name: string, code: string): URL {
  const workers = pathToFileURL(path.join(path.dirname(PROGRAM), '../common/workers.js')).href
  const imports = `import { parentPort, workerData } from 'node:worker_threads'\nimport { claimFiles } from '${workers}'`
  return pathToFileURL(write(name, `${imports}\n${code}`))
}

/** A number by which workers show that they are there. */
function newBeat(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4))
}

function link(target: string, name: string): void {
  symlinkSync(target, path.join(folder, name))
}

function wordsOf(file: string, pieceBytes?: number): string[] {
  const words: string[] = []
  eachWord(file, (word) => words.push(word), pieceBytes)
  return words
}

/** The number beside a title at the beginning of a line. */
function numberOf(title: string, stdout: string): number {
  const match = new RegExp(`^${title} +([\\d,]+)`, 'm').exec(stdout)
  return Number(match?.[1]?.replaceAll(',', ''))
}

function wordsListed(stdout: string): [string, number][] {
  const list = /most frequent:\n((?: +[\d,]+ {2}\S+\n)+)/.exec(stdout)?.[1] ?? ''
  return [...list.matchAll(/([\d,]+) {2}(\S+)/g)].map(([, n, word]) => [word!, Number(n!.replaceAll(',', ''))])
}
