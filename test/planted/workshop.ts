// A copy of the sources in which bugs are planted, and what of it has to be built anew.
import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Bug, plant } from './bug.js'

/** What is copied: all that the tests and the build need. */
const SOURCES = [
  'assembly', 'src', 'test', 'bench', 'examples', 'scripts', 'docs', 'README.md', 'package.json', 'asconfig.json', 'tsconfig.json',
  'tsconfig.build.json', 'vitest.config.ts',
]
/** What was built of the sound sources, for bugs that leave it as it is. */
const CORES = ['build/tophash.wasm', 'build/tophash-checked.wasm']
const BUILT = [...CORES, 'build/test', 'build/bench', 'build/examples', 'dist']

/** Tests of the checked core alone. */
const OF_CHECKED_CORE = /^test\/(recovery|schedule)\//
const run = promisify(execFile)

export class Workshop {
  readonly folder: string
  readonly #root: string

  private constructor(root: string, folder: string) {
    this.#root = root
    this.folder = folder
  }

  /** Makes the copy; its packages are those of the project. */
  static async open(root: string, folder: string): Promise<Workshop> {
    await rm(folder, { recursive: true, force: true })
    await mkdir(path.join(folder, 'build'), { recursive: true })
    for (const name of [...SOURCES, ...BUILT]) {
      await cp(path.join(root, name), path.join(folder, name), { recursive: true })
    }
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    return new Workshop(root, folder)
  }

  /** Runs an action while the bug is there. */
  async with<T>(bug: Bug, action: () => Promise<T>): Promise<T> {
    const file = path.join(this.folder, bug.file)
    const source = await readFile(file, 'utf8')
    await writeFile(file, plant(bug, source))
    try {
      await this.#build(bug)
      return await action()
    } finally {
      await writeFile(file, source)
    }
  }

  /** Builds no more than the test sees. */
  async #build({ file, test }: Bug): Promise<void> {
    const isInCore = file.startsWith('assembly/')
    if (!isInCore) await this.#restoreCores() // the one of the last bug may be there
    const without = !isInCore ? 'release,checked,types' : OF_CHECKED_CORE.test(test[0]) ? 'release,library' : 'types'
    await run(process.execPath, ['scripts/build.mjs', `--without=${without}`, '--fast'], { cwd: this.folder })
  }

  async #restoreCores(): Promise<void> {
    for (const core of CORES) await cp(path.join(this.#root, core), path.join(this.folder, core))
  }
}
