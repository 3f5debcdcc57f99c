// The made parts of the documents by name: pictures and tables.
import type { Chart } from './draw/draw.js'
import type { PictureName } from './pictures/index.js'
import type { Report } from './report.js'
import { WIDTH } from './draw/canvas.js'
import { lockedTable, readsTable, storeTable, tenMillionTable } from './tables/articles.js'
import { environmentTable } from './tables/environment.js'
import { lossTable, nativeLossTable, summaryTable } from './tables/losses.js'
import { resultTables } from './tables/results.js'
import { sharedTable } from './tables/shared.js'
import { NOT_MEASURED } from './tables/table.js'

const TABLES: Record<string, (report: Report) => string> = {
  environment: environmentTable,
  summary: summaryTable,
  losses: lossTable,
  'losses-native': nativeLossTable,
  shared: sharedTable,
  store: storeTable,
  reads: readsTable,
  'ten-million': tenMillionTable,
  locked: lockedTable,
  results: resultTables,
}

/** `folder` is that of the pictures as the document refers to it. */
export function makeParts(report: Report, charts: Map<PictureName, Chart | undefined>, folder: string): Map<string, string> {
  return new Map([
    ...[...charts].map(([name, chart]) => [`chart-${name}`, chart ? picture(name, chart, folder) : NOT_MEASURED] as const),
    ...Object.entries(TABLES).map(([name, make]) => [`table-${name}`, make(report)] as const),
  ])
}

export function fileOf(name: PictureName, theme: 'light' | 'dark'): string {
  return `${name}-${theme}.svg`
}

function picture(name: PictureName, { title, subtitle }: Chart, folder: string): string {
  const alt = `${title}; ${subtitle}`.replaceAll('"', '&quot;')
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${folder}/${fileOf(name, 'dark')}">`,
    `  <img alt="${alt}" src="${folder}/${fileOf(name, 'light')}" width="${WIDTH}">`,
    '</picture>',
  ].join('\n')
}
