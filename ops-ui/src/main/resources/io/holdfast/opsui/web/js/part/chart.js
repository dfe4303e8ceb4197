/// Charts, drawn by uPlot: small, without dependencies, and it draws on a canvas, so that a chart costs the
/// same however many points it has. What each tells is also said in words, for those who do not see it.

import uPlot from '../../lib/uplot.js';

const HEIGHT = 150;
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const clock = (seconds) => CLOCK.format(seconds * 1_000);
const BINARY = Array.from({ length: 50 }, (_, power) => 2 ** power);
const COLOURS = ['--chart-1', '--chart-2', '--chart-3'];

/**
 * `<hf-chart>`: set `plan` (`{label, series: [{label, format, mark}], x, bars, isLogarithmic, isBinary, least, height}`;
 * `least` is how far the axis reaches at least) and `data`
 * (a list of places on the x axis, then one list of values for each series).
 */
class Chart extends HTMLElement {
  #plot = null;
  #data = [[]];
  #sizes = null;
  plan = null;

  set data(data) {
    this.#data = data;
    this.#say();
    if (this.#plot) {
      this.#plot.setData(data);
    }
  }

  get data() {
    return this.#data;
  }

  takeFrom(other) {
    this.plan = { ...this.plan, label: other.plan.label };
    if (JSON.stringify(other.data) !== JSON.stringify(this.#data)) {
      this.data = other.data;
    }
  }

  connectedCallback() {
    this.#say();
    this.#sizes = new ResizeObserver(() => this.#fit());
    this.#sizes.observe(this);
    charts.add(this);
  }

  disconnectedCallback() {
    this.#sizes?.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
    charts.delete(this);
  }

  /** Draws anew in the colours that hold now. */
  redraw() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#fit();
  }

  #say() {
    this.setAttribute('role', 'img');
    const last = this.plan.series.map((one, place) => {
      const value = this.#data[place + 1]?.findLast((known) => known !== null && known !== undefined);
      return `${one.label}: ${value === undefined ? 'nothing yet' : one.format(value)}`;
    });
    this.setAttribute('aria-label', this.plan.bars ? this.plan.label : `${this.plan.label}; ${last.join(', ')}`);
  }

  #fit() {
    const width = Math.floor(this.clientWidth);
    if (width === 0) {
      return;
    }
    const height = this.plan.height ?? HEIGHT;
    if (this.#plot) {
      this.#plot.setSize({ width, height });
    } else {
      this.#plot = new uPlot(this.#options(width, height), this.#data, this);
    }
  }

  #options(width, height) {
    const colour = (name) => this.#colour(name);
    const { series, x, isLogarithmic, isBinary, least } = this.plan;
    const axis = { stroke: colour('--faint'), font: '11px system-ui, sans-serif', gap: 4, ticks: { show: false },
      grid: { stroke: colour('--line'), width: 1 } };
    return {
      width, height, padding: [8, 10, 4, 0], legend: { show: true, live: true },
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      scales: { x: { time: x === undefined, range: x && this.#around }, y: isLogarithmic
        ? { distr: 3 } : { range: (plot, low, high) => [0, Math.max(high * 1.08, least ?? 1)] } },
      axes: [{ ...axis, size: 26, space: 90, values: (plot, places) => places.map(x ?? clock) },
        { ...axis, size: 80, space: 34, ...(isBinary ? { incrs: BINARY } : {}), values: (plot, values) => values.map((value) =>
          (value === null ? '' : value === 0 ? '0' : series[0].format(value))) }],
      series: [x ? { value: (plot, value) => (value === null ? '' : x(value)) }
        : { label: 'At', value: '{HH}:{mm}:{ss}' },
      ...series.map((one, place) => this.#series(one, colour(COLOURS[place])))],
    };
  }

  /// A canvas knows no variables: as the text's colour, one is worked out.
  #colour(name) {
    this.style.color = `var(${name})`;
    const { color } = getComputedStyle(this);
    this.style.removeProperty('color');
    return color;
  }

  #around = (plot, low, high) => [low - 0.6, high + 0.6];

  #series(one, stroke) {
    const shared = { label: one.label, stroke, value: (plot, value) => (value === null || value === undefined
      ? '–' : one.format(value)) };
    if (this.plan.bars) {
      return { ...shared, fill: stroke, width: 0, paths: uPlot.paths.bars({ size: [0.8, 40] }), points: { show: false } };
    }
    if (one.mark) {
      return { ...shared, paths: () => null, points: { show: true, size: one.mark === 'large' ? 11 : 8, width: 2,
        fill: one.mark === 'hollow' ? 'transparent' : stroke } };
    }
    return { ...shared, width: 2, fill: this.plan.series.length === 1 ? stroke.replace('rgb(', 'rgba(').replace(')', ', .12)') : undefined,
      points: { show: false } };
  }
}

customElements.define('hf-chart', Chart);

const charts = new Set();
const recolour = () => charts.forEach((one) => one.redraw());
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour);
new MutationObserver(recolour).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });

/** A chart with these data. */
export function chart(plan, data) {
  const element = document.createElement('hf-chart');
  element.plan = plan;
  element.data = data;
  return element;
}
