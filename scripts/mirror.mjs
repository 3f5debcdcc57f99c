// Writes what TypeScript needs to know of the core's sources: offsets, constants, names. Which, a list says that lies beside
// the layout that it mirrors, assembly/**/mirror.json:
//
//   output      the module to write, which imports nothing
//   imports     the files that the expressions are about, by the names that they have in them, as paths from the list
//   constants   by name, what is exported; `says` is its comment, and it is
//               value     an expression of AssemblyScript; instead of { value }, too         export const N = 1
//               values    several, by name                                                   export const N = { a: 1 }
//               fields    the offsets of these fields of `class`, plus `at`, if there is one;
//                         those of `values` come behind them                                 export const N = { a: 1 }
//               names     the members of an enum, in the order of their numbers from 0       export const N = ['A']
//               radix     16 for one that is written so
//
// The compiler evaluates the expressions, those of all lists in one go. What is written is committed: so the sources can be
// read and checked without a build, and a change of the layout shows in both languages. `node scripts/mirror.mjs` writes, as
// the build does; with --check it writes nothing, and fails if what is there is not what it would write.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { transform } from 'esbuild'
import { glob, mkdir, readFile, writeFile } from './fs.mjs'

const ASSEMBLY = 'assembly'
const COLUMNS = 130

/** The lists, each with its file's name. */
async function readLists() {
  const files = await glob(ASSEMBLY, 'mirror.json')
  return Promise.all(files.map(async (file) => ({ file, ...JSON.parse(await readFile(file, 'utf8')) })))
}

/** Where the mirrors are, and the same as JavaScript, for programs that are not bundled. */
export async function mirrorFiles() {
  return (await readLists()).flatMap(({ output }) => [output, builtOf(output)])
}

/** Writes them. */
export async function writeMirrors() {
  for (const { output, text } of await makeMirrors()) {
    if (text !== (await readFile(output, 'utf8').catch(() => ''))) await writeFile(output, text)
    const built = builtOf(output)
    await mkdir(path.dirname(built))
    await writeFile(built, (await transform(text, { loader: 'ts', format: 'esm', target: 'es2022' })).code)
  }
}

/** The names of those that are not what the core's sources say. */
export async function staleMirrors() {
  const mirrors = await makeMirrors()
  const found = await Promise.all(mirrors.map(({ output }) => readFile(output, 'utf8').catch(() => '')))
  return mirrors.filter(({ text }, i) => text !== found[i]).map(({ output }) => output)
}

async function makeMirrors() {
  const { evaluate } = await import('./probe.mjs') // with the compiler, which takes long to load
  const lists = await Promise.all((await readLists()).map(withEntries))
  const values = await evaluate(
    lists.map(({ imports, constants }) => ({
      imports: Object.entries(imports)
        .map(([name, from]) => `import * as ${name} from './${from}'`)
        .join('\n'),
      expressions: constants.flatMap(({ entries }) => entries.map(({ code }) => code)),
    })),
  )
  return lists.map(({ file, output, constants }, i) => {
    const head = `// Made by scripts/mirror.mjs from ${file}, which says what belongs here: do not edit.\n`
    const next = values[i].values()
    const texts = constants.map((constant) =>
      toText(
        constant,
        constant.entries.map(() => next.next().value),
      ),
    )
    return { output, text: [head, ...texts].join('\n') }
  })
}

/** A list with paths from the project's folder, and with what is to be evaluated for each constant. */
async function withEntries({ file, output, imports, constants }) {
  const resolved = Object.entries(imports).map(([name, from]) => [name, path.posix.join(path.dirname(file), from)])
  const places = Object.fromEntries(resolved)
  const described = Object.entries(constants).map(async ([name, given]) => {
    const constant = typeof given === 'string' ? { value: given } : given
    const entries = constant.names ? await entriesOfEnum(constant.names, places) : entriesOf(constant)
    return { ...constant, name, entries }
  })
  return { file, output, imports: places, constants: await Promise.all(described) }
}

/** What is to be evaluated for a constant, by name. */
function entriesOf({ value, values = {}, fields = [], class: type, at }) {
  if (value !== undefined) return [{ name: '', code: value }]
  const offset = (field) => `${at ? `${at} + ` : ''}offsetof<${type}>('${field}')`
  return [
    ...fields.map((field) => ({ name: field, code: offset(field) })),
    ...Object.entries(values).map(([name, code]) => ({ name, code })),
  ]
}

/** The members of an enum, as its source has them. */
async function entriesOfEnum(reference, places) {
  const [module, type] = reference.split('.')
  const source = await readFile(`${places[module]}.ts`, 'utf8')
  const [, body] = new RegExp(`\\benum ${type} \\{([^}]*)\\}`).exec(source) ?? []
  if (body === undefined) throw new Error(`There is no enum ${type} in ${places[module]}.ts.`)
  const names = body.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').split(',')
  return names.flatMap((text) => text.trim() || []).map((name) => ({ name, code: `${reference}.${name}` }))
}

/** A constant as TypeScript, formatted as `npm run format` does. */
function toText({ name, says, value, names, entries, radix }, values) {
  const comment = says ? `${commentOf(says)}\n` : ''
  const number = (n) => (radix === 16 ? `0x${n.toString(16).padStart(8, '0')}` : String(n))
  if (value !== undefined) return `${comment}export const ${name} = ${number(values[0])}\n`
  if (names === undefined) {
    const lines = entries.map((entry, i) => `  ${entry.name}: ${number(values[i])},\n`)
    return `${comment}export const ${name} = {\n${lines.join('')}} as const\n`
  }
  if (values.some((n, i) => n !== i)) throw new Error(`The members of ${names} are not numbered from 0.`)
  return `${comment}export const ${name} = [\n${entries.map((entry) => `  '${entry.name}',\n`).join('')}] as const\n`
}

function commentOf(text) {
  const line = `/** ${text} */`
  if (line.length <= COLUMNS) return line
  const lines = [' *']
  for (const word of text.split(' ')) {
    if (`${lines.at(-1)} ${word}`.length > COLUMNS - 10) lines.push(' *')
    lines.push(`${lines.pop()} ${word}`)
  }
  return ['/**', ...lines, ' */'].join('\n')
}

function builtOf(output) {
  return `build/${output.replace(/\.ts$/, '.js')}`
}

if (process.argv[1] === import.meta.filename) {
  process.chdir(path.dirname(import.meta.dirname))
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  const stale = values.check ? await staleMirrors() : await writeMirrors()
  if (stale?.length > 0) {
    console.error(`Not what the core's sources say: ${stale.join(', ')}. \`npm run build\` writes them.`)
    process.exit(1)
  }
}
