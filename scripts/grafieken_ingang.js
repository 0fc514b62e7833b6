/* What of Apache ECharts the application uses: scripts/vendor_css.py makes web/static/vendor/echarts.min.js of it. */
import {
  AriaComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { BarChart, FunnelChart, HeatmapChart, LineChart, SankeyChart } from "echarts/charts";
import * as core from "echarts/core";
import langNL from "echarts/lib/i18n/langNL.js";
import { SVGRenderer } from "echarts/renderers";

core.use([
  BarChart, FunnelChart, HeatmapChart, LineChart, SankeyChart, AriaComponent, GridComponent, LegendComponent,
  MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, SVGRenderer,
]);
core.registerLocale("NL", langNL);

export const { init, version } = core;
