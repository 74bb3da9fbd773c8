/** The page: five sections over one worker, on the backend that the visitor chose. */
import { backendPicker } from './shell/backend-picker.js';
import { showSections } from './shell/sections.js';
import { themeButton } from './shell/theme.js';

const byId = (id: string): HTMLElement => document.getElementById(id)!;

byId('settings').append(backendPicker(), themeButton());
showSections(byId('sections'), byId('main'), [
  { id: 'notebook', title: 'Notebook', load: () => import('./notebook/section.js') },
  { id: 'forecast', title: 'Forecast', load: () => import('./forecast/section.js') },
  { id: 'attention', title: 'Attention', load: () => import('./attention/section.js') },
  { id: 'stream', title: 'Stream', load: () => import('./stream/section.js') },
  { id: 'backends', title: 'Backends', load: () => import('./backends/section.js') },
]);
