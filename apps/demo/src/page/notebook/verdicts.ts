/** The notebook's question of every cell and attention, asked of the chosen backend now. */
import { measure } from '../../questions.js';
import type { Handler } from '../worker/handler.js';

export const verdicts: Handler<'verdicts'> = (_, { backend }) => measure([backend]);
