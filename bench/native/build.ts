// Builds the programs of the native rivals where their toolchains are. Each build has a folder of its own, named by a
// hash of its sources and of the toolchain's version: what is there is up to date, and is never changed again.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { NativeLanguage } from './rivals.js'

export type { NativeLanguage } from './rivals.js'

/** How to start a program; the rival's name is appended. */
export interface NativeProgram {
  command: string
  args: string[]
}

interface Toolchain {
  title: string
  remedy: string
  /** Commands that say their version if they are there. */
  versions: string[][]
  /** Folders of what it is made from; default: the language's own. */
  sources?: string[]
  /** Puts the program into the folder `target`, and may keep what speeds up the next build in `cache`. */
  compile(source: string, target: string, cache: string): Promise<void>
  program(target: string): NativeProgram
}

const CAFFEINE = 'com.github.ben-manes.caffeine:caffeine:3.2.2'

const ROOT = findRoot(path.dirname(fileURLToPath(import.meta.url)))
const SOURCES = path.join(ROOT, 'bench/native')
const BUILDS = path.join(ROOT, 'build/native')
const EXECUTABLE = process.platform === 'win32' ? 'rivals.exe' : 'rivals'

const TOOLCHAINS: Record<NativeLanguage, Toolchain> = {
  go: {
    title: 'Go',
    remedy: 'install Go 1.24 or later from https://go.dev/dl/ and see that `go` is on the PATH',
    versions: [['go', 'version']],
    async compile(source, target) {
      await run('go', ['build', '-C', source, '-trimpath', '-buildvcs=false', '-o', path.join(target, EXECUTABLE), '.'])
    },
    program: (target) => ({ command: path.join(target, EXECUTABLE), args: [] }),
  },
  rust: {
    title: 'Rust',
    remedy: 'install Rust 1.88 or later from https://rustup.rs and see that `cargo` is on the PATH',
    versions: [
      ['cargo', '--version'],
      ['rustc', '--version'],
    ],
    async compile(source, target, cache) {
      const manifest = path.join(source, 'Cargo.toml')
      const options = ['--release', '--locked', '--quiet', '--manifest-path', manifest, '--target-dir', cache]
      await run('cargo', ['build', ...options])
      await copyFile(path.join(cache, 'release', EXECUTABLE), path.join(target, EXECUTABLE))
    },
    program: (target) => ({ command: path.join(target, EXECUTABLE), args: [] }),
  },
  java: {
    title: 'Java',
    remedy: 'install a JDK, 17 or later, from https://adoptium.net and see that `java` and `javac` are on the PATH',
    versions: [
      ['java', '-version'],
      ['javac', '-version'],
    ],
    async compile(source, target) {
      const files = (await filesIn(source)).filter((file) => file.endsWith('.java'))
      await run('javac', ['--release', '17', '-d', target, ...files])
    },
    program: (target) => runJava(target, 'Main'),
  },
  caffeine: {
    title: 'Java with Caffeine',
    remedy:
      'install a JDK, 17 or later, and Maven (https://maven.apache.org), which gets Caffeine; `javac` and `mvn` have to be on the PATH',
    versions: [
      ['java', '-version'],
      ['javac', '-version'],
      ['mvn', '-version'],
    ],
    sources: ['caffeine', 'java'].map((folder) => path.join(SOURCES, folder)),
    async compile(source, target) {
      const copy = ['org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy', `-Dartifact=${CAFFEINE}`]
      await run('mvn', ['-q', '-B', ...copy, `-DoutputDirectory=${target}`])
      const folders = await Promise.all([source, path.join(SOURCES, 'java')].map(filesIn))
      const files = folders.flat().filter((file) => file.endsWith('.java'))
      await run('javac', ['--release', '17', '-proc:none', '-cp', path.join(target, '*'), '-d', target, ...files])
    },
    program: (target) => runJava([target, path.join(target, '*')].join(path.delimiter), 'CaffeineMain'),
  },
}

/** By default the heap gets a quarter of the memory, which on small machines ten million entries do not fit in. */
function runJava(classPath: string, main: string): NativeProgram {
  return { command: 'java', args: ['-XX:MaxRAMPercentage=50', '-cp', classPath, main] }
}

/** One build of each language at a time. */
const builds = new Map<NativeLanguage, Promise<NativeProgram | undefined>>()

/**
 * Builds a language's program unless it is up to date. Without its toolchain there is none: undefined. Rejects when the
 * build fails. `onStart` hears what takes so long, if anything does.
 */
export function buildNative(language: NativeLanguage, onStart?: (text: string) => void): Promise<NativeProgram | undefined> {
  let build = builds.get(language)
  if (!build) builds.set(language, (build = buildOnce(language, onStart)))
  return build
}

/** Says how to get the toolchain of a language, in one line. */
export function remedyOf(language: NativeLanguage): string {
  return TOOLCHAINS[language].remedy
}

async function buildOnce(language: NativeLanguage, onStart?: (text: string) => void): Promise<NativeProgram | undefined> {
  const toolchain = TOOLCHAINS[language]
  const version = await versionOf(toolchain)
  if (version === undefined) return undefined
  const source = path.join(SOURCES, language)
  const target = path.join(BUILDS, language, await hashOf(toolchain.sources ?? [source], version))
  if (!existsSync(target)) {
    onStart?.(`building the rivals of ${toolchain.title}`)
    const cache = path.join(BUILDS, language, 'cache')
    await compileInto(target, (unfinished) => toolchain.compile(source, unfinished, cache))
  }
  return toolchain.program(target)
}

/** The nearest folder above that has the sources: this file is at two places, as it is and compiled. */
function findRoot(folder: string): string {
  return existsSync(path.join(folder, 'bench/native/go/go.mod')) ? folder : findRoot(path.dirname(folder))
}

/** A folder takes its name when all is in it: other processes see a whole build or none. */
async function compileInto(target: string, compile: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${target}-${process.pid}`
  await mkdir(unfinished, { recursive: true })
  try {
    await compile(unfinished)
    await rename(unfinished, target)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if (!existsSync(target)) throw error // else another process was first
  }
}

/** What the commands of a toolchain say of themselves; undefined if one of them is not there. */
async function versionOf({ versions }: Toolchain): Promise<string | undefined> {
  try {
    return (await Promise.all(versions.map(([command, ...args]) => run(command!, args)))).join('')
  } catch {
    return undefined
  }
}

async function hashOf(folders: string[], version: string): Promise<string> {
  const hash = createHash('sha256').update(version)
  for (const folder of folders) {
    for (const file of await filesIn(folder)) hash.update(path.relative(folder, file)).update(await readFile(file))
  }
  return hash.digest('hex').slice(0, 16)
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort()
}

/** Returns what the command said on both outputs. */
async function run(command: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(command, args, { maxBuffer: 2 ** 24 })
  return stdout + stderr
}
