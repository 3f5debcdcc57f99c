// A copy of the sources in which bugs are planted, and what of it has to be built anew.
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Bug, plant } from './bug.js'
import { Builder, type Part } from './builder.js'

/** What is copied: all that the tests and the build need. */
const SOURCES = [
  'assembly',
  'src',
  'test',
  'bench',
  'examples',
  'scripts',
  'docs',
  'README.md',
  'package.json',
  'asconfig.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
]
/** What is built, and where it is. Types are not: tests that look at them are not among those that notice bugs. */
const PLACES = {
  mirror: ['src', 'build/src'],
  release: ['build/tophash.wasm', 'build/tophash.wat'],
  checked: ['build/tophash-checked.wasm'],
  library: ['dist'],
  programs: ['build/bench', 'build/examples', 'build/test'],
} satisfies Partial<Record<Part, readonly string[]>>
type Place = keyof typeof PLACES

const ALL = Object.keys(PLACES) as Place[]
/** Where what was built of the sound sources is kept. */
const SOUND = 'build/sound'

/** Tests of the checked core alone. */
const OF_CHECKED_CORE = /^test\/(recovery|schedule)\//

export class Workshop {
  readonly folder: string
  readonly #builder: Builder

  private constructor(folder: string) {
    this.folder = folder
    this.#builder = new Builder(folder)
  }

  /**
   * Makes the copy, and builds it as it will be built with bugs in it, or takes what is built of the sources already; its
   * packages are those of the project.
   */
  static async open(root: string, folder: string, { isBuilt = false } = {}): Promise<Workshop> {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    const filter = (source: string): boolean => path.basename(source) !== 'node_modules' // bench/ can have its own
    for (const name of SOURCES) await cp(path.join(root, name), path.join(folder, name), { recursive: true, filter })
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    const workshop = new Workshop(folder)
    if (isBuilt)
      for (const place of ALL.flatMap((part) => PLACES[part])) await copy(path.join(root, place), path.join(folder, place))
    else await workshop.#builder.build(ALL)
    await workshop.#copy(ALL, '.', SOUND)
    return workshop
  }

  /** Runs an action while the bug is there. */
  async with<T>(bug: Bug, action: () => Promise<T>): Promise<T> {
    const file = path.join(this.folder, bug.file)
    const source = await readFile(file, 'utf8')
    const parts = partsOf(bug)
    await writeFile(file, plant(bug, source))
    try {
      await this.#builder.build(parts)
      return await action()
    } finally {
      await writeFile(file, source)
      await this.#copy(parts, SOUND, '.')
    }
  }

  close(): void {
    this.#builder.close()
  }

  async #copy(parts: readonly Place[], from: string, to: string): Promise<void> {
    for (const place of parts.flatMap((part) => PLACES[part])) {
      await copy(path.join(this.folder, from, place), path.join(this.folder, to, place))
    }
  }
}

async function copy(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await cp(from, to, { recursive: true })
}

/** What the bug changes and the test sees. */
function partsOf({ file, test }: Bug): Place[] {
  const parts = builtOf(file)
  return OF_CHECKED_CORE.test(test[0]) ? parts.filter((part) => part !== 'release' && part !== 'library') : parts
}

/** What a file is built into; for one that may be part of anything, as scripts/ are, all. */
function builtOf(file: string): Place[] {
  if (file.startsWith('assembly/')) return ['mirror', 'release', 'checked', 'library']
  if (file.startsWith('src/')) return ['library']
  return /^(bench|examples|test)\//.test(file) ? ['programs'] : ALL
}
