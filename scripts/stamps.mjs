// What a part of the build was made from, and what came of it: so that what is up to date is not made again.
import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { mkdir, readFile, rm, writeFile } from './fs.mjs'

const STAMPS = 'build/stamps'
/** The build itself; which tools are wanted, and which are installed. */
const TOOLS = ['scripts', 'package-lock.json', 'node_modules/.package-lock.json']

const stampOf = (name) => path.join(STAMPS, `${name}.json`)

/** Whether a part is what its inputs make, byte for byte: neither they nor its outputs have changed since it was made. */
export async function isFresh(name, part) {
  const stamp = await readFile(stampOf(name), 'utf8').catch(() => '')
  return stamp !== '' && stamp === toText(await hashOfInputs(part), await hashOf(part.outputs))
}

/** Makes a part; until that has succeeded it counts as not made. What changes meanwhile is noticed by the next build. */
export async function makeStamped(name, part) {
  await rm(stampOf(name))
  const inputs = await hashOfInputs(part)
  await part.make()
  await mkdir(STAMPS)
  await writeFile(stampOf(name), toText(inputs, await hashOf(part.outputs)))
}

function toText(inputs, outputs) {
  return `${JSON.stringify({ inputs, outputs })}\n`
}

async function hashOfInputs({ inputs, options = '' }) {
  return options + (await hashOf([...TOOLS, ...inputs]))
}

/** Of the names and contents of files, and of all files in folders. That there is none counts, too. */
async function hashOf(places) {
  const hash = createHash('sha256')
  for (const file of (await Promise.all(places.map(filesIn))).flat()) {
    const content = await readFile(file).catch(() => 'nothing')
    hash.update(`${file}\0`).update(createHash('sha256').update(content).digest())
  }
  return hash.digest('hex')
}

/** A file as it is; of a folder all files but installed packages. */
async function filesIn(place) {
  const isFolder = await fs.stat(place).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
  if (!isFolder) return [place]
  const entries = await fs.readdir(place, { withFileTypes: true })
  const inside = entries
    .filter(({ name }) => name !== 'node_modules')
    .map(({ name }) => path.join(place, name))
    .sort()
  return (await Promise.all(inside.map(filesIn))).flat()
}
