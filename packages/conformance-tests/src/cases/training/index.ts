/** Cells and attention are trained: their gradients are Keras's, and so are the losses of a few steps. */
import { defineCases, type Case } from '../../case.js';
import { gradientEntries } from './gradients.js';
import { ourTraining, type TrainingLibrary } from './library.js';
import { secondOrderEntries } from './second-order.js';
import { segmentEntries } from './segments.js';
import { stepEntries } from './steps.js';

export function trainingCases(library: TrainingLibrary = ourTraining): Case[] {
  return defineCases('training', {
    ...gradientEntries(library),
    ...secondOrderEntries(library),
    ...segmentEntries(library),
    ...stepEntries(library),
  });
}
