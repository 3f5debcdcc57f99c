// The types of the package, as TypeScript programs meet them: with and without "exports", with and without the types of a
// page, as ES module and as CommonJS, and with everything that they refer to checked (no skipLibCheck).
import { createRequire } from 'node:module'
import path from 'node:path'
import { root } from './consumer.mjs'
import { TYPED, TYPED_COMMONJS } from './programs.mjs'

const require = createRequire(import.meta.url)
const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin/tsc')

/** What is compiled, and how. `types: ['node']` takes the types of Node that this project has. */
const PROGRAMS = [
  { file: 'typed.mts', module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022', 'dom'], types: [] },
  { file: 'typed.mts', module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'], types: [] },
  { file: 'typed.mts', module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022'], types: ['node'] },
  { file: 'typed.mts', module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022', 'webworker'], types: [] },
  { file: 'typed.cts', module: 'node16', moduleResolution: 'node16', lib: ['es2022'], types: ['node'] },
  { file: 'typed.cts', module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022', 'dom'], types: [] },
]

export async function useFromTypeScript(consumer) {
  await consumer.write('typed.mts', TYPED)
  await consumer.write('typed.cts', TYPED_COMMONJS)
  for (const { file, ...options } of PROGRAMS) {
    const compilerOptions = {
      ...options,
      target: 'es2022',
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      typeRoots: [path.join(root, 'node_modules/@types')],
    }
    await consumer.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [file] }))
    consumer.node(tsc, '-p', consumer.at('tsconfig.json'))
    const { module, lib, types } = options
    console.log(`Compiled ${file} against its types: module "${module}", lib ${[...lib, ...types].join(', ')}.`)
  }
}
