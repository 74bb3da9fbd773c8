/** Training in the page: start, pause, go on, stop; the loss as it falls; the weights to keep. */
import { lineChart } from '../draw/line-chart.js';
import { backend } from '../shell/backend-picker.js';
import { el } from '../shell/element.js';
import { inWords, notice } from '../shell/notice.js';
import { segmented } from '../shell/segmented.js';
import { labelOf, type BackendId } from '../worker/backend-choices.js';
import { connect } from '../worker/client.js';
import { download, duration, thinned } from './panel-parts.js';
import type { Look } from './network.js';
import type { Kept, LeaveAsk, Progress } from './run.js';

const trainer = connect('trainer');
const epochs = 15;

/** `trained` gets the weights of a network whenever there are newer ones; null when they were thrown away. */
export function trainingPanel(trained: (look: Look, weights: Uint8Array | null) => void): HTMLElement {
  let look: Look = 'bahdanau';
  let running = false;
  /** Until storage has said what it has, nothing may begin. */
  let known = false;
  /** No step is left to make, or somebody stopped it. */
  let over = false;
  let runs = 0;
  let leaving = false;
  /** What storage did not take. */
  const unkept = new Map<Look, Kept>();
  let weights: Uint8Array | null = null;
  let step = 0;
  let losses: number[] = [];
  let errors: (readonly [number, number])[] = [];

  const chart = lineChart({
    x: 'step',
    label: 'Loss, and wrong phonemes in words that are not trained on, over the steps of training',
    height: 260,
    lines: [
      { label: 'loss', color: 'positive', digits: 3 },
      { label: 'wrong phonemes, %', color: 'negative', width: 3, right: true },
    ],
  });
  const bar = el('progress', { max: 1, value: 0, 'aria-label': 'Training' });
  const status = el('p', { class: 'number', role: 'status' });
  const problems = el('div');
  const button = (text: string, act: () => void, name = ''): HTMLButtonElement =>
    el('button', { type: 'button', class: name, onclick: act }, text);
  const start = button('Train', () => void run(false), 'main');
  const goOn = button('Go on', () => void run(true), 'main');
  const pause = button('Pause', () => leave('pause'));
  const stop = button('Stop', () => leave('stop'));
  const forget = button('Throw away', () => void thrown());
  const save = button('Download the weights', () => weights && download(`${look}.ckpt`, weights));
  const which = segmented('Network', ['bahdanau', 'luong'] as const, look, (next) => {
    look = next;
    void look_up();
  });

  let frame = 0;
  const draw = (): void => {
    frame = 0;
    const { steps, values } = thinned(losses, errors);
    chart.draw([steps, ...values]);
  };
  const redraw = (): void => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const buttons = (): void => {
    const kept = step > 0;
    start.hidden = running || (kept && !over);
    start.textContent = kept ? 'Train anew' : 'Train';
    start.disabled = goOn.disabled = !known;
    goOn.hidden = running || !kept || over;
    pause.disabled = stop.disabled = leaving;
    pause.hidden = stop.hidden = !running;
    forget.hidden = running || !kept;
    save.disabled = weights === null;
    for (const input of which.querySelectorAll('input')) {
      input.disabled = running;
      input.checked = input.value === look;
    }
  };
  const show = (kept: Kept | null): void => {
    step = kept?.step ?? 0;
    losses = [...(kept?.losses ?? [])];
    errors = [...(kept?.errors ?? [])];
    weights = kept?.weights ?? null;
    over = kept !== null && (kept.stopped || kept.step >= kept.steps);
    bar.value = kept ? kept.step / kept.steps : 0;
    trained(look, weights);
    buttons();
    redraw();
  };

  /** What storage does not take is held here; that it does not is said once. */
  const hold = (kept: Kept | null, problem: string | null): void => {
    if (problem === null) {
      unkept.delete(look);
      problems.replaceChildren();
      return;
    }
    if (kept !== null) unkept.set(look, kept);
    if (problems.childElementCount === 0) problems.replaceChildren(notice(problem));
  };
  const onProgress = (on: BackendId, progress: Progress): void => {
    const { step: now, steps, epoch, loss, left, measured, problem } = progress;
    step = now;
    losses.push(loss);
    bar.value = now / steps;
    if (measured) {
      errors.push([now, measured.error]);
      weights = measured.weights;
      trained(look, weights);
    }
    status.textContent = `epoch ${epoch + 1} of ${epochs}, step ${now} of ${steps}, loss ${loss.toFixed(3)}, ${duration(left)} left on ${labelOf(on)}`;
    hold(progress.unkept, problem);
    buttons();
    redraw();
  };

  const run = async (resume: boolean): Promise<void> => {
    const on = backend();
    [running, leaving] = [true, false];
    runs++;
    problems.replaceChildren();
    if (!resume) {
      unkept.delete(look);
      show(null);
    }
    status.textContent = resume ? `going on after step ${step} …` : 'beginning …';
    buttons();
    try {
      const from = unkept.get(look) ?? null;
      const ask = { look, run: runs, resume, from, epochs };
      const { why, kept, problem } = await trainer.call('train', on, ask, (progress) => onProgress(on, progress));
      running = false;
      hold(kept, problem);
      show(kept);
      const said = { done: 'Done', paused: 'Paused', stopped: 'Stopped' }[why];
      const where = unkept.has(look) ? 'here as long as the page is open' : 'kept in this browser';
      status.textContent = `${said} after step ${kept.step} of ${kept.steps}. The weights are ${where}: choose “trained here” above.`;
    } catch (error) {
      running = false;
      status.textContent = '';
      problems.replaceChildren(notice(error, { text: 'Go on from what was kept', act: () => void look_up(true) }));
    }
    buttons();
  };
  const thrown = async (): Promise<void> => {
    unkept.delete(look);
    status.textContent = 'Thrown away.';
    show(null);
    try {
      await trainer.call('forget', 'cpu', look);
    } catch (error) {
      problems.replaceChildren(notice(error));
    }
  };

  /** What storage has of this network; a run that was going when the page was left goes on. */
  const look_up = async (always = false): Promise<void> => {
    const wanted = look;
    known = false;
    buttons();
    try {
      const kept = unkept.get(wanted) ?? (await trainer.call('kept', 'cpu', wanted));
      if (wanted !== look || running) return;
      known = true;
      show(kept);
      status.textContent = kept
        ? `Step ${kept.step} of ${kept.steps}, ${unkept.has(look) ? 'here as long as the page is open' : 'kept in this browser'}.`
        : `4,000 words, ${epochs} times through, in batches of 64: a minute or two on wasm.`;
      if (kept && (kept.running || always) && !over) await run(true);
    } catch (error) {
      if (wanted !== look) return;
      known = true; // that there is none: to train is possible all the same
      status.textContent = inWords(error);
      buttons();
    }
  };
  /** Either network may have been trained here, or be in training. */
  const begin = async (): Promise<void> => {
    const other = await trainer.call('kept', 'cpu', 'luong').catch(() => null);
    if (other) trained('luong', other.weights);
    if (other?.running && look === 'bahdanau' && !known) look = 'luong';
    if (!known) await look_up();
  };
  const leave = (how: LeaveAsk['how']): void => {
    leaving = true;
    buttons();
    trainer.call('leave', 'cpu', { run: runs, how }).catch(() => undefined); // the run itself will say what happened
  };

  buttons();
  void begin();
  return el(
    'div',
    { class: 'card training' },
    el(
      'p',
      { class: 'hint' },
      'From random weights, in a worker of its own on the backend you chose. It goes on while you look elsewhere, and where it ' +
        'was when you come back. With 4,000 words it will not become as good as the ones above, but it will find the diagonal.',
    ),
    el('div', { class: 'row' }, which, start, goOn, pause, stop, forget, save),
    bar,
    status,
    problems,
    chart.element,
  );
}
