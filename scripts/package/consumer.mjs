// An empty folder into which the package is installed as a user does it, and what is done there.
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')
export const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))

/** A folder with the package in it. */
export class Consumer {
  constructor(folder, packed) {
    this.folder = folder
    /** What npm says of the tarball. */
    this.packed = packed
    this.tarball = path.join(folder, packed.filename)
  }

  /** Packs, which builds first, installs without a network, and calls back. */
  static async with(use) {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tophash-package-')))
    try {
      const [packed] = JSON.parse(npm(root, 'pack', '--json', '--pack-destination', folder))
      const consumer = new Consumer(folder, packed)
      await consumer.write('package.json', JSON.stringify({ name: 'user', private: true, type: 'module' }))
      npm(folder, 'install', '--offline', '--no-audit', '--no-fund', consumer.tarball)
      return await use(consumer)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** Where a file of the folder is. */
  at(file) {
    return path.join(this.folder, file)
  }

  async write(file, content) {
    await writeFile(this.at(file), content)
    return this.at(file)
  }

  /** Runs a program there and returns what it printed. */
  run(command, ...args) {
    return spawn(command, args, { cwd: this.folder }).trim()
  }

  /** The same with Node. */
  node(...args) {
    return this.run(process.execPath, ...args)
  }
}

export function npm(cwd, ...args) {
  return spawn('npm', args, { cwd, shell: process.platform === 'win32' })
}

/** Runs a program and returns what it printed. @throws what it printed, if it fails or takes two minutes */
export function spawn(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000, ...options })
  if (status === 0) return stdout
  throw new Error(`${[command, ...args].join(' ')} failed (${error?.message ?? `exit code ${status}`}):\n${stdout}${stderr}`)
}

export function expect(what, given, expected) {
  const [found, wanted] = [JSON.stringify(given), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${what}: got ${found}, expected ${wanted}`)
}
