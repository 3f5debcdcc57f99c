// What of dist/ is not compiled from src/: the ways into the library that differ from runtime to runtime.
//
//   index.js         an ES module for everybody: browsers, bundlers, and what else knows no module of Node's
//   node/index.js    the same for Node, Bun and Deno, which may import modules of Node's by name
//   index.cjs, node/index.cjs    both for require(): jest, and Node before 20.19 and 22.12
//   adapters/, node/NAME.js      the stores for hosts, likewise: they import the library, and contain nothing of it
import { glob, mkdir, readFile, writeFile } from './fs.mjs'
import path from 'node:path'
import * as esbuild from 'esbuild'

/** What package.json exports; which values each has besides those that all have. */
export const ENTRIES = { index: ['structuredCodec'], lite: [], slim: [], checked: ['CHECKPOINTS', 'onCheckpoint'] }

/**
 * The stores for hosts that people use, each an entry of its own, with the values that it exports: those that are classes can be
 * named as types. A default is for hosts that import a module by its name; whoever requires one names what he wants.
 */
export const ADAPTERS = {
  'express-rate-limit': { classes: ['TophashStore'] },
  keyv: { classes: ['KeyvTophash'] },
  'express-session': { classes: ['TophashStore'] },
  'fastify-rate-limit': { functions: ['tophashStore'] },
  unstorage: { functions: ['tophashDriver'], hasDefault: true },
  'next-cache-handler': { functions: ['tophashCacheHandler'] },
  bentocache: { classes: ['TophashDriver'], functions: ['tophashDriver'] },
  redis: { classes: ['TieredCache'], functions: ['connectionOf'] },
}

/** Modules of Node's that the library asks for: see builtinModule() in src/core/platform.ts. */
const BUILTINS = ['node:fs', 'node:worker_threads']
const LENT = "globalThis[Symbol.for('tophash.builtins')]"

/** The classes that all entries export, each with its type parameters and their names: a structure says them in its public.ts. */
async function readClasses() {
  const texts = await Promise.all((await glob('src', 'public.ts')).map((file) => readFile(file, 'utf8')))
  const found = texts.flatMap((text) => [...text.matchAll(/^export (?:type|\{) (Shared\w+)(?:<(.*?)>)?(?: =| \} from)/gm)])
  const typed = found.map(([, name, given = '']) => [
    name,
    given.replace(/\bKey\b/g, 'esm.Key'),
    given.replace(/ (extends|=)[^,]*/g, ''),
  ])
  return [...typed, ['TophashError', '', '']]
}

/**
 * Source maps name their sources as if they were packed. They are not, but their text is in the map; and Parcel looks for
 * files that would lie outside of the package.
 */
export async function placeSources(folder) {
  for (const file of await glob(folder, '.map')) {
    const map = JSON.parse(await readFile(file, 'utf8'))
    map.sources = map.sources.map((source) => source.replace(/^(\.\.\/)+/, './'))
    await writeFile(file, JSON.stringify(map))
  }
}

/** The adapters: what they have in common is there once, and the library is the one that the program imports as 'tophash'. */
export async function bundleAdapters(bundle, folder) {
  const outside = {
    name: 'the library and the hosts are outside',
    setup: (build) => {
      // All that is bundled lies in one folder, from wherever it comes.
      build.onResolve({ filter: /^(\.\.\/)+index\.js$/ }, () => ({ path: '../index.js', external: true }))
      build.onResolve({ filter: /^[^.]/ }, ({ path, kind }) => (kind === 'entry-point' ? undefined : { path, external: true }))
    },
  }
  await esbuild.build({
    ...bundle,
    entryPoints: Object.fromEntries(Object.keys(ADAPTERS).map((name) => [name, `src/adapters/${name}.ts`])),
    outdir: `${folder}/adapters`,
    splitting: true,
    chunkNames: 'shared-[hash]',
    plugins: [outside],
  })
}

