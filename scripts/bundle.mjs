// The library as it is bundled, into build/library: all entries of it, over the core with and without checkpoints, as ES modules and
// for require(), with the licences of what is in it.
import path from 'node:path'
import * as esbuild from 'esbuild'
import { addCommonJS, addNodeEntries, bundleAdapters, placeSources } from './entries.mjs'
import { Fault } from './fault.mjs'
import { copyFile, mkdir, readFile, rm, writeFile } from './fs.mjs'

export const LIBRARY = 'build/library'
export const CHECKED_CORE = 'build/tophash-checked.wasm'

const root = path.dirname(import.meta.dirname)

/** Packages of which code is in dist/, and the files that say under which terms. */
const BUNDLED = [
  { name: 'devalue', texts: ['devalue/LICENSE'] },
  { name: '@assemblyscript/loader', texts: ['assemblyscript/NOTICE', 'assemblyscript/LICENSE'] },
]

/** The loader assigns to Object, which may be frozen (node --frozen-intrinsics), what all runtimes have. */
const withoutPolyfill = {
  name: 'without polyfill',
  setup: (build) => {
    build.onLoad({ filter: /@assemblyscript\/loader\/index\.js$/ }, async ({ path: file }) => {
      const [before, after, ...more] = (await readFile(file, 'utf8')).split('Object.hasOwn = Object.hasOwn || ')
      if (after === undefined || more.length > 0) throw new Fault('The loader has changed: see withoutPolyfill.')
      return { contents: `${before}void ${after}` }
    })
  },
}

/** How the library is bundled. */
const BUNDLE = {
  absWorkingDir: root, // or it would be where the process began
  outdir: LIBRARY,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  target: 'es2022', // without a target the binary loader emits Uint8Array.fromBase64, which Node 20 lacks
  loader: { '.wasm': 'binary' },
  legalComments: 'none',
  sourcemap: 'linked', // with the sources, which are not packed
  plugins: [withoutPolyfill],
}

/** Makes the library in its folder: all entries but the types. */
export async function buildLibrary(withChecked) {
  await rm(LIBRARY)
  await mkdir(LIBRARY)
  await copyFile('build/tophash.wasm', `${LIBRARY}/tophash.wasm`)
  await bundleLibrary()
  await bundleSlim()
  if (withChecked) await bundleChecked()
  await bundleAdapters(BUNDLE, LIBRARY)
  await placeSources(LIBRARY)
  await addCommonJS(root, LIBRARY)
  await addNodeEntries(LIBRARY)
  await gatherLicences()
}

async function bundleLibrary() {
  await esbuild.build({
    ...BUNDLE,
    entryPoints: { index: 'src/index.ts', lite: 'src/lite.ts' },
    splitting: true, // one class for both entries
    chunkNames: 'shared-[hash]',
  })
}

/** The same sources without a core. */
async function bundleSlim() {
  const swap = {
    name: 'slim',
    setup: (build) => {
      build.onResolve({ filter: /\/tophash\.wasm$/ }, () => ({ path: path.resolve('src/core/no-core.ts') }))
    },
  }
  await esbuild.build({ ...BUNDLE, entryPoints: { slim: 'src/slim.ts' }, plugins: [...BUNDLE.plugins, swap] })
}

/** The same sources over the other core. */
async function bundleChecked() {
  const swap = {
    name: 'checked',
    setup: (build) => {
      build.onResolve({ filter: /\/tophash\.wasm$/ }, () => ({ path: path.resolve('build/tophash-checked.wasm') }))
      build.onResolve({ filter: /\/hooks\.js$/ }, () => ({ path: path.resolve('src/core/hooks.checked.ts') }))
    },
  }
  await esbuild.build({ ...BUNDLE, entryPoints: { checked: 'src/checked.ts' }, plugins: [...BUNDLE.plugins, swap] })
}

/** What is bundled comes with its licence. */
async function gatherLicences() {
  const parts = await Promise.all(
    BUNDLED.map(async ({ name, texts }) => {
      const licence = await Promise.all(texts.map((text) => readFile(`node_modules/${text}`, 'utf8')))
      return [`== ${name} ==`, ...licence.map((text) => text.trim())].join('\n\n')
    }),
  )
  await writeFile(`${LIBRARY}/THIRD-PARTY.txt`, `This package contains code of:\n\n${parts.join('\n\n\n')}\n`)
}
