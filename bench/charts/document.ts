// Writes everything that is made of a report: pictures, the copy of the report, and the marked parts of two documents.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { drawChart, type Chart } from './draw/draw.js'
import type { ThemeName } from './draw/theme.js'
import { replaceMarked } from './marks.js'
import { fileOf, makeParts } from './parts.js'
import { PICTURES, PICTURE_NAMES, type PictureName } from './pictures/index.js'
import { compactReport, readReport, UsageError, type Report } from './report.js'

const PICTURE_FOLDER = 'benchmarks'
const THEME_NAMES: ThemeName[] = ['light', 'dark']

/** Where things are: the document of the benchmark in `out`, the README beside `out`. */
export interface Documents {
  report: string
  out: string
}

/** Returns what happened, a line each. Nothing is written unless all could be made. */
export function writeDocuments({ report: file, out }: Documents): string[] {
  const report = readReport(readText(file), file)
  const charts = new Map(PICTURE_NAMES.map((name) => [name, PICTURES[name](report)]))
  const fromAbove = `${path.basename(path.resolve(out))}/${PICTURE_FOLDER}`
  const documents = [
    fill(path.join(out, 'BENCHMARKS.md'), makeParts(report, charts, PICTURE_FOLDER)),
    fill(path.join(out, '..', 'README.md'), makeParts(report, charts, fromAbove)),
  ]
  const pictures = [...charts].flatMap(([name, chart]) =>
    THEME_NAMES.map((theme) => {
      return { file: fileOf(name, theme), svg: chart && drawChart(chart, theme) }
    }),
  )
  writePictures(path.join(out, PICTURE_FOLDER), pictures, report)
  for (const { file, text } of documents) writeFileSync(file, text)
  return [...describePictures(charts), ...documents.map(({ file, names }) => `${file}: ${names.length} parts`)]
}

function readText(file: string): string {
  if (!existsSync(file)) throw new UsageError(`There is no ${file}`)
  return readFileSync(file, 'utf8')
}

function fill(file: string, parts: Map<string, string>): { file: string; text: string; names: string[] } {
  return { file, ...replaceMarked(readText(file), file, parts) }
}

/** Also takes away the pictures of an earlier report that this one has no figures for. */
function writePictures(folder: string, pictures: { file: string; svg: string | undefined }[], report: Report): void {
  mkdirSync(folder, { recursive: true })
  for (const { file, svg } of pictures) {
    if (svg === undefined) rmSync(path.join(folder, file), { force: true })
    else writeFileSync(path.join(folder, file), svg)
  }
  writeFileSync(path.join(folder, 'report.json'), compactReport(report))
}

function describePictures(charts: Map<PictureName, Chart | undefined>): string[] {
  return [...charts].map(([name, chart]) => `chart ${name}: ${chart?.title ?? 'left out, the report has no figures for it'}`)
}