/** CommonJS of each ES module in a folder, beside it: what they share they share there, too. */
export async function addCommonJS(root, folder) {
  const absWorkingDir = path.resolve(root, folder)
  const modules = (await glob(absWorkingDir, '.js')).map((file) => path.relative(absWorkingDir, file))
  const siblings = {
    name: 'siblings',
    setup: (build) => {
      const rename = ({ path }) => ({ path: path.replace(/\.js$/, '.cjs'), external: true })
      build.onResolve({ filter: /^\.\.?\// }, (found) => (found.kind === 'entry-point' ? undefined : rename(found)))
      build.onResolve({ filter: /^[^.]/ }, ({ path, kind }) => (kind === 'entry-point' ? undefined : { path, external: true }))
    },
  }
  await esbuild.build({
    entryPoints: modules,
    absWorkingDir,
    outdir: '.',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node', // so that import finds the names of what require() returns
    target: 'es2022',
    legalComments: 'none',
    plugins: [siblings],
  })
}

/** The entries for Node: what index.js does, when the modules of Node's are at hand. */
export async function addNodeEntries(folder) {
  await mkdir(`${folder}/node`)
  const names = BUILTINS.map((_, index) => `module${index}`)
  const lent = `{ ${BUILTINS.map((builtin, index) => `'${builtin}': ${names[index]}`).join(', ')} }`
  const imports = BUILTINS.map((builtin, index) => `import ${names[index]} from '${builtin}'\n`)
  const requires = BUILTINS.map((builtin, index) => `const ${names[index]} = require('${builtin}')\n`)
  await writeFile(`${folder}/node/builtins.js`, `${imports.join('')}${LENT} = ${lent}\n`)
  await writeFile(`${folder}/node/builtins.cjs`, `${requires.join('')}${LENT} = ${lent}\n`)
  for (const entry of Object.keys(ENTRIES)) {
    await writeFile(`${folder}/node/${entry}.js`, `import './builtins.js'\nexport * from '../${entry}.js'\n`)
    await writeFile(`${folder}/node/${entry}.cjs`, `require('./builtins.cjs')\nmodule.exports = require('../${entry}.cjs')\n`)
  }
  for (const [name, values] of Object.entries(ADAPTERS)) {
    const from = `../adapters/${name}`
    const more = values.hasDefault ? `export { default } from '${from}.js'\n` : ''
    await writeFile(`${folder}/node/${name}.js`, `import './builtins.js'\nexport * from '${from}.js'\n${more}`)
    await writeFile(`${folder}/node/${name}.cjs`, `require('./builtins.cjs')\nmodule.exports = require('${from}.cjs')\n`)
  }
}

/** Types for require(). They are those of the ES modules, so that what comes from both fits together. */
export async function addCommonJSTypes(folder) {
  const named = await readClasses()
  for (const [entry, values] of Object.entries(ENTRIES)) {
    const from = `'./${entry}.js' with { 'resolution-mode': 'import' }`
    const classes = named.map(([name, parameters, given]) => {
      const [generic, applied] = parameters ? [`<${parameters}>`, `<${given}>`] : ['', '']
      return `export declare const ${name}: typeof esm.${name}\nexport type ${name}${generic} = esm.${name}${applied}\n`
    })
    const others = ['coreModule', 'useCore', ...values].map((name) => `export declare const ${name}: typeof esm.${name}\n`)
    const text = `import type * as esm from ${from}\nexport type * from ${from}\n${classes.join('')}${others.join('')}`
    await writeFile(`${folder}/${entry}.d.cts`, text)
  }
  for (const [name, { classes = [], functions = [] }] of Object.entries(ADAPTERS)) {
    const from = `'./${name}.js' with { 'resolution-mode': 'import' }`
    const values = [...classes, ...functions].map((value) => `export declare const ${value}: typeof esm.${value}\n`)
    const types = classes.map((value) => `export type ${value} = esm.${value}\n`)
    const text = `import type * as esm from ${from}\nexport type * from ${from}\n${values.join('')}${types.join('')}`
    await writeFile(`${folder}/adapters/${name}.d.cts`, text)
  }
}
