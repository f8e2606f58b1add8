// Charts for documents: runs in a bare V8 without DOM (mini-racer) and gives an SVG as text.
import { echarts } from "./echarts";
import { withFunctions } from "./format";

type Locale = "ZH" | "EN";

/**
 * Draw one chart.
 * @param optionJson an ECharts option as JSON text
 * @param width pixels
 * @param height pixels
 * @param locale language of what ECharts writes by itself (months on a time axis)
 */
function renderSvg(optionJson: string, width: number, height: number, locale: Locale = "ZH"): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height, locale });
  try {
    chart.setOption({ ...(withFunctions(JSON.parse(optionJson)) as object), animation: false });
    return chart.renderToSVGString();
  } finally {
    chart.dispose(); // an undisposed chart is kept by ECharts' instance table for ever
  }
}

Object.assign(globalThis, { renderSvg });
