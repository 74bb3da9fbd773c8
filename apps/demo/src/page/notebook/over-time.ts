/** Every track as a heat map over all of time, the moment now in a frame. */
import { heatMap, largest, type HeatMap } from '../draw/heat-map.js';
import { el } from '../shell/element.js';
import { fixed } from '../draw/numbers.js';
import { steps } from './sizes.js';
import { limitOf } from './step-table.js';
import type { Traced, Track } from './trace.js';

const titles: Readonly<Record<string, string>> = {
  x: 'input',
  i: 'input gate',
  f: 'forget gate',
  g: 'the new',
  o: 'output gate',
  c: 'memory',
  z: 'update gate',
  r: 'reset gate',
  ĥ: 'the new',
  h: 'output',
};

export function overTime(goTo: (t: number) => void): {
  readonly element: HTMLElement;
  /** With `base` only what differs from it is drawn. */
  readonly draw: (traced: Traced, t: number, base: Traced | undefined) => void;
} {
  const element = el('div', { class: 'maps' });
  const maps = new Map<string, HeatMap>();
  let shown = '';

  const build = (tracks: readonly Track[]): void => {
    maps.clear();
    const figures = tracks.map(({ name }) => {
      const value = el('span', { class: 'value' });
      const map = heatMap({ onPick: (_, column) => goTo(column), onPoint: (text) => (value.textContent = text ?? '') });
      maps.set(name, map);
      const letter = el('i', {}, name);
      return el(
        'figure',
        { 'data-map': name },
        el('figcaption', {}, el('span', {}, letter, el('sub', {}, 't'), ` ${titles[name] ?? ''}`), value),
        map.element,
      );
    });
    element.replaceChildren(...figures);
  };

  return {
    element,
    draw({ tracks }, t, base) {
      const names = tracks.map(({ name }) => name).join();
      if (names !== shown) build(tracks);
      shown = names;
      for (const track of tracks) {
        const { name, width } = track;
        const before = base?.tracks.find((other) => other.name === name)?.data;
        const data = before ? track.data.map((v, i) => v - before[i]!) : track.data;
        const limit = before ? largest(data, 1e-6) : limitOf(track);
        const [low, high] = [Math.min(...data), Math.max(...data)];
        const what = before ? `what changed in ${titles[name] ?? name}` : (titles[name] ?? name);
        maps.get(name)!.draw({
          rows: width,
          columns: steps,
          at: (row, column) => data[column * width + row]!,
          limit,
          column: t,
          label: `${name}: ${what}, ${width} units over ${steps} steps, from ${fixed(low)} to ${fixed(high)}`,
        });
      }
    },
  };
}
