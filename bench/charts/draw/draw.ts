// Any chart in any theme as SVG.
import { drawBars, type BarChart } from './bars.js'
import { drawLines, type LineChart } from './lines.js'
import { drawPercentiles, type PercentileChart } from './percentiles.js'
import { toSvg } from './svg.js'
import { THEMES, type ThemeName } from './theme.js'

export type Chart = BarChart | LineChart | PercentileChart

export function drawChart(chart: Chart, name: ThemeName): string {
  const theme = THEMES[name]
  if (chart.kind === 'bars') return toSvg(drawBars(chart, theme))
  if (chart.kind === 'lines') return toSvg(drawLines(chart, theme))
  return toSvg(drawPercentiles(chart, theme))
}
