// What all charts have in common: the size, the head with title and legend, and how text is measured without a browser.
import type { EChartsOption } from 'echarts'
import type { Family } from '../rivals.js'
import { FONT, FONT_SIZE, textWidth, wrapped } from './font.js'
import { textShape } from './shapes.js'
import { FAMILY_LABELS, type Theme } from './theme.js'

/** What a chart says besides its data. */
export interface Head {
  title: string
  subtitle: string
  /** For those who hear the chart instead of seeing it. */
  description: string
}

/** Ready to be drawn. */
export interface Drawing {
  head: Head
  height: number
  option: EChartsOption
}

/** A mark that names a colour. */
export interface LegendItem {
  label: string
  color: string
  outlined?: boolean
  /** 1 if not given. */
  opacity?: number
}

export const WIDTH = 720
export const MARGIN = 18
const TITLE_SIZE = 17
const SUBTITLE_TOP = 42
const SUBTITLE_LINE = 17
const LEGEND_LINE = 20
const SWATCH = 10

/** None if there is nothing to tell apart. */
export function legendOf(families: Iterable<Family>, theme: Theme): LegendItem[] {
  const present = new Set(families)
  if (present.size === 1) return []
  return (Object.keys(FAMILY_LABELS) as Family[])
    .filter((family) => present.has(family))
    .map((family) => {
      return { label: FAMILY_LABELS[family], color: theme.families[family], outlined: family === 'published' }
    })
}

/** The head as options, and where the chart below it begins. */
export function headOptions(head: Head, legend: LegendItem[], theme: Theme): { option: EChartsOption; bottom: number } {
  const subtitle = wrapped(head.subtitle, WIDTH - 2 * MARGIN)
  const top = SUBTITLE_TOP + subtitle.length * SUBTITLE_LINE + 6
  const items = layOut(legend)
  const lines = items.length === 0 ? 0 : items.at(-1)!.line + 1
  const option: EChartsOption = {
    animation: false,
    backgroundColor: theme.surface,
    textStyle: { fontFamily: FONT },
    title: {
      text: head.title,
      subtext: subtitle.join('\n'),
      left: MARGIN,
      top: 14,
      padding: 0,
      itemGap: 8,
      textStyle: { color: theme.text, fontSize: TITLE_SIZE, fontWeight: 'bold' },
      subtextStyle: { color: theme.muted, fontSize: FONT_SIZE, lineHeight: SUBTITLE_LINE },
    },
    graphic: items.flatMap(({ item, x, line }) => drawLegendItem(item, x, top + line * LEGEND_LINE, theme)),
  }
  return { option, bottom: top + lines * LEGEND_LINE }
}

/** Side by side, and in a new line where the first is full. */
function layOut(legend: LegendItem[]): { item: LegendItem; x: number; line: number }[] {
  let x = MARGIN
  let line = 0
  return legend.map((item) => {
    const width = SWATCH + 6 + textWidth(item.label) + 14
    if (x > MARGIN && x + width > WIDTH - MARGIN) [x, line] = [MARGIN, line + 1]
    const placed = { item, x, line }
    x += width
    return placed
  })
}

function drawLegendItem({ label, color, outlined, opacity = 1 }: LegendItem, x: number, y: number, theme: Theme) {
  const paint = outlined ? { fill: 'none', stroke: color, lineDash: [3, 2] } : { fill: color, opacity }
  return [
    { type: 'rect' as const, silent: true, shape: { x, y, width: SWATCH, height: SWATCH, r: 2 }, style: paint },
    textShape(label, x + SWATCH + 6, y + SWATCH / 2, { fill: theme.muted }),
  ]
}
