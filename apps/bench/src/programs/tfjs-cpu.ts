/** TensorFlow.js on its engine of plain JavaScript. */
import '@tensorflow/tfjs-backend-cpu';
import { firstResult } from './tfjs-layer.js';

void firstResult('cpu');
