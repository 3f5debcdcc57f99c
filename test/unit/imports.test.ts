// Who may import whom: the floors of the house. A file imports from its own folder and from floors below it, never in a circle.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** From the ground up. `structures/*` stands for each structure's folder, and its layout. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  assembly: ['layout', 'hash', 'sync', 'memory', 'structures/*', 'heap', 'exports'],
  src: [
    'core',
    'printing',
    'recovery',
    'heap',
    'codecs',
    'table',
    'trace',
    'collection',
    'map',
    'set',
    'bitset',
    'queue',
    'cache',
    'shared-heap',
    '',
    'adapters',
  ],
}

/** Files that are known above their floor: nothing else of a structure is imported from above, but by exports/. */
const KNOWN_TO_THE_REGISTRY = [/^structures\/\w+\/hooks\.ts$/, /^structures\/\w+\/layout\/\w+\.ts$/]

/** Files of src/ that stand on the ground whatever their folder: what a structure is (core/structures.ts), and generated numbers. */
const ON_THE_GROUND = /^(map|set|bitset|queue|cache)\/structure\.ts$|^(table|bitset|queue|cache)\/layout\.ts$/

interface Import {
  readonly from: string
  readonly to: string
}

function importsOf(root: string): Import[] {
  const folder = path.join(ROOT, root)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  return files.flatMap((from) => {
    const text = readFileSync(path.join(folder, from), 'utf8')
    const targets = [...text.matchAll(/^(?:import|export)\b[^'"]*from '(\.[^']+)'|^import '(\.[^']+)'/gm)].map(
      (match) => match[1] ?? match[2]!,
    )
    return targets
      .map((target) => path.normalize(path.join(path.dirname(from), target)).replace(/(\.js|\.ts)?$/, '.ts'))
      .filter((to) => files.includes(to))
      .map((to) => ({ from, to }))
  })
}

function floorOf(root: string, file: string): number {
  if (root === 'src' && ON_THE_GROUND.test(file)) return 0
  const folder = path.dirname(file) === '.' ? '' : file.split('/')[0]!
  return FLOORS[root]!.indexOf(folder === 'structures' ? 'structures/*' : folder)
}

function structureOf(file: string): string | undefined {
  return /^structures\/(\w+)\//.exec(file)?.[1]
}

describe.each(Object.keys(FLOORS))('%s/', (root) => {
  const imports = importsOf(root)

  it('is read', () => {
    expect(imports.length).toBeGreaterThan(100)
    for (const { from } of imports) expect(floorOf(root, from), `the floor of ${from}`).toBeGreaterThanOrEqual(0)
  })

  it('imports from the own floor, or from below', () => {
    const upwards = imports.filter(({ from, to }) => floorOf(root, to) > floorOf(root, from))
    expect(upwards).toEqual([])
  })

  it('has no circles between files', () => {
    expect(circles(imports)).toEqual([])
  })
})

describe('a structure of the core', () => {
  const imports = importsOf('assembly')

  it('knows no other structure', () => {
    // What is built on another one says so here.
    const built: readonly string[] = ['cache -> hashmap']
    const others = imports.filter(({ from, to }) => {
      const [own, other] = [structureOf(from), structureOf(to)]
      return own && other && own !== other && !built.includes(`${own} -> ${other}`)
    })
    expect(others).toEqual([])
  })

  it('is known to the heap by the registry alone, and there by its hooks and its layout', () => {
    const known = imports.filter(({ from, to }) => from.startsWith('heap/') && structureOf(to))
    expect([...new Set(known.map(({ from }) => from))]).toEqual(['heap/registry.ts'])
    expect(known.filter(({ to }) => !KNOWN_TO_THE_REGISTRY.some((pattern) => pattern.test(to)))).toEqual([])
  })
})

// CONTRIBUTING.md counts these files, and the checkpoints, which are not imported: whoever needs one more changes it there, too.
describe.each(['bitset', 'queue'])('a %s', (name) => {
  const inside = {
    assembly: new RegExp(`^(structures/${name}/|exports/${name}\\.ts$)`),
    src: new RegExp(`^${name}/`),
  }

  it('is known outside of its folders to five files, in a line or a row each', () => {
    const from = (['assembly', 'src'] as const).flatMap((root) =>
      importsOf(root)
        .filter((one) => inside[root].test(one.to) && !inside[root].test(one.from))
        .map((one) => `${root}/${one.from}`),
    )
    expect([...new Set(from)].sort()).toEqual([
      'assembly/exports/index.ts',
      'assembly/heap/registry.ts',
      'src/core/structures.ts',
      'src/public.ts',
      'src/shared-heap/shared-heap.ts',
    ])
  })
})

/** Files that lead back to themselves, each circle once. */
function circles(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
  const found = new Set<string>()
  const done = new Set<string>()
  const walk = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file)
    if (at >= 0) found.add([...trail.slice(at)].sort().join(' '))
    if (at >= 0 || done.has(file)) return
    for (const to of next.get(file) ?? []) walk(to, [...trail, file])
    done.add(file)
  }
  for (const file of next.keys()) walk(file, [])
  return [...found]
}
