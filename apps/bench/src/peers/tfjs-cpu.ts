/** TensorFlow.js on its engine of plain JavaScript. */
import { productsOf } from '../cases.js';
import { tfjsEngine } from '../engines/tfjs/index.js';
import { loadTfjs } from '../engines/tfjs/load.js';
import { tfjsVersion } from '../engines/tfjs/version.js';
import type { Peer } from '../peer.js';

/** A few seconds; its GRU cuts the kernels up in each step, which takes ten times as long. */
const most = { usually: 1e9, gru: 2e8 };

export const tfjsCpu: Peer = {
  name: 'tfjs cpu',
  against: ['recurra cpu'],
  versions: () => [tfjsVersion()],
  does(task) {
    const cell = 'cell' in task ? task.cell : '';
    return cell !== 'GRU' && productsOf(task) < (cell === 'GRU reset before' ? most.gru : most.usually);
  },
  async open() {
    const loaded = await loadTfjs();
    await import('@tensorflow/tfjs-backend-cpu');
    await loaded.tf.setBackend('cpu');
    return tfjsEngine(loaded);
  },
};
